import type { CheckOutcome, CheckReport } from '../check/check.js';
import type { Paint } from '../output/paint.js';
import { plainText } from '../output/plain-text.js';

/** Where a report is shown. */
export interface ReportPlace {
  readonly paint: Paint;
  readonly columns: number;
  /** How long everything took. */
  readonly seconds: number;
}

/** What comes before the dot of a check's id, in order, and what a person calls it. */
const groups = [
  ['machine', 'This machine'],
  ['provider', 'The provider'],
  ['application', 'The application'],
  ['session', 'The stored session'],
] as const;

const signs: Readonly<Record<CheckOutcome, readonly [sign: string, color: keyof Paint]>> = {
  passed: ['✓', 'green'],
  failed: ['✗', 'red'],
  warning: ['!', 'yellow'],
  incomplete: ['?', 'yellow'],
  skipped: ['-', 'dim'],
};

/** What is spelled out below the list, the worst last: that is what stays on the screen. */
const spelledOut = [
  ['warning', 'Worth a look'],
  ['incomplete', 'Could not be found out'],
  ['failed', 'Wrong'],
] as const;

/** The checks for a person: the list by group, then what is not as it should be, and a summary. */
export function doctorLines(checks: readonly CheckReport[], place: ReportPlace): string[] {
  const { paint } = place;
  const titleWidth = Math.max(...checks.map(({ title }) => title.length));
  const list = groups.flatMap(([group, name]) => {
    const own = checks.filter(({ id }) => id.startsWith(`${group}.`));
    return own.length === 0
      ? []
      : [paint.bold(name), ...gathered(own).flatMap((check) => listed(check, titleWidth, place)), ''];
  });
  const details = spelledOut.flatMap(([outcome, name]) => {
    const own = checks.filter((check) => check.outcome === outcome);
    return own.length === 0 ? [] : [paint.bold(name), ...own.flatMap((check) => detailed(check, place)), ''];
  });
  return [...list, ...details, summary(checks, place)];
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
  const [sign, color] = signs[outcome];
  const isSpelledOut = spelledOut.some(([other]) => other === outcome);
  const words = isSpelledOut ? (check.code ?? 'see below') : plainText(check.message);
  const indent = 6 + titleWidth;
  const [first = '', ...rest] = wrap(words, columns - indent);
  const shade = outcome === 'passed' ? (text: string) => text : paint[color];
  return [
    `  ${paint[color](sign)} ${title.padEnd(titleWidth)}  ${shade(first)}`,
    ...rest.map((line) => ' '.repeat(indent) + shade(line)),
  ];
}

function detailed(check: CheckReport, { paint, columns }: ReportPlace): string[] {
  const [sign, color] = signs[check.outcome];
  const code = check.code === undefined ? '' : ` ${paint.dim(`(${check.code})`)}`;
  const hint = check.hint === undefined ? [] : wrap(`hint: ${plainText(check.hint)}`, columns - 4);
  return [
    `  ${paint[color](sign)} ${paint.bold(check.title)}${code}`,
    ...wrap(plainText(check.message), columns - 4).map((line) => `    ${line}`),
    ...hint.map((line, index) => `    ${index === 0 ? line.replace('hint:', paint.bold('hint:')) : line}`),
  ];
}

function summary(checks: readonly CheckReport[], { paint, seconds }: ReportPlace): string {
  const amounts = [
    ['failed', paint.red],
    ['incomplete', paint.yellow],
    ['warning', paint.yellow],
    ['passed', paint.green],
    ['skipped', paint.dim],
  ] as const;
  const parts = amounts.flatMap(([outcome, shade]) => {
    const amount = checks.filter((check) => check.outcome === outcome).length;
    const word = outcome === 'warning' && amount > 1 ? 'warnings' : outcome;
    return amount === 0 ? [] : [shade(`${amount} ${word}`)];
  });
  return `${parts.join(', ')} ${paint.dim(`in ${seconds.toFixed(1)} s`)}`;
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
