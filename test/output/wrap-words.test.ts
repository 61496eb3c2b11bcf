import { describe, expect, it } from 'vitest';
import { commandsIn } from '../../src/output/command-text.js';
import { paintWith } from '../../src/output/paint.js';
import { hangingText, linesFor, wrapLine, wrapWords } from '../../src/output/wrap-words.js';

describe('wrapped text', () => {
  it('breaks between words', () => {
    expect(wrapWords('one two three', 7)).toEqual(['one two', 'three']);
  });

  it.each([
    [
      'an address',
      'open http://localhost:3000/callback?a=b now',
      ['open', 'http://localhost:3000/callback?a=b', 'now'],
    ],
    [
      'a command, up to the end of its sentence',
      'Sign in: logto-cli sign-in --app-id abc. Or not.',
      ['Sign in:', 'logto-cli sign-in --app-id abc.', 'Or not.'],
    ],
    [
      'a command before a remark',
      'With: logto-cli sign-in --resource x (as it is)',
      ['With:', 'logto-cli sign-in --resource x', '(as it is)'],
    ],
    [
      'quoted words and placeholders of a command',
      "With: logto-cli whoami --expect 'a. b' --app-id <App ID>. Yes",
      ['With:', "logto-cli whoami --expect 'a. b' --app-id <App ID>.", 'Yes'],
    ],
    [
      'a command of another program',
      'Set it (Linux: sudo timedatectl set-ntp true; elsewhere not)',
      ['Set it (Linux:', 'sudo timedatectl set-ntp true;', 'elsewhere not)'],
    ],
    ['code', 'run (`a b c d`), now', ['run', '(`a b c d`),', 'now']],
    ['a flag with its value', 'Choose one: --storage file is it', ['Choose one:', '--storage file', 'is it']],
  ])('keeps %s whole', (_what, text, lines) => {
    expect(wrapWords(text, 15)).toEqual(lines);
  });

  it('keeps whole what is longer than a line', () => {
    expect(wrapWords('run `a b c d e f`', 6)).toEqual(['run', '`a b c d e f`']);
    expect(wrapWords('abcdefghij', 4)).toEqual(['abcdefghij']);
    expect(wrapWords('logto-cli whoami', 4)).toEqual(['logto-cli whoami']);
  });

  it('takes words of prose that are the names of programs for words', () => {
    expect(commandsIn('the sudo and npm of others, kill and apt')).toEqual([]);
    expect(commandsIn('what logto-cli does')).toHaveLength(1);
    expect(commandsIn('xlogto-cli whoami')).toEqual([]);
  });

  it('does not count colours', () => {
    const { red } = paintWith('123');
    expect(wrapWords(`${red('one')} two three`, 7)).toEqual([`${red('one')} two`, 'three']);
  });

  it('hangs below the first word', () => {
    expect(hangingText('1. ', 'one two three', 10)).toEqual(['1. one two', '   three']);
  });

  it('is for a person who looks on: programs find a whole line', () => {
    expect(linesFor({ isTerminal: true, columns: 7 }, 'one two three')).toEqual(['one two', 'three']);
    expect(linesFor({ isTerminal: false, columns: 7 }, 'one two three')).toEqual(['one two three']);
  });
});

describe('a line of a result', () => {
  it('hangs below its second column', () => {
    expect(wrapLine('scopes  openid profile offline_access', 24)).toEqual([
      'scopes  openid profile',
      '        offline_access',
    ]);
  });

  it('goes on below a first column that is wide', () => {
    expect(wrapLine('  provider’s session  ended, the browser came back', 30)).toEqual([
      '  provider’s session',
      '    ended, the browser came',
      '    back',
    ]);
  });

  it('has below it what is too long to stand beside it', () => {
    expect(wrapLine(`issuer      http://localhost:4321/oidc`, 30)).toEqual([
      'issuer',
      '  http://localhost:4321/oidc',
    ]);
  });

  it('breaks between words around a command that fits nowhere', () => {
    const command = 'logto-cli profile set default --app-id <App ID>';
    expect(wrapLine(`There is no profile yet. Make one: ${command}. Or not, as you like it.`, 30)).toEqual([
      'There is no profile yet. Make',
      'one:',
      `${command}.`,
      'Or not, as you like it.',
    ]);
    expect(wrapLine(command, 30)).toEqual([command]);
  });

  it('stays one line when it fits, and when it is something to copy that fits nowhere', () => {
    for (const line of [
      'short',
      `Authorization: Bearer ${'x'.repeat(40)}`,
      `sub  ${'y'.repeat(40)}`,
      '/home/a user/of this machine/config.json.of-a-long-name',
    ]) {
      expect(wrapLine(line, 30)).toEqual([line]);
    }
  });
});
