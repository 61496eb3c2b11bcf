import { describe, expect, it } from 'vitest';
import { sessionOf } from '../../src/client/session.js';
import { decodeClaims, parseTokenSet, serializeTokenSet, type TokenSet } from '../../src/client/token-set.js';
import { isoTime } from '../../src/output/moments.js';
import { failureOf } from '../support/failure-of.js';
import { jwtWithSignature } from '../support/signed-jwt.js';

const ofNobody = Buffer.from('of nobody');

const claims = {
  sub: 'alice',
  iss: 'https://tenant.test/oidc',
  aud: 'app',
  exp: 1_800_000_000,
  iat: 1_700_000_000,
};
const idToken = (changes: Record<string, unknown> = {}) =>
  jwtWithSignature({ alg: 'ES384' }, { ...claims, ...changes }, ofNobody);

const tokenSet: TokenSet = {
  issuer: 'https://tenant.test/oidc',
  endpoint: 'https://tenant.test',
  appId: 'app',
  redirectUri: 'http://localhost:3000/callback',
  idToken: idToken(),
  refreshToken: 'a-refresh-token',
  scopes: ['openid', 'profile'],
  resources: ['https://api.test'],
  signedInAt: 1_700_000_000_000,
  accessTokens: [
    {
      resource: null,
      organization: null,
      token: 'an-access-token',
      tokenType: 'Bearer',
      scopes: ['openid'],
      expiresAt: 1_700_000_600_000,
    },
  ],
};
const [accessToken] = tokenSet.accessTokens;
const written = () => JSON.parse(serializeTokenSet(tokenSet)) as Record<string, unknown>;

describe('a token set', () => {
  it('is read as it was written', () => {
    expect(parseTokenSet(serializeTokenSet(tokenSet))).toEqual(tokenSet);
    const { endpoint: _, ...bare } = { ...tokenSet, refreshToken: null, accessTokens: [] };
    expect(parseTokenSet(serializeTokenSet(bare))).toEqual(bare);
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['no JSON', '{"version":1'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a text', '"token"'],
    ['somebody else’s JSON', '{"access_token":"x"}'],
    ['half of a record', serializeTokenSet(tokenSet).slice(0, 200)],
  ])('is corrupt when the record is %s', async (_, text) => {
    expect(await failureOf(() => parseTokenSet(text))).toMatchObject({ code: 'storage_corrupt' });
  });

  it.each<[string, Record<string, unknown>]>([
    ['has no version', { version: undefined }],
    ['has a version that is no number', { version: '1' }],
    ['is of an unknown old version', { version: 0 }],
    ['has no issuer', { issuer: undefined }],
    ['has an application that is a number', { appId: 1 }],
    ['has an endpoint that is no text', { endpoint: null }],
    ['has a redirect URI that is none', { redirectUri: 'x' }],
    ['has no refresh token field', { refreshToken: undefined }],
    ['has scopes that are one text', { scopes: 'openid' }],
    ['has scopes that are numbers', { scopes: [1] }],
    ['has no resources', { resources: undefined }],
    ['has an absurd moment of the sign-in', { signedInAt: 1e300 }],
    ['has a moment of the sign-in that is a text', { signedInAt: '2026-01-01' }],
    ['has access tokens that are none', { accessTokens: {} }],
    ['has an access token that is null', { accessTokens: [null] }],
    ['has an access token without the token', { accessTokens: [{ ...accessToken, token: undefined }] }],
    [
      'has an access token with an absurd end',
      { accessTokens: [{ ...accessToken, expiresAt: 8.64e15 + 1 }] },
    ],
    [
      'has an access token with an end that is a text',
      { accessTokens: [{ ...accessToken, expiresAt: 'x' }] },
    ],
    ['has an ID token that is no JWT', { idToken: 'x' }],
    ['has an ID token of other JSON', { idToken: 'e30.W10.' }],
    ['has an ID token without a subject', { idToken: idToken({ sub: undefined }) }],
    ['has an ID token that never says when it ends', { idToken: idToken({ exp: undefined }) }],
    ['has an ID token with an absurd end', { idToken: idToken({ exp: 1e300 }) }],
  ])('is corrupt when it %s, and says nothing of what is in it', async (_, changes) => {
    const failure = await failureOf(() => parseTokenSet(JSON.stringify({ ...written(), ...changes })));
    expect(failure).toMatchObject({ code: 'storage_corrupt' });
    const said = JSON.stringify([failure.message, failure.hint, failure.details]);
    expect(said).not.toMatch(/a-refresh-token|an-access-token|eyJ/);
    expect(failure.hint).toContain('--local');
  });

  it('of a newer version says so, and is not touched', async () => {
    const failure = await failureOf(() => parseTokenSet(JSON.stringify({ ...written(), version: 2 })));
    expect(failure).toMatchObject({ code: 'storage_corrupt' });
    expect(failure.message).toContain('newer');
  });
});

describe('a session', () => {
  it('tells everything but the tokens', () => {
    const session = sessionOf(tokenSet);
    expect(session).toMatchObject({ subject: 'alice', appId: 'app', hasRefreshToken: true, claims });
    expect(session.idTokenExpiresAt).toBe(claims.exp * 1000);
    expect(JSON.stringify(session)).not.toMatch(/a-refresh-token|an-access-token|eyJ/);
  });

  it('has times that can be told', () => {
    const session = sessionOf(parseTokenSet(serializeTokenSet(tokenSet)));
    for (const time of [session.signedInAt, session.idTokenExpiresAt]) expect(isoTime(time)).toMatch(/Z$/);
  });
});

describe('decodeClaims', () => {
  it('reads any character that a claim can have', () => {
    expect(decodeClaims(idToken({ name: 'Zoë 李雷 😀 \u202e' }))['name']).toBe('Zoë 李雷 😀 \u202e');
  });
});
