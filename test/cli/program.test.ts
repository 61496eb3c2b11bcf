import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../../src/cli/command-line.js';
import { firstScreens, identifierTypes } from '../../src/client/logto-parameters.js';
import { helpPage } from '../../src/help/help-page.js';
import { topicNamed, topics } from '../../src/help/topics.js';
import { storageKinds } from '../../src/storage/storage.js';
import { Recorder } from '../support/test-runtime.js';

const nothing = async () => {};

/** The help that a command line prints, on a terminal of that many columns. */
async function helpOf(argv: readonly string[], columns = 120, hasColors = false): Promise<string> {
  const stdout = new Recorder(true, { columns, hasColors });
  const { program, argv: parsed } = await readCommandLine(argv, nothing, stdout);
  const ending = await program.parseAsync(parsed, { from: 'user' }).catch((error: unknown) => error);
  expect(ending).toMatchObject({ exitCode: 0 });
  return stdout.text;
}

/** The failure of a wrong command line: ours for the words of a command, the parser's for everything behind them. */
async function refusalOf(argv: readonly string[]): Promise<{ code: string; message: string; hint?: string }> {
  const parse = async () => {
    const line = await readCommandLine(argv, nothing);
    await line.program.parseAsync(line.argv, { from: 'user' });
  };
  const ending = await parse().then(
    () => null,
    (error: unknown) => error,
  );
  expect(ending, `${argv.join(' ')} was accepted`).not.toBeNull();
  return ending as { code: string; message: string; hint?: string };
}

const commands = [
  'sign-in',
  'init',
  'whoami',
  'token',
  'exec',
  'doctor',
  'test',
  'sign-out',
  'profile',
  'config',
  'emulator',
  'explain',
  'demo',
];

const commandPaths = [
  [''],
  ...commands.map((command) => [command]),
  ...['list', 'show', 'set', 'use', 'remove'].map((command) => ['profile', command]),
  ...['show', 'path'].map((command) => ['config', command]),
];

describe('the help', () => {
  it('names every command, and how to go on', async () => {
    const help = await helpOf(['--help']);
    for (const command of commands) expect(help).toContain(command);
    expect(help).toContain('Examples:');
    expect(help).toContain('logto-cli demo');
  });

  it.each(commands.filter((name) => name !== 'emulator'))('of %s is that of help %s', async (command) => {
    expect(await helpOf(['help', command])).toBe(await helpOf([command, '--help']));
  });

  it.each(commands)('of %s has examples that begin with it', async (command) => {
    const help = await helpOf([command, '--help']);
    expect(help).toContain('Examples:');
    expect(help).toContain(`$ logto-cli ${command}`);
  });

  it.each(topics.map(({ name, about }) => [name, about]))(
    'lists the topic %s, whose page it prints',
    async (name, about) => {
      expect((await helpOf(['--help'], 100)).replace(/\s+/g, ' ')).toContain(`${name} ${about}`);
      const topic = topicNamed(name) ?? expect.unreachable();
      const page = helpPage(topic, new Recorder()).join('\n');
      expect((await helpOf(['help', name], 80)).endsWith(`${page}\n`)).toBe(true);
      expect(await helpOf(['help', name], 80, true)).toContain('\u001b[1m');
    },
  );

  it('of a command with a page of its own name prints both, the page last', async () => {
    const [both, help] = [await helpOf(['help', 'emulator'], 80), await helpOf(['emulator', '--help'], 80)];
    expect(both.startsWith(`${help}\n`)).toBe(true);
    expect(help).toContain('logto-cli help emulator');
    expect(both).toContain('maxAllowedGrants');
  });

  it.each([
    ['login', 'sign-in'],
    ['logout', 'sign-out'],
  ])('of the alias %s is that of %s', async (alias, command) => {
    expect(await helpOf([alias, '--help'])).toBe(await helpOf([command, '--help']));
  });

  it('of sign-in lists the values that Logto takes, and is grouped', async () => {
    const help = await helpOf(['sign-in', '--help']);
    for (const value of [...firstScreens, ...identifierTypes]) expect(help).toContain(value);
    expect(help).toMatch(/social:.*sso:/);
    expect(help).toMatch(/consent.*login.*none/);
    expect(help.match(/^\S.*:$/gm)?.length).toBeGreaterThan(4);
  });

  it('of profile set, whose flags they are, explains the flags that most commands share', async () => {
    const help = await helpOf(['profile', 'set', '--help']);
    for (const kind of storageKinds) expect(help).toContain(kind);
    for (const variable of ['LOGTO_ENDPOINT', 'LOGTO_CLI_ISSUER', 'LOGTO_APP_ID', 'NODE_EXTRA_CA_CERTS'])
      expect(help).toContain(variable);
  });

  it('names the variable beside the flag', async () => {
    const help = await helpOf(['sign-in', '--help']);
    for (const variable of ['LOGTO_CLI_ONE_TIME_TOKEN', 'LOGTO_CLI_PASSWORD', 'LOGTO_CLI_TOTP_SECRET'])
      expect(help).toContain(variable);
  });

  it('of --trace says that its file comes after =', async () => {
    for (const argv of [['demo'], ['profile', 'set']]) {
      expect(await helpOf([...argv, '--help'])).toMatch(/^ +--trace\[=file\] /m);
    }
  });

  it('folds the flags that most commands share into a line for each group', async () => {
    const help = await helpOf(['sign-in', '--help'], 80);
    expect(help).toContain(
      [
        'Flags of most commands, explained by logto-cli help flags:',
        '  Provider     --endpoint, --issuer, --discovery-url, --ca-file',
        '  Application  --app-id, --app-secret-stdin, --auth-method, --client-key',
        '  Profile      --profile, --storage',
        '  Output       --json, --verbose, --quiet, --no-input, --trace, --dotenv',
        '  -h, --help   print this help\n',
      ].join('\n'),
    );
    expect(help).not.toContain('LOGTO_ENDPOINT');
  });

  it('of sign-in fits two screens: 60 lines of 80 columns', async () => {
    expect((await helpOf(['sign-in', '--help'], 80)).trimEnd().split('\n').length).toBeLessThanOrEqual(60);
  });

  it.each(commandPaths)(
    'of %s %s begins with what it does, then usage and examples, and ends with -h',
    async (...path) => {
      const lines = (await helpOf([...path.filter(Boolean), '--help'], 80)).trimEnd().split('\n');
      const place = (pattern: RegExp) => lines.findIndex((line) => pattern.test(line));
      expect(lines[0]).toMatch(/^[A-Z]/);
      const parts = [place(/^Usage: logto-cli /), place(/^Examples:$/), place(/^ {2}-/)].filter(
        (line) => line !== -1,
      );
      expect(parts).toEqual(parts.toSorted((one, other) => one - other));
      expect(lines.findLastIndex((line) => /^ {2}-/.test(line))).toBe(place(/^ {2}-h, --help/));
      expect(lines.length - place(/^ {2}-h, --help/)).toBeLessThanOrEqual(2);
    },
  );

  it.each(commandPaths.flatMap((path) => [40, 80, 120].map((columns) => [path.join(' '), columns] as const)))(
    'of %s has no line that is wider than a terminal of %i columns',
    async (path, columns) => {
      const help = await helpOf([...path.split(' ').filter(Boolean), '--help'], columns);
      expect(help.split('\n').filter((line) => line.length > columns)).toEqual([]);
    },
  );

  it('has bold headings on a terminal, and nothing of that elsewhere', async () => {
    expect(await helpOf(['whoami', '--help'], 80, true)).toContain('\u001b[1mExamples:\u001b[22m');
    expect(await helpOf(['whoami', '--help'], 80)).not.toContain('\u001b');
  });

  it.each([40, 80])('has examples that a shell takes as they were meant, at %i columns', async (columns) => {
    for (const path of commandPaths) {
      const argv = [...path.filter(Boolean), '--help'];
      const examples = (text: string) => text.replace(/ \\\n +/g, ' ').match(/^ {2}\$ .*$/gm);
      expect(examples(await helpOf(argv, columns))).toEqual(examples(await helpOf(argv, 1000)));
    }
  });

  it('shows no flag that takes a secret', async () => {
    for (const command of ['sign-in', 'whoami', 'sign-out']) {
      const help = await helpOf([command, '--help']);
      expect(help).not.toMatch(/--(app-secret|client-secret|password|one-time-token)(?!-stdin)\b/);
    }
  });
});

describe('a command line', () => {
  it.each([
    ['sing-in', 'sign-in'],
    ['whoamy', 'whoami'],
    ['profil', 'profile'],
    ['logn', 'login'],
  ])('with %s suggests %s', async (given, meant) => {
    const refusal = await refusalOf([given]);
    expect(refusal.code).toBe('usage_invalid');
    expect(refusal.hint).toContain(`Did you mean logto-cli ${meant}?`);
  });

  it.each([
    ['sign-in', '--qr'],
    ['sign-in', '--show-tokens'],
    ['sign-in', '--env-file=x'],
    ['whoami', '--bogus'],
    ['sign-out', '--all'],
    ['demo', '--profile=x'],
    ['demo', '--endpoint=x'],
    ['emulator', '--endpoint=x'],
    ['profile', 'list', '--bogus'],
  ])('with a flag that is not built is refused, never accepted and ignored: %s %s %s', async (...argv) => {
    expect((await refusalOf(argv.filter(Boolean))).code).toBe('commander.unknownOption');
  });

  it.each([
    ['sign-in', '--port', '65536'],
    ['sign-in', '--port', '-1'],
    ['sign-in', '--port', '3000.5'],
    ['sign-in', '--port', 'http'],
    ['sign-in', '--port', '0x10'],
    ['sign-in', '--timeout', '0'],
    ['sign-in', '--timeout', '1e3'],
    ['sign-in', '--max-age', '-5'],
    ['sign-in', '--first-screen', 'signUp'],
    ['sign-out', '--timeout', 'x'],
    ['sign-out', '--port', '70000'],
    ['emulator', '--port', '99999999999'],
  ])('with a value that makes no sense is refused: %s %s %j', async (...argv) => {
    expect((await refusalOf(argv)).code).toBe('commander.invalidArgument');
  });

  it.each([
    ['whoami', 'somebody'],
    ['sign-in', 'now'],
    ['profile', 'show', 'a', 'b'],
  ])('with too many words is refused: %s %s %s', async (...argv) => {
    expect((await refusalOf(argv.filter(Boolean))).code).toBe('commander.excessArguments');
  });

  it.each([
    ['sign-in', '--endpoint'],
    ['profile', 'set'],
    ['profile', 'use'],
  ])('that lacks a value is refused: %s %s', async (...argv) => {
    expect((await refusalOf(argv)).code).toMatch(/^commander\.(optionMissingArgument|missingArgument)$/);
  });
});
