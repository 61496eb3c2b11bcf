import { endOfQuoted } from '../shell-word.js';

/** A stretch of a text that is one command, to be copied as a whole. */
export interface CommandSpan {
  /** Where it begins. */
  readonly start: number;
  /** Where it has ended: what follows is punctuation, a remark in parentheses or nothing. */
  readonly end: number;
}

/** The programs whose commands stand in messages and hints. */
const programs = [
  'logto-cli',
  'sudo',
  'netsh',
  'lsof',
  'ss',
  'kill',
  'nvm',
  'npm',
  'apt',
  'chmod',
  'ssh',
  'gh',
  'curl',
  'openssl',
  'dbus-run-session',
];

/** What may stand before a command: the hints of this program put one behind a colon, or into parentheses. */
const before = /[\s(`"]/;

/**
 * The commands in a text of ours. One begins with the name of a program, behind a colon unless it is this program's, and
 * ends before the punctuation that closes the sentence or the remark that it stands in. What is in quotes or angle
 * brackets belongs to it, whatever that is; a word in single quotes that belongs to none has none in it.
 */
export function commandsIn(text: string): CommandSpan[] {
  // Nearly all texts have none, and need no look at each of their words.
  if (!programs.some((name) => text.includes(`${name} `))) return [];
  const spans: CommandSpan[] = [];
  let from = 0;
  while (from < text.length) {
    const start = from;
    const word = wordAt(text, start);
    const isCommand =
      programs.includes(word) && /^ \S/.test(text.slice(start + word.length, start + word.length + 2));
    const opener = text.slice(Math.max(0, start - 2), start);
    if (isCommand && (word === 'logto-cli' || /: $|\($/.test(opener) || start === 0)) {
      const end = endOf(text, start);
      spans.push({ start, end });
      from = Math.max(end, start + 1);
    } else from = Math.max(start + Math.max(1, word.length), quotedWordAt(text, start));
    while (from < text.length && !before.test(text[from - 1] ?? ' ')) from += 1;
  }
  return spans;
}

/** Where the quoted word ends that begins here as in a command to paste; -1 where none does. */
export function quotedWordAt(text: string, start: number): number {
  const sign = text[start];
  if ((sign !== "'" && sign !== '"') || !/[\s=(]/.test(text[start - 1] ?? ' ')) return -1;
  if (sign === "'") return endOfQuoted(text, start);
  // Of ours are those that follow a flag (on Windows); what a message repeats is in such quotes, too.
  if (!/--[a-z-]{1,40}[ =]$/.test(text.slice(Math.max(0, start - 44), start))) return -1;
  return text.indexOf('"', start + 1) + 1 || -1;
}

/** A command in which each quoted word is as many underscores: what is in one is nothing that the command says. */
export function withoutQuoted(command: string): string {
  let result = '';
  while (result.length < command.length) {
    const end = quotedWordAt(command, result.length);
    result += end === -1 ? command[result.length] : '_'.repeat(end - result.length);
  }
  return result;
}

/** The word that begins here: letters and dashes, as many as the longest name of a program has. */
function wordAt(text: string, start: number): string {
  return /^[a-z-]{1,20}/.exec(text.slice(start, start + 20))?.[0] ?? '';
}

function endOf(text: string, start: number): number {
  for (let index = start; index < text.length; index += 1) {
    const sign = text[index] ?? '';
    const next = text[index + 1];
    const quoted = quotedWordAt(text, index);
    // Not far: a text from outside may open what nobody closes, again and again.
    const bracket = sign === '<' && /\S/.test(next ?? ' ') ? text.slice(index, index + 300).indexOf('>') : -1;
    if (quoted !== -1 || bracket !== -1) {
      index = quoted !== -1 ? quoted - 1 : index + bracket;
      continue;
    }
    if (sign === '`' || sign === '"') return index;
    if (sign === ' ' && next === '(') return index;
    // What closes a remark and its sentence comes together.
    if (/^[.,;:?!)]+(?:\s|$)/.test(text.slice(index, index + 4))) return index;
  }
  return text.length;
}
