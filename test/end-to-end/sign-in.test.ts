import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callbackOf } from '../support/http-browser.js';
import { documentOf, startProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { browserVariable } from './browser-variable.js';
import { type Providers, type RegistrationName, startProviders } from './providers.js';
import {
  browserOf,
  expectNothingSecret,
  fetchOnce,
  filesOf,
  moment,
  secretsIn,
  signIn,
  startSignIn,
  tokensOf,
  withoutLine,
} from './sign-in-run.js';

let providers: Providers;
beforeAll(async () => {
  providers = await startProviders();
});
afterAll(() => providers.close());

const emulated: readonly RegistrationName[] = ['native', 'traditional', 'spa'];
const others: readonly RegistrationName[] = ['plainPublic', 'plainConfidential'];

describe('sign-in', () => {
  it.each(emulated)('signs in at a Logto-compatible provider (%s)', async (name) => {
    const home = await temporaryDirectory();
    const registration = providers[name];

    const { outcome, url, browser } = await signIn(registration, providers.port, { home }, ['--json']);

    expect(outcome.exitCode).toBe(0);
    const scopes = ['openid', 'profile', 'offline_access'];
    expect(documentOf(outcome)).toEqual({
      profile: 'default',
      issuer: registration.issuer,
      endpoint: registration.endpoint,
      appId: registration.appId,
      storage: 'file',
      subject: registration.user.id,
      claims: expect.objectContaining({
        iss: registration.issuer,
        sub: registration.user.id,
        aud: registration.appId,
        username: registration.user.username,
      }),
      scopes,
      signedInAt: moment,
      idTokenExpiresAt: moment,
      accessTokens: [{ resource: null, organization: null, scopes, expiresAt: moment }],
      hasRefreshToken: true,
    });
    const { origin, pathname, searchParams } = new URL(url);
    expect(origin + pathname).toBe(`${registration.issuer}/auth`);
    expect(searchParams.get('prompt')).toBe('consent');
    expect(searchParams.get('code_challenge_method')).toBe('S256');
    expect(searchParams.get('redirect_uri')).toBe(`http://localhost:${providers.port}/callback`);
    const [page] = browser.pages;
    expect(page?.text).toContain('You are signed in');
    expect(page?.url).not.toMatch(/code=|state=/);
  });

  it.each(others)('signs in at any other OpenID Provider (%s)', async (name) => {
    const home = await temporaryDirectory();
    const registration = providers[name];

    const { outcome, url } = await signIn(registration, providers.port, { home }, [
      '--json',
      '--prompt',
      'consent',
    ]);

    expect(outcome.exitCode).toBe(0);
    const document = documentOf(outcome);
    expect(document).toMatchObject({
      issuer: registration.issuer,
      appId: registration.appId,
      subject: registration.user.id,
      hasRefreshToken: true,
    });
    expect(document).not.toHaveProperty('endpoint');
    expect(new URL(url).origin + new URL(url).pathname).toBe(`${registration.issuer}/authorize`);
  });

  it('sends another provider no prompt, and says how to get the refresh token that did not come', async () => {
    const home = await temporaryDirectory();

    const { outcome, url } = await signIn(providers.plainPublic, providers.port, { home }, ['--json']);

    expect(new URL(url).searchParams.get('prompt')).toBeNull();
    expect(documentOf(outcome).hasRefreshToken).toBe(false);
    expect(outcome.stderr).toContain('--prompt consent');
  });

  it.each(['traditional', 'plainPublic'] as const)(
    'shows the address alone on its line and gives nothing secret away (%s)',
    async (name) => {
      const home = await temporaryDirectory();
      const registration = providers[name];
      const { user, appSecret, endpoint } = registration;

      const { outcome, url, browser } = await signIn(registration, providers.port, { home }, ['--verbose']);

      expect(outcome.exitCode).toBe(0);
      expect(outcome.stdout).toContain(`Signed in as ${endpoint === undefined ? user.id : user.username}\n`);
      expect(outcome.stdout).toMatch(/tokens kept in +file\n/);
      const callback = browser.visited.find((visited) => visited.includes('/callback?')) ?? '';
      const code = new URL(callback).searchParams.get('code') ?? 'no code';
      const secrets = [...secretsIn(tokensOf(home)), code, user.password, appSecret ?? code];
      const [page] = browser.pages;
      const told = [withoutLine(outcome.stderr, url), page?.url, page?.text].join('\n');
      expectNothingSecret(told, url, secrets);
      expect(secrets.filter((secret) => outcome.stdout.includes(secret))).toEqual([]);
    },
  );

  it('takes the secret of a confidential application from standard input', async () => {
    const home = await temporaryDirectory();
    const { flags, appSecret = '', user } = providers.traditional;

    const { outcome } = await signIn(
      { ...providers.traditional, flags, appSecret: '' },
      providers.port,
      { home, stdin: `${appSecret}\n` },
      ['--app-secret-stdin', '--json'],
    );

    expect(outcome.exitCode).toBe(0);
    expect(documentOf(outcome).subject).toBe(user.id);
    expect(JSON.stringify(filesOf(home)['config.json'])).not.toContain(appSecret);
  });

  it('starts what BROWSER names, without our secret variables, and shows the address all the same', async () => {
    const home = await temporaryDirectory();
    const { traditional, port } = providers;
    const browser = browserVariable(home, traditional.user);
    const secret = { LOGTO_APP_SECRET: traditional.appSecret ?? '' };
    const command = ['sign-in', ...traditional.flags, '--port', String(port), '--storage', 'file', '--json'];

    const program = startProgram(command, { home, environment: { ...browser.environment, ...secret } });
    const url = await program.address();
    const outcome = await program.ended;

    expect(outcome.exitCode).toBe(0);
    expect(documentOf(outcome).subject).toBe(traditional.user.id);
    const record = await browser.shown();
    expect(record.arguments).toEqual([url]);
    expect(record.variables.join('\n')).not.toContain(traditional.appSecret);
    expect(record.page.text).toContain('You are signed in');
    expect(record.page.url).not.toMatch(/code=|state=/);
  });

  it('registers a new user with --sign-up', async () => {
    const home = await temporaryDirectory();
    const newcomer = { id: '', username: 'newcomer', password: 'a new password' };

    const { outcome, url } = await signIn(
      providers.native,
      providers.port,
      { home },
      ['--sign-up', '--json'],
      browserOf(newcomer, true),
    );

    expect(outcome.exitCode).toBe(0);
    expect(documentOf(outcome).claims.username).toBe('newcomer');
    const { searchParams } = new URL(url);
    expect(searchParams.get('first_screen')).toBe('register');
    expect(searchParams.get('prompt')).toBe('login consent');
  });

  it('listens on any free port with --port 0', async () => {
    const home = await temporaryDirectory();

    const { outcome, url } = await signIn(providers.native, 0, { home }, ['--json']);

    expect(outcome.exitCode).toBe(0);
    const redirectUri = new URL(new URL(url).searchParams.get('redirect_uri') ?? '');
    expect(Number(redirectUri.port)).toBeGreaterThan(0);
  });

  it('sends what was asked for, once each', async () => {
    const home = await temporaryDirectory();
    const program = startSignIn(providers.native, providers.port, { home }, [
      ...['--scope', 'email,phone', '--scope', 'email', '--login-hint', 'alice', '--max-age', '60'],
      ...['--ui-locales', 'fr en', '--acr-values', 'urn:a', '--param', 'x=1=2', '--first-screen', 'sign_in'],
      ...['--direct-sign-in', 'social:google', '--identifier', 'email', '--identifier', 'username'],
    ]);

    const { searchParams } = new URL(await program.address());

    expect(Object.fromEntries(searchParams)).toMatchObject({
      scope: 'openid profile offline_access email phone',
      login_hint: 'alice',
      max_age: '60',
      ui_locales: 'fr en',
      acr_values: 'urn:a',
      x: '1=2',
      first_screen: 'sign_in',
      direct_sign_in: 'social:google',
      identifier: 'email username',
      prompt: 'login consent',
    });
    expect([...searchParams.keys()]).toEqual([...new Set(searchParams.keys())]);
  });

  it('remembers the storage for the profile, and keeps nothing with --storage memory', async () => {
    const home = await temporaryDirectory();
    await signIn(providers.native, providers.port, { home });
    const program = startProgram(
      ['sign-in', ...providers.native.flags, '--port', String(providers.port), '--no-browser', '--json'],
      { home },
    );
    await browserOf(providers.native.user).open(await program.address());
    expect(documentOf(await program.ended).storage).toBe('file');

    const other = await temporaryDirectory();
    const { outcome } = await signIn(providers.native, providers.port, { home: other }, [
      '--storage',
      'memory',
      '--json',
    ]);
    expect(documentOf(outcome).storage).toBe('memory');
    expect(JSON.stringify(filesOf(other))).not.toContain('idToken');
  });

  it('goes on waiting when a stranger calls, and says so', async () => {
    const home = await temporaryDirectory();
    const program = startSignIn(providers.native, providers.port, { home }, ['--json']);
    const url = await program.address();
    const state = 'state-of-an-earlier-sign-in';
    await fetchOnce(callbackOf(url, { state, error: 'access_denied' }));
    await program.line('stderr', /state.*ignored, still waiting/);

    await browserOf(providers.native.user).open(url);

    const outcome = await program.ended;
    expect(outcome.exitCode).toBe(0);
    expect(outcome.stderr).not.toContain(state);
  });

  it('says state_mismatch when only strangers called', async () => {
    const home = await temporaryDirectory();
    const program = startSignIn(providers.native, providers.port, { home }, ['--json', '--timeout', '2']);
    const url = await program.address();
    await fetchOnce(callbackOf(url, { state: 'another', code: 'c' }));

    const outcome = await program.ended;

    expect(outcome.exitCode).toBe(6);
    expect(documentOf(outcome).error.code).toBe('state_mismatch');
  });
});
