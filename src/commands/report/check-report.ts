import type { CheckOutcome, CheckReport } from '../../check/run/check.js';
import type { ChecksReport } from '../../check/run/run-checks.js';
import { fitting } from '../../output/columns-of.js';
import type { Output } from '../../output/output.js';
import type { Paint } from '../../output/paint.js';
import { printedLines } from '../../output/printed-lines.js';
import { wrapWords } from '../../output/wrap-words.js';
import type { Runtime } from '../../runtime.js';
import { staleChecks } from './stale-checks.js';

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

/** How a check is told of: what is known to be wrong is told apart from what is new. */
export type ToldOutcome = CheckOutcome | 'known';

/** Outcomes, the worst first, as they are counted and told. */
export const outcomes = ['failed', 'incomplete', 'warning', 'known', 'passed', 'skipped'] as const;

/** As what a check is told. */
export function toldOutcome({ outcome, known }: CheckReport): ToldOutcome {
  return known === undefined ? outcome : 'known';
}

/** How each outcome looks. */
const signs: Readonly<Record<ToldOutcome, readonly [sign: string, color: keyof Paint]>> = {
  passed: ['✓', 'green'],
  failed: ['✗', 'red'],
  warning: ['!', 'yellow'],
  incomplete: ['?', 'yellow'],
  known: ['~', 'dim'],
  skipped: ['-', 'dim'],
};

/** How a check looks, or of several the worst. */
export function signOf(...checks: readonly CheckReport[]): readonly [sign: string, color: keyof Paint] {
  const told = new Set(checks.map(toldOutcome));
  return signs[outcomes.find((outcome) => told.has(outcome)) ?? 'passed'];
}

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

/** Why a failure is known, for a sentence. */
export function knownWords({ known }: Pick<CheckReport, 'known'>): string {
  if (known === undefined) return '';
  return known.until === undefined ? known.reason : `${known.reason} (until ${known.until})`;
}

/** What was seen, and what to do. */
export function textOf({ message, hint, printed }: CheckReport): string {
  const text = hint === undefined ? message : `${message} Hint: ${hint}`;
  return printed === undefined ? text : [text, 'It printed last:', ...printed].join('\n');
}

/**
 * What is not as it should be: what was seen, what it means, what to do; and what is known of it.
 *
 * @param label what stands in parentheses behind a check's title; may be empty
 */
export function spelledOutLines(
  run: Omit<ChecksReport, 'outcome'>,
  { paint, columns }: ReportPlace,
  label: (check: CheckReport) => string,
): string[] {
  const indented = (text: string) => wrapWords(text, roomFor(columns, 4)).map((line) => `    ${line}`);
  const printedBefore = new Map<string, string>();
  const printedOnce = ({ id, printed }: CheckReport): string[] => {
    if (printed === undefined) return [];
    const text = printed.join('\n');
    const before = printedBefore.get(text);
    printedBefore.set(text, before ?? id);
    return before === undefined
      ? printedLines(printed, paint, '    ')
      : indented(`It printed last what it did at ${before}.`);
  };
  const titled = (check: CheckReport, words: string): string => {
    const [sign, color] = signOf(check);
    return `  ${paint[color](sign)} ${paint.bold(check.title)}${words && ` ${paint.dim(`(${words})`)}`}`;
  };
  const detailed = (check: CheckReport, words: string): string[] => {
    const hint = check.hint === undefined ? [] : indented(`hint: ${check.hint}`);
    return [
      titled(check, words),
      ...indented(check.message),
      ...printedOnce(check),
      ...hint.map((line, index) => (index === 0 ? line.replace('hint:', paint.bold('hint:')) : line)),
    ];
  };
  const section = (name: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [paint.bold(name), ...lines, ''];
  const told = (wanted: ToldOutcome) => run.checks.filter((check) => toldOutcome(check) === wanted);
  return [
    ...section(
      'Known, by the baseline',
      told('known').flatMap((check) => [titled(check, label(check)), ...indented(knownWords(check))]),
    ),
    ...spelledOut.flatMap(([outcome, name]) =>
      section(
        name,
        told(outcome).flatMap((check) => detailed(check, label(check))),
      ),
    ),
    ...section(
      'No longer as the baseline says',
      staleChecks(run).flatMap((check) => detailed(check, '')),
    ),
  ];
}

/** How many ended how: `2 failed, 60 passed`. */
export function amounts({ checks, stale = [] }: Omit<ChecksReport, 'outcome'>, paint?: Paint): string {
  const painted = (outcome: ToldOutcome, text: string) =>
    paint === undefined ? text : paint[signs[outcome][1]](text);
  const parts = outcomes.flatMap((outcome) => {
    const amount = checks.filter((check) => toldOutcome(check) === outcome).length;
    const text = `${amount} ${outcome === 'warning' && amount > 1 ? 'warnings' : outcome}`;
    return amount === 0 ? [] : [painted(outcome, text)];
  });
  const outdated = stale.length === 0 ? [] : [painted('failed', `${stale.length} no longer known`)];
  const all = [...outdated, ...parts];
  return all.length === 0 ? 'nothing checked' : all.join(', ');
}

/** How long something took: in milliseconds where tenths of a second would be none. */
export function duration(seconds: number): string {
  return seconds < 0.1 ? `${Math.max(1, Math.round(seconds * 1000))} ms` : `${seconds.toFixed(1)} s`;
}

/** The last line of a report. */
export function summaryLine(run: Omit<ChecksReport, 'outcome'>, paint: Paint, seconds: number): string {
  return `${amounts(run, paint)} ${paint.dim(`in ${duration(seconds)}`)}`;
}

/** How much of a run's time was a wait by the clock, which is no fault of what was looked at; tenths of a second and more. */
export function waitLines({ waits = [] }: Omit<ChecksReport, 'outcome'>, place: ReportPlace): string[] {
  return waits
    .filter(({ durationMs }) => durationMs >= 50)
    .flatMap(({ until, durationMs }) =>
      wrapWords(`${(durationMs / 1000).toFixed(1)} s of that it waited until ${until}.`, place.columns),
    )
    .map((line) => place.paint.dim(line));
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
