import type { CommandTable } from './command-table.js';
import { type Completion, complete } from './complete.js';
import { readWord, type TypedWord, wordEnd } from './quoted-word.js';
import type { CompletionShell } from './shells.js';

/**
 * Answers the script of a shell.
 *
 * @param asked what the script sends, with a NUL behind each: for Bash what it will replace, which is the end of the last
 *   word, and then, for every shell, the words behind the program's name, the last one up to the cursor
 * @param profiles asked where a profile may stand
 * @returns lines: what may stand there (`values`, `files`, or `program` with the place of its first word), then
 *   for Bash: what to put in the place of what it replaces, behind the kind `open` where no blank may follow; for the
 *   others: what stands in the word already and stays, and each value with what it is on the line below
 */
export function answer(
  shell: CompletionShell,
  table: CommandTable,
  asked: string,
  profiles: () => readonly string[],
): readonly string[] {
  const fields = fieldsOf(asked);
  const replaced = shell === 'bash' ? (fields.shift() ?? '') : '';
  const current = fields.pop() ?? '';
  // What fish and PowerShell send has been read by them, but for the word that is not whole in fish.
  const words = fields.map((word) => (shell === 'bash' || shell === 'zsh' ? readWord(word).text : word));
  const typed: TypedWord = shell === 'powershell' ? { text: current, quote: '' } : readWord(current);
  const completion = complete(table, words, typed.text, profiles);
  if (completion.kind === 'program') return [`program ${completion.from}`];
  if (shell === 'bash') return bashLines(completion, typed.text, current, replaced);
  if (completion.kind === 'files') return ['files', completion.prefix];
  const lines = completion.values.flatMap(({ value, about }) => [value, about]);
  return ['values', completion.prefix, ...lines];
}

/** Each with a NUL behind it. PowerShell ends what it sends with a line break. */
function fieldsOf(asked: string): string[] {
  return asked
    .replace(/\r?\n$/, '')
    .replace(/\0$/, '')
    .split('\0');
}

function bashLines(
  completion: Exclude<Completion, { kind: 'program' }>,
  typed: string,
  current: string,
  replaced: string,
): readonly string[] {
  if (completion.kind === 'files') return ['files'];
  const { prefix, values } = completion;
  // Bash replaces the end of a word: what is behind a `=` or `:`, or behind the quote that is open.
  const stays = readWord(
    current.endsWith(replaced) ? current.slice(0, current.length - replaced.length) : '',
  );
  const fitting = values.filter(({ value }) => (prefix + value).startsWith(typed));
  const isOpen = fitting.length === 1 && fitting[0]?.goesOn !== undefined;
  const ends = fitting.map(({ value }) => wordEnd((prefix + value).slice(stays.text.length), stays.quote));
  return [isOpen ? 'open' : 'values', ...ends.filter((end) => end !== null)];
}
