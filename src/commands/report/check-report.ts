import type { CheckOutcome, CheckReport } from '../../check/run/check.js';
import { fitting } from '../../output/columns-of.js';
import type { Output } from '../../output/output.js';
import type { Paint } from '../../output/paint.js';
import { wrapWords } from '../../output/wrap-words.js';
import type { Runtime } from '../../runtime.js';

/** Where a report of checks is shown. */
export interface ReportPlace {
  readonly paint: Paint;
  readonly columns: number;
}

/** A report whose hints hold commands as this run would have to be given them, and what it knows of what they name. */
export function withPasteableHints<Report extends { readonly checks: readonly CheckReport[] }>(
  report: Report,
  { hint }: Pick<Output, 'hint'>,
): Report {
  const checks = report.checks.map((check) =>
    check.hint === undefined ? check : { ...check, hint: hint(check.hint) },
  );
  return { ...report, checks };
}

/** Outcomes, the worst first, as they are counted and told. */
export const outcomes = ['failed', 'incomplete', 'warning', 'passed', 'skipped'] as const;

/** How each outcome looks. */
export const signs: Readonly<Record<CheckOutcome, readonly [sign: string, color: keyof Paint]>> = {
  passed: ['✓', 'green'],
  failed: ['✗', 'red'],
  warning: ['!', 'yellow'],
  incomplete: ['?', 'yellow'],
  skipped: ['-', 'dim'],
};

/** What is spelled out below a list, the worst last: that is what stays on the screen. */
const spelledOut = [
  ['warning', 'Worth a look'],
  ['incomplete', 'Could not be found out'],
  ['failed', 'Wrong'],
] as const;

/** Whether a check that ended so is spelled out. */
export function isSpelledOut({ outcome }: CheckReport): boolean {
  return spelledOut.some(([other]) => other === outcome);
}

/**
 * What is not as it should be: what was seen, what it means, what to do.
 *
 * @param label what stands in parentheses behind a check's title; may be empty
 */
export function spelledOutLines(
  checks: readonly CheckReport[],
  { paint, columns }: ReportPlace,
  label: (check: CheckReport) => string,
): string[] {
  const detailed = (check: CheckReport): string[] => {
    const [sign, color] = signs[check.outcome];
    const words = label(check);
    const hint = check.hint === undefined ? [] : wrapWords(`hint: ${check.hint}`, roomFor(columns, 4));
    return [
      `  ${paint[color](sign)} ${paint.bold(check.title)}${words && ` ${paint.dim(`(${words})`)}`}`,
      ...wrapWords(check.message, roomFor(columns, 4)).map((line) => `    ${line}`),
      ...hint.map((line, index) => `    ${index === 0 ? line.replace('hint:', paint.bold('hint:')) : line}`),
    ];
  };
  return spelledOut.flatMap(([outcome, name]) => {
    const own = checks.filter((check) => check.outcome === outcome);
    return own.length === 0 ? [] : [paint.bold(name), ...own.flatMap(detailed), ''];
  });
}

/** How many ended how: `2 failed, 60 passed`. */
export function amounts(checks: readonly CheckReport[], paint?: Paint): string {
  const parts = outcomes.flatMap((outcome) => {
    const amount = checks.filter((check) => check.outcome === outcome).length;
    const text = `${amount} ${outcome === 'warning' && amount > 1 ? 'warnings' : outcome}`;
    return amount === 0 ? [] : [paint === undefined ? text : paint[signs[outcome][1]](text)];
  });
  return parts.join(', ');
}

/** The last line of a report. */
export function summaryLine(checks: readonly CheckReport[], paint: Paint, seconds: number): string {
  return `${amounts(checks, paint)} ${paint.dim(`in ${seconds.toFixed(1)} s`)}`;
}

/** The room for words, behind so many columns: never so little that every word stands alone. */
export function roomFor(columns: number, indent: number): number {
  return Math.max(columns - indent, 20);
}

/** One line on a terminal that says how far it is, and is gone in the end. */
export function progressLine({ stderr, environment }: Runtime, isQuiet: boolean, total: number) {
  const isShown = stderr.isTerminal && !isQuiet && environment['TERM'] !== 'dumb';
  let ended = 0;
  return {
    /** One more has ended. */
    advance(name: string): void {
      ended += 1;
      // A line that does not fit becomes two, and only one of them can be taken back.
      const line = fitting(`Checked ${ended} of ${total}: ${name}`, stderr.columns - 1);
      if (isShown) stderr.redraw(line);
    },
    end(): void {
      if (isShown && ended > 0) stderr.redraw('');
      ended = 0;
    },
  };
}
