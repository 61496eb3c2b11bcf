import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../../src/cli/command-line.js';
import type { LogtoError } from '../../src/errors.js';

/** A command line as the parser is given it. */
async function read(argv: readonly string[]): Promise<readonly string[]> {
  return (await readCommandLine(argv, async () => {})).argv;
}

/** What a command line without meaning is answered. */
async function refused(argv: readonly string[]): Promise<{ message: string; hint: string }> {
  const error: unknown = await read(argv).catch((reason: unknown) => reason);
  expect(error, `${argv.join(' ')} was taken`).toMatchObject({ code: 'usage_invalid' });
  const { message, hint } = error as LogtoError;
  return { message, hint };
}

describe('what stands before a command', () => {
  it.each([
    [['--', 'doctor'], ['doctor']],
    [
      ['-q', '--', 'doctor', '--json'],
      ['doctor', '-q', '--json'],
    ],
    [
      ['--', 'exec', '--', 'npm', '--version'],
      ['exec', '--', 'npm', '--version'],
    ],
    [['--'], []],
  ])('%j is read as if it had no `--` first', async (given, argv) => {
    expect(await read(given)).toEqual(argv);
  });
});

describe('the command line of exec', () => {
  it.each([
    [
      ['exec', 'npm', '--version'],
      ['exec', '--', 'npm', '--version'],
    ],
    [
      ['exec', '--', 'npm', '--version'],
      ['exec', '--', 'npm', '--version'],
    ],
    [
      ['exec', '--profile', 'a', 'sh', '-c', 'x', '--json'],
      ['exec', '--profile', 'a', '--', 'sh', '-c', 'x', '--json'],
    ],
    [
      ['exec', '--profile=a', '-v', 'sh'],
      ['exec', '--profile=a', '-v', '--', 'sh'],
    ],
    [
      ['exec', 'npm', 'run', 'x', '--', '--help'],
      ['exec', '--', 'npm', 'run', 'x', '--', '--help'],
    ],
    [
      ['exec', '--trace', 'npm', '--trace'],
      ['exec', '--trace', '--', 'npm', '--trace'],
    ],
    [
      ['--profile', 'a', 'exec', 'npm', '-V'],
      ['exec', '--profile', 'a', '--', 'npm', '-V'],
    ],
    [
      ['exec', '--help', 'npm'],
      ['exec', '--help', '--', 'npm'],
    ],
    [
      ['exec', '-', 'x'],
      ['exec', '--', '-', 'x'],
    ],
  ])('is ours up to the first word that is no flag: %j', async (argv, parsed) => {
    expect(await read(argv)).toEqual(parsed);
  });
});

describe('flags of every command', () => {
  it.each([
    [
      ['--json', 'whoami'],
      ['whoami', '--json'],
    ],
    [
      ['--profile', 'x', 'whoami', '--remote'],
      ['whoami', '--profile', 'x', '--remote'],
    ],
    [
      ['--profile=x', '-v', 'whoami'],
      ['whoami', '--profile=x', '-v'],
    ],
    [
      ['-vq', 'login'],
      ['login', '-vq'],
    ],
    [
      ['--endpoint', 'https://a.example', '--client-id', 'b', 'doctor'],
      ['doctor', '--endpoint', 'https://a.example', '--client-id', 'b'],
    ],
    [
      ['--json', 'profile', 'show', 'a'],
      ['profile', 'show', '--json', 'a'],
    ],
    [
      ['profile', '--json', 'show', 'a'],
      ['profile', 'show', '--json', 'a'],
    ],
    [
      ['--no-input', 'sign-in', '--trace'],
      ['sign-in', '--no-input', '--trace'],
    ],
    [
      ['--trace', 'whoami', '--json'],
      ['whoami', '--json', '--trace'],
    ],
    [
      ['--trace=a.html', 'whoami'],
      ['whoami', '--trace=a.html'],
    ],
    [
      ['--dotenv', 'whoami', 'whoami'],
      ['whoami', '--dotenv', 'whoami'],
    ],
  ])('may stand before the command: %j', async (argv, parsed) => {
    expect(await read(argv)).toEqual(parsed);
  });

  it('need a command', async () => {
    expect((await refused(['--json'])).message).toContain('no command');
    expect((await refused(['-v'])).hint).toContain('logto-cli --version');
    expect((await refused(['--profile', 'whoami'])).message).toContain('no command');
  });

  it('are told from those of one command, which come after it', async () => {
    const { message, hint } = await refused(['--port', '3000', 'sign-in']);
    expect(message).toBe("Unknown option '--port' before the command");
    expect(hint).toContain('comes after it');
    expect((await refused(['--profil', 'x', 'whoami'])).hint).toContain('Did you mean --profile?');
    expect((await refused(['--secret=hunter2', 'whoami'])).message).not.toContain('hunter2');
  });
});

describe('help', () => {
  it.each([
    [
      ['help', 'profile', 'set'],
      ['profile', 'set', '--help'],
    ],
    [
      ['profile', 'help', 'set'],
      ['profile', 'set', '--help'],
    ],
    [
      ['profile', 'help'],
      ['profile', '--help'],
    ],
    [
      ['help', 'profile'],
      ['profile', '--help'],
    ],
    [
      ['help', 'login'],
      ['login', '--help'],
    ],
    [
      ['--json', 'help', 'whoami'],
      ['whoami', '--help'],
    ],
    [
      ['--help', 'whoami'],
      ['whoami', '--help'],
    ],
    [['help'], ['--help']],
    [['help', '--json'], ['--help']],
    [
      ['help', 'flags'],
      ['flags', '--help'],
    ],
    [
      ['--help', 'EXIT-CODES'],
      ['exit-codes', '--help'],
    ],
  ])('is asked for before or behind the words of a command: %j', async (argv, parsed) => {
    expect(await read(argv)).toEqual(parsed);
  });

  it('for a command that there is not is refused', async () => {
    expect((await refused(['help', 'profle'])).hint).toContain('Did you mean logto-cli help profile?');
    expect((await refused(['help', 'profile', 'delete'])).hint).toContain('logto-cli profile remove');
    expect((await refused(['bogus', '--help'])).message).toContain("'bogus'");
  });

  it.each([
    ['flag', 'help flags'],
    ['enviroment', 'help environment'],
    ['sign-i', 'help sign-in'],
    ['env', 'help environment'],
    ['emul', 'help emulator'],
    ['comp', 'help completion'],
    ['tes', 'help test-app or logto-cli help test'],
    ['error-codes', 'help exit-codes'],
    ['keychain', 'help storage'],
    ['setup', 'help profile set'],
    ['client_unknown', 'explain client_unknown'],
  ])('for %s suggests %s, repeats the word and lists the topics', async (word, meant) => {
    const { message, hint } = await refused(['help', word]);
    expect(message).toBe(`There is no command or topic '${word}'`);
    expect(hint).toMatch(
      new RegExp(
        `^Did you mean logto-cli ${meant}\\? Topics: flags, environment, .*\\. See: logto-cli --help$`,
      ),
    );
  });

  it('for a word that is near nothing repeats no word, which may be anything', async () => {
    for (const word of ['hunter2-secret', 'constructor', '__proto__', 'x'.repeat(10_000)]) {
      const { message, hint } = await refused(['help', word]);
      expect(message).toBe('There is no such command or topic');
      expect(hint).toMatch(/^Topics: flags, /);
    }
  });

  it('is no command without its word: a topic is unknown then', async () => {
    expect((await refused(['flags'])).message).toBe("Unknown command 'flags'");
  });
});

describe('a word that means nothing', () => {
  it.each([
    ['sign-up', 'logto-cli sign-in --sign-up'],
    ['signup', 'logto-cli sign-in --sign-up'],
    ['sing-in', 'logto-cli sign-in'],
    ['signin', 'logto-cli sign-in'],
    ['sign', 'logto-cli sign-in or logto-cli sign-out'],
    ['log', 'logto-cli login or logto-cli logout'],
    ['tset', 'logto-cli test'],
    ['log-out', 'logto-cli logout'],
    ['who-am-i', 'logto-cli whoami'],
    ['userinfo', 'logto-cli whoami --remote'],
    ['doc', 'logto-cli doctor'],
    ['run', 'logto-cli exec'],
    ['version', 'logto-cli --version'],
  ])('%s suggests %s', async (word, meant) => {
    expect((await refused([word])).hint).toContain(`Did you mean ${meant}?`);
    expect((await refused(['--json', word])).hint).toContain(meant);
  });

  it.each([
    ['delete', 'remove'],
    ['rm', 'remove'],
    ['sets', 'set'],
    ['ls', 'list'],
    ['add', 'set'],
    ['switch', 'use'],
  ])('profile %s suggests profile %s', async (word, meant) => {
    const { message, hint } = await refused(['profile', word, 'web']);
    expect(message).toBe(`Unknown command '${word}' of profile`);
    expect(hint).toBe(`Did you mean logto-cli profile ${meant}? See: logto-cli profile --help`);
  });

  it('is not guessed at when nothing is near', async () => {
    expect((await refused(['constructor'])).hint).toBe('See: logto-cli --help');
    expect((await refused(['profile', 'constructor'])).hint).toBe('See: logto-cli profile --help');
    for (const word of ['frobnicate', 'nope', 'inti-x'])
      expect((await refused([word])).hint).toBe('See: logto-cli --help');
    expect((await refused(['x'.repeat(100_000)])).hint).toBe('See: logto-cli --help');
  });

  it('a command that only has commands of its own lists them', async () => {
    expect((await refused(['profile'])).message).toContain('list, show, set, use, remove');
    expect((await refused(['profile', '--json'])).message).toContain('list, show, set, use, remove');
  });
});
