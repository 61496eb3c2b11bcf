import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import { followSignIn, followSignOut } from '../../src/headless/follow-sign-in.js';
import type { Fetch } from '../../src/network/fetch.js';
import { authorizationUrl, exchange, rawFetch } from '../emulator/raw-client.js';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

const alice = { username: 'alice', password: 'emulator-only-alice', fetch: rawFetch };
const url = (overrides = {}) => authorizationUrl(emulator.issuer, 'emulator-native', overrides);

describe('followSignIn', () => {
  it('returns the callback, not requested', async () => {
    const seen: string[] = [];
    const fetch: Fetch = (target, init) => {
      seen.push(target);
      return rawFetch(target, init);
    };
    const callback = await followSignIn({ ...alice, authorizationUrl: url(), fetch });
    expect(callback).toMatch(/^http:\/\/localhost:3000\/callback\?code=/);
    expect(seen.every((target) => target.startsWith(emulator.endpoint))).toBe(true);
  });

  it('registers a user, on whichever page the request begins', async () => {
    for (const [index, first_screen] of ['register', 'sign_in'].entries()) {
      const user = { username: `new_${index}`, password: 'long enough', fetch: rawFetch };
      const callback = await followSignIn({
        ...user,
        authorizationUrl: url({ first_screen }),
        signUp: true,
      });
      const code = new URL(callback).searchParams.get('code') ?? '';
      expect((await exchange(emulator.issuer, 'emulator-native', code)).status).toBe(200);
      expect(await followSignIn({ ...user, authorizationUrl: url() })).toContain('code=');
    }
  });

  it('signs an existing user in where the request begins with registration', async () => {
    const authorizationUrl = url({ first_screen: 'register' });
    expect(await followSignIn({ ...alice, authorizationUrl })).toContain('code=');
  });

  it.each([
    ['a wrong password', { password: 'wrong' }, 'Incorrect account or password. Please check your input.'],
    ['a taken username', { signUp: true }, 'This username is already in use.'],
    [
      'a weak password',
      { signUp: true, username: 'weak', password: 'short' },
      'Password requires a minimum of 8 characters.',
    ],
  ])('says what the page says about %s, without the password', async (_case, overrides, said) => {
    const error = await followSignIn({ ...alice, ...overrides, authorizationUrl: url() }).catch(
      (caught) => caught,
    );
    expect(error).toMatchObject({
      code: 'authorization_error',
      message: `The sign-in page refused: ${said}`,
    });
    expect(JSON.stringify(error)).not.toContain(alice.password);
  });

  it('names the OAuth error of a request that is refused on the spot', async () => {
    const authorizationUrl = url({ client_id: 'nobody' });
    await expect(followSignIn({ ...alice, authorizationUrl })).rejects.toMatchObject({
      code: 'authorization_error',
      details: { error: 'invalid_client', error_description: 'invalid client nobody' },
    });
  });

  it('returns an error response as it returns a code', async () => {
    const callback = await followSignIn({ ...alice, authorizationUrl: url({ prompt: 'none' }) });
    expect(new URL(callback).searchParams.get('error')).toBe('login_required');
  });

  it('does not follow pages that it does not know', async () => {
    const answer =
      (text: string, headers = {}) =>
      async () =>
        new Response(text, { headers: { 'content-type': 'text/html', ...headers } });
    for (const text of ['', '<form method="post"><input name="otp"></form>']) {
      await expect(
        followSignIn({ ...alice, authorizationUrl: url(), fetch: answer(text) }),
      ).rejects.toMatchObject({ code: 'provider_error' });
    }
    const away = answer('<form method="post" action="https://evil.test/"><input name="password"></form>');
    await expect(followSignIn({ ...alice, authorizationUrl: url(), fetch: away })).rejects.toMatchObject({
      code: 'provider_error',
      message: expect.stringContaining('leads away'),
    });
    const circle: Fetch = async (target) =>
      new Response(null, { status: 302, headers: { location: target } });
    await expect(followSignIn({ ...alice, authorizationUrl: url(), fetch: circle })).rejects.toMatchObject({
      code: 'provider_error',
    });
  });
});

describe('followSignOut', () => {
  it('ends the session of the same cookies', async () => {
    const cookies = new CookieJar();
    await followSignIn({ ...alice, authorizationUrl: url(), cookies });
    const endSessionUrl = `${emulator.issuer}/session/end?client_id=emulator-native&state=s&post_logout_redirect_uri=http://localhost:3000/`;
    expect(await followSignOut({ endSessionUrl, fetch: rawFetch, cookies })).toBe(
      'http://localhost:3000/?state=s',
    );
    const silent = authorizationUrl(emulator.issuer, 'emulator-traditional', { prompt: 'none' });
    const callback = await followSignIn({ ...alice, authorizationUrl: silent, cookies });
    expect(new URL(callback).searchParams.get('error')).toBe('login_required');
  });
});
