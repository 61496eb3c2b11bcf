import type { CheckReport } from '../../check/run/check.js';
import { groupOf } from '../../check/run/claused-check.js';
import { fields } from '../../output/fields.js';
import { counted } from '../../wording.js';
import { duration } from '../report/check-report.js';

/**
 * How long the checks of each group worked, of which several do at once.
 *
 * @param visits to the application, by all of them
 */
export function groupTimes(checks: readonly CheckReport[], visits: number, jobs: number): string[] {
  const groups = [...new Set(checks.map(groupOf))];
  const line = (name: string, own: readonly CheckReport[], more = ''): [string, string] => {
    const seconds = own.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
    return [name, `${duration(seconds)}, ${counted(own.length, 'check')}${more}`];
  };
  return [
    `Time by group, up to ${counted(jobs, 'check')} at once:`,
    ...fields(
      [
        ...groups.map((group) =>
          line(
            group,
            checks.filter((check) => groupOf(check) === group),
          ),
        ),
        line('together', checks, `, ${counted(visits, 'visit')}`),
      ],
      '  ',
    ),
  ];
}
