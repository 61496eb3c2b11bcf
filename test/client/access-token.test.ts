import { describe, expect, it } from 'vitest';
import {
  accessTokenOf,
  assertObtainable,
  assertResource,
  organizationResource,
  organizationScope,
  usableToken,
  withAccessToken,
} from '../../src/client/access-token.js';
import type { StoredAccessToken, TokenSet } from '../../src/client/token-set.js';
import { failureOf } from '../support/failure-of.js';

const now = Date.UTC(2026, 0, 1);

function stored(more: Partial<StoredAccessToken> = {}): StoredAccessToken {
  return {
    resource: null,
    organization: null,
    token: 'a-token',
    tokenType: 'Bearer',
    scopes: ['openid'],
    expiresAt: now + 3_600_000,
    ...more,
  };
}

function tokenSet(more: Partial<TokenSet> = {}): TokenSet {
  return {
    issuer: 'https://tenant.test/oidc',
    appId: 'app',
    redirectUri: 'http://localhost:3000/callback',
    idToken: 'e30.e30.x',
    refreshToken: 'a-refresh-token',
    scopes: ['openid', organizationScope],
    resources: ['https://a.test', organizationResource],
    signedInAt: now,
    accessTokens: [],
    ...more,
  };
}

describe('usableToken', () => {
  const targets = [
    {},
    { resource: 'https://a.test' },
    { organization: 'org' },
    { resource: 'https://a.test', organization: 'org' },
  ];

  it.each(targets)('is the token of exactly this target (%o)', (target) => {
    const accessTokens = targets.map((other) => stored({ ...other, token: JSON.stringify(other) }));
    expect(usableToken(tokenSet({ accessTokens }), target, now)?.accessToken).toBe(JSON.stringify(target));
    const others = accessTokens.filter(({ token }) => token !== JSON.stringify(target));
    expect(usableToken(tokenSet({ accessTokens: others }), target, now)).toBeNull();
  });

  it.each([
    { left: 30_001, minTtl: undefined, usable: true },
    { left: 30_000, minTtl: undefined, usable: false },
    { left: 1, minTtl: 0, usable: true },
    { left: 0, minTtl: 0, usable: false },
    { left: 60_001, minTtl: 60, usable: true },
    { left: 60_000, minTtl: 60, usable: false },
  ])('with $left ms left and a minTtl of $minTtl s: $usable', ({ left, minTtl, usable }) => {
    const accessTokens = [stored({ expiresAt: now + left })];
    const request = minTtl === undefined ? {} : { minTtl };
    expect(usableToken(tokenSet({ accessTokens }), request, now) !== null).toBe(usable);
  });

  it('is one whose end nobody told', () => {
    const accessTokens = [stored({ expiresAt: null })];
    expect(usableToken(tokenSet({ accessTokens }), { minTtl: 1e9 }, now)).toEqual({
      accessToken: 'a-token',
      tokenType: 'Bearer',
      expiresAt: null,
      scopes: ['openid'],
      resource: null,
      organization: null,
    });
  });
});

describe('withAccessToken', () => {
  it('puts the new one in the place of its predecessor, and drops the ended ones', () => {
    const tokens = [
      stored({ token: 'old' }),
      stored({ token: 'other', resource: 'https://a.test' }),
      stored({ token: 'ended', organization: 'org', expiresAt: now }),
      stored({ token: 'endless', organization: 'other', expiresAt: null }),
    ];
    const result = withAccessToken(tokens, stored({ token: 'new' }), now);
    expect(result.map(({ token }) => token)).toEqual(['other', 'endless', 'new']);
    expect(tokens).toHaveLength(4);
  });

  it('keeps the new one even if it has ended', () => {
    expect(withAccessToken([], stored({ expiresAt: now - 1 }), now)).toHaveLength(1);
  });
});

describe('assertResource', () => {
  it.each(['https://api.test', 'http://localhost:3000', 'urn:logto:resource:organizations', 'api:things'])(
    'takes %s as it is',
    (resource) => expect(assertResource(resource)).toBe(resource),
  );

  it.each([
    '',
    ' ',
    'things',
    '/things',
    '//api.test',
    'https:',
    'https://a.test#x',
    'a b',
    '1a:x',
    'https://a\n',
  ])('refuses %j', async (resource) => {
    expect(await failureOf(() => assertResource(resource))).toMatchObject({ code: 'config_invalid' });
  });
});

describe('assertObtainable', () => {
  it('lets pass what the sign-in asked for', () => {
    for (const request of [{}, { resource: 'https://a.test' }, { organization: 'org' }])
      expect(() => assertObtainable(tokenSet(), request)).not.toThrow();
  });

  it('names every resource to sign in with, and not the one of organizations', async () => {
    const failure = await failureOf(() => assertObtainable(tokenSet(), { resource: 'https://b.test' }));
    expect(failure).toMatchObject({
      code: 'resource_unknown',
      details: { resource: 'https://b.test' },
    });
    expect(failure.hint).toContain('logto-cli sign-in --resource https://a.test --resource https://b.test');
  });
});

it('accessTokenOf names the token as it is handed out', () => {
  expect(accessTokenOf(stored())).toMatchObject({ accessToken: 'a-token', tokenType: 'Bearer' });
  expect(accessTokenOf(stored())).not.toHaveProperty('token');
});
