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
  'curl',
  'openssl',
  'dbus-run-session',
];

/** What may stand before a command: the hints of this program put one behind a colon, or into parentheses. */
const before = /[\s(`"]/;

/**
 * The commands in a text of ours. One begins with the name of a program, behind a colon unless it is this program's, and
 * ends before the punctuation that closes the sentence or the remark that it stands in. What is in single quotes or angle
 * brackets belongs to it, whatever that is.
 */
export function commandsIn(text: string): CommandSpan[] {
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
    } else from += Math.max(1, word.length);
    while (from < text.length && !before.test(text[from - 1] ?? ' ')) from += 1;
  }
  return spans;
}

/** The word that begins here: letters and dashes, as many as the longest name of a program has. */
function wordAt(text: string, start: number): string {
  return /^[a-z-]{1,20}/.exec(text.slice(start, start + 20))?.[0] ?? '';
}

function endOf(text: string, start: number): number {
  for (let index = start; index < text.length; index += 1) {
    const sign = text[index] ?? '';
    const next = text[index + 1];
    const atWord = /[\s=]/.test(text[index - 1] ?? ' ');
    const closing = sign === "'" && atWord ? "'" : sign === '<' && /\S/.test(next ?? ' ') ? '>' : null;
    // Not far: a text from outside may open what nobody closes, again and again.
    const closed = closing === null ? -1 : text.slice(index + 1, index + 300).indexOf(closing);
    if (closed !== -1) {
      index += closed + 1;
      continue;
    }
    if (sign === '`' || sign === '"') return index;
    if (sign === ' ' && next === '(') return index;
    if (/[.,;:?!)]/.test(sign) && (next === undefined || /[\s)]/.test(next))) return index;
  }
  return text.length;
}
