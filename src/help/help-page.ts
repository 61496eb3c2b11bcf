import { readFileSync } from 'node:fs';
import { commandLines } from '../output/command-lines.js';
import type { TextOutput } from '../output/text-output.js';
import { hangingText, wrapWords } from '../output/wrap-words.js';
import { shellWord } from '../shell-word.js';
import { type Block, markdownBlocks } from './markdown.js';
import { stackedRows, tableLines } from './table-lines.js';
import type { Topic } from './topics.js';

/** What decides how a page looks. */
export type Screen = Pick<TextOutput, 'columns' | 'hasColors' | 'paint'>;

/** Lines longer than this are hard to read, however wide the terminal is. */
const longestLine = 100;

/** The page of a topic, in lines that fit. */
export function helpPage(topic: Topic, screen: Screen): string[] {
  // By the name of one of them, so that the bundle is known to have them where this module is put.
  const pages = new URL('../help/flags.md', import.meta.url);
  return pageLines(readFileSync(new URL(`${topic.name}.md`, pages), 'utf8'), screen);
}

/** A page in Markdown as lines for a person. */
export function pageLines(markdown: string, screen: Screen): string[] {
  const width = screen.columns > 0 ? Math.min(screen.columns, longestLine) : 80;
  const { paint } = screen;
  const withoutMarks = (line: string) => line.replaceAll('`', '');
  const show = (line: string) => line.replace(/`([^`]*)`/g, (_, code: string) => paint.bold(code));
  const words = (text: string) =>
    plainLinks(text).replace(/\*\*([^*]+)\*\*/g, (_, strong: string) => paint.bold(strong));
  const linesOf = (block: Block): string[] => {
    switch (block.kind) {
      case 'heading':
        return wrapWords(withoutMarks(block.text), width).map(paint.bold);
      case 'paragraph':
        return wrapWords(words(block.text), width).map(screen.hasColors ? show : String);
      case 'item':
        return hangingText(`${block.label} `, words(block.text), width).map(screen.hasColors ? show : String);
      case 'code':
        return block.language === 'sh' || block.lines[0]?.startsWith('logto-cli ')
          ? shellLines(block.lines, width)
          : block.lines.flatMap((line) => codeLines(line, width));
      case 'table': {
        const rows = block.rows.map((row) => row.map(words));
        const header = (line: string) => paint.bold(withoutMarks(line));
        return tableLines(block.header, rows, width, show, header) ?? stackedRows(rows, width, show);
      }
    }
  };
  const blocks = markdownBlocks(markdown);
  return blocks.flatMap((block, index) => {
    const continues = block.kind === 'item' && blocks[index - 1]?.kind === 'item';
    return [...(index === 0 || continues ? [] : ['']), ...linesOf(block)];
  });
}

/** A link as words: to another page, the command that shows it; to elsewhere, its address. */
function plainLinks(text: string): string {
  return text.replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, (_, words: string, target: string) => {
    const [, page] = /^([a-z-]+)\.md$/.exec(target) ?? [];
    if (page !== undefined) {
      const command = `logto-cli help ${shellWord(page)}`;
      return words === page ? command : `${words} (${command})`;
    }
    return target.startsWith('#') ? words : `${words} (${target})`;
  });
}

/** Commands of an example: what is too long for a line goes on as a shell takes it, so that the whole can be copied. */
function shellLines(lines: readonly string[], width: number): string[] {
  const commands: string[][] = [[]];
  for (const line of lines) {
    commands.at(-1)?.push(line);
    if (!line.endsWith(' \\')) commands.push([]);
  }
  return commands.flatMap((written) =>
    written.every((line) => line.length + 2 <= width || line.startsWith('#'))
      ? written.map((line) => `  ${line}`.trimEnd())
      : commandLines('  ', written.map((line) => line.replace(/ \\$/, '').trim()).join(' '), width),
  );
}

/** A line of an example: a command goes on as a shell takes it, anything else breaks at a blank or behind a comma. */
function codeLines(line: string, width: number): string[] {
  if (line.startsWith('$ ')) return commandLines('  $ ', line.slice(2), width);
  const margin = ' '.repeat(2 + line.length - line.trimStart().length);
  const lines: string[] = [];
  let rest = `  ${line}`.trimEnd();
  while (rest.length > width) {
    const whole = rest.slice(0, width + 1);
    const blank = Math.max(whole.lastIndexOf(' '), whole.slice(0, width).lastIndexOf(',') + 1);
    // A word that is too long stays whole, for who copies it.
    const next = rest.indexOf(' ', width);
    const end = blank > margin.length + 2 ? blank : next === -1 ? rest.length : next;
    if (end === rest.length) break;
    lines.push(rest.slice(0, end).trimEnd());
    rest = `${margin}  ${rest.slice(end).trimStart()}`;
  }
  return [...lines, rest];
}
