import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import {
  type AppId,
  api,
  authorizationUrl,
  callback,
  exchange,
  invalidGrant,
  locationOf,
  open,
  type Parameters,
  post,
  read,
  refresh,
  secret,
  signIn,
  tokens,
  userInfo,
  verifier,
} from './raw-client.js';

// What a real Logto 1.42 answered to the same requests.

let emulator: Emulator;
let issuer: string;
beforeAll(async () => {
  emulator = await startEmulator();
  ({ issuer } = emulator);
});
afterAll(() => emulator.close());

const authorize = (appId: string, overrides: Parameters = {}, cookies = new CookieJar()) =>
  open(authorizationUrl(issuer, appId, overrides), cookies);
const location = async (appId: string, overrides: Parameters) =>
  (await authorize(appId, overrides)).headers.get('location');

/** Without anything that a client adds by itself, and with nothing undone that the server did. */
function plainGet(url: string, headers: Readonly<Record<string, string>> = {}) {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer }>(
    (resolve, reject) => {
      const sent = request(url, { headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        );
      });
      sent.on('error', reject).end();
    },
  );
}

function sendJson(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(`${issuer}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: text,
  }).then(read);
}

const invalidRequest = (description: string) => ({
  code: 'oidc.invalid_request',
  message: 'Request is invalid.',
  error: 'invalid_request',
  error_description: description,
});

describe('what is published', () => {
  const discovery = () => `${issuer}/.well-known/openid-configuration`;

  it('has keys with the members of Logto, in its order', async () => {
    const { body, headers } = await plainGet(`${issuer}/jwks`);
    const { keys } = JSON.parse(body.toString());
    expect(Object.keys(keys[0])).toEqual(['kty', 'use', 'kid', 'alg', 'crv', 'x', 'y']);
    expect(keys[0].kid).toMatch(/^[\w-]{43}$/);
    expect(headers).toMatchObject({
      'content-type': expect.stringMatching(/^application\/jwk-set\+json/),
      'cache-control': 'no-cache, max-age=0, must-revalidate',
      vary: 'Accept-Encoding, Origin',
      etag: expect.stringMatching(/^"[\da-f]+-[\w+/]{27}"$/),
    });
  });

  it('has discovery under both names, with the same entity tag and without a word on caching', async () => {
    const [openid, oauth] = await Promise.all([
      plainGet(discovery()),
      plainGet(`${issuer}/.well-known/oauth-authorization-server`),
    ]);
    expect(oauth.body).toEqual(openid.body);
    expect(oauth.headers['etag']).toBe(openid.headers['etag']);
    expect(openid.headers['cache-control']).toBeUndefined();
  });

  it('is 304 to who has it already, by each way to say so', async () => {
    for (const url of [discovery(), `${issuer}/jwks`]) {
      const tag = String((await plainGet(url)).headers['etag']);
      for (const known of [tag, `W/${tag}`, '*', `"other", ${tag}`]) {
        const answer = await plainGet(url, { 'if-none-match': known });
        expect(answer).toMatchObject({ status: 304, body: Buffer.alloc(0) });
        expect(answer.headers['content-type']).toBeUndefined();
      }
      expect(await plainGet(url, { 'if-none-match': '"other"' })).toMatchObject({ status: 200 });
      const unwilling = { 'if-none-match': tag, 'cache-control': 'no-cache' };
      expect(await plainGet(url, unwilling)).toMatchObject({ status: 200 });
    }
  });

  it('changes its entity tag with its content', async () => {
    const rotating = await startEmulator();
    try {
      const before = await plainGet(`${rotating.issuer}/jwks`);
      rotating.setFaults({ jwks: 'empty' });
      const after = await plainGet(`${rotating.issuer}/jwks`);
      expect(after.headers['etag']).not.toBe(before.headers['etag']);
    } finally {
      await rotating.close();
    }
  });

  it('comes compressed where that is asked for, with the same entity tag', async () => {
    const plain = await plainGet(discovery());
    const packed = await plainGet(discovery(), { 'accept-encoding': 'gzip' });
    expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', etag: plain.headers['etag'] });
    expect(gunzipSync(packed.body)).toEqual(plain.body);
  });

  it.each(['OPTIONS', 'POST', 'PUT'])('is unrecognized by %s', async (method) => {
    const answer = await fetch(discovery(), { method }).then(read);
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringContaining('unrecognized route'),
    });
  });

  it('answers a preflight of any origin', async () => {
    const headers = { origin: 'https://spa.test', 'access-control-request-method': 'GET' };
    const answer = await fetch(discovery(), { method: 'OPTIONS', headers });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-max-age')).toBe('3600');
  });
});

describe('a sign-in by a connector', () => {
  const query = '?app_id=emulator-spa&fallback=sign-in';
  it.each([
    ['social:google', `/direct/social/google${query}`],
    ['bogus:x', `/direct/bogus/x${query}`],
    ['SOCIAL:google', `/direct/SOCIAL/google${query}`],
    ['social:a:b', `/direct/social/a${query}`],
    ['a b:c d', `/direct/a%20b/c%20d${query}`],
    ['', '/sign-in?app_id=emulator-spa'],
    ['social', `/direct/social${query}`],
    ['social:', `/direct/social${query}`],
    ['sso:', `/direct/sso${query}`],
    [':', `/direct${query}`],
    ['/', `/direct/${query}`],
    [':google', `/direct/google${query}`],
    ['social:a/b', `/direct/social/a/b${query}`],
    ['../x:y', `/x/y${query}`],
    ['social:../../x', `/x${query}`],
    ['//evil.test:x', `/direct/evil.test/x${query}`],
    ['https://evil.test', `/direct/https/evil.test${query}`],
    ['social:%2F', `/direct/social/%2F${query}`],
    ['social:google?x=1', `/direct/social/google?x=1${query}`],
    ['social:google#f', `/direct/social/google#f${query}`],
  ])('direct_sign_in %j leads to %s', async (value, expected) => {
    expect(await location('emulator-spa', { direct_sign_in: value })).toBe(expected);
  });

  it.each([
    '..:',
    '../..:..',
    '//:',
    '\\\\evil.test:x',
    '/\\evil.test:',
    '..:\\evil.test',
    '.:.',
    '%2F%2Fevil.test:x',
  ])('direct_sign_in %j stays on this server', async (value) => {
    const found = await authorize('emulator-spa', { direct_sign_in: value });
    expect(locationOf(found).origin).toBe(emulator.endpoint);
  });

  it('follows first_screen with its fallback, unless that is bad', async () => {
    const direct = { direct_sign_in: 'social:google' };
    const fallback = async (firstScreen: string) =>
      location('emulator-spa', { ...direct, first_screen: firstScreen });
    expect(await fallback('register')).toMatch(/&fallback=register$/);
    expect(await fallback('reset_password')).toMatch(/&fallback=reset-password$/);
    expect(await fallback('bogus')).toBe('/sign-in?app_id=emulator-spa');
  });

  it('may not be asked for twice', async () => {
    const answer = await authorize('emulator-spa', { direct_sign_in: ['social:google', 'social:google'] });
    expect(Object.fromEntries(locationOf(answer).searchParams)).toMatchObject({
      error: 'invalid_request',
      error_description: "'direct_sign_in' parameter must not be provided twice",
    });
  });

  it('is that of Google for a credential of its One Tap, which a cookie keeps', async () => {
    const credential = { google_one_tap_credential: 'x' };
    const answer = await authorize('emulator-spa', credential);
    expect(answer.headers.get('location')).toBe(`/direct/social/google${query}`);
    const cookie = answer.headers
      .getSetCookie()
      .find((text) => text.startsWith('_logto_google_one_tap_credential='));
    expect(cookie).toMatch(/^_logto_google_one_tap_credential=x; path=\//);
    expect(cookie).not.toMatch(/httponly/i);
    expect(await location('emulator-spa', { ...credential, first_screen: 'register' })).toMatch(
      /^\/direct\/social\/google\?.*&fallback=register$/,
    );
    expect(await location('emulator-spa', { ...credential, direct_sign_in: 'sso:abc' })).toBe(
      `/direct/sso/abc${query}`,
    );
    for (const nothing of [{ google_one_tap_credential: '' }, { google_one_tap: 'x' }]) {
      expect(await location('emulator-spa', nothing)).toBe('/sign-in?app_id=emulator-spa');
    }
  });

  it('hands a one-time token on as it was, and none that is empty', async () => {
    const token = { one_time_token: 'a&b=c d+e/é' };
    expect(await location('emulator-spa', token)).toBe(
      '/sign-in?app_id=emulator-spa&one_time_token=a%26b%3Dc+d%2Be%2F%C3%A9',
    );
    expect(await location('emulator-spa', { one_time_token: '' })).toBe('/sign-in?app_id=emulator-spa');
  });
});

describe('a body of JSON is a form', () => {
  it('at the token endpoint', async () => {
    const { code } = await signIn(issuer, 'emulator-native');
    const answer = await sendJson('/token', {
      grant_type: 'authorization_code',
      client_id: 'emulator-native',
      code,
      redirect_uri: callback,
      code_verifier: verifier,
    });
    expect(answer).toMatchObject({ status: 200, body: { access_token: expect.any(String) } });
  });

  it('where tokens are revoked and looked into, and at UserInfo', async () => {
    const { body } = await tokens(issuer, 'emulator-traditional');
    const basic = `Basic ${Buffer.from(`emulator-traditional:${secret}`).toString('base64')}`;
    const token = { token: body.access_token };
    expect(await sendJson('/me', { access_token: body.access_token })).toMatchObject({
      status: 200,
      body: { sub: expect.any(String) },
    });
    const headers = { authorization: basic };
    expect(await sendJson('/token/introspection', token, headers)).toMatchObject({ body: { active: true } });
    expect(await sendJson('/token/revocation', token, headers)).toMatchObject({ status: 200 });
    expect(await sendJson('/token/introspection', token, headers)).toMatchObject({ body: { active: false } });
  });

  it('at the device authorization and the pushed authorization request endpoint', async () => {
    const device = { client_id: 'emulator-device', scope: 'openid' };
    expect(await sendJson('/device/auth', device)).toMatchObject({
      status: 200,
      body: { user_code: expect.any(String) },
    });
    const asked = Object.fromEntries(new URL(authorizationUrl(issuer, 'emulator-native')).searchParams);
    expect(await sendJson('/request', asked)).toMatchObject({
      status: 201,
      body: { request_uri: expect.any(String), expires_in: 60 },
    });
  });

  it.each(['{"grant_type":', '["grant_type"]', 'null', '""', '7'])('and none when it is %s', async (body) => {
    const description = 'no client authentication mechanism provided';
    expect(await sendJson('/token', body)).toMatchObject({ status: 400, body: invalidRequest(description) });
  });

  it('with a parameter twice where a member is a list', async () => {
    const twice = { grant_type: ['refresh_token', 'refresh_token'], client_id: 'emulator-native' };
    const description = "'grant_type' parameter must not be provided twice";
    expect(await sendJson('/token', twice)).toMatchObject({ status: 400, body: invalidRequest(description) });
  });

  it('and other text is refused', async () => {
    const answer = await sendJson('/token', 'x', { 'content-type': 'text/plain' });
    expect(answer).toMatchObject({
      status: 400,
      body: invalidRequest(
        'only application/x-www-form-urlencoded content-type bodies are supported on POST /token',
      ),
    });
  });
});

describe('token exchange is listed, and switched off:', () => {
  const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange';
  it.each<AppId>(['emulator-native', 'emulator-spa', 'emulator-device'])(
    '%s may not use it',
    async (appId) => {
      const asked = { grant_type: grantType, subject_token: 'x', subject_token_type: 'y' };
      expect(await post(`${issuer}/token`, appId, asked)).toMatchObject({
        status: 400,
        body: invalidRequest('requested grant type is not allowed for this client'),
      });
    },
  );
});

describe('the message of an error is that of its code:', () => {
  const session = 'Session not found. Please go back and sign in again.';
  it.each([
    ['invalid_grant', { grant_type: 'refresh_token', refresh_token: 'x' }, 'Grant request is invalid.'],
    ['unsupported_grant_type', { grant_type: 'password' }, 'Unsupported `grant_type` requested.'],
    ['invalid_request', {}, 'Request is invalid.'],
    [
      'invalid_client',
      { client_secret: 'wrong', grant_type: 'refresh_token', refresh_token: 'x' },
      'An OIDC error occurred: oidc.invalid_client.',
    ],
  ])('%s', async (error, fields, message) => {
    const { body } = await post(`${issuer}/token`, 'emulator-traditional', fields);
    expect(body).toMatchObject({ code: `oidc.${error}`, error, message });
  });

  it('invalid_redirect_uri, invalid_token, invalid_target, session.not_found', async () => {
    const elsewhere = await authorize('emulator-spa', { redirect_uri: `${callback}/x` });
    expect((await read(elsewhere)).body.message).toBe(
      "`redirect_uri` did not match any of the client's registered `redirect_uris`.",
    );
    expect((await userInfo(issuer, 'x')).body.message).toBe('Invalid token provided.');
    const clientCredentials = { grant_type: 'client_credentials' };
    expect((await post(`${issuer}/token`, 'emulator-m2m', clientCredentials)).body.message).toBe(
      'Invalid resource indicator.',
    );
    expect((await read(await open(`${issuer}/auth/unknown`))).body).toMatchObject({
      code: 'session.not_found',
      message: session,
    });
  });
});

describe('the Experience API', () => {
  const experience = (jar: CookieJar, method: string, path: string, more: RequestInit = {}) =>
    open(`${emulator.endpoint}/api/experience${path}`, jar, { method, ...more }).then(read);
  const json = (body: unknown) => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

  async function signInByApi(jar: CookieJar, appId = 'emulator-native'): Promise<string> {
    await authorize(appId, {}, jar);
    await experience(jar, 'PUT', '', json({ interactionEvent: 'SignIn' }));
    const identifier = { type: 'username', value: 'alice' };
    const password = { identifier, password: 'emulator-only-alice' };
    const { body } = await experience(jar, 'POST', '/verification/password', json(password));
    const identified = json({ verificationId: body.verificationId });
    await experience(jar, 'POST', '/identification', identified);
    return (await experience(jar, 'POST', '/submit')).body.redirectTo;
  }

  it('refuses another Logto-App-Id, and takes an empty one for none', async () => {
    const jar = new CookieJar();
    await authorize('emulator-native', {}, jar);
    const begin = (appId: string) => {
      const { headers, body } = json({ interactionEvent: 'SignIn' });
      return experience(jar, 'PUT', '', { headers: { ...headers, 'logto-app-id': appId }, body });
    };
    expect(await begin('emulator-spa')).toMatchObject({
      status: 400,
      body: invalidRequest('interaction client_id mismatch'),
    });
    expect(await begin('')).toMatchObject({ status: 204 });
    expect(await begin('emulator-native')).toMatchObject({ status: 204 });
  });

  it('can be submitted twice before the browser goes on', async () => {
    const jar = new CookieJar();
    const first = await signInByApi(jar);
    const second = await experience(jar, 'POST', '/submit');
    expect(second).toMatchObject({ status: 200, body: { redirectTo: first } });
  });

  it('tells who goes on twice that the interaction is gone, and who comes without it that it expired', async () => {
    const jar = new CookieJar();
    const redirectTo = await signInByApi(jar);
    const consent = locationOf(await open(redirectTo, jar));
    const again = await open(redirectTo, jar).then(read);
    const gone = { code: 'session.not_found', error: 'invalid_request' };
    expect(again).toMatchObject({
      status: 400,
      body: { ...gone, error_description: 'interaction session not found' },
    });
    const resumed = locationOf(await open(consent.href, jar));
    const end = locationOf(await open(resumed.href, jar));
    expect(end.href).toContain(`${callback}?code=`);
    const expired = { ...gone, error_description: 'authorization request has expired' };
    expect(await open(resumed.href, jar).then(read)).toMatchObject({ status: 400, body: expired });
    expect(await open(redirectTo).then(read)).toMatchObject({ status: 400, body: expired });
    expect(await experience(jar, 'POST', '/submit')).toMatchObject({
      status: 400,
      body: { code: 'session.not_found' },
    });
    for (const page of ['/consent', '/sign-in']) {
      const closed = await open(`${emulator.endpoint}${page}?app_id=emulator-native`, jar);
      expect(closed.status).toBe(302);
      expect(closed.headers.get('location')).toBe(`${emulator.endpoint}/unknown-session`);
    }
  });
});

describe('the consent for somebody else’s application', () => {
  it('sends who cancels it to the bare redirect URI: no error, no state', async () => {
    const seed = {
      applications: [
        {
          type: 'SPA',
          appId: 'third',
          thirdParty: true,
          redirectUris: [callback],
          postLogoutRedirectUris: [],
        },
      ],
    } as const;
    const strangers = await startEmulator({ seed });
    try {
      const jar = new CookieJar();
      const { endpoint } = strangers;
      await open(authorizationUrl(strangers.issuer, 'third'), jar);
      const form = new URLSearchParams({ identifier: 'alice', password: 'emulator-only-alice' });
      const signedIn = await open(`${endpoint}/sign-in?app_id=third`, jar, { method: 'POST', body: form });
      const consent = locationOf(await open(locationOf(signedIn).href, jar));
      const page = await (await open(consent.href, jar)).text();
      expect(page).toContain(`<a href="${callback}">Cancel</a>`);
    } finally {
      await strangers.close();
    }
  });
});

describe('an answer beside those of the engine', () => {
  it.each([
    ['a page', '/unknown-session', 404],
    ['the way to one', '/consent', 302],
    ['a refusal of the API', '/api/nowhere', 404],
  ])('tells how long it is: %s', async (_, path, status) => {
    const answer = await plainGet(`${emulator.endpoint}${path}`);
    expect(answer).toMatchObject({ status, headers: { 'content-length': String(answer.body.length) } });
    expect(answer.headers['transfer-encoding']).toBeUndefined();
  });
});

describe('tokens', () => {
  it('of a code for a resource are for it, and UserInfo does not take them', async () => {
    const asked = { resource: api, scope: 'openid offline_access read:things' };
    const { code } = await signIn(issuer, 'emulator-native', asked);
    const { body } = await exchange(issuer, 'emulator-native', code, { resource: api });
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'read:things' });
    expect(await userInfo(issuer, body.access_token)).toMatchObject({ status: 401 });
  });

  it('are refused alike, whatever is wrong with a code, and that burns no code', async () => {
    const { code } = await signIn(issuer, 'emulator-native');
    const wrong: Parameters[] = [
      { code: 'bogus' },
      { code_verifier: 'w'.repeat(50) },
      { code_verifier: undefined },
      { redirect_uri: 'http://localhost:4567/callback' },
    ];
    for (const overrides of wrong) {
      expect(await exchange(issuer, 'emulator-native', code, overrides)).toMatchObject(invalidGrant);
    }
    expect(await exchange(issuer, 'emulator-native', code)).toMatchObject({ status: 200 });
  });

  it('narrowed to no openid at a refresh bring no ID token, and later ones do', async () => {
    const { body } = await tokens(issuer, 'emulator-traditional');
    const narrowed = await refresh(issuer, 'emulator-traditional', body.refresh_token, { scope: 'profile' });
    expect(narrowed.body.id_token).toBeUndefined();
    const full = await refresh(issuer, 'emulator-traditional', body.refresh_token);
    expect(full.body.id_token).toEqual(expect.any(String));
  });
});

describe('the end of a session', () => {
  const end = (parameters: Parameters) => {
    const url = new URL(`${issuer}/session/end`);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, String(value));
    return open(url.href).then(read);
  };
  it.each([
    ['an address that is not registered', { client_id: 'emulator-spa', post_logout_redirect_uri: callback }],
    ['a hint that is none', { id_token_hint: 'garbage' }],
    ['an unknown application', { client_id: 'nobody' }],
  ])('is refused for %s, as JSON', async (_, parameters) => {
    const answer = await end(parameters);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: expect.stringMatching(/^oidc\.invalid_/) });
  });

  it('ignores an address without an application', async () => {
    const answer = await end({ post_logout_redirect_uri: 'http://localhost:3000/' });
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('/oidc/session/end/confirm');
  });
});
