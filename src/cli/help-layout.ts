import type { HelpList } from '../commands/program-command.js';
import { commandLines } from '../output/command-lines.js';
import type { TextOutput } from '../output/text-output.js';
import { widest } from '../output/widest.js';
import { hangingText, wrapWords } from '../output/wrap-words.js';

/** What the help of a command says. */
export interface HelpPage {
  readonly description: string;
  /** How it is called. */
  readonly usage: string;
  readonly examples: readonly string[];
  /** Paragraphs. */
  readonly notes?: readonly string[];
  readonly lists: readonly HelpList[];
}

/** From this width on there is room for descriptions beside what they describe. */
const columnsFrom = 70;

/** Lines longer than this are hard to read, however wide the terminal is. */
const longestLine = 100;

/** What is described may take that many characters beside its description. */
const widestTerm = 25;

/** The list of the flags that are only named: it is of something else than the others, and has room for longer lines. */
export const foldedGroup = 'Flags of most commands, explained by logto-cli help flags:';

/**
 * A page of the help, in lines that fit: what a command does, how it is called, examples, what there is to know, and
 * lists.
 *
 * @param screen where it is printed
 */
export function helpText(
  { description, usage, examples, notes = [], lists }: HelpPage,
  { columns, paint }: Pick<TextOutput, 'columns' | 'paint'>,
): string {
  const width = Math.min(columns, longestLine);
  const blocks = [
    wrapWords(sentence(description), width),
    commandLines('Usage: ', usage, width, ''),
    examples.flatMap((example, index) => [
      ...(index === 0 ? [paint.bold('Examples:')] : []),
      ...commandLines('  $ ', example, width),
    ]),
    ...notes.map((note) => wrapWords(note, width)),
    ...lists.map((list) => [
      ...wrapWords(list.heading, width).map(paint.bold),
      ...list.entries.flatMap(([term, description]) =>
        entryLines(term, description, columnOf(list.heading === foldedGroup ? [list] : lists), width),
      ),
    ]),
  ].filter((lines) => lines.length > 0);
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function columnOf(lists: readonly HelpList[]): number {
  return Math.min(widest(lists.flatMap(({ entries }) => entries.map(([term]) => term))), widestTerm);
}

/** One entry of a list: what it is stands beside what is described, or below where there is no room. */
function entryLines(term: string, description: string, beside: number, width: number): string[] {
  if (description === '') return [`  ${term}`];
  if (width < columnsFrom)
    return [
      ...hangingText('  ', term, width),
      ...wrapWords(description, width - 6).map((line) => `      ${line}`),
    ];
  const column = ' '.repeat(2 + beside + 2);
  const lines = wrapWords(description, width - column.length);
  const [first = '', ...others] = lines;
  const head = `  ${term.padEnd(beside)}  ${first}`;
  if (term.length <= beside) return [head, ...others.map((line) => column + line)];
  const whole = `  ${term}  ${description}`;
  return whole.length <= width ? [whole] : [`  ${term}`, ...lines.map((line) => column + line)];
}

function sentence(text: string): string {
  return text === '' || text.endsWith('.') ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
