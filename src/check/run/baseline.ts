import type { CheckOutcome, CheckReport, KnownReason } from './check.js';

/** How a check ends that a baseline can know: everything else is nothing to be known. */
export const knowableOutcomes = ['failed', 'incomplete', 'warning'] as const;
export type KnowableOutcome = (typeof knowableOutcomes)[number];

/** A check that does not pass, and that is accepted. */
export interface KnownFailure extends KnownReason {
  /** Its id. */
  readonly check: string;
  /** How it ends. Any other end is not known. */
  readonly outcome: KnowableOutcome;
}

/** What is known to be wrong, so that a run fails for what is new only. A check stands in it once. */
export interface Baseline {
  /** Of this form. */
  readonly version: 1;
  /** What does not pass, and is accepted. */
  readonly known: readonly KnownFailure[];
}

/** What a baseline says and is no longer so. */
export interface StaleFailure extends KnownFailure {
  /** `expired`: its last day is over. `gone`: the check ends better than that now. */
  readonly why: 'expired' | 'gone';
  /** How the check ended this time. */
  readonly found: CheckOutcome;
}

/** Checks as a baseline sees them. */
export interface JudgedChecks {
  /** The same, and those of which it is known say so. */
  readonly checks: readonly CheckReport[];
  /** What has to be taken out of the baseline, or looked at again, in its order. */
  readonly stale: readonly StaleFailure[];
}

/** The better end stands first. What was skipped, and what could not be found out, is neither better nor worse. */
const severity: Readonly<Partial<Record<CheckOutcome, number>>> = { passed: 0, warning: 1, failed: 2 };

/**
 * Judges checks by what is known of them: one that ends as the baseline says is known, whatever ends otherwise is new.
 * Of a check that did not run, was skipped or could not be found out nothing is said: only what ends better than it is
 * known to is no longer so.
 *
 * @param now milliseconds since 1970
 */
export function judgedByBaseline(
  checks: readonly CheckReport[],
  { known }: Baseline,
  now: number,
): JudgedChecks {
  const entries = new Map(known.map((entry) => [entry.check, entry]));
  const found = new Map(checks.map(({ id, outcome }) => [id, outcome]));
  return {
    checks: checks.map((check) => {
      const entry = entries.get(check.id);
      if (entry === undefined || entry.outcome !== check.outcome || isExpired(entry, now)) return check;
      const { reason, until } = entry;
      return { ...check, known: { reason, ...(until !== undefined && { until }) } };
    }),
    stale: known.flatMap((entry): StaleFailure[] => {
      const outcome = found.get(entry.check);
      if (outcome === undefined) return [];
      if (isExpired(entry, now)) return [{ ...entry, why: 'expired', found: outcome }];
      return isGone(entry, outcome) ? [{ ...entry, why: 'gone', found: outcome }] : [];
    }),
  };
}

/** What the reason of a check says that nobody has given one for yet. */
export const unwrittenReason = 'TODO: write why this is accepted, and who looks after it';

/**
 * The baseline that knows how these checks ended: what failed or could not be found out is added, what ended better is
 * taken out. Of what stays, reasons and days stay, also a day that is over: that is for people to move. Warnings pass
 * anyhow, and are not added.
 */
export function updatedBaseline(checks: readonly CheckReport[], { known }: Baseline): Baseline {
  const found = new Map(checks.map(({ id, outcome }) => [id, outcome]));
  const kept = known.flatMap((entry): KnownFailure[] => {
    const outcome = found.get(entry.check);
    if (outcome === undefined || outcome === 'skipped' || outcome === 'incomplete') return [entry];
    // One that was known to be less is what it is now.
    if (outcome === 'failed') return [{ ...entry, outcome }];
    return outcome === entry.outcome ? [entry] : [];
  });
  const isKept = new Set(kept.map(({ check }) => check));
  const added = checks.flatMap(({ id, outcome }): KnownFailure[] =>
    (outcome === 'failed' || outcome === 'incomplete') && !isKept.has(id)
      ? [{ check: id, outcome, reason: unwrittenReason }]
      : [],
  );
  return { version: 1, known: [...kept, ...added] };
}

/** Whether the last day is over, in UTC. */
function isExpired({ until }: KnownReason, now: number): boolean {
  return until !== undefined && now >= Date.parse(`${until}T00:00:00Z`) + 24 * 60 * 60 * 1000;
}

function isGone({ outcome }: KnownFailure, found: CheckOutcome): boolean {
  const [before, after] = [severity[outcome], severity[found]];
  if (after === undefined) return false;
  // What could not be found out was, and is nothing that fails.
  return before === undefined ? found !== 'failed' : after < before;
}
