import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import {
  api,
  appIds,
  authorizationUrl,
  decodeJwt,
  open,
  organizationsScope,
  type Parameters,
  post,
  read,
  userInfo,
} from './raw-client.js';

let emulator: Emulator;
let issuer: string;
beforeAll(async () => {
  emulator = await startEmulator({
    seed: {
      resources: [
        { indicator: api, scopes: ['read:things', 'write:things'] },
        { indicator: 'urn:other', scopes: [] },
      ],
    },
  });
  issuer = emulator.issuer;
});
afterAll(() => emulator.close());

const acme = 'emulator-org-acme';
const ask = (fields: Parameters) =>
  post(`${issuer}/token`, 'emulator-m2m', { grant_type: 'client_credentials', ...fields });

describe('client credentials', () => {
  it('give a JWT for a resource with the scopes that the application has and asked for', async () => {
    const { status, body } = await ask({ resource: api, scope: 'read:things write:things' });
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.any(String),
      expires_in: 3600,
      scope: 'read:things',
      token_type: 'Bearer',
    });
    const { header, claims } = decodeJwt(body.access_token);
    expect(header).toMatchObject({ alg: 'ES384', typ: 'at+jwt' });
    expect(claims).toEqual({
      jti: expect.any(String),
      sub: 'emulator-m2m',
      iat: expect.any(Number),
      exp: Number(claims['iat']) + 3600,
      scope: 'read:things',
      client_id: 'emulator-m2m',
      iss: issuer,
      aud: api,
    });
    expect((await userInfo(issuer, body.access_token)).status).toBe(401);
  });

  it.each([{ resource: api }, { resource: 'urn:other', scope: 'read:things' }])(
    'have no scope at all when none is asked for or permitted: %o',
    async (fields) => {
      const { status, body } = await ask(fields);
      expect(status).toBe(200);
      expect(body).not.toHaveProperty('scope');
      expect(decodeJwt(body.access_token).claims).not.toHaveProperty('scope');
    },
  );

  it('give a JWT for the organization that the application is in', async () => {
    const { status, body } = await ask({ organization_id: acme, scope: 'read:org write:org' });
    expect(status).toBe(200);
    expect(decodeJwt(body.access_token).claims).toMatchObject({
      sub: 'emulator-m2m',
      aud: `urn:logto:organization:${acme}`,
      scope: 'read:org',
    });
    expect(decodeJwt(body.access_token).claims).not.toHaveProperty('organization_id');
  });

  it('give a JWT for a resource that names the organization', async () => {
    const { body } = await ask({ organization_id: acme, resource: api, scope: 'read:things' });
    expect(decodeJwt(body.access_token).claims).toMatchObject({
      aud: api,
      scope: 'read:things',
      organization_id: acme,
    });
  });

  it.each([
    [{}, 400, 'invalid_target', 'both `resource` and `organization_id` are not provided'],
    [
      { scope: 'read:things' },
      400,
      'invalid_target',
      'both `resource` and `organization_id` are not provided',
    ],
    [{ resource: 'urn:unknown' }, 400, 'invalid_target', 'resource indicator is missing, or unknown'],
    [{ resource: `urn:logto:organization:${acme}` }, 400, 'invalid_target', undefined],
    [{ resource: [api, 'urn:other'] }, 400, 'invalid_target', undefined],
    [{ organization_id: 'emulator-org-other' }, 403, 'access_denied', undefined],
    [{ organization_id: 'unknown', resource: api }, 403, 'access_denied', undefined],
  ] as const)('are refused with %o', async (fields, status, error, description) => {
    const answer = await ask(fields);
    expect(answer).toMatchObject({ status, body: { code: `oidc.${error}`, error } });
    if (description !== undefined) expect(answer.body.error_description).toBe(description);
  });

  it('need the secret', async () => {
    const wrong = await ask({ resource: api, client_secret: 'wrong' });
    expect(wrong).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });

  it('are not for applications in which people sign in', async () => {
    for (const appId of [...appIds, 'emulator-device'] as const) {
      const fields = { grant_type: 'client_credentials', resource: api };
      expect(await post(`${issuer}/token`, appId, fields)).toMatchObject({
        status: 400,
        body: {
          error: 'invalid_request',
          error_description: 'requested grant type is not allowed for this client',
        },
      });
    }
  });
});

describe('a machine-to-machine application', () => {
  it('can do nothing else', async () => {
    for (const grantType of ['authorization_code', 'refresh_token']) {
      const fields = { grant_type: grantType, code: 'x', refresh_token: 'x' };
      expect(await post(`${issuer}/token`, 'emulator-m2m', fields)).toMatchObject({
        status: 400,
        body: { error_description: 'requested grant type is not allowed for this client' },
      });
    }
    const page = await read(
      await open(authorizationUrl(issuer, 'emulator-m2m', { scope: organizationsScope })),
    );
    expect(page).toMatchObject({ status: 400, body: { error: 'invalid_redirect_uri' } });
  });
});
