import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import {
  type AppId,
  appIds,
  authorizationUrl,
  callback,
  locationOf,
  open,
  type Parameters,
  read,
  signIn,
} from './raw-client.js';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

const authorize = (appId: string, overrides: Parameters = {}, cookies = new CookieJar()) =>
  open(authorizationUrl(emulator.issuer, appId, overrides), cookies);

describe('a request that cannot be trusted is answered 400 with JSON and never redirected', () => {
  const notRegistered = {
    code: 'oidc.invalid_redirect_uri',
    error: 'invalid_redirect_uri',
    error_description: "redirect_uri did not match any of the client's registered redirect_uris",
  };
  it.each([
    ['another path', { redirect_uri: 'http://localhost:3000/other' }, notRegistered],
    ['a trailing slash', { redirect_uri: `${callback}/` }, notRegistered],
    ['an extra query', { redirect_uri: `${callback}?a=b` }, notRegistered],
    ['a fragment', { redirect_uri: `${callback}#a` }, notRegistered],
    ['something that is no URL', { redirect_uri: 'callback' }, notRegistered],
    [
      'an unknown application',
      { client_id: 'nobody' },
      { error: 'invalid_client', error_description: 'invalid client nobody' },
    ],
    ['no application', { client_id: undefined }, { error: 'invalid_request' }],
  ] as const)('%s', async (_case, overrides, expected) => {
    const answer = await read(await authorize('emulator-spa', overrides));
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject(expected);
  });

  it('an application named twice', async () => {
    const url = `${authorizationUrl(emulator.issuer, 'emulator-spa')}&client_id=emulator-spa`;
    expect(await read(await open(url))).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  it('is JSON even for a browser, and plain OAuth with parse_error=false', async () => {
    const url = authorizationUrl(emulator.issuer, 'nobody');
    const answer = await read(await open(url, new CookieJar(), { headers: { accept: 'text/html' } }));
    expect(answer.body).toMatchObject({ code: 'oidc.invalid_client', message: expect.any(String) });
    const plain = await read(await open(`${url}&parse_error=false`));
    expect(plain.body).toEqual({
      error: 'invalid_client',
      error_description: 'invalid client nobody',
      state: 'some-state',
      iss: emulator.issuer,
    });
  });
});

describe('a wrong request is redirected back with error, state and iss', () => {
  const policy = 'Authorization Server policy requires PKCE to be used for this request';
  const noPkce = { code_challenge: undefined, code_challenge_method: undefined };
  it.each([
    ['Native without PKCE', 'emulator-native', noPkce, 'invalid_request', policy],
    ['SPA without PKCE', 'emulator-spa', noPkce, 'invalid_request', policy],
    [
      'the plain method',
      'emulator-traditional',
      { code_challenge_method: 'plain' },
      'invalid_request',
      'not supported value of code_challenge_method',
    ],
    [
      'a challenge without method',
      'emulator-spa',
      { code_challenge_method: undefined },
      'invalid_request',
      'code_challenge_method must be provided',
    ],
    [
      'a short challenge',
      'emulator-spa',
      { code_challenge: 'short' },
      'invalid_request',
      'code_challenge must be a string with a minimum length of 43 characters',
    ],
    ['no response_type', 'emulator-spa', { response_type: undefined }, 'invalid_request', undefined],
    ['web_message', 'emulator-spa', { response_mode: 'web_message' }, 'unsupported_response_mode', undefined],
    ['prompt=none login', 'emulator-spa', { prompt: 'none login' }, 'invalid_request', undefined],
    [
      'prompt=create',
      'emulator-spa',
      { prompt: 'create' },
      'invalid_request',
      'unsupported prompt value requested',
    ],
    [
      'prompt=select_account',
      'emulator-spa',
      { prompt: 'select_account' },
      'invalid_request',
      'unsupported prompt value requested',
    ],
    ['prompt=none without a session', 'emulator-spa', { prompt: 'none' }, 'login_required', undefined],
    ['a max_age that is no number', 'emulator-spa', { max_age: 'abc' }, 'invalid_request', undefined],
    ['a bad id_token_hint', 'emulator-spa', { id_token_hint: 'abc' }, 'invalid_request', undefined],
    [
      'an unknown resource',
      'emulator-spa',
      { resource: 'https://unknown.example.test' },
      'invalid_target',
      'resource indicator is missing, or unknown',
    ],
    ['a resource that is no URI', 'emulator-spa', { resource: 'things' }, 'invalid_target', undefined],
    ['a request object', 'emulator-spa', { request: 'x' }, 'request_not_supported', undefined],
    [
      'a foreign request_uri',
      'emulator-spa',
      { request_uri: 'https://a.test/' },
      'request_uri_not_supported',
      undefined,
    ],
  ] as const)('%s', async (_case, appId, overrides, error, description) => {
    const response = await authorize(appId, overrides);
    expect(response.status).toBe(303);
    const location = locationOf(response);
    expect(location.origin + location.pathname).toBe(callback);
    expect(Object.fromEntries(location.searchParams)).toMatchObject({
      error,
      state: 'some-state',
      iss: emulator.issuer,
      ...(description === undefined ? {} : { error_description: description }),
    });
  });

  it.each([
    ['token', 'unsupported_response_type'],
    ['id_token', 'invalid_request'],
    ['code id_token', 'invalid_request'],
  ])('response_type=%s, in the fragment', async (responseType, error) => {
    const { hash } = locationOf(await authorize('emulator-spa', { response_type: responseType }));
    expect(new URLSearchParams(hash.slice(1)).get('error')).toBe(error);
  });

  it('a state given twice, which then does not come back', async () => {
    const location = locationOf(
      await open(`${authorizationUrl(emulator.issuer, 'emulator-spa')}&state=again`),
    );
    expect(location.searchParams.get('error_description')).toBe(
      "'state' parameter must not be provided twice",
    );
    expect(location.searchParams.has('state')).toBe(false);
  });

  it('with response_mode=form_post, as a page of status 400', async () => {
    const response = await authorize('emulator-spa', { response_mode: 'form_post', prompt: 'none' });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('name="error" value="login_required"');
  });
});

describe('a request is accepted', () => {
  it.each([
    ['Traditional without PKCE', { code_challenge: undefined, code_challenge_method: undefined }],
    ['without redirect_uri, since one is registered', { redirect_uri: undefined }],
    ['without state', { state: undefined }],
    ['with unknown parameters, acr_values and claims', { foo: 'bar', acr_values: 'a', claims: 'ignored' }],
    ['with unknown scopes', { scope: 'openid unknown' }],
    ['with prompt=login consent', { prompt: 'login consent' }],
  ] as const)('%s', async (_case, overrides) => {
    const response = await authorize('emulator-traditional', overrides);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/sign-in?app_id=emulator-traditional');
  });

  it.each([
    ['a form', (parameters: URLSearchParams) => parameters, undefined],
    [
      'JSON',
      (parameters: URLSearchParams) => JSON.stringify(Object.fromEntries(parameters)),
      'application/json',
    ],
  ])('as POST of %s', async (_case, body, contentType) => {
    const { searchParams } = new URL(authorizationUrl(emulator.issuer, 'emulator-native'));
    const response = await open(`${emulator.issuer}/auth`, new CookieJar(), {
      method: 'POST',
      body: body(searchParams),
      ...(contentType === undefined ? {} : { headers: { 'content-type': contentType } }),
    });
    expect(response.headers.get('location')).toBe('/sign-in?app_id=emulator-native');
  });

  it('but without any scope ends in access_denied after the sign-in', async () => {
    const { callbackUrl } = await signIn(emulator.issuer, 'emulator-spa', {
      scope: undefined,
      nonce: undefined,
    });
    expect(callbackUrl.searchParams.get('error')).toBe('access_denied');
    expect(callbackUrl.searchParams.has('code')).toBe(false);
  });

  it('and succeeds with state, code and iss', async () => {
    for (const appId of appIds) {
      const { callbackUrl } = await signIn(emulator.issuer, appId);
      expect(Object.fromEntries(callbackUrl.searchParams)).toEqual({
        code: expect.stringMatching(/^.{43}$/),
        state: 'some-state',
        iss: emulator.issuer,
      });
    }
  });

  it('when it was pushed before', async () => {
    const { searchParams } = new URL(authorizationUrl(emulator.issuer, 'emulator-native'));
    const pushed = await read(
      await open(`${emulator.issuer}/request`, new CookieJar(), { method: 'POST', body: searchParams }),
    );
    expect(pushed).toMatchObject({
      status: 201,
      body: { expires_in: 60, request_uri: expect.stringMatching(/^urn:/) },
    });
    const query = new URLSearchParams({
      client_id: 'emulator-native',
      request_uri: pushed.body.request_uri,
    });
    for (const _twice of [1, 2]) {
      expect((await open(`${emulator.issuer}/auth?${query}`)).headers.get('location')).toMatch(
        /^\/sign-in\?/,
      );
    }
  });

  it('but not pushed with a bad redirect_uri, nor by a Traditional application without its secret', async () => {
    const push = (appId: string, overrides: Parameters) =>
      open(`${emulator.issuer}/request`, new CookieJar(), {
        method: 'POST',
        body: new URL(authorizationUrl(emulator.issuer, appId, overrides)).searchParams,
      }).then(read);
    expect(await push('emulator-native', { redirect_uri: 'http://localhost:3000/x' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
    expect(await push('emulator-traditional', {})).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
  });
});

describe('with a session', () => {
  const again = async (appId: AppId, overrides: Parameters) => {
    const { cookies } = await signIn(emulator.issuer, appId);
    return locationOf(await authorize(appId, overrides, cookies));
  };

  it.each([
    [{ prompt: 'login' }, '/sign-in'],
    [{ prompt: 'login', first_screen: 'register' }, '/register'],
    [{ max_age: '0' }, '/sign-in'],
    [{ first_screen: 'register', login_hint: 'bob' }, '/consent'],
  ] as const)('%o leads to %s', async (overrides, path) => {
    expect((await again('emulator-spa', overrides)).pathname).toBe(path);
  });

  it('nobody has to sign in again', async () => {
    const { cookies } = await signIn(emulator.issuer, 'emulator-native');
    const { callbackUrl } = await signIn(emulator.issuer, 'emulator-native', {}, cookies, 'nobody');
    expect(callbackUrl.searchParams.get('code')).toBeTruthy();
  });

  it('prompt=none never succeeds for a Native application', async () => {
    const { searchParams } = await again('emulator-native', { prompt: 'none' });
    expect(searchParams.get('error')).toBe('interaction_required');
    expect(searchParams.get('error_description')).toBe('native clients require End-User interaction');
  });

  it.each(['emulator-traditional', 'emulator-spa'] as const)(
    'prompt=none succeeds for %s when it was allowed before',
    async (appId) => {
      expect((await again(appId, { prompt: 'none' })).searchParams.has('code')).toBe(true);
      const more = await again(appId, { prompt: 'none', scope: 'openid email' });
      expect(more.searchParams.get('error')).toBe('consent_required');
    },
  );

  it('another user can sign in instead', async () => {
    const { cookies } = await signIn(emulator.issuer, 'emulator-spa');
    const { code } = await signIn(emulator.issuer, 'emulator-spa', { prompt: 'login' }, cookies, 'bob');
    expect(code).not.toBe('');
  });
});

describe("Logto's parameters choose the page", () => {
  it.each([
    [{}, '/sign-in?app_id=emulator-spa'],
    [{ first_screen: 'sign_in' }, '/sign-in?app_id=emulator-spa'],
    [{ first_screen: 'signIn' }, '/sign-in?app_id=emulator-spa'],
    [{ first_screen: 'register' }, '/register?app_id=emulator-spa'],
    [{ first_screen: 'reset_password' }, '/reset-password?app_id=emulator-spa'],
    [{ first_screen: 'identifier:sign_in' }, '/identifier-sign-in?app_id=emulator-spa'],
    [{ first_screen: 'identifier:register' }, '/identifier-register?app_id=emulator-spa'],
    [{ first_screen: 'single_sign_on' }, '/single-sign-on?app_id=emulator-spa'],
    [{ interaction_mode: 'signUp' }, '/register?app_id=emulator-spa'],
    [{ interaction_mode: 'signIn' }, '/sign-in?app_id=emulator-spa'],
    [{ interaction_mode: 'signUp', first_screen: 'sign_in' }, '/sign-in?app_id=emulator-spa'],
    [{ direct_sign_in: 'social:google' }, '/direct/social/google?app_id=emulator-spa&fallback=sign-in'],
    [
      { direct_sign_in: 'social:google', first_screen: 'register' },
      '/direct/social/google?app_id=emulator-spa&fallback=register',
    ],
    [{ direct_sign_in: 'sso:ID' }, '/direct/sso/ID?app_id=emulator-spa&fallback=sign-in'],
    [{ google_one_tap_credential: 'x' }, '/direct/social/google?app_id=emulator-spa&fallback=sign-in'],
    [
      { login_hint: 'a b', identifier: 'email', one_time_token: 't', organization_id: 'o', ui_locales: 'fr' },
      '/sign-in?app_id=emulator-spa&organization_id=o&ui_locales=fr&one_time_token=t&login_hint=a+b&identifier=email',
    ],
  ] as const)('%o', async (overrides, location) => {
    expect((await authorize('emulator-spa', overrides)).headers.get('location')).toBe(location);
  });

  it.each([
    { first_screen: 'BOGUS' },
    { first_screen: 'signUp' },
    { interaction_mode: 'register', first_screen: 'register' },
  ])('one bad value drops all: %o', async (bad) => {
    const overrides = { login_hint: 'a@b.c', organization_id: 'o', ui_locales: 'fr', ...bad };
    const response = await authorize('emulator-spa', overrides);
    expect(response.headers.get('location')).toBe('/sign-in?app_id=emulator-spa');
  });
});

describe('redirect URIs, when only http://localhost:3000/callback is registered', () => {
  it.each([
    ['http://localhost:3000/callback', true, true],
    ['http://localhost:4567/callback', true, false],
    ['http://localhost/callback', true, false],
    ['http://127.0.0.1:3000/callback', false, false],
    ['http://[::1]:3000/callback', false, false],
    ['https://localhost:3000/callback', false, false],
    ['http://LOCALHOST:3000/callback', true, true],
    ['http://localhost:3000/a/../callback', true, true],
    ['http://localhost:3000/Callback', false, false],
    ['http://localhost:3000/callback/', false, false],
    ['http://localhost:3000/callback?', false, false],
    ['http://localhost:3000/callback#f', false, false],
  ])('%s: Native %s, others %s', async (redirectUri, native, others) => {
    const allowed = async (appId: AppId) => {
      const response = await authorize(appId, { redirect_uri: redirectUri });
      if (response.status === 303) return true;
      expect((await read(response)).body.error).toBe('invalid_redirect_uri');
      return false;
    };
    expect(await allowed('emulator-native')).toBe(native);
    expect(await allowed('emulator-traditional')).toBe(others);
    expect(await allowed('emulator-spa')).toBe(others);
  });

  it('custom schemes match, and several registered URIs make the parameter necessary', async () => {
    const custom = await startEmulator({
      seed: {
        applications: [
          {
            type: 'Native',
            appId: 'app',
            redirectUris: ['com.example.app:/callback', 'http://127.0.0.1/callback'],
            postLogoutRedirectUris: [],
          },
        ],
        users: [],
      },
    });
    try {
      const status = async (overrides: Parameters) =>
        (await open(authorizationUrl(custom.issuer, 'app', overrides))).status;
      expect(await status({ redirect_uri: 'com.example.app:/callback' })).toBe(303);
      expect(await status({ redirect_uri: 'http://127.0.0.1:4321/callback' })).toBe(303);
      expect(await status({ redirect_uri: 'http://localhost:4321/callback' })).toBe(400);
      const none = await read(
        await open(authorizationUrl(custom.issuer, 'app', { redirect_uri: undefined })),
      );
      expect(none).toMatchObject({
        status: 400,
        body: { error_description: "missing required parameter 'redirect_uri'" },
      });
    } finally {
      await custom.close();
    }
  });
});
