import type { CheckReport } from '../../check/run/check.js';
import type { Paint } from '../../output/paint.js';
import { signs, spelledOutLines, summaryLine } from '../report/check-report.js';
import type { ChecksTarget } from '../report/check-reporters.js';
import type { ReportedChecks } from '../report/report-checks.js';

/** A run for a person: what was tested, a list, then what is not as it should be, and a summary. */
export function testLines(
  { issuer, appId }: ChecksTarget,
  list: (checks: readonly CheckReport[], paint: Paint) => readonly string[],
): ReportedChecks['lines'] {
  return ({ checks, seconds }, place) => [
    place.paint.bold(`${issuer}, application ${appId}`),
    ...list(checks, place.paint),
    '',
    ...spelledOutLines(checks, place, ({ id, code }) => [id, code].filter(Boolean).join(', ')),
    summaryLine(checks, place.paint, seconds),
  ];
}

/** A line for each scenario. */
export function scenarioLines(checks: readonly CheckReport[], paint: Paint): string[] {
  return checks.map(({ title, outcome, durationMs }) => {
    const [sign, color] = signs[outcome];
    return `  ${paint[color](sign)} ${title} ${paint.dim(`${durationMs} ms`)}`;
  });
}
