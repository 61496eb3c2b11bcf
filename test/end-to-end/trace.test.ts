import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { documentOf, type ProgramOutcome, runProgram } from '../support/program.js';
import { secretsIn } from '../support/secret-forms.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { type Providers, startProviders } from './providers.js';
import {
  browserOf,
  goThere,
  signedInHome,
  signIn,
  startSignIn,
  secretsIn as tokensIn,
  tokensOf,
  withoutLine,
} from './sign-in-run.js';

let providers: Providers;
let signedIn: Awaited<ReturnType<typeof signedInHome>>;
beforeAll(async () => {
  providers = await startProviders();
  signedIn = await signedInHome(providers.traditional, providers.port);
});
afterAll(async () => {
  await signedIn?.remove();
  await providers?.close();
});

let home: string;
beforeEach(async () => {
  home = await temporaryDirectory();
});

/** What must not be shown of a sign-in: its tokens, secrets, and what its address and its callback hold. */
function secretsOf(url: string, visited: readonly string[]): string[] {
  const { user, appSecret = '' } = providers.traditional;
  const parameters = [url, ...visited].flatMap((address) => {
    const { searchParams } = new URL(address, 'http://localhost');
    return ['state', 'nonce', 'code'].map((name) => searchParams.get(name) ?? '');
  });
  return [...parameters, ...tokensIn(tokensOf(home)), appSecret, user.password];
}

describe('the trace of a sign-in', () => {
  it.each([
    ['on a terminal', '--trace'],
    ['in a text file', '--trace=%/trace.txt'],
    ['in a JSON file', '--trace=%/trace.json'],
    ['in an archive', '--trace=%/trace.har'],
    ['in a page', '--trace=%/trace.html'],
  ])('%s tells every step and nothing secret, and neither do its lines', async (_, flag) => {
    const { traditional, port } = providers;
    const file = flag.replace('%', home).split('=')[1];
    const args = [
      file === undefined ? flag : `--trace=${file}`,
      '--verbose',
      '--json',
      '--resource',
      'https://api.example.test',
    ];
    const { outcome, url, browser } = await signIn(traditional, port, { home }, args);

    expect(outcome.exitCode).toBe(0);
    expect(documentOf(outcome)).toMatchObject({ appId: traditional.appId });
    const written = file === undefined ? outcome.stderr : await readFile(file, 'utf8');
    for (const step of ['discovery', 'authorization request', 'authorization response', 'key set']) {
      expect(written).toContain(step);
    }
    for (const grant of ['authorization_code', 'refresh_token']) {
      expect(written).toContain(`token endpoint (${grant})`);
    }
    expect(outcome.stderr).toMatch(/^→ POST token endpoint \(authorization_code\) 200 in \d+ ms$/m);
    expect(outcome.stderr).toMatch(/^✓ ID token: the provider signed it \(ES384, key \S+\)$/m);
    const secrets = secretsOf(url, browser.visited);
    expect(secrets.filter((secret) => secret !== '').length).toBeGreaterThan(6);
    expect(
      secretsIn(`${withoutLine(outcome.stderr, url)}${file === undefined ? '' : written}`, secrets),
    ).toEqual([]);
    if (file !== undefined && process.platform !== 'win32')
      expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('is written when the sign-in fails, and the file says why', async () => {
    const { native, port } = providers;
    const file = join(home, 'trace.json');
    const wrong = { ...native, flags: ['--issuer', `${native.issuer}/`, '--app-id', native.appId] };
    const program = startSignIn(wrong, port, { home }, [`--trace=${file}`]);
    const { exitCode, stderr } = await program.ended;

    expect(exitCode).not.toBe(0);
    const trace = JSON.parse(await readFile(file, 'utf8'));
    expect(trace).toMatchObject({ version: 1, command: 'sign-in', outcome: 'failed' });
    expect(stderr).toContain(`(${trace.error.code})`);
    expect(trace.steps[0]).toMatchObject({ number: 1, kind: 'exchange', name: 'discovery' });
  });

  it('is written when somebody interrupts it', async () => {
    const { native, port } = providers;
    const file = join(home, 'trace.json');
    const program = startSignIn(native, port, { home }, [`--trace=${file}`]);
    await program.address();
    program.kill('SIGINT');
    expect((await program.ended).exitCode).toBe(130);
    const trace = JSON.parse(await readFile(file, 'utf8'));
    expect(trace).toMatchObject({ outcome: 'failed', exitCode: 130, error: { code: 'interrupted' } });
    const request = trace.steps.find(
      ({ name }: { name: string }) => name === 'authorization request (browser)',
    );
    expect(request).toMatchObject({ durationMs: null });
  });

  it('goes nowhere that cannot be written to, and is told so before anything is asked', async () => {
    const { native, port } = providers;
    const file = join(home, 'absent', 'trace.html');
    const program = startSignIn(native, port, { home }, [`--trace=${file}`, '--json']);
    const outcome = await program.ended;
    expect(outcome.exitCode).toBe(2);
    expect(documentOf(outcome).error).toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('--trace'),
    });
    expect(existsSync(join(home, 'absent'))).toBe(false);
    expect(outcome.stderr).not.toContain('http');
  });
});

describe('the trace of', () => {
  function run(args: readonly string[]): Promise<ProgramOutcome> {
    const { appSecret = '' } = providers.traditional;
    const environment = { LOGTO_CLI_STORAGE: 'file', LOGTO_APP_SECRET: appSecret };
    return runProgram(args, { home, environment });
  }

  it('whoami without the network is one line, whatever stands behind the flag', async () => {
    home = await signedIn.copy();
    const { stdout, stderr, exitCode } = await run(['whoami', '--trace', '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ storage: 'file' });
    expect(stderr).toMatch(/^Trace of whoami: no exchange in [\d.]+ m?s\n$/);
  });

  it('a refresh, UserInfo and a sign-out gives nothing away', async () => {
    home = await signedIn.copy();
    const before = tokensIn(tokensOf(home));
    const token = await run(['token', '--refresh', '--trace', '--verbose']);
    const after = tokensIn(tokensOf(home));
    const whoami = await run(['whoami', '--remote', '--trace', '--verbose']);
    const signOut = await run(['sign-out', '--no-browser', '--timeout', '0', '--trace', '--verbose']);

    for (const { exitCode, stderr } of [token, whoami, signOut]) {
      expect(exitCode, stderr).toBe(0);
      expect(stderr).toMatch(/^Trace of (token|whoami|sign-out): \d exchange/m);
    }
    expect(token.stderr).toContain('token endpoint (refresh_token)');
    expect(whoami.stderr).toContain('UserInfo endpoint');
    expect(signOut.stderr).toContain('revocation endpoint');
    const address = signOut.stderr.split('\n').find((line) => /^https?:\S+$/.test(line)) ?? '';
    const state = new URL(address).searchParams.get('state') ?? expect.unreachable('no state');
    const shown = [token.stderr, whoami.stderr, withoutLine(signOut.stderr, address)].join('\n');
    const { appSecret = '' } = providers.traditional;
    expect(secretsIn(shown, [...before, ...after, token.stdout.trim(), state, appSecret])).toEqual([]);
  });

  it('a token for the application itself gives nothing away', async () => {
    const { endpoint } = providers.emulator;
    const args = [
      '--endpoint',
      endpoint,
      '--app-id',
      'emulator-m2m',
      '--resource',
      'https://api.example.test',
    ];
    const secret = 'emulator-only-m2m-secret';
    const { stdout, stderr, exitCode } = await runProgram(
      ['token', '--client-credentials', ...args, '--trace', '--verbose'],
      { home, environment: { LOGTO_APP_SECRET: secret } },
    );
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain('token endpoint (client_credentials)');
    expect(stderr).toContain('Basic ‹client ID and secret');
    expect(secretsIn(stderr, [secret, stdout.trim()])).toEqual([]);
  });

  it('exec ends where the other program begins, whose output and exit code are its own', async () => {
    home = await signedIn.copy();
    const code = 'process.stderr.write("the other one"); process.exit(7)';
    const { exitCode, stderr } = await run(['exec', '--trace', '--', process.execPath, '-e', code]);
    expect(exitCode).toBe(7);
    expect(stderr).toMatch(/^Trace of exec: no exchange in .+\nthe other one$/);
  });
});

it('a run that is only verbose says each step as it happens', async () => {
  const { native, port } = providers;
  const program = startSignIn(native, port, { home }, ['--verbose']);
  await program.says('stderr', /^→ GET discovery 200 in \d+ ms$/m);
  await program.says('stderr', /^✓ discovery document: issuer is the expected one, to the letter$/m);
  await goThere(browserOf(native.user), program);
  const { exitCode, stderr } = await program.ended;
  expect(exitCode).toBe(0);
  expect(stderr).not.toContain('Trace of');
});
