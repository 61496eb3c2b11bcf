import { type ErrorCode, exitCodes } from '../../errors.js';
import type { Explanation } from '../../explanation/explanation.js';
import { exitMeanings, explanations } from '../../explanation/explanations.js';
import type { TextOutput } from '../../output/text-output.js';
import { widest } from '../../output/widest.js';
import { hangingText, wrapWords } from '../../output/wrap-words.js';

/** What decides how a page looks. */
export type Screen = Pick<TextOutput, 'columns' | 'hasColors' | 'paint'>;

/** Lines longer than this are hard to read, however wide the terminal is. */
const longestLine = 100;

/** Narrower than this, a list has no room for columns. */
export const columnsFrom = 70;

/** The page of one code, for a person. */
export function pageLines(code: ErrorCode, screen: Screen): string[] {
  const width = widthOf(screen);
  const { paint } = screen;
  const { meaning, causes, details = {}, seeAlso = [], onlyAtLogto }: Explanation = explanations[code];
  const names = Object.keys(details);
  const longest = widest(names);
  const labelled = (label: string, text: string) => {
    const [first = '', ...others] = hangingText(label, text, width);
    return [`${paint.dim(label)}${first.slice(label.length)}`, ...others];
  };
  const titled = (text: string) => (screen.hasColors ? text.replaceAll('`', '') : text);
  const lines = [
    ...wrapWords(`${code} (exit code ${exitCodes[code]})`, width).map(paint.bold),
    '',
    ...wrapWords(meaning, width),
    ...(onlyAtLogto ? ['', ...wrapWords('At Logto only: elsewhere nothing of this applies.', width)] : []),
    '',
    'Likely causes, the most likely first:',
    ...causes.flatMap(({ cause, tell, fix, logto, onlyAtLogto: ofLogto }, index) => [
      '',
      ...hangingText(`${index + 1}. `, titled(ofLogto ? `(Logto) ${cause}` : cause), width).map(paint.bold),
      ...labelled('   Tell  ', tell),
      ...labelled('   Fix   ', fix),
      ...(logto === undefined ? [] : labelled('   Logto ', logto)),
    ]),
    ...(names.length === 0 ? [] : ['', 'Details, with --json:']),
    ...names.flatMap((name) => labelled(`  ${name.padEnd(longest)}  `, details[name] ?? '')),
    ...(seeAlso.length === 0 ? [] : ['', ...wrapWords(`See also: ${seeAlso.join(', ')}`, width)]),
  ];
  return screen.hasColors
    ? lines.map((line) => line.replace(/`([^`]*)`/g, (_, words: string) => paint.bold(words)))
    : lines;
}

/** The codes of some exit codes, each with its meaning, for a person. */
export function listLines(exits: readonly number[], screen: Screen): string[] {
  const width = widthOf(screen);
  const { paint } = screen;
  const lines = exits.flatMap((exit) => [
    '',
    ...wrapWords(`Exit code ${exit}: ${exitMeanings.get(exit)}`, width).map(paint.bold),
    ...codesOf(exit).flatMap((code) => {
      const { meaning } = explanations[code];
      if (width < columnsFrom) return [code, ...hangingText('  ', meaning, width)];
      if (code.length <= 24) return hangingText(`  ${code.padEnd(24)}  `, meaning, width);
      return [`  ${code}`, ...hangingText(' '.repeat(28), meaning, width)];
    }),
  ]);
  return lines.slice(1);
}

/** Exit codes that a code has beside its own: a signal, a command that cannot be run. */
const secondExits: Readonly<Record<number, number>> = {
  143: exitCodes.interrupted,
  126: exitCodes.usage_invalid,
  127: exitCodes.usage_invalid,
};

/** The codes that end the program with this exit code. */
export function codesOf(exit: number): readonly ErrorCode[] {
  const wanted = secondExits[exit] ?? exit;
  return (Object.keys(exitCodes) as ErrorCode[]).filter((code) => exitCodes[code] === wanted);
}

/** Whether every code of this exit code has another one that it is listed under. */
export function isSecondExit(exit: number): boolean {
  return exit in secondExits;
}

/** A terminal that does not know its width has 0 columns. */
export function widthOf({ columns }: Screen): number {
  return columns > 0 ? Math.min(columns, longestLine) : 80;
}
