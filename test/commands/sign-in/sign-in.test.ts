import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../../src/emulator/emulator.js';
import { LogtoError } from '../../../src/errors.js';
import { createFetch } from '../../../src/network/create-fetch.js';
import type { Fetch } from '../../../src/network/fetch.js';
import { findAppSecret, writeAppSecret } from '../../../src/profile/app-secret.js';
import { readConfiguration } from '../../../src/profile/config-file.js';
import { MemoryStorage } from '../../../src/storage/memory-storage.js';
import type { Storage } from '../../../src/storage/storage.js';
import { failureOf } from '../../support/failure-of.js';
import { HttpBrowser, personBefore, personNamed, sentBackWith } from '../../support/http-browser.js';
import { startPlainProvider } from '../../support/plain-provider.js';
import { runInProcess } from '../../support/run-in-process.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { type TestMachine, type TestRuntime, testRuntime } from '../../support/test-runtime.js';

const alice = { username: 'alice', password: 'emulator-only-alice' };
const bob = { username: 'bob', password: 'emulator-only-bob' };

let emulator: Emulator;
let fetch: Fetch;
beforeAll(async () => {
  [emulator, fetch] = await Promise.all([startEmulator(), createFetch({ environment: {} })]);
});
afterAll(() => emulator.close());

let home: string;
let keychain: Storage;
beforeEach(async () => {
  home = await temporaryDirectory();
  keychain = new MemoryStorage();
});

/** A machine of this test; its keychain is the test's. */
const machineWith = (machine: Partial<TestMachine> = {}): TestRuntime =>
  testRuntime({ home, keychain, browser: new HttpBrowser(fetch, personNamed(alice)), ...machine });

const native = () => ['--endpoint', emulator.endpoint, '--app-id', 'emulator-native', '--port', '0'];
const signIn = (machine: TestRuntime, flags: readonly string[] = []) =>
  runInProcess(machine, ['sign-in', ...native(), ...flags]);
const profiles = async () => (await readConfiguration(home)).profiles;

/** The parameters of the authorization request that a command line makes. */
async function requestOf(
  flags: readonly string[],
  machine: Partial<TestMachine> = {},
): Promise<URLSearchParams> {
  const browser = new HttpBrowser(fetch, sentBackWith({ error: 'access_denied', iss: emulator.issuer }));
  const failure = await failureOf(signIn(machineWith({ browser, ...machine }), flags));
  expect(failure).toMatchObject({ code: 'access_denied' });
  await browser.finished();
  return new URL(browser.opened[0] ?? '').searchParams;
}

describe('sign-in', () => {
  it('refuses a redirect URI that cannot come back here before it opens the storage', async () => {
    const machine = machineWith();
    const args = ['sign-in', ...native().slice(0, 4), '--redirect-uri', 'https://app.example/callback'];
    expect(await failureOf(runInProcess(machine, args))).toMatchObject({ code: 'config_invalid' });
    expect(machine.opened).toEqual([]);
  });

  it('signs in, prints one document, and the next command knows the session', async () => {
    const machine = machineWith();
    expect(await signIn(machine, ['--json'])).toBe(0);
    const document = JSON.parse(machine.stdout.text) as Record<string, unknown>;
    expect(document).toMatchObject({
      profile: 'default',
      issuer: emulator.issuer,
      endpoint: emulator.endpoint,
      appId: 'emulator-native',
      storage: 'keychain',
      subject: 'emulator-user-alice',
      scopes: ['openid', 'profile', 'offline_access'],
      hasRefreshToken: true,
    });
    const next = machineWith();
    await runInProcess(next, ['whoami', '--json']);
    expect(JSON.parse(next.stdout.text)).toEqual(document);
  });

  it.each([
    ['by the browser', []],
    ['by the browser, with tokens for an API', ['--resource', 'https://api.example.test']],
  ])('tells what came %s, although another process ends the session meanwhile', async (_, flags) => {
    const end = () => keychain.delete('tokenSet');
    const browser = new HttpBrowser(fetch, personBefore(alice, end));
    const machine = machineWith({ browser });
    expect(await signIn(machine, ['--json', ...flags])).toBe(0);
    await browser.finished();
    expect(JSON.parse(machine.stdout.text)).toMatchObject({
      subject: 'emulator-user-alice',
      hasRefreshToken: true,
    });
    expect(browser.pages.at(-1)?.text).toContain('You are signed in');
  });

  it('lists the tokens that it got beside that of UserInfo', async () => {
    const machine = machineWith();
    await signIn(machine, ['--json', '--resource', 'https://api.example.test', '--scope', 'read:things']);
    const { accessTokens } = JSON.parse(machine.stdout.text) as { accessTokens: unknown[] };
    expect(accessTokens).toMatchObject([
      { resource: null },
      { resource: 'https://api.example.test', scopes: ['read:things'] },
    ]);
  });

  it('prints the address alone on its line on stderr, also with --quiet, and no secret anywhere', async () => {
    const browser = new HttpBrowser(fetch, personNamed(alice));
    const machine = machineWith({ browser });
    await signIn(machine, ['--quiet']);
    expect(machine.stderr.lines).toEqual(browser.opened);
    const stored = JSON.parse((await keychain.get('tokenSet')) ?? '') as Record<string, string>;
    for (const secret of [stored['idToken'], stored['refreshToken']]) {
      expect(machine.stdout.text + machine.stderr.text).not.toContain(secret);
    }
  });

  it('keeps the tokens, and nothing of the sign-in under way, in the storage', async () => {
    await signIn(machineWith());
    expect(await keychain.get('tokenSet')).not.toBeNull();
    expect(await keychain.get('signInSession')).toBeNull();
    expect(await readFile(join(home, 'config.json'), 'utf8')).not.toMatch(/eyJ|refresh/);
  });

  it('that nobody finishes leaves nothing behind', async () => {
    const browser = new HttpBrowser(fetch, async () => {});
    const failure = await failureOf(signIn(machineWith({ browser, sleep: async () => {} })));
    expect(failure).toMatchObject({ code: 'sign_in_timeout' });
    expect(await keychain.get('signInSession')).toBeNull();
    expect(await profiles()).toEqual({});
  });

  it('--remote asks UserInfo for whom it signed in', async () => {
    await signIn(machineWith());
    const machine = machineWith();
    await runInProcess(machine, ['whoami', '--remote', '--json']);
    expect(JSON.parse(machine.stdout.text)).toMatchObject({ userInfo: { sub: 'emulator-user-alice' } });
  });

  it('keeps the sessions of two profiles apart', async () => {
    const machine = testRuntime({ home, browser: new HttpBrowser(fetch, personNamed(alice)) });
    await signIn(machine, ['--profile', 'alice', '--storage', 'file']);
    const other = testRuntime({ home, browser: new HttpBrowser(fetch, personNamed(bob)) });
    await signIn(other, ['--profile', 'bob', '--storage', 'file']);
    for (const name of ['alice', 'bob']) {
      const next = testRuntime({ home });
      await runInProcess(next, ['whoami', '--profile', name, '--json']);
      expect(JSON.parse(next.stdout.text)).toMatchObject({ profile: name, subject: `emulator-user-${name}` });
    }
  });

  it('says that memory keeps nothing, and records no session', async () => {
    const machine = machineWith();
    await signIn(machine, ['--storage', 'memory']);
    expect(machine.stderr.text).toContain('memory');
    expect(Object.values(await profiles()).map(({ session }) => session)).not.toContain('memory');
  });

  it('asks another provider for no scope that it does not list, and advises none for the refresh token', async () => {
    const provider = await startPlainProvider({
      configuration: {
        scopes: ['openid'],
        claims: { email: ['email'] },
        issueRefreshToken: async () => false,
      },
    });
    try {
      const browser = new HttpBrowser(fetch, personNamed({ username: 'carol', password: 'carol-password' }));
      const machine = machineWith({ browser });
      const address = ['--issuer', provider.issuer, '--app-id', provider.clients.public.clientId];
      await runInProcess(machine, ['sign-in', ...address, '--port', '0']);
      expect(new URL(browser.opened[0] ?? '').searchParams.get('scope')).toBe('openid');
      const note = machine.stderr.lines.find((line) => line.startsWith('No refresh token came'));
      expect(note).toContain('does not list offline_access');
      expect(note).not.toContain('--');

      // What only the provider knows: it cannot open a registration.
      const signUp = runInProcess(machineWith(), ['sign-in', ...address, '--port', '0', '--sign-up']);
      expect(await failureOf(signUp)).toMatchObject({
        code: 'config_invalid',
        hint: expect.not.stringContaining('Logto'),
      });
    } finally {
      await provider.close();
    }
  });

  it('at another provider says so when no refresh token came, and what to ask for', async () => {
    const provider = await startPlainProvider({ redirectUris: ['http://localhost:3000/callback'] });
    try {
      const browser = new HttpBrowser(fetch, personNamed({ username: 'carol', password: 'carol-password' }));
      const machine = machineWith({ browser });
      const flags = ['--issuer', provider.issuer, '--app-id', 'plain-public', '--port', '0'];
      await runInProcess(machine, ['sign-in', ...flags]);
      const request = new URL(browser.opened[0] ?? '').searchParams;
      expect(request.has('prompt')).toBe(false);
      expect(machine.stderr.text).toContain('--prompt consent');
      expect(machine.stdout.text).toContain('plain-1');
    } finally {
      await provider.close();
    }
  });
});

describe('the flags of sign-in', () => {
  it('ask for registration', async () => {
    const request = await requestOf(['--sign-up']);
    expect(request.get('first_screen')).toBe('register');
    expect(request.get('prompt')).toBe('login consent');
  });

  it('become the parameters that they are named after', async () => {
    const request = await requestOf([
      ...['--first-screen', 'identifier:sign_in', '--identifier', 'email', '--identifier', 'phone'],
      ...['--login-hint', 'a@b.test', '--direct-sign-in', 'social:google', '--ui-locales', 'fr en'],
      ...['--max-age', '0', '--acr-values', 'x y', '--param', 'a=b=c', '--param', 'empty='],
    ]);
    expect(Object.fromEntries(request)).toMatchObject({
      first_screen: 'identifier:sign_in',
      identifier: 'email phone',
      login_hint: 'a@b.test',
      direct_sign_in: 'social:google',
      ui_locales: 'fr en',
      max_age: '0',
      acr_values: 'x y',
      a: 'b=c',
      empty: '',
      prompt: 'login consent',
    });
  });

  it('take scopes one by one, and separated by spaces or commas', async () => {
    const request = await requestOf(['--scope', 'email,phone', '--scope', 'roles custom_data']);
    expect(request.get('scope')).toBe('openid profile offline_access email phone roles custom_data');
    expect((await requestOf(['--no-default-scopes', '--scope', 'email'])).get('scope')).toBe('openid email');
  });

  it('ask for resources', async () => {
    const browser = new HttpBrowser(fetch, async () => {});
    const machine = machineWith({ browser, sleep: async () => {} });
    await failureOf(
      signIn(machine, ['--resource', 'https://a.test', '--resource', 'urn:b', '--organization', 'org']),
    );
    const shown = machine.stderr.lines.find((line) => line.startsWith('http'));
    const request = new URL(shown ?? '').searchParams;
    expect(request.getAll('resource')).toEqual([
      'https://a.test',
      'urn:b',
      'urn:logto:resource:organizations',
    ]);
    expect(request.get('scope')?.split(' ')).toContain('urn:logto:scope:organizations');
  });

  it('choose the prompt, or none', async () => {
    expect((await requestOf(['--prompt', 'login'])).get('prompt')).toBe('login');
    expect((await requestOf(['--no-prompt'])).has('prompt')).toBe(false);
    expect((await requestOf(['--no-prompt', '--sign-up'])).has('prompt')).toBe(false);
  });

  it('take the one-time token from standard input or the environment', async () => {
    const flags = ['--login-hint', 'a@b.test'];
    const piped = await requestOf([...flags, '--one-time-token-stdin'], { input: 'token-1' });
    expect(piped.get('one_time_token')).toBe('token-1');
    const environment = { LOGTO_CLI_ONE_TIME_TOKEN: 'token-2' };
    expect((await requestOf(flags, { environment })).get('one_time_token')).toBe('token-2');
  });

  it.each<[readonly string[], string]>([
    [['--app-secret-stdin', '--one-time-token-stdin'], 'usage_invalid'],
    [['--one-time-token-stdin'], 'usage_invalid'],
    [['--param', 'no-equals'], 'config_invalid'],
    [['--param', 'state=x'], 'config_invalid'],
    [['--param', 'response_mode=form_post'], 'config_invalid'],
    [['--direct-sign-in', 'google'], 'config_invalid'],
    [['--identifier', 'e-mail'], 'config_invalid'],
    [['--resource', 'not-a-uri'], 'config_invalid'],
    [['--resource', 'https://a.test#fragment'], 'config_invalid'],
    [['--redirect-uri', 'https://example.com/callback'], 'config_invalid'],
    [['--storage', 'floppy'], 'config_invalid'],
    [['--profile', '../up'], 'config_invalid'],
    [['--issuer', 'https://issuer.test'], 'config_invalid'],
  ])('refuse %j before any browser opens', async (flags, code) => {
    const browser = new HttpBrowser(fetch, personNamed(alice));
    const machine = machineWith({ browser });
    expect((await failureOf(signIn(machine, flags))).code).toBe(code);
    expect(browser.opened).toEqual([]);
    expect(machine.stdout.text).toBe('');
  });

  it.each([
    ['--app-secret', 'LOGTO_APP_SECRET'],
    ['--client-secret', 'LOGTO_APP_SECRET'],
    ['--secret', 'LOGTO_APP_SECRET'],
    ['--one-time-token', 'LOGTO_CLI_ONE_TIME_TOKEN'],
    ['--password', ''],
  ])('have no %s, say what to use, and do not repeat the value', async (flag, instead) => {
    for (const given of [[flag, 'hunter2'], [`${flag}=hunter2`], [flag]]) {
      const failure = await failureOf(signIn(machineWith(), given));
      expect(failure).toMatchObject({ code: 'usage_invalid' });
      expect(failure.hint).toContain(instead);
      expect(JSON.stringify([failure.message, failure.hint])).not.toContain('hunter2');
    }
  });

  it('name the provider and the application, which are config_missing otherwise', async () => {
    const nothing = await failureOf(runInProcess(machineWith(), ['sign-in']));
    expect(nothing).toMatchObject({ code: 'config_missing' });
    expect(nothing.message).toMatch(/--endpoint.*LOGTO_ENDPOINT.*--issuer.*LOGTO_CLI_ISSUER/);
    const half = await failureOf(runInProcess(machineWith(), ['sign-in', '--endpoint', emulator.endpoint]));
    expect(half).toMatchObject({ code: 'config_missing' });
    expect(half.message).toMatch(/--app-id.*LOGTO_APP_ID/);
    const unknown = await failureOf(runInProcess(machineWith(), ['sign-in', '--profile', 'new']));
    expect(unknown).toMatchObject({ code: 'profile_unknown' });
  });
});

describe('the storage of a sign-in', () => {
  const missing: Storage = {
    get: () => Promise.reject(unavailable()),
    set: () => Promise.reject(unavailable()),
    delete: () => Promise.reject(unavailable()),
  };

  it('is proved before the browser opens', async () => {
    const browser = new HttpBrowser(fetch, personNamed(alice));
    const machine = machineWith({ browser, keychain: missing });
    expect(await failureOf(signIn(machine))).toMatchObject({ code: 'storage_unavailable' });
    expect(browser.opened).toEqual([]);
  });

  it('that a person agreed to is remembered for the profile', async () => {
    const machine = machineWith({ keychain: missing, isTerminal: true, answers: ['y'] });
    await signIn(machine);
    expect((await profiles())['default']).toMatchObject({ storage: 'file', session: 'file' });
    const again = machineWith({ keychain: missing, isTerminal: true, answers: [] });
    await signIn(again);
    expect(again.questions).toEqual([]);
  });

  it('that a flag chose is remembered for the profile', async () => {
    await signIn(machineWith(), ['--storage', 'file']);
    await signIn(machineWith());
    expect((await profiles())['default']).toMatchObject({ storage: 'file', session: 'file' });
    expect(await keychain.get('tokenSet')).toBeNull();
  });

  it('that replaces another leaves no tokens behind in that one', async () => {
    await signIn(machineWith());
    await signIn(machineWith(), ['--storage', 'file']);
    expect(await keychain.get('tokenSet')).toBeNull();
  });

  it('in a configuration that cannot be written is a warning: the person is signed in', async () => {
    const machine = machineWith();
    const broken = { ...machine, directories: { ...machine.directories, config: join(home, 'file') } };
    // Readable as an empty configuration until the sign-in is over.
    const browser = new HttpBrowser(fetch, async (url, tab) => {
      await writeFile(join(home, 'file'), 'not a directory');
      await personNamed(alice)(url, tab);
    });
    expect(await signIn({ ...broken, browser }, ['--json'])).toBe(0);
    expect(machine.stderr.text).toContain('warning:');
    expect(JSON.parse(machine.stdout.text)).toMatchObject({ subject: 'emulator-user-alice' });
  });
});

describe('the preflight of sign-in', () => {
  const path = ['--redirect-uri', 'http://localhost:0/other'];

  it('stops it before anything is opened, and leaves the session before it', async () => {
    await signIn(machineWith());
    const before = await keychain.get('tokenSet');
    const browser = new HttpBrowser(fetch, personNamed(bob));
    const machine = machineWith({ browser });
    const failure = await failureOf(signIn(machine, path));
    expect(failure).toMatchObject({ code: 'redirect_uri_not_registered' });
    expect(browser.opened).toEqual([]);
    expect(machine.stderr.text).toBe('');
    expect(await keychain.get('tokenSet')).toBe(before);
  });

  it('is left out with --no-preflight', async () => {
    const browser = new HttpBrowser(fetch, sentBackWith({ error: 'access_denied', iss: emulator.issuer }));
    const failure = await failureOf(signIn(machineWith({ browser }), [...path, '--no-preflight']));
    await browser.finished();
    expect(failure).toMatchObject({ code: 'access_denied' });
    expect(browser.opened).toHaveLength(1);
  });

  it('is told with --verbose alone', async () => {
    const silent = machineWith();
    await signIn(silent);
    expect(silent.stderr.text).not.toMatch(/preflight/i);
    const verbose = machineWith();
    await signIn(verbose, ['--verbose']);
    expect(verbose.stderr.text).toContain('Preflight: the provider accepts');
  });
});

describe('the application’s secret', () => {
  const confidential = () => ['--endpoint', emulator.endpoint, '--app-id', 'emulator-traditional'];
  const right = 'emulator-only-app-secret';
  const owner = () => ({ issuer: emulator.issuer, appId: 'emulator-traditional' });

  /** Traditional applications have no ports to choose from: nobody is asked, and the made-up code fails at the exchange. */
  async function exchangedWith(machine: Partial<TestMachine>, flags: readonly string[]): Promise<LogtoError> {
    const browser = new HttpBrowser(fetch, sentBackWith({ code: 'bogus', iss: emulator.issuer }));
    const failure = await failureOf(
      runInProcess(machineWith({ browser, ...machine }), [
        'sign-in',
        ...flags,
        ...['--port', '0', '--no-preflight'],
      ]),
    );
    await browser.finished();
    return failure;
  }

  it.each<[string, Partial<TestMachine>, readonly string[]]>([
    ['from the environment', { environment: { LOGTO_APP_SECRET: right } }, []],
    ['from standard input', { input: right }, ['--app-secret-stdin']],
    [
      'from standard input before the environment',
      { input: right, environment: { LOGTO_APP_SECRET: 'x' } },
      ['--app-secret-stdin'],
    ],
  ])('is used %s', async (_, machine, flags) => {
    expect(await exchangedWith(machine, [...confidential(), ...flags])).toMatchObject({
      code: 'code_rejected',
    });
  });

  it('is used when it is stored for exactly this application, and for no other', async () => {
    await writeAppSecret(keychain, 'profile', owner(), right);
    expect(await exchangedWith({}, confidential())).toMatchObject({ code: 'code_rejected' });
    await writeAppSecret(keychain, 'profile', { ...owner(), appId: 'other' }, right);
    expect(await exchangedWith({}, confidential())).toMatchObject({ code: 'client_secret_missing' });
    await writeAppSecret(keychain, 'profile', { ...owner(), issuer: 'https://other.test/oidc' }, right);
    expect(await exchangedWith({}, confidential())).toMatchObject({ code: 'client_secret_missing' });
  });

  it.each(['appSecret', 'sessionSecret'])('is none when its record %s is damaged', async (key) => {
    await keychain.set(key, '{"secret":');
    expect(await exchangedWith({}, confidential())).toMatchObject({ code: 'client_secret_missing' });
    const given = { environment: { LOGTO_APP_SECRET: right } };
    expect(await exchangedWith(given, confidential())).toMatchObject({ code: 'code_rejected' });
    const machine = machineWith();
    expect(await signIn(machine)).toBe(0);
    expect(machine.stderr.text).not.toContain('warning:');
  });

  it('of the profile is found wherever profile set put it, whatever storage the session goes to', async () => {
    const machine = machineWith({ input: right });
    await runInProcess(machine, ['profile', 'set', 'web', ...confidential(), '--app-secret-stdin']);
    const flags = ['--profile', 'web', '--storage', 'file'];
    expect(await exchangedWith({}, flags)).toMatchObject({ code: 'code_rejected' });
  });

  it('of the profile survives a sign-in to another application with another secret', async () => {
    await runInProcess(machineWith({ input: right }), [
      ...['profile', 'set', 'default', ...confidential(), '--app-secret-stdin'],
    ]);
    // Another provider for once: the emulator's only other confidential applications take no other port either.
    const provider = await startPlainProvider();
    try {
      const browser = new HttpBrowser(fetch, personNamed({ username: 'carol', password: 'carol-password' }));
      const { clientId, clientSecret } = provider.clients.confidential;
      const other = { LOGTO_CLI_ISSUER: provider.issuer, LOGTO_APP_ID: clientId };
      const environment = { ...other, LOGTO_APP_SECRET: clientSecret };
      await runInProcess(machineWith({ browser, environment }), ['sign-in', '--port', '0']);
      await runInProcess(machineWith({ environment: other }), ['sign-out', '--local']);
    } finally {
      await provider.close();
    }
    expect(await findAppSecret(keychain, owner())).toBe(right);
  });

  it('that came with the sign-in stays until the sign-out', async () => {
    const provider = await startPlainProvider();
    try {
      const browser = new HttpBrowser(fetch, personNamed({ username: 'carol', password: 'carol-password' }));
      const { clientId, clientSecret } = provider.clients.confidential;
      const flags = ['--issuer', provider.issuer, '--app-id', clientId];
      const environment = { LOGTO_APP_SECRET: clientSecret };
      await runInProcess(machineWith({ browser, environment }), ['sign-in', ...flags, '--port', '0']);
      const owner = { issuer: provider.issuer, appId: clientId };
      expect(await findAppSecret(keychain, owner)).toBe(clientSecret);
      expect(await keychain.get('appSecret')).toBeNull();
      expect(await readFile(join(home, 'config.json'), 'utf8')).not.toContain(clientSecret);
      await runInProcess(machineWith(), ['sign-out', '--local']);
      expect(await findAppSecret(keychain, owner)).toBeNull();
    } finally {
      await provider.close();
    }
  });
});

function unavailable(): LogtoError {
  return new LogtoError(
    'storage_unavailable',
    'There is no keychain.',
    'Use --storage file (LOGTO_CLI_STORAGE).',
  );
}
