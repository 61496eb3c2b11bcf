import { describe, expect, it } from 'vitest';
import { makeCommandTable } from '../../src/cli/make-command-table.js';
import { answer } from '../../src/completion/answer.js';
import { completionShells } from '../../src/completion/shells.js';

const table = await makeCommandTable();
const profiles = () => ['web', 'a b', "it's", 'x"$(id)`'];
const asked = (...fields: readonly string[]) => fields.map((field) => `${field}\0`).join('');

describe('Bash', () => {
  const replies = (replaced: string, ...words: readonly string[]) =>
    answer('bash', table, asked(replaced, ...words), profiles);

  it('gets what fits, in the place of what it replaces', () => {
    expect(replies('who', 'who')).toEqual(['values', 'whoami']);
    expect(replies('f', 'sign-in', '--storage=f')).toEqual(['values', 'file']);
    expect(replies('', 'sign-in', '--storage=')).toEqual(['values', 'keychain', 'file', 'memory']);
    expect(replies('p', 'test', '--only', 'keys,p')[0]).toBe('values');
    expect(replies('', 'test', '--baseline=')).toEqual(['files']);
    expect(replies('x', 'exec', '--json', 'x')).toEqual(['program 2']);
  });

  it('puts no blank behind a word that goes on', () => {
    expect(replies('tok', 'emulator', '--fault', 'tok')).toEqual(['open', 'token=']);
    expect(replies('--tra', 'whoami', '--tra')).toEqual(['values', '--trace', '--trace=']);
  });

  it('gets what it reads back as it was, whatever quote is open', () => {
    expect(replies('', 'profile', 'use', '')).toEqual([
      'values',
      'web',
      'a\\ b',
      "it\\'s",
      'x\\"\\$\\(id\\)\\`',
    ]);
    expect(replies('', 'profile', 'use', '"')).toEqual(['values', 'web', 'a b', "it's", 'x\\"\\$(id)\\`']);
    expect(replies('', 'profile', 'use', "'")).toEqual(['values', 'web', 'a b', 'x"$(id)`']);
    expect(replies('a\\ ', 'profile', 'use', 'a\\ ')).toEqual(['values', 'a\\ b']);
  });

  it('reads the words before as the shell does', () => {
    expect(replies('', '"profile"', "us'e'", '')[1]).toBe('web');
    expect(replies('', 'sign-in', '--sto\\rage', '')).toEqual(['values', 'keychain', 'file', 'memory']);
  });
});

describe('the other shells', () => {
  it.each(completionShells.filter((shell) => shell !== 'bash'))(
    '%s gets all of it, with what it is',
    (shell) => {
      expect(answer(shell, table, asked('sign-in', '--storage=f'), profiles)).toEqual([
        'values',
        '--storage=',
        'keychain',
        "the operating system's keychain (default)",
        'file',
        'a file that only you may read',
        'memory',
        'nothing is kept',
      ]);
      expect(answer(shell, table, asked('test', '--reporter=junit=x'), profiles)).toEqual([
        'files',
        '--reporter=junit=',
      ]);
      expect(answer(shell, table, asked('exec', 'x'), profiles)).toEqual(['program 1']);
      expect(answer(shell, table, '', profiles)).toEqual(answer(shell, table, asked(''), profiles));
    },
  );

  it('PowerShell ends what it sends with a line break', () => {
    expect(answer('powershell', table, `${asked('help', '')}\r\n`, profiles)).toEqual(
      answer('powershell', table, asked('help', ''), profiles),
    );
  });
});

it('takes no longer than the line is long', () => {
  const long = `${'\\"'.repeat(200_000)}`;
  expect(answer('zsh', table, asked('whoami', long, '--'), profiles)[0]).toBe('values');
  expect(answer('bash', table, '\0'.repeat(100_000), profiles)).toEqual(['values']);
});
