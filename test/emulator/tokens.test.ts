import { createPublicKey, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import {
  type AppId,
  appIds,
  decodeJwt,
  exchange,
  invalidGrant,
  post,
  read,
  refresh,
  secret,
  signIn,
  tokens,
  userInfo,
} from './raw-client.js';

let emulator: Emulator;
let issuer: string;
beforeAll(async () => {
  emulator = await startEmulator();
  issuer = emulator.issuer;
});
afterAll(() => emulator.close());

const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});
describe('discovery and keys', () => {
  it("names endpoints by the request's host, and the issuer always the same", async () => {
    const { body } = await read(
      await fetch(`${issuer.replace('localhost', '127.0.0.1')}/.well-known/openid-configuration`),
    );
    expect(body.issuer).toBe(issuer);
    expect(body.token_endpoint).toBe(`${issuer.replace('localhost', '127.0.0.1')}/token`);
  });

  it('publishes one public EC key', async () => {
    const { body } = await read(await fetch(`${issuer}/jwks`));
    expect(body.keys).toHaveLength(1);
    expect(body.keys[0]).toMatchObject({ kty: 'EC', crv: 'P-384', alg: 'ES384', use: 'sig' });
    expect(body.keys[0]).not.toHaveProperty('d');
  });

  it.each([
    ['GET', '/token'],
    ['GET', '/nothing'],
    ['POST', '/nothing'],
  ])('answers %s %s with 404 and JSON', async (method, path) => {
    const answer = await read(await fetch(`${issuer}${path}`, { method }));
    expect(answer).toMatchObject({
      status: 404,
      body: {
        code: 'oidc.invalid_request',
        error: 'invalid_request',
        error_description: `unrecognized route or not allowed method (${method} on ${path})`,
      },
    });
  });
});

describe('client authentication', () => {
  const bogus = {
    grant_type: 'authorization_code',
    code: 'bogus',
    redirect_uri: 'http://localhost:3000/callback',
  };
  const failed = { error: 'invalid_client', error_description: 'client authentication failed' };

  it.each([
    ['a wrong secret', 'emulator-traditional', { client_secret: 'wrong' }, {}, 401, failed],
    ['no secret', 'emulator-traditional', { client_secret: undefined }, {}, 401, failed],
    ['a secret of a Native application', 'emulator-native', { client_secret: 'any' }, {}, 401, failed],
    ['a secret of a SPA', 'emulator-spa', { client_secret: 'any' }, {}, 401, failed],
    ['Basic of a Native application', 'emulator-native', {}, basic('emulator-native', 'any'), 401, failed],
    [
      'an unknown application',
      null,
      { client_id: 'nobody' },
      {},
      400,
      { error: 'invalid_client', error_description: 'invalid client nobody' },
    ],
    ['no application', null, {}, {}, 400, { error: 'invalid_request' }],
    ['malformed Basic', null, {}, { authorization: 'Basic ###' }, 400, { error: 'invalid_request' }],
    [
      'Basic and another client_id',
      null,
      { client_id: 'emulator-spa' },
      basic('emulator-traditional', secret),
      400,
      { error: 'invalid_request', error_description: 'client_id mismatch' },
    ],
  ] as const)('refuses %s', async (_case, appId, fields, headers, status, error) => {
    const answer = await post(`${issuer}/token`, appId, { ...bogus, ...fields }, headers);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject(error);
  });

  it('names the issuer as realm when Basic failed', async () => {
    const { headers } = await post(`${issuer}/token`, null, bogus, basic('emulator-traditional', 'wrong'));
    expect(headers.get('www-authenticate')).toContain(`Basic realm="${issuer}"`);
  });

  it('accepts Basic and post of a Traditional application', async () => {
    for (const headers of [{}, basic('emulator-traditional', secret)]) {
      const { code } = await signIn(issuer, 'emulator-traditional');
      const fields = {
        grant_type: 'authorization_code',
        code,
        redirect_uri: 'http://localhost:3000/callback',
        code_verifier: 'v'.repeat(50),
      };
      const appId = 'authorization' in headers ? null : 'emulator-traditional';
      expect((await post(`${issuer}/token`, appId, fields, headers)).status).toBe(200);
    }
  });

  it.each([
    ['password', 'unsupported_grant_type'],
    ['urn:unknown', 'unsupported_grant_type'],
    [undefined, 'invalid_request'],
  ])('refuses the grant type %s', async (grantType, error) => {
    const answer = await post(`${issuer}/token`, 'emulator-spa', { grant_type: grantType });
    expect(answer).toMatchObject({ status: 400, body: { error } });
  });
});

describe('the authorization code', () => {
  it('gives opaque tokens for an hour and may not be cached', async () => {
    const { status, body, headers } = await tokens(issuer, 'emulator-native');
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      access_token: expect.stringMatching(/^[\w-]{43}$/),
      expires_in: 3600,
      id_token: expect.any(String),
      refresh_token: expect.any(String),
      scope: 'openid profile offline_access',
      token_type: 'Bearer',
    });
  });

  it.each([
    ['another verifier', { code_verifier: 'w'.repeat(50) }, 'invalid_grant'],
    ['no verifier', { code_verifier: undefined }, 'invalid_grant'],
    ['a short verifier', { code_verifier: 'short' }, 'invalid_request'],
    ['another redirect URI', { redirect_uri: 'http://localhost:4000/callback' }, 'invalid_grant'],
    ['another application', { client_id: 'emulator-spa' }, 'invalid_grant'],
  ] as const)('is refused with %s, and not burnt', async (_case, overrides, error) => {
    const { code } = await signIn(issuer, 'emulator-native');
    const refused = await exchange(issuer, 'emulator-native', code, overrides);
    expect(refused).toMatchObject(
      error === 'invalid_grant' ? invalidGrant : { status: 400, body: { error } },
    );
    expect((await exchange(issuer, 'emulator-native', code)).status).toBe(200);
  });

  it('needs the very redirect URI of the request, also where any port is allowed', async () => {
    const { code } = await signIn(issuer, 'emulator-native', {
      redirect_uri: 'http://localhost:4567/callback',
    });
    expect(await exchange(issuer, 'emulator-native', code)).toMatchObject(invalidGrant);
    const right = { redirect_uri: 'http://localhost:4567/callback' };
    expect((await exchange(issuer, 'emulator-native', code, right)).status).toBe(200);
  });

  it('is refused with a verifier when no challenge was sent', async () => {
    const { code } = await signIn(issuer, 'emulator-traditional', {
      code_challenge: undefined,
      code_challenge_method: undefined,
    });
    expect(await exchange(issuer, 'emulator-traditional', code)).toMatchObject(invalidGrant);
    expect((await exchange(issuer, 'emulator-traditional', code, { code_verifier: undefined })).status).toBe(
      200,
    );
  });

  it('used again revokes what it gave, while the session survives', async () => {
    const { code, cookies } = await signIn(issuer, 'emulator-native');
    const { body } = await exchange(issuer, 'emulator-native', code);
    expect((await userInfo(issuer, body.access_token)).status).toBe(200);
    expect(await exchange(issuer, 'emulator-native', code)).toMatchObject(invalidGrant);
    expect((await userInfo(issuer, body.access_token)).status).toBe(401);
    expect(await refresh(issuer, 'emulator-native', body.refresh_token)).toMatchObject(invalidGrant);
    expect((await signIn(issuer, 'emulator-native', {}, cookies, 'nobody')).code).not.toBe('');
  });

  it('lives 60 seconds', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const codes = await Promise.all([
        signIn(issuer, 'emulator-native'),
        signIn(issuer, 'emulator-native', {}, new CookieJar(), 'bob'),
      ]);
      vi.setSystemTime(Date.now() + 58_000);
      expect((await exchange(issuer, 'emulator-native', codes[0].code)).status).toBe(200);
      vi.setSystemTime(Date.now() + 3000);
      expect(await exchange(issuer, 'emulator-native', codes[1].code)).toMatchObject(invalidGrant);
    } finally {
      vi.useRealTimers();
    }
  });

  it('of a second sign-in in the same browser belongs to the same grant', async () => {
    const cookies = new CookieJar();
    const first = (await tokens(issuer, 'emulator-native', {}, cookies)).body;
    const second = (await tokens(issuer, 'emulator-native', {}, cookies)).body;
    await post(`${issuer}/token/revocation`, 'emulator-native', { token: second.refresh_token });
    expect(await refresh(issuer, 'emulator-native', first.refresh_token)).toMatchObject(invalidGrant);
  });

  it('that never was is refused', async () => {
    expect(await exchange(issuer, 'emulator-spa', 'bogus')).toMatchObject(invalidGrant);
  });
});

describe('a refresh token', () => {
  it.each([
    ['openid', 'consent'],
    ['openid offline_access', undefined],
    ['openid offline_access', 'login'],
  ])('is not issued for scope "%s" and prompt %s', async (scope, prompt) => {
    for (const appId of appIds) {
      const { body } = await tokens(issuer, appId, { scope, prompt });
      expect(body).not.toHaveProperty('refresh_token');
      expect(body.scope).toBe('openid');
    }
  });

  it.each([
    ['openid offline_access', 'consent'],
    ['openid offline_access', 'login consent'],
  ])('is issued for scope "%s" and prompt "%s"', async (scope, prompt) => {
    for (const appId of appIds) {
      const { body } = await tokens(issuer, appId, { scope, prompt });
      expect(body.refresh_token).toEqual(expect.any(String));
    }
  });

  it('is issued without openid, and then no ID token', async () => {
    const { body } = await tokens(issuer, 'emulator-native', { scope: 'offline_access', nonce: undefined });
    expect(body.refresh_token).toEqual(expect.any(String));
    expect(body).not.toHaveProperty('id_token');
    expect(await userInfo(issuer, body.access_token)).toMatchObject({
      status: 403,
      body: { error: 'insufficient_scope' },
    });
  });

  it.each([
    ['emulator-native', true],
    ['emulator-spa', true],
    ['emulator-traditional', false],
  ] as const)('of %s rotates: %s', async (appId, rotates) => {
    const { body } = await tokens(issuer, appId);
    const refreshed = await refresh(issuer, appId, body.refresh_token);
    expect(refreshed.status).toBe(200);
    expect(refreshed.body.refresh_token !== body.refresh_token).toBe(rotates);
    expect(decodeJwt(refreshed.body.id_token).claims['nonce']).toBe('some-nonce');
  });

  it('gives a narrower scope for one call and refuses a wider one', async () => {
    const { body } = await tokens(issuer, 'emulator-traditional');
    const narrow = await refresh(issuer, 'emulator-traditional', body.refresh_token, { scope: 'profile' });
    expect(narrow.body).toMatchObject({ scope: 'profile' });
    expect(narrow.body).not.toHaveProperty('id_token');
    const wide = await refresh(issuer, 'emulator-traditional', body.refresh_token, { scope: 'openid email' });
    expect(wide).toMatchObject({ status: 400, body: { error: 'invalid_scope', scope: 'email' } });
    expect((await refresh(issuer, 'emulator-traditional', body.refresh_token)).body.scope).toBe(
      'openid profile offline_access',
    );
  });

  it('of another application, or bogus, is refused', async () => {
    const { body } = await tokens(issuer, 'emulator-native');
    expect(await refresh(issuer, 'emulator-spa', body.refresh_token)).toMatchObject(invalidGrant);
    expect(await refresh(issuer, 'emulator-spa', 'bogus')).toMatchObject(invalidGrant);
  });
});

describe('the ID token', () => {
  it('is signed by the published key and has exactly the claims of Logto', async () => {
    const { body } = await tokens(issuer, 'emulator-native');
    const { header, claims } = decodeJwt(body.id_token);
    const { keys } = await (await fetch(`${issuer}/jwks`)).json();
    expect(header).toEqual({ alg: 'ES384', kid: keys[0].kid });
    const key = createPublicKey({ key: keys[0], format: 'jwk' });
    const [head, payload, signature = ''] = body.id_token.split('.');
    const signed = Buffer.from(`${head}.${payload}`);
    expect(
      verify('sha384', signed, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')),
    ).toBe(true);
    expect(claims).toEqual({
      sub: 'emulator-user-alice',
      aud: 'emulator-native',
      iss: issuer,
      iat: expect.any(Number),
      exp: Number(claims['iat']) + 3600,
      nonce: 'some-nonce',
      name: null,
      picture: null,
      username: 'alice',
      preferred_username: 'alice',
      created_at: expect.any(Number),
      updated_at: expect.any(Number),
    });
    expect(Math.abs(Number(claims['updated_at']) - Date.now())).toBeLessThan(600_000);
  });

  it('has auth_time when max_age was sent', async () => {
    const { body } = await tokens(issuer, 'emulator-native', { max_age: '600' });
    expect(decodeJwt(body.id_token).claims).toHaveProperty('auth_time', expect.any(Number));
  });

  it('has the claims of further scopes, but not those that UserInfo alone gives', async () => {
    const scope =
      'openid email phone roles custom_data identities urn:logto:scope:organizations urn:logto:scope:organization_roles';
    const { body } = await tokens(issuer, 'emulator-spa', { scope });
    const further = {
      email: null,
      email_verified: false,
      phone_number: null,
      phone_number_verified: false,
      roles: ['things-user'],
      organizations: ['emulator-org-acme'],
      organization_roles: ['emulator-org-acme:member'],
    };
    const { claims } = decodeJwt(body.id_token);
    expect(claims).toMatchObject(further);
    expect(claims).not.toHaveProperty('custom_data');
    expect(claims).not.toHaveProperty('identities');
    expect(claims).not.toHaveProperty('organization_data');
    expect((await userInfo(issuer, body.access_token)).body).toEqual({
      sub: 'emulator-user-alice',
      ...further,
      custom_data: {},
      identities: {},
      sso_identities: [],
      organization_data: [{ id: 'emulator-org-acme', name: 'Acme', description: null }],
    });
  });

  it('of somebody without a role and an organization says so', async () => {
    const scope = 'openid roles urn:logto:scope:organizations urn:logto:scope:organization_roles';
    const { body } = await tokens(issuer, 'emulator-spa', { scope }, new CookieJar(), 'bob');
    const nothing = { roles: [], organizations: [], organization_roles: [] };
    expect(decodeJwt(body.id_token).claims).toMatchObject(nothing);
    expect((await userInfo(issuer, body.access_token)).body).toMatchObject({
      ...nothing,
      organization_data: [],
    });
  });
});

describe('UserInfo', () => {
  it('answers GET and POST, with the token in the header or in a form', async () => {
    const { body } = await tokens(issuer, 'emulator-native');
    const headers = { authorization: `Bearer ${body.access_token}` };
    const answers = [
      await userInfo(issuer, body.access_token),
      await read(await fetch(`${issuer}/me`, { method: 'POST', headers })),
      await post(`${issuer}/me`, null, { access_token: body.access_token }),
    ];
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 200, body: { sub: 'emulator-user-alice', username: 'alice' } });
    }
  });

  it('refuses a token in the query, no token, a wrong one and an ID token', async () => {
    const { body } = await tokens(issuer, 'emulator-native');
    const query = await read(await fetch(`${issuer}/me?access_token=${body.access_token}`));
    expect(query).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    const refused = [
      await read(await fetch(`${issuer}/me`)),
      await userInfo(issuer, 'bogus'),
      await userInfo(issuer, body.id_token),
    ];
    for (const answer of refused) {
      expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_token' } });
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
    }
  });
});

describe('revocation', () => {
  const revoke = (appId: AppId, token: string | undefined, hint?: string) =>
    post(`${issuer}/token/revocation`, appId, { token, token_type_hint: hint });

  it.each([
    ['refresh_token', undefined],
    ['refresh_token', 'access_token'],
    ['access_token', undefined],
    ['access_token', 'bogus'],
  ])('of the %s (hint %s) kills the whole grant', async (which, hint) => {
    for (const appId of appIds) {
      const { body } = await tokens(issuer, appId);
      expect(await revoke(appId, body[which], hint)).toMatchObject({ status: 200, body: '' });
      expect((await userInfo(issuer, body.access_token)).status).toBe(401);
      expect(await refresh(issuer, appId, body.refresh_token)).toMatchObject(invalidGrant);
      expect((await revoke(appId, body[which], hint)).status).toBe(200);
    }
  });

  it("of another application's token changes nothing", async () => {
    const { body } = await tokens(issuer, 'emulator-native');
    for (const other of ['emulator-spa', 'emulator-traditional'] as const) {
      expect((await revoke(other, body.refresh_token)).status).toBe(200);
    }
    expect((await refresh(issuer, 'emulator-native', body.refresh_token)).status).toBe(200);
  });

  it('is refused for an ID token, no token, no application and a wrong secret', async () => {
    const { body } = await tokens(issuer, 'emulator-traditional');
    const jwt = await revoke('emulator-traditional', body.id_token);
    expect(jwt).toMatchObject({ status: 400, body: { error: 'unsupported_token_type' } });
    expect((await revoke('emulator-traditional', undefined)).status).toBe(400);
    expect((await post(`${issuer}/token/revocation`, null, { token: 'x' })).status).toBe(400);
    const wrong = { token: body.refresh_token, client_secret: 'wrong' };
    expect((await post(`${issuer}/token/revocation`, 'emulator-traditional', wrong)).status).toBe(401);
  });

  it('leaves the browser session alone', async () => {
    const { code, cookies } = await signIn(issuer, 'emulator-native');
    const { body } = await exchange(issuer, 'emulator-native', code);
    await revoke('emulator-native', body.refresh_token);
    expect((await signIn(issuer, 'emulator-native', {}, cookies, 'nobody')).code).not.toBe('');
  });
});

describe('introspection', () => {
  const introspect = (appId: AppId, token: string) =>
    post(`${issuer}/token/introspection`, appId, { token }).then(({ body }) => body);

  it("tells about own tokens, and a confidential client about others'", async () => {
    const { body } = await tokens(issuer, 'emulator-native');
    const about = {
      active: true,
      sub: 'emulator-user-alice',
      client_id: 'emulator-native',
      iss: issuer,
      scope: 'openid profile offline_access',
      exp: expect.any(Number),
      iat: expect.any(Number),
    };
    expect(await introspect('emulator-native', body.access_token)).toMatchObject({
      ...about,
      token_type: 'Bearer',
    });
    expect(await introspect('emulator-native', body.refresh_token)).toMatchObject(about);
    expect(await introspect('emulator-traditional', body.access_token)).toMatchObject(about);
    expect(await introspect('emulator-spa', body.access_token)).toEqual({ active: false });
    expect(await introspect('emulator-native', 'bogus')).toEqual({ active: false });
    expect(await introspect('emulator-native', body.id_token)).toMatchObject({
      error: 'unsupported_token_type',
    });
  });
});

describe('a request from a browser script', () => {
  it('is allowed from the origin of a redirect URI only', async () => {
    const call = (origin: string) =>
      post(
        `${issuer}/token`,
        'emulator-spa',
        { grant_type: 'refresh_token', refresh_token: 'x' },
        { origin },
      );
    expect((await call('http://localhost:3000')).body.error).toBe('invalid_grant');
    expect((await call('http://evil.test')).body.error_description).toBe(
      'origin http://evil.test not allowed for client: emulator-spa',
    );
  });
});
