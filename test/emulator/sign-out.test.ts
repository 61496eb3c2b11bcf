import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import { followSignOut } from '../../src/headless/follow-sign-in.js';
import {
  exchange,
  locationOf,
  open,
  type Parameters,
  rawFetch,
  read,
  refresh,
  signIn,
  userInfo,
} from './raw-client.js';

let emulator: Emulator;
let issuer: string;
beforeAll(async () => {
  emulator = await startEmulator();
  issuer = emulator.issuer;
});
afterAll(() => emulator.close());

type Query = Readonly<Record<string, string | undefined>>;
const home = 'http://localhost:3000/';
const endSessionUrl = (parameters: Query) => {
  const url = new URL(`${issuer}/session/end`);
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
};
const signOut = (parameters: Query, cookies = new CookieJar()) =>
  followSignOut({ endSessionUrl: endSessionUrl(parameters), fetch: rawFetch, cookies });
const native = { client_id: 'emulator-native', post_logout_redirect_uri: home };

/** Signs in for tokens and a session. */
async function session(overrides: Parameters = {}) {
  const { code, cookies } = await signIn(issuer, 'emulator-native', overrides);
  return { cookies, body: (await exchange(issuer, 'emulator-native', code)).body };
}

async function isSignedIn(cookies: CookieJar): Promise<boolean> {
  const parameters = new URLSearchParams({
    client_id: 'emulator-traditional',
    response_type: 'code',
    scope: 'openid',
    prompt: 'none',
  });
  const location = locationOf(await open(`${issuer}/auth?${parameters}`, cookies));
  return location.searchParams.get('error') !== 'login_required';
}

describe('a sign-out', () => {
  it('is a page with a form that sends itself, and a button without scripts', async () => {
    const { cookies } = await session();
    const response = await open(endSessionUrl(native), cookies);
    expect(response.status).toBe(200);
    const page = await response.text();
    expect(page).toContain('document.forms[0].submit()');
    expect(page).toContain('<button type="submit"');
    const nonce = /<script nonce="([^"]+)"/.exec(page)?.[1];
    expect(response.headers.get('content-security-policy')).toContain(`script-src 'nonce-${nonce}'`);
  });

  it('ends the session and leads to the registered URI with the state', async () => {
    const { cookies } = await session();
    expect(await isSignedIn(cookies)).toBe(true);
    expect(await signOut({ ...native, state: 'out' }, cookies)).toBe(`${home}?state=out`);
    expect(await isSignedIn(cookies)).toBe(false);
  });

  it('works without a session too', async () => {
    const response = await open(endSessionUrl(native));
    expect(response.status).toBe(200);
    const page = await response.text();
    expect(page).toContain('<title>One moment</title>');
    expect(page).not.toContain('noscript');
    expect(await signOut({ ...native, state: 'out' })).toBe(`${home}?state=out`);
  });

  it('accepts an id_token_hint instead of client_id', async () => {
    const { cookies, body } = await session();
    const hint = { id_token_hint: body.id_token, post_logout_redirect_uri: home };
    expect(await signOut(hint, cookies)).toBe(home);
  });

  it('by POST is the same', async () => {
    const body = new URLSearchParams(native);
    const response = await open(`${issuer}/session/end`, new CookieJar(), { method: 'POST', body });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('session/end/confirm');
  });

  it('without an application ignores the URI and ends on a page of its own', async () => {
    const { cookies } = await session();
    const end = await signOut({ post_logout_redirect_uri: home }, cookies);
    expect(end).toBe(`${issuer}/session/end/success`);
    expect(await (await open(end)).text()).toContain('You have successfully signed out.');
    expect(await isSignedIn(cookies)).toBe(false);
  });

  it('needs no trailing slash where the registered URI is a bare origin', async () => {
    expect(await signOut({ ...native, post_logout_redirect_uri: 'http://localhost:3000' })).toBe(home);
  });

  it.each([
    [
      'an unregistered URI',
      { post_logout_redirect_uri: `${home}other` },
      'post_logout_redirect_uri not registered',
    ],
    [
      'another port, even for Native',
      { post_logout_redirect_uri: 'http://localhost:4000/' },
      'post_logout_redirect_uri not registered',
    ],
    ['a garbage hint', { client_id: undefined, id_token_hint: 'garbage' }, 'could not decode id_token_hint'],
    ['an unknown application', { client_id: 'nobody' }, 'invalid client nobody'],
  ])('with %s is answered 400 with JSON, and the session lives', async (_case, overrides, description) => {
    const { cookies } = await session();
    const answer = await read(await open(endSessionUrl({ ...native, ...overrides }), cookies));
    expect(answer).toMatchObject({
      status: 400,
      body: { code: expect.any(String), error_description: description },
    });
    expect(await isSignedIn(cookies)).toBe(true);
  });

  it('with a hint for another application is refused', async () => {
    const { body } = await session();
    const url = endSessionUrl({ client_id: 'emulator-spa', id_token_hint: body.id_token });
    expect((await open(url)).status).toBe(400);
  });

  it('is confirmed only with the secret of its form, and only if the form says so', async () => {
    const { cookies } = await session();
    const page = await (await open(endSessionUrl(native), cookies)).text();
    const confirm = (fields: Record<string, string>) =>
      open(`${issuer}/session/end/confirm`, cookies, { method: 'POST', body: new URLSearchParams(fields) });
    const wrong = await read(await confirm({ xsrf: 'wrong', logout: 'yes' }));
    expect(wrong).toMatchObject({ status: 400, body: { error_description: 'xsrf token invalid' } });
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
    expect((await confirm({ xsrf })).headers.get('location')).toBe(home);
    expect(await isSignedIn(cookies)).toBe(true);
  });

  it('leaves offline_access tokens alive', async () => {
    const { cookies, body } = await session();
    await signOut(native, cookies);
    expect((await userInfo(issuer, body.access_token)).status).toBe(200);
    expect((await refresh(issuer, 'emulator-native', body.refresh_token)).status).toBe(200);
  });

  it('ends the access token that is bound to the session', async () => {
    const { cookies, body } = await session({ scope: 'openid' });
    expect((await userInfo(issuer, body.access_token)).status).toBe(200);
    await signOut(native, cookies);
    expect((await userInfo(issuer, body.access_token)).status).toBe(401);
  });
});
