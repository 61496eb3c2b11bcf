import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import {
  addHeadlessOptions,
  checkHeadlessFlags,
  type HeadlessFlags,
  readHeadlessUser,
} from '../../../src/commands/sign-in/headless-flags.js';
import { createOutput } from '../../../src/output/output.js';
import { resolveSettings } from '../../../src/profile/settings.js';
import { failureOf } from '../../support/failure-of.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { type TestMachine, testRuntime } from '../../support/test-runtime.js';

const totpSecret = 'GEZDGNBVGY3TQOJQ';

/** What the command line means. */
function flagsOf(...argv: readonly string[]): HeadlessFlags {
  const command = addHeadlessOptions(new Command())
    .option('--one-time-token-stdin')
    .option('--app-secret-stdin')
    .option('--direct-sign-in <target>')
    .option('--sign-up')
    .option('--no-input');
  return command.parse(argv, { from: 'user' }).opts();
}

const check = (...argv: readonly string[]) => failureOf(() => checkHeadlessFlags(flagsOf(...argv)));

/** Reads the user that these flags, this machine and these variables name. */
async function read(
  argv: readonly string[],
  machine: Omit<TestMachine, 'home'> = {},
  variables: Readonly<Record<string, string>> = {},
) {
  const runtime = testRuntime({ home: await temporaryDirectory(), ...machine });
  const output = createOutput(runtime.stdout, runtime.stderr, {});
  const context = { runtime, output, environments: [{}, variables] };
  const flags = flagsOf('--headless', ...argv);
  checkHeadlessFlags(flags);
  const settings = resolveSettings(flags, context.environments, { profiles: {} });
  return { user: readHeadlessUser(context, settings, flags), runtime };
}

describe('checkHeadlessFlags', () => {
  it.each([
    [['--headless'], '--headless needs to know the user.'],
    [['--headless', '--username', ''], '--headless needs to know the user.'],
    [['--headless', '--username', 'a', '--email', 'b'], '--username and --email name the user twice.'],
    [
      ['--headless', '--username', 'a', '--password-stdin', '--totp-secret-stdin'],
      '--password-stdin and --totp-secret-stdin both want standard input.',
    ],
    [
      ['--headless', '--username', 'a', '--app-secret-stdin', '--backup-code-stdin'],
      '--app-secret-stdin and --backup-code-stdin both want standard input.',
    ],
    [
      ['--headless', '--username', 'a', '--one-time-token-stdin'],
      "--one-time-token-stdin is a magic link's token, and the user is not named by e-mail address.",
    ],
    [
      ['--headless', '--username', 'a', '--direct-sign-in', 'social:google'],
      '--direct-sign-in leads to the pages of somebody else, which need a browser.',
    ],
    [['--username', 'a'], '--username is for a sign-in without a browser (--headless).'],
    [['--password-stdin'], '--password-stdin is for a sign-in without a browser (--headless).'],
  ])('refuses %j', async (argv, message) => {
    expect(await check(...argv)).toMatchObject({ code: 'usage_invalid', message });
  });

  it.each([
    [[]],
    [['--app-secret-stdin']],
    [['--headless', '--username', 'a', '--password-stdin']],
    [['--headless', '--email', 'a', '--one-time-token-stdin']],
  ])('accepts %j', (argv) => {
    checkHeadlessFlags(flagsOf(...argv));
  });
});

describe('readHeadlessUser', () => {
  it.each([
    [['--username', 'alice'], { type: 'username', value: 'alice' }],
    [['--email', 'a@example.test'], { type: 'email', value: 'a@example.test' }],
    [['--phone', '+1 (555) 01-00'], { type: 'phone', value: '15550100' }],
  ])('takes the password of %j from standard input, a variable or a prompt', async (argv, identifier) => {
    const expected = { identifier, password: 'secret' };
    const piped = await read([...argv, '--password-stdin'], { input: 'secret' });
    expect(await piped.user).toEqual(expected);
    expect(await (await read(argv, {}, { LOGTO_CLI_PASSWORD: 'secret' })).user).toEqual(expected);
    const asked = await read(argv, { isTerminal: true, answers: ['secret'] });
    expect(await asked.user).toEqual(expected);
    expect(asked.runtime.questions).toEqual([`Password of ${identifier.value}: `]);
  });

  it('takes what else a user may need', async () => {
    const variables = {
      LOGTO_CLI_PASSWORD: 'secret',
      LOGTO_CLI_TOTP_SECRET: totpSecret,
      LOGTO_CLI_BACKUP_CODE: 'code',
    };
    const { user } = await read(['--username', 'alice', '--sign-up'], {}, variables);
    expect(await user).toEqual({
      identifier: { type: 'username', value: 'alice' },
      password: 'secret',
      signUp: true,
      totpSecret,
      backupCode: 'code',
    });
    const { LOGTO_CLI_TOTP_SECRET: _, ...others } = variables;
    const piped = await read(['--username', 'alice', '--totp-secret-stdin'], { input: totpSecret }, others);
    expect(await piped.user).toMatchObject({ password: 'secret', totpSecret });
  });

  it('takes a one-time token for an e-mail address, and for nobody else', async () => {
    const both = { LOGTO_CLI_ONE_TIME_TOKEN: 'token', LOGTO_CLI_PASSWORD: 'secret' };
    const email = { type: 'email', value: 'a@example.test' };
    const byEmail = ['--email', email.value];
    expect(await (await read(byEmail, {}, both)).user).toEqual({ identifier: email, oneTimeToken: 'token' });
    const piped = await read([...byEmail, '--one-time-token-stdin', '--sign-up'], { input: 'token' });
    expect(await piped.user).toEqual({ identifier: email, oneTimeToken: 'token', signUp: true });
    const password = await read([...byEmail, '--password-stdin'], { input: 'typed' }, both);
    expect(await password.user).toEqual({ identifier: email, password: 'typed' });
    expect(await (await read(['--username', 'a'], {}, both)).user).not.toHaveProperty('oneTimeToken');
  });

  it.each([
    [[], {}, {}, 'config_missing'],
    [['--no-input'], { isTerminal: true, answers: ['secret'] }, {}, 'config_missing'],
    [['--password-stdin'], { input: '' }, {}, 'usage_invalid'],
    [['--totp-secret-stdin'], { input: 'not-base32-0189' }, {}, 'config_invalid'],
    [[], {}, { LOGTO_CLI_TOTP_SECRET: 'not-base32-0189' }, 'config_invalid'],
  ])('refuses %j with %j and %j', async (argv, machine, variables, code) => {
    const { user } = await read(['--username', 'alice', ...argv], machine, variables);
    const failure = await failureOf(user);
    expect(failure.code).toBe(code);
    expect(`${failure.message} ${failure.hint}`).not.toContain('0189');
  });

  it('registers by e-mail address with a one-time token only', async () => {
    const { user } = await read(['--email', 'a@example.test', '--sign-up'], {}, { LOGTO_CLI_PASSWORD: 'x' });
    expect(await failureOf(user)).toMatchObject({
      code: 'usage_invalid',
      hint: expect.stringContaining('--one-time-token-stdin'),
    });
  });
});
