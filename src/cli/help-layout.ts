import type { AddHelpTextContext, AddHelpTextPosition } from 'commander';
import { Command } from '../commands/commander.js';
import { hangingText, wrapWords } from '../output/wrap-words.js';

/** From this width on there is room for descriptions beside what they describe. */
const columnsFrom = 70;

/** What is described may take that many characters beside its description. */
const widestTerm = 34;

/** A command whose help fits the terminal: descriptions, paragraphs and lists break between words, examples nowhere. */
export class ProgramCommand extends Command {
  override createCommand(name?: string): ProgramCommand {
    return new ProgramCommand(name);
  }

  override addHelpText(
    position: AddHelpTextPosition,
    text: string | ((context: AddHelpTextContext) => string),
  ): this {
    const textOf = typeof text === 'string' ? () => text : text;
    return super.addHelpText(position, (context) => {
      const { getOutHelpWidth } = this.configureOutput();
      return laidOut(textOf(context), getOutHelpWidth?.() ?? 80);
    });
  }
}

/** One entry of a list in the help: what is described, and beside it, or below it where that is too wide, what it is. */
export function helpEntry(term: string, termWidth: number, description: string, width: number): string {
  if (description === '') return `  ${term}`;
  const beside = Math.min(termWidth, widestTerm);
  if (width < columnsFrom) return [`  ${term}`, ...hangingText('      ', description, width)].join('\n');
  const margin = ' '.repeat(2 + beside + 2);
  const lines = wrapWords(description, width - margin.length);
  if (term.length > beside) return [`  ${term}`, ...lines.map((line) => margin + line)].join('\n');
  const [first = '', ...others] = lines;
  return [`  ${term.padEnd(beside)}  ${first}`, ...others.map((line) => margin + line)].join('\n');
}

/** Paragraphs in lines of that width. A line that is indented, such as an example, stays as it is. */
function laidOut(text: string, width: number): string {
  const paragraphs: string[] = [];
  let isOpen = false;
  for (const line of text.split('\n')) {
    const isWords = line !== '' && !line.startsWith(' ');
    if (isWords && isOpen) paragraphs.push(`${paragraphs.pop()} ${line}`);
    else paragraphs.push(line);
    isOpen = isWords && !line.endsWith(':');
  }
  return paragraphs.flatMap((line) => (line.startsWith(' ') ? [line] : wrapWords(line, width))).join('\n');
}
