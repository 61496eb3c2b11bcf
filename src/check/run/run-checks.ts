import { LogtoError } from '../../errors.js';
import type { NamedBy } from '../../wording.js';
import type { StaleFailure } from './baseline.js';
import type { Check, CheckReport, CheckResult } from './check.js';
import { resultOfException, skipped } from './check-results.js';
import type { ToldWait } from './waits.js';

/** Checks to run, and the limits they run in. */
export interface ChecksRun<Subject> {
  /** In the order of the report. What a check needs comes before it. */
  readonly checks: readonly Check<Subject>[];
  readonly subject: Subject;
  /** Milliseconds that one check may take. */
  readonly timeLimit: number;
  /** Milliseconds that all of them may take together. Default: no limit. */
  readonly totalLimit?: number;
  /** Resolves after that many milliseconds, or at once when the signal is aborted: what the limits are measured with. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** By what the provider is set, for the words of results. Default: by its issuer. */
  readonly namedBy?: () => NamedBy | Promise<NamedBy>;
  /** Ends the run. */
  readonly interruption: AbortSignal;
  /** Is told of each check as soon as it has ended, in whatever order that happens. */
  readonly onReport?: (report: CheckReport) => void;
  /** Is told what broke a check by a bug of ours, which its result does not say. */
  readonly onBug?: (error: unknown) => void;
}

/** What a run found as a whole: `incomplete` only if nothing failed. Warnings pass. */
export type ChecksOutcome = 'passed' | 'failed' | 'incomplete';

/** The report of a run. */
export interface ChecksReport {
  /** `failed` where a check failed, else `incomplete` where one could not be found out. */
  readonly outcome: ChecksOutcome;
  /** Every check, in its order. */
  readonly checks: readonly CheckReport[];
  /** What a baseline says and is no longer so, where there is one: each makes the run fail. */
  readonly stale?: readonly StaleFailure[];
  /** What the run waited for by the clock alone, where it did. */
  readonly waits?: readonly ToldWait[];
}

/** The exit code of a process that ends with such an outcome. */
export const exitCodeOfOutcome: Readonly<Record<ChecksOutcome, number>> = {
  passed: 0,
  failed: 1,
  incomplete: 3,
};

/** A check that has ended. `blockedBy` is what it was skipped for, the end of the chain. */
interface Ended {
  readonly report: CheckReport;
  readonly blockedBy: CheckReport | null;
}

/**
 * Runs checks: each as soon as those that it needs, or comes after, have ended, so independent ones at the same time. Whatever becomes
 * of one, the others are heard; one whose needs are not met is skipped, and one that takes too long is incomplete.
 *
 * @throws LogtoError the interruption's reason; TypeError when a check needs one that does not come before it
 */
export async function runChecks<Subject>(run: ChecksRun<Subject>): Promise<ChecksReport> {
  const { checks, interruption, onReport, onBug } = run;
  const deadline = performance.now() + (run.totalLimit ?? Number.POSITIVE_INFINITY);
  const over = new AbortController();
  // One for all: each that is made notes where it was.
  const hasEnded = new DOMException('The check has ended.', 'AbortError');
  const interrupted = new Promise<never>((_, reject) => {
    const interrupt = () => reject(interruption.reason);
    if (interruption.aborted) interrupt();
    interruption.addEventListener('abort', interrupt, { once: true, signal: over.signal });
  });
  const ends = new Map<string, Promise<Ended>>();
  for (const check of checks) {
    const before = (check.after ?? []).flatMap((id) => ends.get(id) ?? []);
    ends.set(check.id, end(check, needsOf(check, ends), before));
  }
  try {
    const all = await Promise.race([Promise.all(ends.values()), interrupted]);
    const reports = all.map(({ report }) => report);
    return { outcome: outcomeOf(reports), checks: reports };
  } finally {
    over.abort();
  }

  async function end(
    check: Check<Subject>,
    needs: readonly Promise<Ended>[],
    before: readonly Promise<Ended>[],
  ): Promise<Ended> {
    await Promise.all(before);
    const unmet = (await Promise.all(needs)).find(({ report }) => !isMet(report));
    const blockedBy = unmet === undefined ? null : (unmet.blockedBy ?? unmet.report);
    const begun = performance.now();
    const result = blockedBy === null ? await attempt(check) : blocked(blockedBy);
    const durationMs = Math.round(performance.now() - begun);
    const report = { id: check.id, title: check.title, ...(await inWords(result)), durationMs };
    if (!interruption.aborted) onReport?.(report);
    return { report, blockedBy };
  }

  async function inWords(result: CheckResult): Promise<CheckResult> {
    return resultInWords(result, result.logto === undefined ? undefined : await run.namedBy?.());
  }

  async function attempt(check: Check<Subject>): Promise<CheckResult> {
    const limit = Math.max(0, Math.min(run.timeLimit, deadline - performance.now()));
    const giveUp = new AbortController();
    const late = run.sleep(limit, giveUp.signal).then(() => notInTime(limit));
    try {
      const signal = AbortSignal.any([interruption, giveUp.signal]);
      return await Promise.race([check.run(run.subject, signal), late, interrupted]);
    } catch (error) {
      if (!(error instanceof LogtoError) && !interruption.aborted) onBug?.(error);
      return resultOfException(error);
    } finally {
      giveUp.abort(hasEnded);
    }
  }
}

/** A result in the words for whoever set this provider: the only place that chooses. */
export function resultInWords({ logto, ...result }: CheckResult, namedBy: NamedBy | undefined): CheckResult {
  return namedBy === 'endpoint' ? { ...result, ...logto } : result;
}

function needsOf<Subject>(
  { id, needs = [] }: Check<Subject>,
  before: ReadonlyMap<string, Promise<Ended>>,
): Promise<Ended>[] {
  return needs.map((name) => {
    const needed = before.get(name);
    if (needed === undefined)
      throw new TypeError(`The check ${id} needs ${name}, which does not come before it.`);
    return needed;
  });
}

function isMet({ outcome }: CheckReport): boolean {
  return outcome === 'passed' || outcome === 'warning';
}

const words: Readonly<Record<'failed' | 'incomplete' | 'skipped', string>> = {
  failed: 'failed',
  incomplete: 'could not be found out',
  skipped: 'was skipped',
};

function blocked({ title, outcome }: CheckReport): CheckResult {
  return skipped(`Not checked: it needs “${title}”, which ${words[outcome as keyof typeof words]}.`);
}

function notInTime(milliseconds: number): CheckResult {
  return {
    outcome: 'incomplete',
    code: 'request_timeout',
    message: `No result within ${Math.round(milliseconds / 100) / 10} s.`,
    hint: 'Try again; what it waits for is slow, or does not answer.',
  };
}

/** What checks found as a whole. Those of which it is known are no failures. */
export function outcomeOf(reports: readonly CheckReport[]): ChecksOutcome {
  const found = new Set(reports.filter(({ known }) => known === undefined).map(({ outcome }) => outcome));
  if (found.has('failed')) return 'failed';
  return found.has('incomplete') ? 'incomplete' : 'passed';
}
