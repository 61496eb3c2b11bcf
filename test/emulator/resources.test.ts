import { createPublicKey, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import {
  api,
  appIds,
  authorizationUrl,
  decodeJwt,
  exchange,
  invalidGrant,
  invalidTarget,
  locationOf,
  open,
  type Parameters,
  post,
  refresh,
  signIn,
  tokens,
  userInfo,
} from './raw-client.js';

let emulator: Emulator;
let issuer: string;
beforeAll(async () => {
  emulator = await startEmulator({
    seed: {
      resources: [
        { indicator: api, scopes: ['read:things', 'write:things'] },
        { indicator: 'urn:other', scopes: ['read:others'] },
      ],
    },
  });
  issuer = emulator.issuer;
});
afterAll(() => emulator.close());

const all = 'openid profile offline_access read:things write:things';
const asking = (overrides: Parameters = {}) => ({ scope: all, resource: api, ...overrides });
const claimsOf = (token: string) => decodeJwt(token).claims;

describe('the code exchange for an API resource', () => {
  it('gives a signed JWT with exactly the claims of Logto', async () => {
    for (const appId of appIds) {
      const { code } = await signIn(issuer, appId, asking());
      const { status, body } = await exchange(issuer, appId, code, { resource: api });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        expires_in: 3600,
        scope: 'read:things write:things',
        token_type: 'Bearer',
      });
      expect(body).toHaveProperty('id_token');
      const { header, claims } = decodeJwt(body.access_token);
      const { keys } = await (await fetch(`${issuer}/jwks`)).json();
      expect(header).toEqual({ alg: 'ES384', kid: keys[0].kid, typ: 'at+jwt' });
      expect(claims).toEqual({
        jti: expect.any(String),
        sub: 'emulator-user-alice',
        iat: expect.any(Number),
        exp: Number(claims['iat']) + 3600,
        scope: 'read:things write:things',
        client_id: appId,
        iss: issuer,
        aud: api,
      });
      const [head, payload, signature = ''] = body.access_token.split('.');
      const key = {
        key: createPublicKey({ key: keys[0], format: 'jwk' }),
        dsaEncoding: 'ieee-p1363',
      } as const;
      const signed = Buffer.from(`${head}.${payload}`);
      expect(verify('sha384', signed, key, Buffer.from(signature, 'base64url'))).toBe(true);
    }
  });

  it('without naming it gives an opaque token, for UserInfo', async () => {
    const { body } = await tokens(issuer, 'emulator-native', asking());
    expect(body).toMatchObject({
      access_token: expect.stringMatching(/^[\w-]{43}$/),
      scope: 'openid profile offline_access',
    });
    expect((await userInfo(issuer, body.access_token)).status).toBe(200);
  });

  it.each([undefined, 'urn:other'])(
    'is refused when it was not asked for at sign-in (but %s), and the code is burnt',
    async (resource) => {
      const { code } = await signIn(issuer, 'emulator-native', asking({ resource }));
      expect(await exchange(issuer, 'emulator-native', code, { resource: api })).toMatchObject(invalidTarget);
      expect(await exchange(issuer, 'emulator-native', code)).toMatchObject(invalidGrant);
    },
  );

  it('ignores organization_id', async () => {
    const { code } = await signIn(issuer, 'emulator-native', asking());
    const fields = { resource: api, organization_id: 'nowhere' };
    const { status, body } = await exchange(issuer, 'emulator-native', code, fields);
    expect(status).toBe(200);
    expect(claimsOf(body.access_token)).not.toHaveProperty('organization_id');
  });
});

describe('the refresh for an API resource', () => {
  it('gives a JWT with the scopes that the user has and asked for', async () => {
    const scope = 'openid offline_access read:things delete:things';
    const { body } = await tokens(issuer, 'emulator-native', asking({ scope }));
    const refreshed = await refresh(issuer, 'emulator-native', body.refresh_token, { resource: api });
    expect(refreshed).toMatchObject({ status: 200, body: { scope: 'read:things' } });
    expect(claimsOf(refreshed.body.access_token)).toMatchObject({ aud: api, scope: 'read:things' });
    expect(refreshed.body.refresh_token).not.toBe(body.refresh_token);
  });

  it('gives fewer scopes for one call', async () => {
    const { body } = await tokens(issuer, 'emulator-traditional', asking());
    const once = { resource: api, scope: 'write:things' };
    const narrow = await refresh(issuer, 'emulator-traditional', body.refresh_token, once);
    expect(claimsOf(narrow.body.access_token)).toHaveProperty('scope', 'write:things');
    expect(narrow.body).not.toHaveProperty('id_token');
    const full = await refresh(issuer, 'emulator-traditional', body.refresh_token, { resource: api });
    expect(claimsOf(full.body.access_token)).toHaveProperty('scope', 'read:things write:things');
  });

  it('gives somebody without a role a JWT that permits nothing, and says so', async () => {
    const { body } = await tokens(issuer, 'emulator-native', asking(), new CookieJar(), 'bob');
    const refreshed = await refresh(issuer, 'emulator-native', body.refresh_token, { resource: api });
    expect(refreshed).toMatchObject({ status: 200, body: { scope: '' } });
    expect(claimsOf(refreshed.body.access_token)).toMatchObject({ aud: api, scope: '' });
  });

  it.each(['https://unknown.example.test', 'urn:other', 'not-absolute', `${api},urn:other`, `${api}/`])(
    'refuses %s, which was not asked for at sign-in, and does not consume the token',
    async (resource) => {
      vi.useFakeTimers({ toFake: ['Date'] });
      try {
        const { body } = await tokens(issuer, 'emulator-native', asking());
        const refused = await refresh(issuer, 'emulator-native', body.refresh_token, { resource });
        expect(refused).toMatchObject(invalidTarget);
        vi.setSystemTime(Date.now() + 4000);
        const refreshed = await refresh(issuer, 'emulator-native', body.refresh_token, { resource: api });
        expect(refreshed.status).toBe(200);
      } finally {
        vi.useRealTimers();
      }
    },
  );

  it('gives an opaque token when two resources are asked for at once', async () => {
    const { body } = await tokens(issuer, 'emulator-native', asking({ resource: [api, 'urn:other'] }));
    const both = { resource: [api, 'urn:other'] };
    const refreshed = await refresh(issuer, 'emulator-native', body.refresh_token, both);
    expect(refreshed.status).toBe(200);
    expect(refreshed.body.access_token).toMatch(/^[\w-]{43}$/);
  });

  it('takes two resources of one sign-in in turn', async () => {
    for (const resource of [[api, 'urn:other'], `${api},urn:other`]) {
      const { body } = await tokens(
        issuer,
        'emulator-traditional',
        asking({ resource, scope: `${all} read:others` }),
      );
      for (const [one, scope] of [
        [api, 'read:things write:things'],
        ['urn:other', 'read:others'],
      ] as const) {
        const { body: refreshed } = await refresh(issuer, 'emulator-traditional', body.refresh_token, {
          resource: one,
        });
        expect(claimsOf(refreshed.access_token)).toMatchObject({ aud: one, scope });
      }
    }
  });
});

describe('an authorization request', () => {
  it.each(['https://unknown.example.test', 'not-absolute'])(
    'for the resource %s is refused at the redirect URI',
    async (resource) => {
      const response = await open(authorizationUrl(issuer, 'emulator-spa', { resource }));
      expect(response.status).toBe(303);
      const { searchParams } = locationOf(response);
      expect(Object.fromEntries(searchParams)).toMatchObject({
        error: 'invalid_target',
        state: 'some-state',
      });
    },
  );

  it('asks for consent again when a resource is new, and is silent when it is not', async () => {
    const { cookies } = await signIn(issuer, 'emulator-spa', { prompt: undefined });
    const silent = async (overrides: Parameters) => {
      const url = authorizationUrl(issuer, 'emulator-spa', { prompt: 'none', ...overrides });
      return locationOf(await open(url, cookies)).searchParams.get('error');
    };
    expect(await silent({})).toBeNull();
    expect(await silent(asking())).toBe('consent_required');
    await signIn(issuer, 'emulator-spa', asking(), cookies);
    expect(await silent(asking())).toBeNull();
  });
});

describe('a JWT access token', () => {
  it('is no token for UserInfo, and cannot be revoked or looked up', async () => {
    const { body } = await tokens(issuer, 'emulator-native', asking());
    const refreshed = await refresh(issuer, 'emulator-native', body.refresh_token, { resource: api });
    const token = refreshed.body.access_token;
    expect(await userInfo(issuer, token)).toMatchObject({ status: 401, body: { error: 'invalid_token' } });
    for (const endpoint of ['revocation', 'introspection']) {
      expect(await post(`${issuer}/token/${endpoint}`, 'emulator-native', { token })).toMatchObject({
        status: 400,
        body: { error: 'unsupported_token_type' },
      });
    }
  });
});
