/**
 * A word of a command to paste: whoever pastes it runs nothing that stands in it. Controls are left out, since a terminal
 * acts on them before a shell does.
 *
 * On Windows a word is quoted only in the one way that cmd.exe, PowerShell and Git Bash read alike. One that they would
 * not (`$`, `%`, `"`…) has no such way: `<value>` stands in its place, which none of them runs.
 *
 * @param platform whose shells: see `process.platform`
 */
export function shellWord(word: string, platform: NodeJS.Platform = process.platform): string {
  const plain = word.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, '');
  if (platform === 'win32') return windowsWord(plain);
  // zsh looks for a program behind a `=` at the beginning.
  return /^(?!=)[\w@%+=:,./-]+$/.test(plain) ? plain : quotedWord(plain);
}

/** {@link shellWord} of each, with blanks between. */
export function shellWords(words: readonly string[], platform?: NodeJS.Platform): string {
  return words.map((word) => shellWord(word, platform)).join(' ');
}

/**
 * A word in single quotes for a POSIX shell, whatever is in it. Two signs stand outside of the quotes for others that
 * mean something inside: fish (a backslash) and csh (an exclamation mark).
 */
export function quotedWord(word: string): string {
  return `'${word.replace(/['\\!]/g, "'\\$&'")}'`;
}

/** Where a word that {@link quotedWord} has made ends, from its first quote; -1 where it does not. */
export function endOfQuoted(text: string, start: number): number {
  const end = /'[^']*'(?:\\['\\!]'[^']*')*/y;
  end.lastIndex = start;
  return end.test(text) ? end.lastIndex : -1;
}

function windowsWord(word: string): string {
  // PowerShell makes two of what has a comma, and takes an @ at the beginning for a name.
  if (/^(?!@)[\w@+=:./-]+$/.test(word)) return word;
  // A backslash at the end would take the quote behind it along.
  const isAlike = /^[\p{L}\p{N}\p{M} &'()*+,./:;<=>?@[\]^_{|}~#\\-]*(?<!\\)$/u.test(word);
  return isAlike ? `"${word}"` : '<value>';
}
