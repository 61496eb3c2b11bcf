import type { CheckReport } from '../../check/run/check.js';
import type { Paint } from '../../output/paint.js';
import { signOf, spelledOutLines, summaryLine, waitLines } from '../report/check-report.js';
import type { ReportedChecks } from '../report/report-checks.js';

/** A run for a person: what was tested, a list, then what is not as it should be, and a summary. */
export function testLines(
  subject: string,
  list: (checks: readonly CheckReport[], paint: Paint) => readonly string[],
): ReportedChecks['lines'] {
  return (run, place) => [
    place.paint.bold(subject),
    ...list(run.checks, place.paint),
    '',
    ...spelledOutLines(run, place, ({ id, code }) => [id, code].filter(Boolean).join(', ')),
    summaryLine(run, place.paint, run.seconds),
    ...waitLines(run, place),
  ];
}

/** A line for each scenario. */
export function scenarioLines(checks: readonly CheckReport[], paint: Paint): string[] {
  return checks.map((check) => {
    const { title, durationMs } = check;
    const [sign, color] = signOf(check);
    return `  ${paint[color](sign)} ${title} ${paint.dim(`${durationMs} ms`)}`;
  });
}
