import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { defaultSeed } from '../../src/emulator/seed.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import { ExperienceBrowser } from './experience-browser.js';
import {
  authorizationUrl,
  exchange,
  locationOf,
  open,
  post,
  refresh,
  signIn,
  tokens,
  userInfo,
} from './raw-client.js';

// What a real Logto 1.42 answered to the same requests; which of them it asks at is read in its source.

const key = 'key-of-this-emulator';
const denied = {
  status: 400,
  body: {
    code: 'oidc.access_denied',
    message: 'Access denied.',
    error: 'access_denied',
    error_description: 'Access denied.',
  },
};

let emulator: Emulator;
let issuer: string;
beforeAll(async () => {
  const { applications, users } = defaultSeed();
  emulator = await startEmulator({
    controlKey: key,
    seed: {
      applications: applications.map((application) =>
        application.type === 'MachineToMachine'
          ? application
          : { ...application, accessControl: { users: ['alice'], roles: ['staff', 'guest'] } },
      ),
      users: users.map((user) => (user.username === 'bob' ? { ...user, roles: ['other', 'guest'] } : user)),
    },
  });
  ({ issuer } = emulator);
});
afterAll(() => emulator.close());

/** Tells the emulator which roles bob has from now on. */
async function bobIs(...roles: readonly string[]): Promise<void> {
  const { status } = await fetch(`${emulator.endpoint}/.emulator`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ users: [{ username: 'bob', roles }] }),
  });
  expect(status).toBe(200);
}
beforeEach(() => bobIs('other', 'guest'));

describe('application access control', () => {
  it('lets in whom it names, and whoever has one of its roles', async () => {
    for (const username of ['alice', 'bob']) {
      expect(await tokens(issuer, 'emulator-native', {}, undefined, username)).toMatchObject({ status: 200 });
    }
  });

  it('shows anybody else a page after the sign-in, and sends no browser back', async () => {
    await bobIs('other');
    const bob = await new ExperienceBrowser(emulator).begin();
    await bob.start();
    expect(await bob.identify(await bob.password('bob', 'username', 'emulator-only-bob'))).toMatchObject({
      status: 204,
    });
    const { status, body } = await bob.submit();
    expect(status).toBe(200);
    const consent = locationOf(await open(body.redirectTo, bob.cookies));
    expect(consent.pathname).toBe('/consent');
    for (const method of ['GET', 'POST']) {
      const page = await open(consent.href, bob.cookies, { method });
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(await page.text()).toContain('<h1>Access denied</h1>');
      const answer = await bob.call(method, '/interaction/consent');
      expect(answer).toMatchObject({ status: 400 });
      expect(answer.body).toEqual({ code: 'oidc.access_denied', message: 'Access denied.' });
    }
    // Once he may, the same sign-in goes on.
    await bobIs('staff');
    const end = await bob.follow(locationOf(await open(consent.href, bob.cookies)).href);
    expect(end.searchParams.get('code')).not.toBeNull();
  });

  it.each([
    ['without a prompt', { prompt: undefined }],
    ['with prompt=none', { prompt: 'none' }],
  ])('sends back whoever is signed in and had agreed, %s', async (_, prompt) => {
    const cookies = new CookieJar();
    await signIn(issuer, 'emulator-spa', {}, cookies, 'bob');
    const again = async () => {
      const answer = await open(authorizationUrl(issuer, 'emulator-spa', prompt), cookies);
      return locationOf(answer).searchParams;
    };
    expect((await again()).get('code')).not.toBeNull();
    await bobIs();
    expect(Object.fromEntries(await again())).toEqual({
      error: 'access_denied',
      error_description: 'Access denied.',
      state: 'some-state',
      iss: issuer,
    });
  });

  it('is asked at a refresh, which takes nothing, and not at UserInfo', async () => {
    const { body } = await tokens(issuer, 'emulator-native', {}, undefined, 'bob');
    await bobIs();
    expect(await refresh(issuer, 'emulator-native', body.refresh_token)).toMatchObject(denied);
    // Before whatever else is wrong with the request.
    const elsewhere = { organization_id: 'emulator-org-acme' };
    expect(await refresh(issuer, 'emulator-native', body.refresh_token, elsewhere)).toMatchObject(denied);
    expect(await userInfo(issuer, body.access_token)).toMatchObject({ status: 200 });
    await bobIs('guest');
    expect(await refresh(issuer, 'emulator-native', body.refresh_token)).toMatchObject({ status: 200 });
  });

  it('is not asked where a code is exchanged', async () => {
    const { code } = await signIn(issuer, 'emulator-native', {}, undefined, 'bob');
    await bobIs();
    expect(await exchange(issuer, 'emulator-native', code)).toMatchObject({ status: 200 });
  });

  it('is asked of whom a token is that is exchanged, once it is found good', async () => {
    const swap = (token: string) =>
      post(`${issuer}/token`, 'emulator-traditional', {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      });
    const { body } = await tokens(issuer, 'emulator-native', {}, undefined, 'bob');
    expect(await swap(body.access_token)).toMatchObject({ status: 200 });
    await bobIs();
    expect(await swap(body.access_token)).toMatchObject(denied);
    expect(await swap('made-up')).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('leaves a sign-in on another device on the same page', async () => {
    await bobIs();
    const { body } = await post(`${issuer}/device/auth`, 'emulator-device', { scope: 'openid' });
    const cookies = new CookieJar();
    const form = async (response: Response, fields: Record<string, string>) => {
      const xsrf = /name="xsrf" value="([^"]+)"/.exec(await response.text())?.[1] ?? '';
      return new URLSearchParams({ xsrf, ...fields });
    };
    let response = await open(body.verification_uri_complete, cookies);
    while (response.status === 302) response = await open(locationOf(response).href, cookies);
    const fields = { user_code: body.user_code, confirm: 'yes' };
    const confirmed = { method: 'POST', body: await form(response, fields) };
    response = await open(`${issuer}/device`, cookies, confirmed);
    const identifier = new URLSearchParams({ identifier: 'bob', password: 'emulator-only-bob' });
    response = await open(locationOf(response).href, cookies, { method: 'POST', body: identifier });
    while ([302, 303].includes(response.status)) response = await open(locationOf(response).href, cookies);
    expect(await response.text()).toContain('<h1>Access denied</h1>');
    const poll = {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: body.device_code,
    };
    expect(await post(`${issuer}/token`, 'emulator-device', poll)).toMatchObject({
      body: { error: 'authorization_pending' },
    });
  });

  it('is told on the overview', async () => {
    const page = await (await fetch(emulator.endpoint)).text();
    expect(page).toContain('<dt>Only for</dt><dd><code>alice</code><code>role staff</code>');
  });
});
