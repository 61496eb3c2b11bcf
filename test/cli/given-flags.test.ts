import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../../src/cli/command-line.js';
import { givenFlags, withGivenFlags } from '../../src/cli/given-flags.js';
import { shellWord } from '../../src/shell-word.js';
import { programFlags } from '../explanation/program-words.js';

/** A hint as this command line would be told it. */
async function told(argv: readonly string[], hint: string): Promise<string> {
  const line = await readCommandLine(argv, async () => {});
  return withGivenFlags(hint, givenFlags(line.argv, line.options));
}

const application = ['--endpoint', 'https://a.example', '--app-id', 'abc'];
const carried = '--endpoint https://a.example --app-id abc';

describe('a hint that names a command', () => {
  it.each([
    [
      ['whoami', ...application],
      'Sign in first: logto-cli sign-in',
      `Sign in first: logto-cli sign-in ${carried}`,
    ],
    [
      ['--profile', 'b', 'token', '--storage=file'],
      'Sign in again with: logto-cli sign-in --resource x (or not).',
      'Sign in again with: logto-cli sign-in --profile b --storage file --resource x (or not).',
    ],
    [
      ['sign-in', '--client-id', 'abc', '--issuer=https://i.example'],
      'A: logto-cli doctor. B: logto-cli whoami, or not',
      'A: logto-cli doctor --app-id abc --issuer https://i.example. B: logto-cli whoami --app-id abc --issuer https://i.example, or not',
    ],
  ])('carries the flags that %j was given', async (argv, hint, whole) => {
    expect(await told(argv, hint)).toBe(whole);
  });

  it('keeps what it says itself', async () => {
    const argv = ['token', ...application, '--profile', 'b'];
    const hint = 'Sign in again with: logto-cli sign-in --profile c --issuer https://i.example';
    expect(await told(argv, hint)).toBe(
      'Sign in again with: logto-cli sign-in --app-id abc --profile c --issuer https://i.example',
    );
  });

  it('carries an issuer together with the place of its document, or neither', async () => {
    const issuer = 'https://i.example/{tenantid}/v2.0';
    const argv = ['whoami', '--issuer', issuer, '--discovery-url', 'https://i.example/common'];
    const both = `--issuer '${issuer}' --discovery-url https://i.example/common`;
    expect(await told(argv, 'Sign in first: logto-cli sign-in')).toBe(
      `Sign in first: logto-cli sign-in ${both}`,
    );
    for (const own of [
      '--issuer https://o.example',
      '--endpoint https://o.example',
      '--discovery-url https://o.example/x',
    ])
      expect(await told(argv, `logto-cli sign-in ${own}`)).toBe(`logto-cli sign-in ${own}`);
    expect(await told(argv, 'logto-cli profile set x --endpoint https://tenant.logto.app')).toBe(
      `logto-cli profile set --discovery-url https://i.example/common x --issuer '${issuer}'`,
    );
    expect(
      await told(
        argv.slice(0, 1).concat(argv.slice(3)),
        'logto-cli profile set x --issuer … --discovery-url https://i.example/common',
      ),
    ).toBe('logto-cli profile set x --issuer … --discovery-url https://i.example/common');
    // A key in the place of an issuer is no template.
    expect(await told(['whoami', '--issuer', '{"kty":"EC"}'], 'logto-cli sign-in')).toBe('logto-cli sign-in');
  });

  it('has what was given in the place of an example', async () => {
    const hint =
      'logto-cli profile set x --endpoint https://tenant.logto.app --app-id <App ID>. Or: logto-cli demo';
    expect(await told(['sign-in', '--app-id', 'abc', '--profile', 'x'], hint)).toBe(
      'logto-cli profile set x --endpoint https://tenant.logto.app --app-id abc. Or: logto-cli demo',
    );
    expect(await told(['sign-in', '--issuer', 'https://i.example'], hint)).toBe(
      'logto-cli profile set x --issuer https://i.example --app-id <App ID>. Or: logto-cli demo',
    );
    expect(await told(['sign-in', ...application], 'logto-cli profile set x --endpoint … --app-id …')).toBe(
      `logto-cli profile set x ${carried}`,
    );
  });

  it.each([
    "x' --ca-file <a> $(touch x)",
    "x' (: logto-cli sign-in $(touch x)",
    "' logto-cli sign-in (: logto-cli doctor $(touch x)",
  ])('carries no flag into a word that is quoted there: %j', async (word) => {
    const argv = ['token', '--ca-file', 'my ca.pem'];
    const organization = shellWord(word, 'linux');
    expect(await told(argv, `Sign in with: logto-cli sign-in --organization ${organization} (or not).`)).toBe(
      `Sign in with: logto-cli sign-in --ca-file 'my ca.pem' --organization ${organization} (or not).`,
    );
    const hint = `Did you mean --issuer ${organization}? Say nothing.`;
    expect(await told(argv, hint)).toBe(hint);
  });

  it('is quoted for the shell', async () => {
    expect(await told(['whoami', '--app-id', "a'; rm -rf ~"], 'logto-cli sign-in')).toBe(
      "logto-cli sign-in --app-id 'a'\\''; rm -rf ~'",
    );
    expect(await told(['whoami', '--profile', '$(id)'], 'logto-cli sign-in')).toBe(
      "logto-cli sign-in --profile '$(id)'",
    );
  });

  it.each(['--endpoint', '--issuer', '--discovery-url', '--app-id', '--storage'])(
    'carries %s as it is taken, without what comes with it out of a file',
    async (flag) => {
      const argv = ['whoami', flag, 'file\r\n', '--profile', 'a'];
      expect(await told(argv, 'logto-cli sign-in')).toBe(`logto-cli sign-in ${flag} file --profile a`);
    },
  );

  it.each([' "abc\n" ', '\uFEFFabc\n', "'abc'"])(
    'carries the application %j as it is taken',
    async (text) => {
      const hint = 'logto-cli sign-in';
      expect(await told(['whoami', '--app-id', text], hint)).toBe(`${hint} --app-id abc`);
      expect(await told(['whoami', `--client-id=${text}`], hint)).toBe(`${hint} --app-id abc`);
    },
  );

  it('leads to no storage that is gone then', async () => {
    expect(await told(['whoami', '--storage', 'memory', '--profile', 'a'], 'logto-cli sign-in')).toBe(
      'logto-cli sign-in --profile a',
    );
  });

  it('carries nothing secret, and nothing of another program', async () => {
    for (const address of [
      'https://me:hunter2@a.example',
      'https:me:hunter2@a.example',
      'me:hunter2@a.example',
    ])
      expect(await told(['whoami', '--endpoint', address], 'logto-cli sign-in')).toBe('logto-cli sign-in');
    for (const key of ['{"kty":"EC"}', '-----BEGIN PRIVATE KEY-----\nx'])
      expect(await told(['whoami', '--profile', key], 'logto-cli sign-in')).toBe('logto-cli sign-in');
    expect(await told(['exec', 'tool', '--profile', 'x'], 'logto-cli sign-in')).toBe('logto-cli sign-in');
    expect(await told(['sign-in', '--login-hint', 'me', '--port', '1'], 'logto-cli whoami')).toBe(
      'logto-cli whoami',
    );
  });

  it('leaves commands alone that have no such flags, and words that are no command', async () => {
    for (const hint of [
      'See: logto-cli whoami --help',
      'logto-cli explain x',
      'logto-cli emulator',
      'logto-cli bogus',
      'what logto-cli is',
      'no',
    ])
      expect(await told(['whoami', ...application], hint)).toBe(hint);
  });

  it('carries those that say which emulator', async () => {
    const argv = ['emulator', 'set', '--endpoint', 'http://localhost:4001', '--claim', 'name=x'];
    expect(await told(argv, 'Say whose: logto-cli emulator set --user alice. Or: logto-cli emulator')).toBe(
      'Say whose: logto-cli emulator set --endpoint http://localhost:4001 --user alice. Or: logto-cli emulator',
    );
  });

  it('carries the flags that the command has, and no others', async () => {
    const flags = await programFlags();
    const aliases: Record<string, string> = { login: 'sign-in', logout: 'sign-out' };
    // Every flag that there is, as if this run had been given them all.
    const given = [...new Set([...flags.values()].flatMap((names) => [...names]))].map((flag) => ({
      flag,
      value: 'x',
    }));
    const carrying = new Set<string>();
    for (const command of [...flags.keys(), ...Object.keys(aliases)]) {
      const known = flags.get(aliases[command] ?? command);
      const wanted = ['--ca-file', '--profile', '--storage', '--dotenv'].filter((flag) => known?.has(flag));
      const carried = withGivenFlags(`logto-cli ${command}`, given);
      for (const flag of command === '' ? [] : wanted) expect(carried, command).toContain(` ${flag} x`);
      for (const [flag] of carried.matchAll(/--[\w-]+/g)) {
        expect([...(known ?? [])], `${command} ${flag}`).toContain(flag);
        carrying.add(command);
      }
    }
    expect([...carrying]).toEqual(expect.arrayContaining(['login', 'token', 'profile set', 'profile show']));
  });
});
