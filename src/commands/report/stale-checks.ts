import type { CheckReport } from '../../check/run/check.js';
import type { ChecksReport } from '../../check/run/run-checks.js';

/** What is no longer as the baseline says, as a check of its own that failed. */
export function staleChecks({
  stale = [],
}: Pick<ChecksReport, 'stale'>): (CheckReport & { readonly of: string })[] {
  return stale.map(({ check, outcome, why, until, found }) => ({
    id: `baseline.${check}`,
    of: check,
    title: `The baseline on ${check}`,
    outcome: 'failed',
    durationMs: 0,
    message:
      why === 'expired'
        ? `The baseline accepts ${check} until ${until}, and that day is over (UTC). This time it ended as: ${found}.`
        : `The baseline knows ${check} as ${outcome}, and it is no longer so: ${found}.`,
    hint:
      why === 'expired' && found !== 'passed'
        ? 'Correct what is wrong, or move the day in the baseline.'
        : 'Take it out of the baseline, or have that done: add --update-baseline',
  }));
}
