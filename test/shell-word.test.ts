import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { quotedWord, shellWord } from '../src/shell-word.js';

describe('a word in a command to paste', () => {
  it('stays as it is where a shell sees nothing in it', () => {
    for (const word of ['abc-123', 'https://a.example:3000/oidc', 'a@b.example', 'read:things', '50%', 'a=b'])
      expect(shellWord(word)).toBe(word);
  });

  it.each([
    '$(id)',
    '`id`',
    "it's",
    'a b',
    'a;b',
    '!x',
    '~',
    '*',
    '',
    '"',
    '\\',
    'a\u0000b',
    'a\nb',
    "'; rm -rf ~ #",
  ])('is one word for a shell, and nothing is run: %j', (word) => {
    const script = `printf '%s' ${shellWord(word)}`;
    const said = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are left out
    expect(said).toBe(word.replace(/[\u0000-\u001f]/g, ''));
  });

  it('can be quoted whatever is in it', () => {
    expect(quotedWord("a'b")).toBe("'a'\\''b'");
  });
});
