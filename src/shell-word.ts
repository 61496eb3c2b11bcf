/**
 * A word as a shell takes it: whoever pastes a command runs nothing that stands in it. A POSIX shell and PowerShell
 * agree on single quotes. Line breaks and other controls are left out, since a terminal acts on them before a shell does.
 */
export function shellWord(word: string): string {
  const plain = word.replace(/\p{Cc}/gu, '');
  return /^[\w@%+=:,./-]+$/.test(plain) ? plain : quotedWord(plain);
}

/** A word in single quotes for a POSIX shell, whatever is in it. */
export function quotedWord(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
