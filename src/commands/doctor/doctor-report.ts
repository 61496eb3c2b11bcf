import type { CheckReport } from '../../check/run/check.js';
import { widest } from '../../output/widest.js';
import { wrapWords } from '../../output/wrap-words.js';
import {
  isSpelledOut,
  type ReportPlace,
  roomFor,
  signOf,
  spelledOutLines,
  summaryLine,
} from '../report/check-report.js';
import type { FinishedChecks } from '../report/finished-checks.js';

/** What comes before the dot of a check's id, in order, and what a person calls it. */
const groups = [
  ['machine', 'This machine'],
  ['provider', 'The provider'],
  ['application', 'The application'],
  ['session', 'The stored session'],
] as const;

/** On a terminal of fewer columns, what was found stands below a check's title. */
const narrow = 60;

/** The checks for a person: the list by group, then what is not as it should be, and a summary. */
export function doctorLines(run: FinishedChecks, place: ReportPlace): string[] {
  const { checks, seconds } = run;
  const { paint } = place;
  const titleWidth = widest(checks.map(({ title }) => title));
  const list = groups.flatMap(([group, name]) => {
    const own = checks.filter(({ id }) => id.startsWith(`${group}.`));
    return own.length === 0
      ? []
      : [paint.bold(name), ...gathered(own).flatMap((check) => listed(check, titleWidth, place)), ''];
  });
  const details = spelledOutLines(run, place, ({ code }) => code ?? '');
  return [...list, ...details, summaryLine(run, paint, seconds)];
}

/** One line for several checks in a row that were skipped for the same reason. */
function gathered(checks: readonly CheckReport[]): CheckReport[] {
  const lines: { check: CheckReport; amount: number }[] = [];
  for (const check of checks) {
    const last = lines.at(-1);
    const isSame = check.outcome === 'skipped' && last?.check.message === check.message;
    if (last !== undefined && isSame) last.amount += 1;
    else lines.push({ check, amount: 1 });
  }
  return lines.map(({ check, amount }) => (amount === 1 ? check : { ...check, title: `${amount} more` }));
}

function listed(check: CheckReport, titleWidth: number, { paint, columns }: ReportPlace): string[] {
  const { outcome, title } = check;
  const [sign, color] = signOf(check);
  const words = isSpelledOut(check) ? (check.code ?? 'see below') : check.message;
  const shade = outcome === 'passed' ? (text: string) => text : paint[color];
  const isNarrow = columns < narrow;
  const indent = isNarrow ? 6 : 6 + titleWidth;
  const lines = wrapWords(words, roomFor(columns, indent));
  const [first = '', ...rest] = isNarrow ? ['', ...lines] : lines;
  return [
    `  ${paint[color](sign)} ${title.padEnd(titleWidth)}  ${shade(first)}`.trimEnd(),
    ...rest.map((line) => ' '.repeat(indent) + shade(line)),
  ];
}
