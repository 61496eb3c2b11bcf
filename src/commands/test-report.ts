import type { AnonymousCheck } from '../check/anonymous/anonymous-check.js';
import { groupOf } from '../check/anonymous/anonymous-checks.js';
import type { CheckOutcome, CheckReport } from '../check/check.js';
import type { ChecksReport } from '../check/run-checks.js';
import type { Paint } from '../output/paint.js';
import { plainText } from '../output/plain-text.js';

/** A run of the battery. */
export interface TestRun extends ChecksReport {
  readonly issuer: string;
  readonly appId: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly seconds: number;
}

/** Where a report is shown. */
export interface TestPlace {
  readonly paint: Paint;
  readonly columns: number;
}

/** Outcomes, the worst first, as they are counted and told. */
export const outcomes = ['failed', 'incomplete', 'warning', 'passed', 'skipped'] as const;

const signs: Readonly<Record<CheckOutcome, readonly [sign: string, color: keyof Paint]>> = {
  passed: ['✓', 'green'],
  failed: ['✗', 'red'],
  warning: ['!', 'yellow'],
  incomplete: ['?', 'yellow'],
  skipped: ['-', 'dim'],
};

/** What is spelled out, the worst last: that is what stays on the screen. */
const spelledOut = [
  ['warning', 'Worth a look'],
  ['incomplete', 'Could not be found out'],
  ['failed', 'Wrong'],
] as const;

/** A run for a person: a line for each group, then what is not as it should be, and a summary. */
export function testLines(run: TestRun, { paint, columns }: TestPlace): string[] {
  const { checks, issuer, appId, seconds } = run;
  const groups = [...new Set(checks.map(groupOf))];
  const width = Math.max(0, ...groups.map((group) => group.length));
  return [
    paint.bold(plainText(`${issuer}, application ${appId}`)),
    ...groups.map((group) => {
      const own = checks.filter((check) => groupOf(check) === group);
      const [sign, color] =
        signs[outcomes.find((outcome) => own.some((check) => check.outcome === outcome)) ?? 'passed'];
      return `  ${paint[color](sign)} ${group.padEnd(width)}  ${groupWords(own, paint)}`;
    }),
    '',
    ...spelledOut.flatMap(([outcome, name]) => {
      const own = checks.filter((check) => check.outcome === outcome);
      return own.length === 0
        ? []
        : [paint.bold(name), ...own.flatMap((check) => detailed(check, paint, columns)), ''];
    }),
    `${amounts(checks, paint)} ${paint.dim(`in ${seconds.toFixed(1)} s`)}`,
  ];
}

/** The checks there are, for a person. */
export function listLines(checks: readonly AnonymousCheck[], paint: Paint): string[] {
  const [ids, titles] = [checks.map(({ id }) => id.length), checks.map(({ title }) => title.length)];
  return checks.map(
    ({ id, title, clause }) =>
      `${id.padEnd(Math.max(...ids))}  ${title.padEnd(Math.max(...titles))}  ${paint.dim(clause)}`,
  );
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

/** A group in which everything was skipped for one reason says that. */
function groupWords(checks: readonly CheckReport[], paint: Paint): string {
  const [first] = checks;
  const isOne = checks.every(({ outcome, message }) => outcome === 'skipped' && message === first?.message);
  return isOne ? paint.dim(plainText(`skipped: ${first?.message}`)) : amounts(checks, paint);
}

function detailed(check: CheckReport, paint: Paint, columns: number): string[] {
  const { id, title, outcome, code, message, hint } = check;
  const [sign, color] = signs[outcome];
  const words = wrap(plainText(message), columns - 4);
  const advice = hint === undefined ? [] : wrap(`hint: ${plainText(hint)}`, columns - 4);
  return [
    `  ${paint[color](sign)} ${paint.bold(title)} ${paint.dim(`(${[id, code].filter(Boolean).join(', ')})`)}`,
    ...[...words, ...advice].map((line) => `    ${line}`),
  ];
}

/** Breaks a text at spaces; a word that is longer than a line stays whole, so that it can be copied. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= Math.max(width, 20)) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}
