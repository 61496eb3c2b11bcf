import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFetch } from '../../src/network/create-fetch.js';
import type { Fetch } from '../../src/network/fetch.js';
import { patientRuntime } from '../battery/battery-run.js';
import { failureOf } from '../support/failure-of.js';
import { HttpBrowser, sentBackWith } from '../support/http-browser.js';
import { runInProcess } from '../support/run-in-process.js';
import { startWatchedEmulator, type WatchedEmulator } from '../support/session-home.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import type { TestMachine } from '../support/test-runtime.js';

const password = 'emulator-only-alice';
const secret = 'emulator-only-app-secret';

let emulator: WatchedEmulator;
let fetch: Fetch;
beforeAll(async () => {
  [emulator, fetch] = await Promise.all([startWatchedEmulator(), createFetch({ environment: {} })]);
});
afterAll(() => emulator.close());

let home: string;
beforeEach(async () => {
  home = await temporaryDirectory();
  emulator.takeRequests();
});

const at = (appId = 'emulator-native') => ['--endpoint', emulator.endpoint, '--app-id', appId];
const headless = ['sign-in', '--headless', '--username', 'alice', '--storage', 'file'];
const elsewhere = { LOGTO_ENDPOINT: 'https://elsewhere.test', LOGTO_APP_ID: 'other' };

async function run(args: readonly string[], machine: Partial<TestMachine> = {}) {
  const runtime = patientRuntime({ home, ...machine });
  const exitCode = await runInProcess(runtime, args).catch((error: unknown) => error);
  return { exitCode, stdout: runtime.stdout.text, stderr: runtime.stderr.text };
}

describe('a secret in a variable', () => {
  it('alone is for the application that the flags name, whatever the profile is about', async () => {
    await run(['profile', 'set', 'default', '--endpoint', 'https://elsewhere.test', '--app-id', 'other']);
    const args = ['test', ...at('emulator-traditional'), '--only', 'application,token', '--json'];
    const { exitCode, stdout, stderr } = await run(args, { environment: { LOGTO_APP_SECRET: secret } });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout).outcome).toBe('passed');
  });

  it('beside the name of another application is not sent, and that is told', async () => {
    const environment = { LOGTO_APP_ID: 'other', LOGTO_APP_SECRET: secret };
    const { stdout, stderr } = await run(['doctor', ...at('emulator-traditional'), '--port', '0', '--json'], {
      environment,
    });
    const { checks } = JSON.parse(stdout) as { checks: { code?: string }[] };
    expect(checks.map(({ code }) => code)).toContain('client_secret_missing');
    expect(stderr).toContain(
      'LOGTO_APP_SECRET is set, but the environment names the application other, while --app-id names emulator-traditional',
    );
    expect(stderr).not.toContain(secret);
  });

  it('that was set aside is named again by the hint that asks for one', async () => {
    const environment = { LOGTO_APP_ID: 'other', LOGTO_APP_SECRET: secret };
    const args = ['doctor', ...at('emulator-traditional'), '--port', '0', '--json'];
    const { stdout } = await run(args, { environment });
    const { checks } = JSON.parse(stdout) as { checks: { code?: string; hint?: string }[] };
    const { hint } = checks.find(({ code }) => code === 'client_secret_missing') ?? {};
    expect(hint).toContain('LOGTO_APP_SECRET is set, but the environment names the application other');
    expect(JSON.stringify(checks)).not.toContain(secret);
    // Another hint has nothing to do with it.
    const { stdout: without } = await run(args);
    expect(without).toContain('client_secret_missing');
    expect(without).not.toContain('is set, but');
  });

  it('that stands in quotes is named so by the hint where it is refused', async () => {
    const args = ['doctor', ...at('emulator-traditional'), '--port', '0', '--json'];
    const quoted = await run(args, { environment: { LOGTO_APP_SECRET: `"${secret}"` } });
    expect(quoted.stdout).toContain('begins and ends with a quotation mark');
    expect(quoted.stdout + quoted.stderr).not.toContain(secret);
    const wrong = await run(args, { environment: { LOGTO_APP_SECRET: 'wrong' } });
    expect(wrong.stdout).toContain('client_secret_invalid');
    expect(wrong.stdout).not.toContain('quotation');
  });

  it.each([
    ['LOGTO_CLI_PASSWORD', { LOGTO_CLI_PASSWORD: password }, []],
    ['LOGTO_CLI_TOTP_SECRET', { LOGTO_CLI_TOTP_SECRET: 'GEZDGNBVGY3TQOJQ' }, ['--no-input']],
    ['LOGTO_CLI_BACKUP_CODE', { LOGTO_CLI_BACKUP_CODE: 'a-backup-code' }, ['--no-input']],
  ])('%s is sent to no other provider than its own', async (name, variables, flags) => {
    const environment = { ...elsewhere, ...variables };
    const { exitCode, stderr } = await run([...headless, ...at(), ...flags], { environment });
    expect(exitCode).toMatchObject({ code: 'config_missing' });
    expect(stderr).toContain(`${name} is set, but the environment names the application other`);
    expect(stderr).toContain('while --endpoint names');
    expect(emulator.takeRequests()).toEqual([]);
  });

  it('LOGTO_CLI_PASSWORD is not sent by test --as either', async () => {
    const environment = { ...elsewhere, LOGTO_CLI_PASSWORD: password };
    const { exitCode, stderr } = await run(['test', '--as', 'alice', ...at()], { environment });
    expect(exitCode).toMatchObject({ code: 'config_missing' });
    expect(stderr).toContain('LOGTO_CLI_PASSWORD is set, but the environment names the application other');
    expect(emulator.takeRequests()).toEqual([]);
  });

  it('LOGTO_CLI_ONE_TIME_TOKEN does not go into the address of another provider', async () => {
    const environment = { ...elsewhere, LOGTO_CLI_ONE_TIME_TOKEN: 'a-magic-token' };
    const requestOf = async (variables: Readonly<Record<string, string>>) => {
      const visit = sentBackWith({ error: 'access_denied', iss: emulator.issuer });
      const browser = new HttpBrowser(fetch, visit);
      const flags = ['--port', '0', '--login-hint', 'a@example.test'];
      const { stderr } = await run(['sign-in', ...at(), ...flags], { environment: variables, browser });
      await browser.finished();
      return { token: new URL(browser.opened[0] ?? '').searchParams.get('one_time_token'), stderr };
    };
    const { token, stderr } = await requestOf(environment);
    expect(token).toBeNull();
    expect(stderr).toContain('LOGTO_CLI_ONE_TIME_TOKEN is set, but the environment names');
    const own = { LOGTO_ENDPOINT: emulator.endpoint, LOGTO_CLI_ONE_TIME_TOKEN: 'a-magic-token' };
    expect((await requestOf(own)).token).toBe('a-magic-token');
  });

  it('is used where its own source names what the flags name', async () => {
    const environment = { LOGTO_ENDPOINT: `${emulator.endpoint}/`, LOGTO_CLI_PASSWORD: password };
    const { exitCode, stdout, stderr } = await run([...headless, ...at(), '--json'], { environment });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ subject: 'emulator-user-alice' });
    expect(stderr).not.toContain('LOGTO_CLI_PASSWORD');
  });

  it.each([
    ['blanks and a line break around it', `\uFEFF ${password}\r\n`],
    ['nothing around it', password],
  ])('is understood with %s', async (_, value) => {
    const environment = { LOGTO_CLI_PASSWORD: value };
    expect((await run([...headless, ...at()], { environment })).exitCode).toBe(0);
    expect((await run([...headless, ...at(), '--password-stdin'], { input: value })).exitCode).toBe(0);
  });

  it.each([
    ['LOGTO_APP_SECRET', { LOGTO_APP_SECRET: 'hunter\u0000two', LOGTO_CLI_PASSWORD: password }],
    ['LOGTO_CLI_PASSWORD', { LOGTO_CLI_PASSWORD: 'hunter\u0000two' }],
    ['LOGTO_CLI_BACKUP_CODE', { LOGTO_CLI_BACKUP_CODE: 'hunter\ntwo', LOGTO_CLI_PASSWORD: password }],
  ])(
    '%s with a control character in it is refused by name, before anything is sent',
    async (name, environment) => {
      const { exitCode, stdout, stderr } = await run([...headless, ...at()], { environment });
      expect(exitCode).toMatchObject({ code: 'config_invalid', message: expect.stringContaining(name) });
      expect(`${exitCode}${stdout}${stderr}`).not.toContain('hunter');
      expect(emulator.takeRequests()).toEqual([]);
    },
  );

  it('from standard input with a control character in it is refused by its flag', async () => {
    const { exitCode } = await run([...headless, ...at(), '--password-stdin'], { input: 'hunter\u0007two' });
    expect(exitCode).toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('--password-stdin'),
    });
    expect(emulator.takeRequests()).toEqual([]);
  });
});

describe('a secret of the profile', () => {
  const set = () => ['profile', 'set', 'default', '--storage', 'file', ...at('emulator-traditional')];

  it('is used for its own application', async () => {
    await run([...set(), '--app-secret-stdin'], { input: `${secret}\r\n` });
    const { exitCode, stderr } = await run([...headless], { environment: { LOGTO_CLI_PASSWORD: password } });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('is told where another application is named', async () => {
    await run([...set(), '--app-secret-stdin'], { input: secret });
    const environment = { LOGTO_CLI_PASSWORD: password };
    const { exitCode, stderr } = await run([...headless, '--app-id', 'emulator-native'], { environment });
    expect(exitCode).toBe(0);
    expect(stderr).toContain(
      'The profile default keeps a secret, but it is for the application emulator-traditional, while --app-id names emulator-native: it is not used.',
    );
    expect(stderr).not.toContain(secret);
  });
});

describe('an address as people type it', () => {
  it('signs in all the same, and says what it was taken for', async () => {
    const { host } = new URL(emulator.endpoint);
    const environment = { LOGTO_CLI_PASSWORD: password };
    const typed = ['--endpoint', ` ${host}/oidc/ `, '--app-id', '"emulator-native"'];
    const { exitCode, stdout, stderr } = await run([...headless, ...typed, '--json'], { environment });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ endpoint: emulator.endpoint, appId: 'emulator-native' });
    expect(stderr).toContain(`--endpoint is taken as ${emulator.endpoint} (`);
    expect(stderr).toContain('--app-id is taken as emulator-native (quotes around it left out).');
  });

  it.each([
    ['https://your-tenant.logto.app', 'is a placeholder', 'tenant'],
    ['https://tenant.logto.app', 'is a placeholder', 'tenant'],
    [
      'https://cloud.logto.io/abc123/applications',
      "is the address of Logto's Console",
      '--endpoint https://abc123.logto.app',
    ],
    [
      'http://localhost:3002/console/applications',
      "is the address of Logto's Console",
      '--endpoint http://localhost:3001',
    ],
    ['abc123', 'is not an http(s) address', '--endpoint https://abc123.logto.app'],
    [
      'https://issuer.test/.well-known/openid-configuration',
      'discovery document',
      '--issuer https://issuer.test',
    ],
    ['https://a.test/?utm=1', 'has a query', '--endpoint https://a.test?'],
  ])('that is something else is refused with what may be meant: %s', async (endpoint, problem, meant) => {
    const failure = await failureOf(
      runInProcess(patientRuntime({ home }), [...headless, '--endpoint', endpoint, '--app-id', 'app']),
    );
    expect(failure).toMatchObject({ code: 'config_invalid' });
    expect(failure.message).toContain(problem);
    expect(failure.hint).toContain(meant);
  });

  it('with --issuer never leads to words about Logto where something else is meant', async () => {
    const failure = await failureOf(
      runInProcess(patientRuntime({ home }), [
        'sign-in',
        '--issuer',
        'https://issuer.test/oauth2/authorize?client_id=x',
        '--app-id',
        'app',
      ]),
    );
    expect(failure).toMatchObject({ code: 'config_invalid' });
    expect(failure.hint).toContain('Did you mean --issuer https://issuer.test?');
    expect(failure.hint).not.toContain('Logto');
  });

  it('of an application that is a placeholder is refused', async () => {
    const failure = await failureOf(
      runInProcess(patientRuntime({ home }), ['sign-in', ...at('<App ID>'), '--port', '0']),
    );
    expect(failure).toMatchObject({ code: 'config_invalid', message: expect.stringContaining('--app-id') });
  });

  it('is put right in a redirect URI and a resource, too', async () => {
    const visit = sentBackWith({ error: 'access_denied', iss: emulator.issuer });
    const browser = new HttpBrowser(fetch, visit);
    const typed = ['--redirect-uri', ' localhost:3000/callback', '--resource', '"https://api.example.test" '];
    await run(['sign-in', ...at(), ...typed, '--port', '0'], { browser });
    await browser.finished();
    const request = new URL(browser.opened[0] ?? '').searchParams;
    expect(new URL(request.get('redirect_uri') ?? '').pathname).toBe('/callback');
    expect(request.get('resource')).toBe('https://api.example.test');
  });
});
