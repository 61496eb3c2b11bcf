import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { defaultSeed, signIn as signInAtEmulator, startEmulator } from '../../../src/testing.js';
import type { RecordedRequest } from '../../support/lies.js';
import { type LyingProvider, startLyingProvider } from '../../support/lying-provider.js';
import { startProgram } from '../../support/program.js';
import { changeRecord, expire } from '../../support/session-home.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { tokensOf } from '../sign-in-run.js';
import { Canary, secrets } from './canary.js';
import { formsOf } from './secret-forms.js';

let provider: LyingProvider;
let canary: Canary;
let connection: readonly string[];
beforeEach(async () => {
  provider = await startLyingProvider({}, { issuerPath: '/oidc' });
  canary = new Canary(await temporaryDirectory(), provider);
  connection = ['--endpoint', provider.origin, '--app-id', provider.clientId];
});
afterEach(() => provider.close());

const withSecret = { environment: { LOGTO_APP_SECRET: secrets.app } };
const signIn = (...more: string[]) => ['sign-in', ...connection, '--port', '0', ...more];

/** An error that repeats everything that was sent. */
const parrot =
  (error: string, status = 400) =>
  (request: RecordedRequest) => {
    const sent = [...request.form.values(), request.headers.authorization ?? ''].join(' ');
    const body = { error, error_description: sent, hint: sent };
    return {
      status,
      headers: { 'X-Debug': encodeURIComponent(sent), 'WWW-Authenticate': `Bearer error="${error}"` },
      body,
    };
  };

describe('no secret is seen, found or handed on', () => {
  it('in a session from sign-in to sign-out', async () => {
    // Any provider but Logto is told the ID token at sign-out.
    connection = ['--issuer', provider.issuer, '--app-id', provider.clientId];
    await canary.run(signIn('--resource', 'https://api.example.test'), withSecret);
    expect(provider.requestsTo('token')[0]?.headers.authorization).toBeDefined();
    await canary.run(['whoami']);
    await canary.run(['whoami', '--remote', '--json']);
    await canary.run(['token', '--header'], { printsToken: true });
    await canary.run(['token', '--json', '--resource', 'https://api.example.test'], { printsToken: true });
    await canary.run(['token', '--id-token', '--decode']);
    await expire(join(canary.home, 'home'));
    const print = 'setTimeout(() => console.log(JSON.stringify(process.env)), 100)';
    const { stdout } = await canary.run(['exec', '--', process.execPath, '-e', print], {
      ...withSecret,
      printsToken: true,
    });
    const { LOGTO_ACCESS_TOKEN: token, ...rest } = JSON.parse(stdout);
    expect(provider.issued).toContain(token);
    const handedOn = canary.secrets().filter((secret) => JSON.stringify(rest).includes(secret));
    expect(handedOn).toEqual([]);
    const everything = readFileSync(join(canary.home, 'browser.txt'), 'utf8');
    expect(everything).toContain('You are signed in');
    await canary.run(['sign-out', '--timeout', '5']);
    const [end] = provider.requestsTo('end-session');
    expect(provider.issued).toContain(end?.url.searchParams.get('id_token_hint'));
    canary.expectNothing();
  });

  it('from standard input and in a one-time token', async () => {
    const hint = ['--login-hint', 'alice@example.test', '--one-time-token-stdin'];
    await canary.run(signIn(...hint, '--json'), { stdin: `${secrets.oneTime}\n`, ...withSecret });
    await canary.run(signIn('--app-secret-stdin'), { stdin: `${secrets.app}\n` });
    const set = ['profile', 'set', 'web', '--app-secret-stdin', ...connection];
    await canary.run(set, { stdin: `${secrets.profile}\n` });
    for (const words of [['list'], ['show', 'web'], ['list', '--json'], ['show', 'web', '--json']]) {
      await canary.run(['profile', ...words]);
    }
    await canary.run(['whoami', '--profile', 'web'], { exitCode: 4 });
    const machine = { environment: { LOGTO_APP_SECRET: secrets.machine } };
    await canary.run(['token', '--client-credentials', ...connection], { ...machine, printsToken: true });
    await canary.run(['profile', 'remove', 'web']);
    canary.expectNothing();
  });

  it('in an exchange of tokens, and in what an API would say of one', async () => {
    const machine = { environment: { LOGTO_APP_SECRET: secrets.machine }, stdin: `${secrets.subject}\n` };
    const exchange = ['token', '--exchange', ...connection, '--subject-token-stdin'];
    await canary.run(exchange, { ...machine, printsToken: true });
    const form = provider.requestsTo('token').at(-1)?.form;
    expect(form?.get('subject_token')).toBe(secrets.subject);
    expect(form?.get('actor_token')).toBe('canary-in-LOGTO_CLI_ACTOR_TOKEN');
    const at = ['--endpoint', provider.origin];
    const issued = provider.issued.find((token) => token.includes('.')) ?? '';
    for (const args of [at, [...at, '--json'], [...at, '--audience', 'https://other.test']])
      await canary.run(['verify', '-', ...args], { stdin: issued, exitCode: null });
    await canary.run(['verify', '-', ...at], { stdin: secrets.subject, exitCode: 6 });
    for (const [error, exitCode] of [
      ['invalid_grant', 4],
      ['invalid_request', 9],
      ['canary_error', 9],
    ] as const) {
      provider.lies = { answers: { token: parrot(error) } };
      await canary.run(exchange, { ...machine, exitCode });
      await canary.run([...exchange, '--json'], { ...machine, exitCode });
    }
    canary.expectNothing();
  });

  it.each([
    ['is refused', 'invalid_grant', 5],
    ['is refused for the secret', 'invalid_client', 9],
    ['fails with an error of its own', 'canary_error', 9],
  ])('when the code exchange %s, in words that repeat what was sent', async (_what, error, exitCode) => {
    provider.lies = { answers: { token: parrot(error) } };
    await canary.run(signIn(), { ...withSecret, exitCode });
    if (error === 'canary_error') await canary.run(signIn('--json'), { ...withSecret, exitCode });
    canary.expectNothing();
  });

  it('when the answer to the code is not trusted', async () => {
    const issue = (more: object) => (body: object) => ({ ...body, ...more });
    const lies = [
      { idToken: () => 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.' },
      { idToken: (_: unknown, claims: object) => ({ claims: { ...claims, nonce: 'other' } }) },
      { tokenResponse: issue({ token_type: 'mac' }) },
      {
        answers: {
          token: (request: RecordedRequest) => ({ body: `not JSON ${[...request.form.values()].join(' ')}` }),
        },
      },
      { answers: { token: parrot('server_error', 500) } },
      { answers: { jwks: { status: 500 } } },
    ];
    for (const [index, lie] of lies.entries()) {
      provider.lies = lie;
      const isNetwork = index > 3;
      await canary.run(signIn(...(index % 2 ? ['--json'] : [])), {
        ...withSecret,
        exitCode: isNetwork ? 7 : 6,
      });
    }
    canary.expectNothing();
  });

  it('when the callback says no, and repeats the state', async () => {
    provider.lies = {
      authorizationResponse: (query) => {
        query.set('error', 'access_denied');
        query.set('error_description', `${query.get('state')} ${query.get('nonce')}`);
        query.delete('code');
      },
    };
    await canary.run(signIn(), { ...withSecret, exitCode: 5 });
    await canary.run(signIn('--json'), { ...withSecret, exitCode: 5 });
    canary.expectNothing();
  });

  it('when a session cannot be used any more', async () => {
    await canary.run(signIn(), withSecret);
    const home = join(canary.home, 'home');
    provider.lies = { answers: { token: parrot('invalid_grant'), userinfo: parrot('invalid_token', 401) } };
    await canary.run(['whoami', '--remote'], { exitCode: 4 });
    await canary.run(['token', '--refresh'], { exitCode: 4 });
    await canary.run(['token', '--refresh', '--json'], { exitCode: 4 });
    await expire(home);
    await canary.run(['exec', '--', 'true'], { exitCode: 4 });
    provider.lies = { answers: { token: parrot('server_error', 500), revoke: parrot('server_error', 503) } };
    await canary.run(['token'], { exitCode: 7 });
    await canary.run(['sign-out', '--timeout', '5'], { exitCode: 7 });
    canary.expectNothing();
  });

  it('when a record is broken', async () => {
    await canary.run(signIn(), withSecret);
    const home = join(canary.home, 'home');
    expect(tokensOf(home).refreshToken).toBeTypeOf('string');
    await changeRecord(home, (record) => {
      record.accessTokens[0].scopes = record.refreshToken;
    });
    for (const args of [['whoami'], ['token', '--json'], ['exec', '--', 'true'], ['sign-out']]) {
      await canary.run(args, { exitCode: 8 });
    }
    await canary.run(['sign-out', '--local']);
    canary.expectNothing();
  });

  it('when a secret is given where none may be', async () => {
    // The command line shows it, and that is why: nothing else repeats it.
    for (const args of [
      ['sign-in', '--app-secret', secrets.profile],
      ['sign-in', `--client-secret=${secrets.profile}`],
      ['sign-in', '--password', secrets.profile],
      ['sign-in', `--passwort=${secrets.profile}`],
      ['token', `--header=${secrets.profile}`],
      ['whoami', '--json', '--password', secrets.profile],
    ]) {
      const { stdout, stderr } = await canary.run(args, { exitCode: 2 });
      expect(stdout + stderr).not.toContain(secrets.profile);
    }
  });

  it('by who looks for what is wrong', async () => {
    await canary.run(['doctor', ...connection, '--port', '0'], { ...withSecret, exitCode: null });
    provider.lies = { answers: { token: parrot('invalid_client', 401) } };
    await canary.run(['doctor', ...connection, '--port', '0', '--json'], { ...withSecret, exitCode: null });
    canary.expectNothing();
  });

  it('in a demonstration, and by an emulator that is used', async () => {
    const { users, applications } = defaultSeed();
    const known = [
      ...users.map(({ password }) => password),
      ...applications.map(({ appSecret }) => appSecret ?? ''),
    ];
    const demo = await canary.run(['demo', '--no-browser'], { isQuiet: true });
    const home = await temporaryDirectory();
    const program = startProgram(['emulator', '--port', '0', '--json', '--verbose'], { home });
    const description = JSON.parse(await program.line('stdout', /^\{/));
    const emulator = { ...description, description, close: async () => {} };
    const client = await signInAtEmulator(emulator);
    const tokens = [await client.getAccessToken(), await client.getIdToken()];
    await client.fetchUserInfo();
    await client.signOut();
    program.kill('SIGTERM');
    const { stderr } = await program.ended;
    const told = stderr + demo.stderr + demo.stdout;
    expect([...known, ...tokens].filter((secret) => secret !== '' && told.includes(secret))).toEqual([]);
    canary.expectNothing();
  });

  it('without a browser, and by the batteries', async () => {
    const password = 'canary-in-LOGTO_CLI_PASSWORD';
    const emulator = await startEmulator({
      seed: { users: [{ id: 'alice-id', username: 'alice', password }] },
    });
    onTestFinished(() => emulator.close());
    const issued: string[] = [];
    canary = new Canary(await temporaryDirectory(), { requests: [], issued });
    const home = join(canary.home, 'home');
    const at = ['--endpoint', emulator.endpoint, '--app-id', 'emulator-native'];
    // Only a password is asked for here, and the others would not be what they have to be.
    const environment = { LOGTO_CLI_TOTP_SECRET: '', LOGTO_CLI_BACKUP_CODE: '', LOGTO_APP_SECRET: '' };
    const headless = ['sign-in', ...at, '--headless', '--username', 'alice'];

    await canary.run([...headless, '--expect', 'sub'], { environment });
    const wrong = { ...environment, LOGTO_CLI_PASSWORD: secrets.password };
    await canary.run([...headless, '--json'], { environment: wrong, exitCode: 5 });
    await canary.run([...headless, '--password-stdin'], {
      environment,
      stdin: `${secrets.password}\n`,
      exitCode: 5,
    });
    const { refreshToken, idToken, accessTokens } = tokensOf(home);
    issued.push(refreshToken, idToken, ...accessTokens.map(({ token }: { token: string }) => token));
    const reports = (name: string) => [
      ...['--reporter', `junit=${join(canary.home, `${name}.xml`)}`],
      ...['--reporter', `sarif=${join(canary.home, `${name}.sarif`)}`],
      ...['--reporter', 'github'],
    ];
    const GITHUB_STEP_SUMMARY = join(canary.home, 'summary.md');
    const baseline = ['--baseline', join(canary.home, 'known.json'), '--update-baseline'];
    await canary.run(['test', ...at, ...reports('anonymous')], {
      environment,
      exitCode: null,
    });
    await canary.run(['test', ...at, '--as', 'alice', ...reports('as')], {
      environment,
      exitCode: null,
    });
    const file = join(canary.home, 'scenarios.json');
    const user = { username: 'alice', passwordVariable: 'LOGTO_CLI_PASSWORD' };
    const scenarios = [
      { name: 'signs in', user, expect: ['sub'] },
      { name: 'does not', user, expectError: 'mfa_required' },
    ];
    writeFileSync(file, JSON.stringify({ scenarios }));
    const inJob = { ...environment, GITHUB_STEP_SUMMARY };
    await canary.run(['test', file, ...at, ...reports('file')], { environment: inJob, exitCode: 1 });
    await canary.run(['test', file, ...at, ...reports('known'), ...baseline], { environment: inJob });
    expect(readFileSync(join(canary.home, 'known.sarif'), 'utf8')).toContain('scenario.does-not');
    canary.expectNothing();
  });

  it('in the seed of an emulator that cannot be read', async () => {
    const path = join(canary.home, 'home', 'seed.json');
    mkdirSync(join(canary.home, 'home'), { recursive: true });
    const users = [{ username: 'alice', password: secrets.password, passwort: secrets.password }];
    for (const text of [JSON.stringify({ users }), JSON.stringify({ users }).slice(0, -4)]) {
      writeFileSync(path, text);
      const { stdout, stderr } = await canary.run(['emulator', '--json', '--port', '0', '--seed', path], {
        exitCode: 2,
      });
      expect(stdout + stderr).not.toContain(secrets.password);
    }
  });
});

it.each([
  ['as it is', (secret: string) => secret],
  ['in an address', (secret: string) => `x=${encodeURIComponent(secret)}&y`],
  ['in a form', (secret: string) => new URLSearchParams({ secret }).toString()],
  ['in JSON', (secret: string) => JSON.stringify({ secret })],
  ['in JSON in JSON', (secret: string) => JSON.stringify(JSON.stringify({ secret }))],
  ['in credentials', (secret: string) => `Basic ${Buffer.from(`app:${secret}`).toString('base64')}`],
  ['in a JWT', (secret: string) => Buffer.from(JSON.stringify({ secret })).toString('base64url')],
  ['in base64', (secret: string) => Buffer.from(`ab${secret}cd`).toString('base64')],
])('a secret is recognised %s', (_where, write) => {
  for (const secret of ['a-plain-secret', secrets.app, 'ü ö/+?~ "x"\\']) {
    expect(formsOf(secret).filter((form) => write(secret).includes(form))).not.toEqual([]);
    expect(formsOf(secret).filter((form) => write('another text altogether').includes(form))).toEqual([]);
  }
});
