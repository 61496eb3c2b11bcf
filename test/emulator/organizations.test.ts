import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import {
  api,
  authorizationUrl,
  decodeJwt,
  locationOf,
  open,
  organizationsResource,
  organizationsScope,
  type Parameters,
  refresh,
  tokens,
} from './raw-client.js';

let emulator: Emulator;
let issuer: string;
beforeAll(async () => {
  emulator = await startEmulator();
  issuer = emulator.issuer;
});
afterAll(() => emulator.close());

const acme = 'emulator-org-acme';
const asking = {
  scope: `openid offline_access ${organizationsScope} read:org write:org read:things`,
  resource: [organizationsResource, api],
};

async function refreshTokenOf(overrides: Parameters = asking, username = 'alice'): Promise<string> {
  const { body } = await tokens(issuer, 'emulator-native', overrides, new CookieJar(), username);
  return body.refresh_token;
}

async function refreshed(token: string, fields: Parameters) {
  const { status, body } = await refresh(issuer, 'emulator-native', token, fields);
  return { status, body, claims: status === 200 ? decodeJwt(body.access_token).claims : {} };
}

describe('a token for an organization', () => {
  it('is a JWT with the scopes that the member has and asked for', async () => {
    const { status, body, claims } = await refreshed(await refreshTokenOf(), { organization_id: acme });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      expires_in: 3600,
      id_token: expect.any(String),
      refresh_token: expect.any(String),
      scope: 'read:org write:org',
      token_type: 'Bearer',
    });
    expect(claims).toEqual({
      jti: expect.any(String),
      sub: 'emulator-user-alice',
      iat: expect.any(Number),
      exp: Number(claims['iat']) + 3600,
      scope: 'read:org write:org',
      client_id: 'emulator-native',
      iss: issuer,
      aud: `urn:logto:organization:${acme}`,
    });
  });

  it('has fewer scopes when fewer were asked for, at sign-in or for one call', async () => {
    const scope = `openid offline_access ${organizationsScope} read:org`;
    const atSignIn = await refreshTokenOf({ ...asking, scope });
    expect((await refreshed(atSignIn, { organization_id: acme })).claims).toHaveProperty('scope', 'read:org');
    const once = { organization_id: acme, scope: 'write:org' };
    expect((await refreshed(await refreshTokenOf(), once)).claims).toHaveProperty('scope', 'write:org');
  });

  it.each([undefined, api])(
    'permits nothing when the sign-in asked for the resource %s only',
    async (resource) => {
      const token = await refreshTokenOf({ ...asking, resource });
      const { status, body, claims } = await refreshed(token, { organization_id: acme });
      expect(status).toBe(200);
      expect(body.scope).toBe('');
      expect(claims).toMatchObject({ aud: `urn:logto:organization:${acme}`, scope: '' });
    },
  );

  it('works with a grant that has no openid and one resource', async () => {
    const scope = `offline_access ${organizationsScope} read:org`;
    const token = await refreshTokenOf({ scope, resource: organizationsResource, nonce: undefined });
    const { claims } = await refreshed(token, { organization_id: acme });
    expect(claims).toMatchObject({ aud: `urn:logto:organization:${acme}`, scope: 'read:org' });
    expect(claims).not.toHaveProperty('organization_id');
  });

  it('needs the scope of organizations', async () => {
    const token = await refreshTokenOf({ ...asking, scope: 'openid offline_access read:org' });
    expect(await refreshed(token, { organization_id: acme })).toMatchObject({
      status: 403,
      body: { error: 'insufficient_scope', scope: organizationsScope },
    });
  });

  it.each([
    ['alice', 'emulator-org-other'],
    ['alice', 'unknown'],
    ['bob', acme],
  ])('is refused to %s in %s', async (username, organization) => {
    const token = await refreshTokenOf(asking, username);
    for (const fields of [
      { organization_id: organization },
      { organization_id: organization, resource: api },
    ]) {
      expect(await refreshed(token, fields)).toMatchObject({
        status: 403,
        body: {
          code: 'oidc.access_denied',
          error: 'access_denied',
          error_description: 'user is not a member of the organization',
        },
      });
    }
  });

  it('refused, in whatever way, does not consume the refresh token', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const token = await refreshTokenOf();
      for (const [fields, status] of [
        [{ organization_id: 'unknown' }, 403],
        [{ organization_id: acme, resource: 'urn:unknown' }, 400],
        [{ organization_id: acme, scope: 'email' }, 400],
        [{ organization_id: [acme, acme] }, 400],
      ] as const) {
        expect((await refreshed(token, fields)).status).toBe(status);
      }
      vi.setSystemTime(Date.now() + 4000);
      expect((await refreshed(token, { organization_id: acme })).status).toBe(200);
    } finally {
      vi.useRealTimers();
    }
  });

  it('cannot be asked for as if the organization were a resource', async () => {
    const resource = `urn:logto:organization:${acme}`;
    const url = authorizationUrl(issuer, 'emulator-spa', { resource, organization_id: acme });
    expect(locationOf(await open(url)).searchParams.get('error')).toBe('invalid_target');
    const fields = { resource, organization_id: acme };
    expect((await refreshed(await refreshTokenOf(), fields)).body.error).toBe('invalid_target');
  });
});

describe('the resource of the organizations', () => {
  it('alone gives a JWT for itself', async () => {
    const { claims } = await refreshed(await refreshTokenOf(), { resource: organizationsResource });
    expect(claims).toMatchObject({ aud: organizationsResource, scope: 'read:org write:org' });
  });
});

describe('an API resource in an organization', () => {
  it('gives a JWT for the resource that names the organization', async () => {
    const fields = { organization_id: acme, resource: api };
    const { claims } = await refreshed(await refreshTokenOf(), fields);
    expect(claims).toMatchObject({ aud: api, scope: 'read:things', organization_id: acme });
  });
});
