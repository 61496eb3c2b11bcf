import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { defaultSeed, type EmulatorSeed } from '../../src/emulator/seed.js';
import { exitCodeOf } from '../../src/errors.js';
import { experienceSeed, password, totpSecret } from '../emulator/experience-browser.js';
import { failureOf } from '../support/failure-of.js';
import { HttpBrowser, personNamed } from '../support/http-browser.js';
import { startPlainProvider } from '../support/plain-provider.js';
import { documentOf, runProgram, startProgram } from '../support/program.js';
import { runInProcess } from '../support/run-in-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { type TestMachine, type TestRuntime, testRuntime } from '../support/test-runtime.js';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ seed: experienceSeed });
});
afterAll(() => emulator.close());

let home: string;
beforeEach(async () => {
  home = await temporaryDirectory();
});

const fresh = () => `user_${Math.random().toString(36).slice(2)}`;
const at = ({ endpoint }: Pick<Emulator, 'endpoint'> = emulator, appId = 'emulator-native') => [
  'sign-in',
  '--endpoint',
  endpoint,
  '--app-id',
  appId,
];
const variables = { LOGTO_CLI_PASSWORD: password };

/** A machine on which neither a listener nor a browser is to be had. */
function machineWith(machine: Partial<TestMachine> = {}): TestRuntime {
  return {
    ...testRuntime({ home, environment: variables, ...machine }),
    listen: () => Promise.reject(new Error('nothing is to listen')),
    browser: { available: () => true, open: () => Promise.reject(new Error('no browser is to be opened')) },
  };
}

/** Signs in on a machine like that, and returns the document that it prints. */
async function signIn(
  flags: readonly string[],
  machine: Partial<TestMachine> = {},
  provider?: Emulator,
): Promise<Record<string, unknown>> {
  const runtime = machineWith(machine);
  expect(await runInProcess(runtime, [...at(provider), '--headless', '--json', ...flags])).toBe(0);
  return JSON.parse(runtime.stdout.text);
}

async function withSeed(
  seed: Partial<EmulatorSeed>,
  work: (other: Emulator) => Promise<void>,
): Promise<void> {
  const other = await startEmulator({ seed: { ...experienceSeed, ...seed } });
  await work(other).finally(other.close);
}

describe('sign-in --headless', () => {
  it('signs in as with a browser, without one and without a listener', async () => {
    expect(await signIn(['--username', 'alice'])).toMatchObject({
      profile: 'default',
      issuer: emulator.issuer,
      subject: '1',
      storage: 'keychain',
      hasRefreshToken: true,
    });
  });

  it('gets the tokens that are asked for', async () => {
    await withSeed({ users: defaultSeed().users }, async (other) => {
      const flags = [
        '--resource',
        'https://api.example.test',
        '--scope',
        'read:things',
        '--username',
        'alice',
      ];
      const document = await signIn(
        [...flags, '--organization', 'emulator-org-acme'],
        { environment: { LOGTO_CLI_PASSWORD: 'emulator-only-alice' } },
        other,
      );
      expect(document['accessTokens']).toMatchObject([
        { resource: null },
        { resource: 'https://api.example.test', scopes: ['read:things'] },
        { organization: 'emulator-org-acme' },
      ]);
    });
  });

  it('registers with --sign-up', async () => {
    const username = fresh();
    const document = await signIn(['--sign-up', '--username', username]);
    expect(document['claims']).toMatchObject({ username });
    expect((await signIn(['--username', username]))['subject']).toBe(document['subject']);
  });

  it('gives second factors', async () => {
    const environment = { ...variables, LOGTO_CLI_TOTP_SECRET: totpSecret };
    expect(await signIn(['--username', 'totp'], { environment })).toMatchObject({ subject: '3' });
    const codes = { ...variables, LOGTO_CLI_BACKUP_CODE: 'cccc' };
    expect(await signIn(['--username', 'backup'], { environment: codes })).toMatchObject({ subject: '5' });
  });

  it('takes a one-time token, and registers with one', async () => {
    await withSeed({ signInExperience: { registration: 'email' } }, async (other) => {
      const token = (input: string) => ({ input, environment: {} });
      const byToken = (email: string) => ['--email', email, '--one-time-token-stdin'];
      expect(await signIn(byToken('alice@example.test'), token('token-of-alice'), other)).toMatchObject({
        subject: '1',
      });
      const document = await signIn(
        ['--sign-up', '--scope', 'email', ...byToken('new@example.test')],
        token('token-of-new'),
        other,
      );
      expect(document['claims']).toMatchObject({ email: 'new@example.test' });
    });
  });

  it('signs in with e-mail address and phone number', async () => {
    await withSeed({ signInExperience: { signInMethods: ['email', 'phone'] } }, async (other) => {
      expect((await signIn(['--email', 'alice@example.test'], {}, other))['subject']).toBe('1');
      expect((await signIn(['--phone', '+1 555 0100'], {}, other))['subject']).toBe('1');
    });
  });

  it('signs in for applications of every type, of somebody else too', async () => {
    const [native, traditional, spa] = defaultSeed().applications;
    const applications = [native, traditional, spa].flatMap((application) =>
      application === undefined ? [] : [{ ...application, thirdParty: true, allowTokenExchange: false }],
    );
    await withSeed({ applications }, async (other) => {
      for (const { appId, appSecret } of applications) {
        const runtime = machineWith({
          environment: { ...variables, ...(appSecret !== undefined && { LOGTO_APP_SECRET: appSecret }) },
        });
        await runInProcess(runtime, [...at(other, appId), '--headless', '--username', 'alice', '--json']);
        expect(JSON.parse(runtime.stdout.text)).toMatchObject({ appId, subject: '1' });
      }
    });
  });

  const off = { registration: 'off', maxAttempts: 1 } as const;
  it.each<[string, readonly string[], Partial<EmulatorSeed>, string, number]>([
    ['an unknown user', ['--username', 'nobody'], {}, 'credentials_rejected', 5],
    ['a suspended user', ['--username', 'suspended'], {}, 'account_locked', 5],
    ['a lacking second factor', ['--username', 'totp'], {}, 'mfa_required', 5],
    ['a method that is disabled', ['--email', 'alice@example.test'], {}, 'sign_in_method_disabled', 5],
    ['too many attempts', ['--username', 'nobody'], { signInExperience: off }, 'account_locked', 5],
    ['a captcha', ['--username', 'alice'], { signInExperience: { captcha: true } }, 'captcha_required', 5],
    ['a taken username', ['--sign-up', '--username', 'alice'], {}, 'identifier_taken', 5],
    [
      'a weak password',
      ['--sign-up', '--username', 'erin'],
      { signInExperience: { passwordPolicy: { minLength: 99 } } },
      'password_rejected',
      5,
    ],
    [
      'registration that is turned off',
      ['--sign-up', '--username', 'erin'],
      { signInExperience: off },
      'registration_disabled',
      5,
    ],
    ['a username that cannot be', ['--sign-up', '--username', 'no-hyphens'], {}, 'config_invalid', 2],
    ['no user', [], {}, 'usage_invalid', 2],
    [
      'a redirect URI of nobody',
      ['--username', 'alice', '--redirect-uri', 'https://x.example/'],
      {},
      'redirect_uri_not_registered',
      9,
    ],
  ])('is refused for %s', async (_case, flags, seed, code, exitCode) => {
    await withSeed(seed, async (other) => {
      const runtime = machineWith();
      const failure = await failureOf(runInProcess(runtime, [...at(other), '--headless', ...flags]));
      expect([failure.code, exitCodeOf(failure)]).toEqual([code, exitCode]);
      expect(JSON.stringify([failure.message, failure.hint, failure.details])).not.toContain(password);
      expect(runtime.stdout.text).toBe('');
    });
  });

  it('asks for the password on a terminal, and for nothing before the provider is known', async () => {
    const machine = { environment: {}, isTerminal: true, answers: [password] };
    const lost = machineWith(machine);
    await failureOf(runInProcess(lost, ['sign-in', '--headless', '--username', 'alice']));
    expect(lost.questions).toEqual([]);
    const runtime = machineWith(machine);
    await runInProcess(runtime, [...at(), '--headless', '--username', 'alice']);
    expect(runtime.questions).toEqual(['Password of alice: ']);
  });
});

describe('the program', () => {
  const keeps = { LOGTO_CLI_STORAGE: 'file' };

  it('signs in with a password from standard input, keeps the session, and shows no secret', async () => {
    const flags = ['--headless', '--username', 'totp', '--password-stdin', '--json', '--trace', '--verbose'];
    const environment = { ...keeps, LOGTO_CLI_TOTP_SECRET: totpSecret };
    // A seed of its own: a code of an authenticator works once.
    await withSeed({}, async (other) => {
      const outcome = await runProgram([...at(other), ...flags], { home, environment, stdin: password });
      expect(outcome.exitCode, outcome.stderr).toBe(0);
      expect(documentOf(outcome)).toMatchObject({ subject: '3' });
      expect(outcome.stderr).toContain('/api/experience/verification/password');
      for (const secret of [password, totpSecret])
        expect(outcome.stdout + outcome.stderr).not.toContain(secret);
      const whoami = await runProgram(['whoami', '--json'], { home, environment: keeps });
      expect(documentOf(whoami)).toEqual(documentOf(outcome));
    });
  });

  it('knows provider and application the next time, and keeps every secret at home', async () => {
    await withSeed({}, async (other) => {
      const { host } = new URL(other.endpoint);
      const typed = ['sign-in', '--endpoint', `${host}/oidc`, '--app-id', 'emulator-native'];
      const user = ['--headless', '--username', 'alice'];
      // As Windows leaves a variable.
      const environment = { ...keeps, LOGTO_CLI_PASSWORD: `${password} ` };
      const first = await runProgram([...typed, ...user, '--json'], { home, environment });
      expect(first.exitCode, first.stderr).toBe(0);
      expect(first.stderr).toContain(`--endpoint is taken as ${other.endpoint} (`);
      expect(first.stderr).toContain(`The profile default keeps emulator-native at ${other.endpoint}`);
      const next = await runProgram(['sign-in', ...user, '--json'], { home, environment });
      expect(documentOf(next)).toMatchObject({ endpoint: other.endpoint, appId: 'emulator-native' });
      const elsewhere = { ...environment, LOGTO_ENDPOINT: 'https://elsewhere.invalid' };
      const set = await runProgram([...typed, ...user, '--no-input', '--json'], {
        home,
        environment: elsewhere,
      });
      expect(documentOf(set).error.code).toBe('config_missing');
      expect(set.stderr).toContain('LOGTO_CLI_PASSWORD is set, but the environment names the provider');
    });
  });

  it('refuses a provider that is not Logto, and says what to do', async () => {
    const provider = await startPlainProvider();
    try {
      const outcome = await runProgram(
        [
          'sign-in',
          '--issuer',
          provider.issuer,
          '--app-id',
          'plain-public',
          '--headless',
          '--username',
          'x',
          '--json',
        ],
        { home, environment: { ...keeps, ...variables } },
      );
      expect(outcome.exitCode).toBe(2);
      expect(documentOf(outcome).error).toMatchObject({
        code: 'headless_unsupported',
        hint: expect.stringContaining('--no-browser --json-events'),
      });
    } finally {
      await provider.close();
    }
  });

  it('tells a program that drives a browser, event by event', async () => {
    const flags = ['--port', '0', '--no-browser', '--json-events'];
    const program = startProgram([...at(), ...flags], { home, environment: keeps });
    const line = await program.line('stderr', /authorization_url/);
    const browser = new HttpBrowser(
      (url, init) => fetch(url, { ...init, redirect: 'manual', signal: null, body: init?.body ?? null }),
      personNamed({ username: 'alice', password }),
    );
    await browser.open(JSON.parse(line).url);
    await browser.finished();
    const outcome = await program.ended;
    expect(outcome.exitCode).toBe(0);
    const events = outcome.stderr
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text));
    expect(events).toEqual([
      { event: 'listening', redirectUri: expect.stringMatching(/^http:\/\/localhost:\d+\/callback$/) },
      { event: 'authorization_url', url: expect.stringContaining(`${emulator.issuer}/auth?`) },
      { event: 'callback' },
      {
        event: 'signed_in',
        profile: 'default',
        issuer: emulator.issuer,
        appId: 'emulator-native',
        subject: '1',
      },
    ]);
    expect(documentOf(outcome)).toMatchObject({ subject: '1' });
  });

  it('tells a failure as the last event', async () => {
    const flags = ['--port', '0', '--no-browser', '--json-events', '--timeout', '1', '--no-preflight'];
    const outcome = await runProgram([...at(), ...flags], { home, environment: keeps });
    expect(outcome.exitCode).toBe(124);
    const events = outcome.stderr
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text));
    expect(events.map(({ event }) => event)).toEqual(['listening', 'authorization_url', 'failed']);
    const { event: _, exitCode, ...error } = events.at(-1);
    expect(exitCode).toBe(124);
    expect(documentOf(outcome).error).toMatchObject(error);
  });
});
