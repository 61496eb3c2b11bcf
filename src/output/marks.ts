type Environment = Readonly<Record<string, string | undefined>>;

/** Marks of this program's own texts, and what stands for each where the terminal may not know them. */
const inAscii: Readonly<Record<string, string>> = {
  '✓': '+',
  '✗': 'x',
  '→': '->',
  '…': '...',
  '•': '*',
  '·': '-',
  '–': '-',
  '—': '-',
  '“': '"',
  '”': '"',
  '‘': "'",
  '’': "'",
  '‹': '<',
  '›': '>',
};

/** A text with its marks in ASCII. Everything else stays as it is. */
export function asciiMarks(text: string): string {
  return text.replace(/[✓✗→…•·–—“”‘’‹›]/g, (mark) => inAscii[mark] ?? mark);
}

/**
 * Whether text may have marks beyond ASCII: the locale is one of UTF-8 (`LC_ALL`, else `LC_CTYPE`, else `LANG`). Without
 * any, POSIX means ASCII, and macOS UTF-8. Windows has no such variables: there a terminal must be known to show them.
 */
export function hasUnicodeMarks(environment: Environment, platform: NodeJS.Platform): boolean {
  const locale = ['LC_ALL', 'LC_CTYPE', 'LANG'].map((name) => environment[name]).find(Boolean);
  if (locale !== undefined) return /utf-?8/i.test(locale);
  if (platform !== 'win32') return platform === 'darwin';
  // Windows Terminal, editors' terminals, ConEmu, and MSYS and Cygwin, which set TERM.
  return ['WT_SESSION', 'TERM_PROGRAM', 'ConEmuANSI', 'TERM'].some((name) => Boolean(environment[name]));
}
