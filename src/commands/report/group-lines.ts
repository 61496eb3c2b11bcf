import type { CheckReport } from '../../check/run/check.js';
import { type ClausedCheck, groupOf } from '../../check/run/claused-check.js';
import type { Paint } from '../../output/paint.js';
import { widest } from '../../output/widest.js';
import { amounts, signOf } from './check-report.js';

/** A line for each group of a battery. */
export function groupLines(checks: readonly CheckReport[], paint: Paint): string[] {
  const groups = [...new Set(checks.map(groupOf))];
  const width = widest(groups);
  return groups.map((group) => {
    const own = checks.filter((check) => groupOf(check) === group);
    const [sign, color] = signOf(...own);
    return `  ${paint[color](sign)} ${group.padEnd(width)}  ${groupWords(own, paint)}`;
  });
}

/** The checks there are, for a person. */
export function listLines(checks: readonly ClausedCheck<never>[], paint: Paint): string[] {
  const [ids, titles] = [widest(checks.map(({ id }) => id)), widest(checks.map(({ title }) => title))];
  return checks.map(
    ({ id, title, clause }) => `${id.padEnd(ids)}  ${title.padEnd(titles)}  ${paint.dim(clause)}`,
  );
}

/** A group in which everything was skipped for one reason says that. */
function groupWords(checks: readonly CheckReport[], paint: Paint): string {
  const [first] = checks;
  const isOne = checks.every(({ outcome, message }) => outcome === 'skipped' && message === first?.message);
  return isOne ? paint.dim(`skipped: ${first?.message}`) : amounts({ checks }, paint);
}
