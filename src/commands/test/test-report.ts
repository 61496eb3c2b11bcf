import type { CheckReport } from '../../check/run/check.js';
import { type ClausedCheck, groupOf } from '../../check/run/claused-check.js';
import type { ChecksReport } from '../../check/run/run-checks.js';
import type { Paint } from '../../output/paint.js';
import { plainText } from '../../output/plain-text.js';
import { widest } from '../../output/widest.js';
import {
  amounts,
  outcomes,
  type ReportPlace,
  signs,
  spelledOutLines,
  summaryLine,
} from '../report/check-report.js';

/** A run of the battery. */
export interface TestRun extends ChecksReport {
  readonly issuer: string;
  readonly appId: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly seconds: number;
}

/** A run for a person: a line for each group, then what is not as it should be, and a summary. */
export function testLines(run: TestRun, place: ReportPlace): string[] {
  const { paint } = place;
  const { checks, issuer, appId, seconds } = run;
  const groups = [...new Set(checks.map(groupOf))];
  const width = widest(groups);
  return [
    paint.bold(plainText(`${issuer}, application ${appId}`)),
    ...groups.map((group) => {
      const own = checks.filter((check) => groupOf(check) === group);
      const [sign, color] =
        signs[outcomes.find((outcome) => own.some((check) => check.outcome === outcome)) ?? 'passed'];
      return `  ${paint[color](sign)} ${group.padEnd(width)}  ${groupWords(own, paint)}`;
    }),
    '',
    ...spelledOutLines(checks, place, ({ id, code }) => [id, code].filter(Boolean).join(', ')),
    summaryLine(checks, paint, seconds),
  ];
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
  return isOne ? paint.dim(plainText(`skipped: ${first?.message}`)) : amounts(checks, paint);
}
