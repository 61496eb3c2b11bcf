import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandsIn } from '../src/output/command-text.js';
import { wrapWords } from '../src/output/wrap-words.js';
import { quotedWord, shellWord, shellWords } from '../src/shell-word.js';
import { paste, shellsHere } from './support/pasting-shell.js';
import { temporaryDirectory } from './support/temporary-directory.js';

/** What a shell obeys, each where another's quotes would not hold it. */
const hostile: readonly string[] = [
  'https://id.example/$(touch x)',
  'https://id.example/`touch x`',
  "it's; touch x",
  "'; touch x; '",
  "\\'; touch x; #",
  "\\\\'; touch x; #\\",
  '"; touch x; "',
  'a\ntouch x\n',
  'a\r\ntouch x\n',
  'a; touch x',
  'a && touch x',
  'a | touch x',
  'a > x',
  '<(touch x)',
  '!touch x',
  'a!!b!$',
  '~',
  '*',
  '.*',
  '{a,b}',
  '$HOME',
  '%PATH%',
  '%PATH%&touch x',
  '=touch',
  '#a',
  '',
  ' ',
  '\\',
  'a\\',
  'a\u0000b',
  'a\u202etouch\u2069',
  '-x',
  "x' (: logto-cli sign-in $(touch x)",
  'ein Wörtchen 中',
];

/** A word as it reaches the program: what a terminal obeys is left out. */
const without = (word: string) => word.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '');

describe('a word in a command to paste', () => {
  it('stays as it is where a shell sees nothing in it', () => {
    for (const word of ['abc-123', 'https://a.example:3000/oidc', 'a@b.example', 'read:things', 'a=b']) {
      expect(shellWord(word, 'linux')).toBe(word);
      expect(shellWord(word, 'win32')).toBe(word);
    }
    expect(shellWord('50%', 'linux')).toBe('50%');
  });

  it.each(shellsHere())('is one word for $name, and nothing is run', async (shell) => {
    const directory = await temporaryDirectory();
    const lines = hostile.map((word) => `logto-cli ${shellWords(['--issuer', word], 'linux')} end`);
    const expected = hostile.map((word) => ['--issuer', without(word), 'end']);
    expect(await paste(shell, lines, directory)).toEqual(expected);
    expect(readdirSync(directory)).toEqual(['.bin']);
  });

  it('can be quoted whatever is in it', () => {
    expect(quotedWord("a'b")).toBe("'a'\\''b'");
  });

  it('stays on one line, and holds no command of ours', () => {
    for (const word of hostile) {
      const text = `Did you mean --issuer ${shellWord(word, 'linux')}? Then sign in: logto-cli sign-in --app-id ${shellWord(word, 'linux')}. Or not.`;
      const lines = wrapWords(text, 20);
      expect(lines.filter((line) => line.includes(`--issuer ${shellWord(word, 'linux')}`))).toHaveLength(1);
      expect(commandsIn(text).map(({ start, end }) => text.slice(start, end))).toEqual([
        `logto-cli sign-in --app-id ${shellWord(word, 'linux')}`,
      ]);
    }
  });
});

describe('a word in a command to paste on Windows', () => {
  it.each([
    ['a b', '"a b"'],
    ["it's", '"it\'s"'],
    ['a&calc', '"a&calc"'],
    ['C:\\Users\\Ann Lee\\ca.pem', '"C:\\Users\\Ann Lee\\ca.pem"'],
    ['a,b', '"a,b"'],
    ['@a', '"@a"'],
    ['ein Wörtchen', '"ein Wörtchen"'],
    ['', '""'],
  ])('is quoted as every shell there reads it: %j', (word, quoted) => {
    expect(shellWord(word, 'win32')).toBe(quoted);
  });

  it.each(['$(calc)', '`n', '%PATH%', '"&calc', 'a\u201d&calc', 'a\u201e', 'a!b', 'a\\', '\uff02'])(
    'is not shown where its shells would not agree: %j',
    (word) => {
      expect(shellWord(word, 'win32')).toBe('<value>');
    },
  );

  it('has nothing in it, whatever it is, that cmd.exe, PowerShell or Git Bash reads between double quotes', () => {
    for (const word of hostile) {
      // `"` ends them everywhere, as its like do for PowerShell; `%` and `!` are of cmd.exe, `$` and ` of the others.
      const shown = shellWord(word, 'win32');
      expect(shown).toMatch(/^([\w+=:./-][\w@+=:./-]*|"[^"\u201c-\u201e%!$`\p{Cc}]*(?<!\\)"|<value>)$/u);
    }
  });
});
