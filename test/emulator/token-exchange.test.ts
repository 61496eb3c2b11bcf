import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { defaultSeed } from '../../src/emulator/seed.js';
import { signInThroughExperience } from '../../src/headless/experience-sign-in.js';
import {
  type AppId,
  api,
  authorizationUrl,
  callback,
  decodeJwt,
  exchange,
  invalidGrant,
  invalidTarget,
  isSigned,
  organizationsResource,
  type Parameters,
  post,
  publishedKeys,
  rawFetch,
  read,
  refresh,
  tokens,
  userInfo,
} from './raw-client.js';

// What a real Logto 1.42 answered to the same requests.

const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';
const personalType = 'urn:logto:token-type:personal_access_token';
const impersonationType = 'urn:logto:token-type:impersonation_token';
const management = 'https://default.logto.app/api';
const alice = 'emulator-user-alice';
const acme = 'emulator-org-acme';
const pat = 'pat_emulatorOnlyAlice000000000000000';

let emulator: Emulator;
let issuer: string;
beforeAll(async () => {
  const { applications, users } = defaultSeed();
  emulator = await startEmulator({
    seed: {
      applications: [
        ...applications,
        {
          type: 'Native',
          thirdParty: true,
          appId: 'somebody-elses',
          redirectUris: ['http://localhost:3000/callback'],
          postLogoutRedirectUris: [],
        },
      ],
      users: [
        ...users.map((user) =>
          user.username === 'bob'
            ? { ...user, personalAccessTokens: [{ name: 'cli', value: 'pat_of_bob' }] }
            : {
                ...user,
                personalAccessTokens: [
                  { name: 'cli', value: pat },
                  { name: 'old', value: 'pat_expired', expired: true },
                ],
              },
        ),
        {
          id: 'suspended',
          username: 'sue',
          password: 'x',
          suspended: true,
          personalAccessTokens: [{ name: 'cli', value: 'pat_of_sue' }],
        },
      ],
    },
  });
  ({ issuer } = emulator);
});
afterAll(() => emulator.close());

const ofPat = { subject_token: pat, subject_token_type: personalType };
const swap = (fields: Parameters, appId: AppId = 'emulator-m2m') =>
  post(`${issuer}/token`, appId, { grant_type: grantType, ...ofPat, ...fields });

async function managed(
  path: string,
  body: unknown,
  { scope = 'all', method = 'POST' }: { readonly scope?: string; readonly method?: string } = {},
) {
  const form = { grant_type: 'client_credentials', resource: management, scope };
  const { body: granted } = await post(`${issuer}/token`, 'emulator-m2m', form);
  return asked(path, body, `Bearer ${granted.access_token}`, method);
}

function asked(path: string, body: unknown, authorization: string | null, method = 'POST') {
  return fetch(`${emulator.endpoint}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(authorization !== null && { authorization }) },
    body: JSON.stringify(body),
  }).then(read);
}

async function impersonation(userId = alice): Promise<string> {
  const { body } = await managed('/api/subject-tokens', { userId });
  return body.subjectToken;
}

const opaqueOf = async (username = 'alice', overrides: Parameters = {}) =>
  (await tokens(issuer, 'emulator-native', overrides, undefined, username)).body;

/** An access token of an application of somebody else, for which users are asked for their consent. */
async function foreignToken(): Promise<string> {
  const appId = 'somebody-elses' as AppId;
  const response = await signInThroughExperience({
    authorizationUrl: authorizationUrl(issuer, appId),
    redirectUri: callback,
    origins: [new URL(issuer).origin],
    namedBy: 'endpoint',
    user: { identifier: { type: 'username', value: 'alice' }, password: 'emulator-only-alice' },
    fetch: rawFetch,
    now: Date.now,
  });
  const code = new URL(response).searchParams.get('code') ?? '';
  const { body } = await exchange(issuer, appId, code);
  expect((await userInfo(issuer, body.access_token)).status).toBe(200);
  return body.access_token;
}

describe('which application may exchange tokens:', () => {
  it.each<AppId>(['emulator-native', 'emulator-spa', 'emulator-device', 'somebody-elses' as AppId])(
    '%s may not',
    async (appId) => {
      expect(await swap({}, appId)).toMatchObject({
        status: 400,
        body: {
          code: 'oidc.invalid_request',
          error: 'invalid_request',
          error_description: 'requested grant type is not allowed for this client',
        },
      });
    },
  );

  it.each<AppId>(['emulator-traditional', 'emulator-m2m'])('%s may, and authenticates', async (appId) => {
    const { status, body, headers } = await swap({ scope: 'openid' }, appId);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(Object.keys(body)).toEqual(['access_token', 'expires_in', 'scope', 'token_type']);
    const unknown = { client_secret: 'wrong' };
    expect(await swap(unknown, appId)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });

  it.each(['Native', 'SPA', 'device'])('%s may, where it is switched on', async (kind) => {
    const appId = `emulator-${kind.toLowerCase()}` as AppId;
    const applications = defaultSeed().applications.map((application) =>
      application.appId === appId ? { ...application, allowTokenExchange: true } : application,
    );
    const own = await startEmulator({ seed: { applications } });
    try {
      const fields = { grant_type: grantType, ...ofPat, scope: 'openid' };
      const { status, body } = await post(`${own.issuer}/token`, appId, fields);
      expect({ status, scope: body.scope }).toEqual({ status: 200, scope: 'openid' });
    } finally {
      await own.close();
    }
  });
});

describe('what an exchange gives:', () => {
  it('an opaque token with the OIDC scopes that are asked for, in their order', async () => {
    const { body } = await swap({ scope: 'profile unknown openid offline_access read:things' });
    expect(body).toEqual({
      access_token: expect.stringMatching(/^[\w-]{43}$/),
      expires_in: 3600,
      scope: 'profile openid offline_access',
      token_type: 'Bearer',
    });
    expect((await userInfo(issuer, body.access_token)).body).toMatchObject({ sub: alice, username: 'alice' });
    expect((await swap({})).body.scope).toBe('');
  });

  it('a JWT for a resource, with the rights of the user and not of the application', async () => {
    const { body } = await swap({ resource: api, scope: 'write:things openid read:things unknown' });
    const { header, claims } = decodeJwt(body.access_token);
    expect(header).toEqual({ alg: 'ES384', typ: 'at+jwt', kid: expect.any(String) });
    expect(Object.keys(claims)).toEqual(['jti', 'sub', 'iat', 'exp', 'scope', 'client_id', 'iss', 'aud']);
    expect(claims).toMatchObject({
      sub: alice,
      scope: 'write:things read:things',
      client_id: 'emulator-m2m',
      aud: api,
    });
    expect(isSigned(body.access_token, (await publishedKeys(issuer))[0])).toBe(true);
    expect(body.scope).toBe('write:things read:things');
    expect(decodeJwt((await swap({ resource: api })).body.access_token).claims['scope']).toBe('');
    const ofBob = await swap({ subject_token: 'pat_of_bob', resource: api, scope: 'read:things' });
    expect(ofBob.body.scope).toBe('');
  });

  it('a JWT for an organization, with the scopes in the order of the server', async () => {
    const { body } = await swap({ organization_id: acme, scope: 'write:org read:org' });
    expect(body.scope).toBe('read:org write:org');
    expect(decodeJwt(body.access_token).claims).toMatchObject({
      sub: alice,
      aud: `urn:logto:organization:${acme}`,
    });
    const both = await swap({ organization_id: acme, resource: api, scope: 'read:things' });
    const { claims } = decodeJwt(both.body.access_token);
    expect(Object.keys(claims)[0]).toBe('organization_id');
    expect(claims).toMatchObject({ organization_id: acme, aud: api, scope: 'read:things' });
  });

  it('the resource of the organizations, and an opaque token for several resources', async () => {
    const one = await swap({ resource: organizationsResource, scope: 'read:org' });
    expect(decodeJwt(one.body.access_token).claims).toMatchObject({
      aud: organizationsResource,
      scope: 'read:org',
    });
    const two = await swap({ resource: [api, 'https://unknown.example.test'], scope: 'openid' });
    expect(two).toMatchObject({ status: 200, body: { access_token: expect.stringMatching(/^[\w-]{43}$/) } });
  });

  it('the same by a JSON body', async () => {
    const { body } = await fetch(`${issuer}/token`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from('emulator-m2m:emulator-only-m2m-secret').toString('base64')}`,
      },
      body: JSON.stringify({ grant_type: grantType, ...ofPat, resource: api, scope: 'read:things' }),
    }).then(read);
    expect(body.scope).toBe('read:things');
  });
});

describe('what can be exchanged:', () => {
  it('an access token, opaque or a JWT, again and again, for more than it was for', async () => {
    const signedIn = await opaqueOf('alice', { scope: 'openid offline_access read:things', resource: api });
    const jwt = await refresh(issuer, 'emulator-native', signedIn.refresh_token, { resource: api });
    for (const subject of [signedIn.access_token, jwt.body.access_token]) {
      for (const wanted of [{ resource: api, scope: 'write:things' }, { scope: 'openid' }]) {
        const { body } = await swap({
          subject_token: subject,
          subject_token_type: accessTokenType,
          ...wanted,
        });
        expect(body.scope).toBe(wanted.scope);
      }
    }
  });

  it('an exchanged token', async () => {
    const { body } = await swap({ scope: 'openid' });
    const again = { subject_token: body.access_token, subject_token_type: accessTokenType };
    expect(await swap({ ...again, resource: api, scope: 'read:things' })).toMatchObject({
      status: 200,
      body: { scope: 'read:things' },
    });
  });

  it.each([accessTokenType, impersonationType])('an impersonation token, once, as %s', async (type) => {
    const once = { subject_token: await impersonation(), subject_token_type: type };
    expect(once.subject_token).toMatch(/^sub_[a-zA-Z0-9]{21}$/);
    // A refusal does not use it up.
    expect(await swap({ ...once, resource: 'https://unknown.example.test' })).toMatchObject(invalidTarget);
    expect(await swap({ ...once, actor_token: 'x', actor_token_type: accessTokenType })).toMatchObject(
      invalidGrant,
    );
    expect((await swap(once)).status).toBe(200);
    expect(await swap(once)).toMatchObject(invalidGrant);
  });

  it('an impersonation token for ten minutes', async () => {
    const token = { subject_token: await impersonation(), subject_token_type: impersonationType };
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 601_000 });
    try {
      expect(await swap(token)).toMatchObject(invalidGrant);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('what cannot be exchanged:', () => {
  it.each([
    ['an unknown personal access token', { subject_token: 'pat_unknown' }],
    ['an expired one', { subject_token: 'pat_expired' }],
    ['one that is sent as an access token', { subject_token_type: accessTokenType }],
    ['one that is sent as an impersonation token', { subject_token_type: impersonationType }],
    ['one of a suspended user', { subject_token: 'pat_of_sue' }],
    ['an unknown type', { subject_token_type: 'urn:ietf:params:oauth:token-type:jwt' }],
    ['an unknown access token', { subject_token: 'x', subject_token_type: accessTokenType }],
  ])('%s', async (_, fields) => {
    expect(await swap(fields)).toMatchObject(invalidGrant);
  });

  it.each([
    ['an ID token', 'id_token', 'urn:ietf:params:oauth:token-type:id_token'],
    ['an ID token as an access token', 'id_token', accessTokenType],
    ['a refresh token', 'refresh_token', 'urn:ietf:params:oauth:token-type:refresh_token'],
    ['a refresh token as an access token', 'refresh_token', accessTokenType],
  ])('%s', async (_, member, type) => {
    const signedIn = await opaqueOf();
    const fields = { subject_token: signedIn[member], subject_token_type: type };
    expect(await swap(fields)).toMatchObject(invalidGrant);
  });

  it('a token that is revoked, of an application itself, or of somebody else’s application', async () => {
    const { access_token: revoked } = await opaqueOf();
    await post(`${issuer}/token/revocation`, 'emulator-native', { token: revoked });
    const form = { grant_type: 'client_credentials', resource: api, scope: 'read:things' };
    const own = await post(`${issuer}/token`, 'emulator-m2m', form);
    const foreign = await foreignToken();
    for (const token of [revoked, own.body.access_token, foreign]) {
      const fields = { subject_token: token, subject_token_type: accessTokenType };
      expect(await swap(fields)).toMatchObject(invalidGrant);
    }
  });

  it('a JWT that has expired, or that somebody changed', async () => {
    const { body } = await swap({ resource: api });
    const [header, , signature] = body.access_token.split('.');
    const { claims } = decodeJwt(body.access_token);
    const other = Buffer.from(JSON.stringify({ ...claims, sub: 'emulator-user-bob' })).toString('base64url');
    const forged = `${header}.${other}.${signature}`;
    expect(await swap({ subject_token: forged, subject_token_type: accessTokenType })).toMatchObject(
      invalidGrant,
    );
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_601_000 });
    try {
      const expired = { subject_token: body.access_token, subject_token_type: accessTokenType };
      expect(await swap(expired)).toMatchObject(invalidGrant);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([
    ['no subject token', { subject_token: undefined }, "missing required parameter 'subject_token'"],
    ['an empty one', { subject_token: '' }, "missing required parameter 'subject_token'"],
    ['no type', { subject_token_type: undefined }, "missing required parameter 'subject_token_type'"],
    [
      'two subject tokens',
      { subject_token: ['a', 'b'] },
      "'subject_token' parameter must not be provided twice",
    ],
  ])('%s', async (_, fields, description) => {
    expect(await swap(fields)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request', error_description: description },
    });
  });

  it('for an unknown resource, or in an organization without the user', async () => {
    for (const resource of ['https://unknown.example.test', 'relative'])
      expect(await swap({ resource })).toMatchObject(invalidTarget);
    for (const organization of ['emulator-org-other', 'unknown']) {
      expect(await swap({ organization_id: organization })).toMatchObject({
        status: 403,
        body: {
          error: 'access_denied',
          error_description: 'user is not a member of the organization',
        },
      });
    }
    expect((await swap({ organization_id: '' })).status).toBe(200);
  });
});

describe('an actor', () => {
  it('is named in the token, and to who introspects it', async () => {
    const { access_token: actor } = await opaqueOf('bob');
    const acting = { actor_token: actor, actor_token_type: accessTokenType };
    const { body: jwt } = await swap({ ...acting, resource: api });
    expect(Object.entries(decodeJwt(jwt.access_token).claims)[0]).toEqual([
      'act',
      { sub: 'emulator-user-bob' },
    ]);
    const { body: opaque } = await swap({ ...acting, scope: 'openid' });
    const seen = await post(`${issuer}/token/introspection`, 'emulator-m2m', { token: opaque.access_token });
    expect(seen.body).toMatchObject({
      active: true,
      sub: alice,
      act: { sub: 'emulator-user-bob' },
      client_id: 'emulator-m2m',
    });
  });

  it('has an opaque token with openid, of the one type', async () => {
    const { access_token: actor } = await opaqueOf('bob');
    const { access_token: narrow } = await opaqueOf('bob', { scope: 'profile', nonce: undefined });
    const { body: jwt } = await swap({ resource: api });
    for (const fields of [
      { actor_token: actor },
      { actor_token: actor, actor_token_type: personalType },
      { actor_token: narrow, actor_token_type: accessTokenType },
      { actor_token: jwt.access_token, actor_token_type: accessTokenType },
      { actor_token: 'unknown', actor_token_type: accessTokenType },
    ])
      expect(await swap(fields)).toMatchObject(invalidGrant);
    expect((await swap({ actor_token_type: accessTokenType })).status).toBe(200);
  });
});

describe('an exchanged token', () => {
  it('ends alone, and lives on when its subject ends', async () => {
    const signedIn = await opaqueOf();
    const subject = { subject_token: signedIn.access_token, subject_token_type: accessTokenType };
    const [one, other] = await Promise.all([
      swap({ ...subject, scope: 'openid' }),
      swap({ ...subject, scope: 'openid' }),
    ]);
    await post(`${issuer}/token/revocation`, 'emulator-native', { token: signedIn.refresh_token });
    expect((await userInfo(issuer, signedIn.access_token)).status).toBe(401);
    expect((await userInfo(issuer, one.body.access_token)).status).toBe(200);
    await post(`${issuer}/token/revocation`, 'emulator-m2m', { token: one.body.access_token });
    expect((await userInfo(issuer, one.body.access_token)).status).toBe(401);
    expect((await userInfo(issuer, other.body.access_token)).status).toBe(200);
  });
});

describe('the Management API', () => {
  const tokensOf = (id: string) => `/api/users/${id}/personal-access-tokens`;

  it('makes impersonation tokens, for suspended users too', async () => {
    expect(await managed('/api/subject-tokens', { userId: 'suspended', context: {} })).toMatchObject({
      status: 201,
      body: { subjectToken: expect.stringMatching(/^sub_/), expiresIn: 600 },
    });
    expect(await managed('/api/subject-tokens', { userId: 'nobody' })).toMatchObject({
      status: 404,
      body: { code: 'entity.relation_foreign_key_not_found' },
    });
  });

  it('makes and deletes personal access tokens', async () => {
    const { status, body } = await managed(tokensOf(alice), { name: 'ci' });
    expect(status).toBe(201);
    expect(body).toEqual({
      tenantId: 'default',
      userId: alice,
      name: 'ci',
      value: expect.stringMatching(/^pat_[a-zA-Z0-9]{32}$/),
      createdAt: expect.any(Number),
      expiresAt: null,
    });
    expect((await swap({ subject_token: body.value })).status).toBe(200);
    expect(await managed(tokensOf(alice), { name: 'ci' })).toMatchObject({
      status: 422,
      body: { code: 'user.personal_access_token_name_exists' },
    });
    expect(await managed(tokensOf(alice), { name: 'late', expiresAt: 1 })).toMatchObject({
      status: 400,
      body: { code: 'request.invalid_input' },
    });
    const deleted = await managed(`${tokensOf(alice)}/ci`, {}, { method: 'DELETE' });
    expect(deleted.status).toBe(204);
    expect(await swap({ subject_token: body.value })).toMatchObject(invalidGrant);
  });

  it('is for an application with the scope all', async () => {
    const path = '/api/subject-tokens';
    const of = (status: number, code: string) => ({ status, body: { code } });
    const { access_token: opaque } = await opaqueOf();
    const { body: forApi } = await swap({ resource: api });
    expect(await asked(path, {}, null)).toMatchObject(of(401, 'auth.authorization_header_missing'));
    for (const token of [opaque, forApi.access_token, 'x'])
      expect(await asked(path, {}, `Bearer ${token}`)).toMatchObject(of(401, 'auth.unauthorized'));
    expect(await managed(path, { userId: alice }, { scope: '' })).toMatchObject(of(403, 'auth.forbidden'));
    const ofUser = await swap({ resource: management, scope: 'all' });
    expect(await asked(path, { userId: alice }, `Bearer ${ofUser.body.access_token}`)).toMatchObject(
      of(403, 'auth.forbidden'),
    );
  });
});
