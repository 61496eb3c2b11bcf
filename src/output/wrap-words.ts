import { columnsOf } from './columns-of.js';
import { commandsIn, quotedWordAt } from './command-text.js';
import { lineLimit, plainText } from './plain-text.js';
import type { TextOutput } from './text-output.js';
import { widest } from './widest.js';

/**
 * Breaks a text at spaces into lines of at most that many columns. What is to be copied stays whole, on a line of its
 * own where it has to be, longer than a line where it is: an address or any other word, a command, what stands in
 * backticks, a flag with its value. What is longer than any text of ours is shortened before.
 */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const piece of piecesOf(plainText(text))) {
    const last = lines.at(-1);
    if (last !== undefined && columnsOf(last) + 1 + columnsOf(piece) <= width) {
      lines[lines.length - 1] = `${last} ${piece}`;
    } else lines.push(piece);
  }
  return lines;
}

/** Wraps a text whose first line begins with `label`; the others begin below what follows that. */
export function hangingText(label: string, text: string, width: number): string[] {
  const room = columnsOf(label);
  return wrapWords(text, width - room).map(
    (line, index) => `${index === 0 ? label : ' '.repeat(room)}${line}`,
  );
}

/** A text for people as lines of this output: in one where nobody looks at it, since programs search lines. */
export function linesFor(output: Pick<TextOutput, 'isTerminal' | 'columns'>, text: string): string[] {
  return output.isTerminal ? wrapWords(text, output.columns) : [text];
}

/**
 * A line of a result in lines of that many columns: what follows its first column of words hangs below itself, or on
 * lines of its own where that column takes half of the room.
 */
export function wrapLine(text: string, width: number): string[] {
  const line = plainText(text, lineLimit);
  if (columnsOf(line) <= width) return [line];
  const begin = line.length - line.trimStart().length;
  const gap = line.indexOf('  ', begin);
  let column = gap === -1 ? begin : gap;
  while (line[column] === ' ') column += 1;
  const [label, rest] = [line.slice(0, column), line.slice(column)];
  const longest = widest(piecesOf(rest));
  const beside = columnsOf(label);
  if (beside <= width / 2 && beside + longest <= width) return hangingText(label, rest, width);
  const margin = ' '.repeat(begin + 2);
  if (column > begin && margin.length + longest <= width)
    return [label.trimEnd(), ...hangingText(margin, rest, width)];
  // What fits nowhere, such as a path, is copied as one line; a command within a sentence stays whole in any case.
  const isSentence = gap === -1 && commandsIn(rest).some(({ start }) => start > 0);
  return beside + longest > width && !isSentence ? [line] : hangingText(label, rest, width);
}

/** What stands on one line, whatever the width. */
function piecesOf(text: string): string[] {
  const commands = commandsIn(text);
  // Nothing in it stays together but words.
  if (commands.length === 0 && !/["'`]|--/.test(text)) return text.split(' ');
  const pieces: string[] = [];
  let command = 0;
  let [start, inCode] = [0, false];
  for (let index = 0; index <= text.length; index += 1) {
    index = Math.max(index, inCode ? -1 : quotedWordAt(text, index));
    const sign = text[index];
    if (sign === '`') inCode = !inCode && text.indexOf('`', index + 1) !== -1;
    if (sign !== undefined && sign !== ' ') continue;
    while ((commands[command]?.end ?? Number.POSITIVE_INFINITY) <= index) command += 1;
    const inCommand = sign !== undefined && (commands[command]?.start ?? text.length) < index;
    if (inCode && sign !== undefined) continue;
    if (inCommand || isFlagBeforeValue(text, start, index)) continue;
    pieces.push(text.slice(start, index));
    start = index + 1;
  }
  return pieces;
}

/** Whether the piece so far ends with a flag, and what follows looks like its value: `--storage file`, `--app-id <id>`. */
function isFlagBeforeValue(text: string, start: number, end: number): boolean {
  const word = text.slice(Math.max(start, text.lastIndexOf(' ', end - 1) + 1), end);
  return /^\(?--[a-z][a-z-]*$/.test(word) && end < text.length && /[^\s(-]/.test(text[end + 1] ?? ' ');
}
