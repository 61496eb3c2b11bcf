import { describe, expect, it } from 'vitest';
import type { Fetch } from '../../src/network/fetch.js';
import { type ApiExpectations, unreadableToken, verifyToken } from '../../src/oidc/verify/verify-token.js';
import { failureOf } from '../support/failure-of.js';
import { createSigningKey, type Json, type SigningKey, signJwt } from '../support/signed-jwt.js';

const issuer = 'https://provider.test';
const api = 'https://api.test';
const now = 1_800_000_000;
const key = createSigningKey('key-1');
const another = createSigningKey('key-2');

const claims = {
  iss: issuer,
  aud: api,
  sub: 'alice',
  client_id: 'app',
  scope: 'read:things write:things',
  iat: now,
  exp: now + 3600,
};

/** A provider of which there is nothing but what it publishes. */
function published(keys: readonly Json[] = [key.jwk], date = new Date(now * 1000)): Fetch {
  return async (url) => {
    const document = {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
    };
    return Response.json(url.endsWith('/keys') ? { keys } : document, {
      headers: { date: date.toUTCString() },
    });
  };
}

interface Token {
  readonly header?: Json;
  readonly claims?: Json;
  readonly by?: SigningKey;
}

function tokenOf({ header = {}, claims: more = {}, by = key }: Token = {}): string {
  return signJwt({ alg: by.alg, typ: 'at+jwt', kid: by.kid, ...header }, { ...claims, ...more }, by);
}

function verified(token: string, expected: Partial<ApiExpectations> = {}) {
  return verifyToken(token, {
    issuer,
    namedBy: 'issuer',
    audiences: [api],
    scopes: [],
    fetch: published(),
    now: () => now * 1000,
    ...expected,
  });
}

/** The checks that ended so. */
async function subjects(
  passed: boolean | null,
  token: string,
  expected: Partial<ApiExpectations> = {},
): Promise<string[]> {
  const { checks } = await verified(token, expected);
  return checks.filter((check) => check.passed === passed).map(({ subject }) => subject);
}

describe('a token that an API takes', () => {
  it('passes every clause that was asked', async () => {
    const found = await verified(tokenOf(), { scopes: ['read:things'] });
    expect(found).toMatchObject({ valid: true, header: { alg: 'ES256' }, claims: { sub: 'alice' } });
    expect(found.checks.map(({ subject, passed }) => [subject, passed])).toEqual(
      ['format', 'typ', 'alg', 'iss', 'aud', 'signature', 'exp', 'scope'].map((subject) => [subject, true]),
    );
  });

  it.each<[string, Token, Partial<ApiExpectations>, string[]]>([
    ['of which nobody asked for whom or for what', {}, { audiences: [] }, ['aud', 'scope']],
    [
      'that does not say what kind it is',
      { header: { typ: undefined } },
      { scopes: ['read:things'] },
      ['typ'],
    ],
    ['that says no more than JWT', { header: { typ: 'JWT' } }, { scopes: ['read:things'] }, ['typ']],
    [
      'of an organization that nobody asked for',
      { claims: { organization_id: 'acme' } },
      { scopes: ['read:things'] },
      ['organization'],
    ],
  ])('may be one %s: that is open, and not passed', async (_, token, expected, open) => {
    const found = await verified(tokenOf(token), expected);
    expect(found.valid).toBe(true);
    expect(found.checks.filter(({ passed }) => passed === null).map(({ subject }) => subject)).toEqual(open);
    for (const { passed, message } of found.checks) if (passed === null) expect(message).toBeTruthy();
  });

  it.each<[string, Token, Partial<ApiExpectations>]>([
    ['for several APIs', { claims: { aud: ['https://b.test', api] } }, {}],
    ['for one of the names of the API', {}, { audiences: ['https://b.test', api] }],
    [
      'whose scopes are called scp',
      { claims: { scope: undefined, scp: ['read:things'] } },
      { scopes: ['read:things'] },
    ],
    ['that has begun', { claims: { nbf: now + 30 } }, {}],
    [
      'of its organization by aud',
      { claims: { aud: 'urn:logto:organization:acme' } },
      { audiences: [], organization: 'acme' },
    ],
    ['of its organization by claim', { claims: { organization_id: 'acme' } }, { organization: 'acme' }],
    ['whose key is the only one', { header: { kid: undefined } }, {}],
    ['of the long media type', { header: { typ: 'application/at+jwt' } }, {}],
  ])('may be one %s', async (_, token, expected) => {
    expect(await subjects(false, tokenOf(token), expected)).toEqual([]);
  });
});

describe('a token that an API refuses', () => {
  it.each<[string, Token, Partial<ApiExpectations>, string[], RegExp, RegExp]>([
    [
      'is an ID token',
      { header: { typ: 'JWT' }, claims: { nonce: 'n' } },
      {},
      ['typ'],
      /ID token: it has the claim nonce/,
      /--resource <uri>/,
    ],
    [
      'is an ID token of Keycloak',
      { header: { typ: 'JWT' }, claims: { typ: 'ID' } },
      {},
      ['typ'],
      /Keycloak/,
      /access token/,
    ],
    [
      'is an ID token of Cognito',
      { header: { typ: undefined }, claims: { token_use: 'id' } },
      {},
      ['typ'],
      /Cognito/,
      /access token/,
    ],
    ['is a logout token', { header: { typ: 'logout+jwt' } }, {}, ['typ'], /logout\+jwt/, /access token/],
    ['asks for extensions', { header: { crit: ['b64'] } }, {}, ['crit'], /b64/, /crit/],
    [
      'is of another issuer',
      { claims: { iss: 'https://other.test' } },
      {},
      ['iss'],
      /of "https:\/\/other.test", and/,
      /--issuer https:\/\/other.test/,
    ],
    ['differs by a slash', { claims: { iss: `${issuer}/` } }, {}, ['iss'], /slash at the end/, /--issuer/],
    ['names no issuer', { claims: { iss: undefined } }, {}, ['iss'], /iss is missing/, /put its issuer/],
    [
      'is for another API',
      { claims: { aud: 'https://b.test' } },
      {},
      ['aud'],
      /for "https:\/\/b.test", and not for "https:\/\/api.test"/,
      /--resource https:\/\/api.test/,
    ],
    [
      'is for nobody',
      { claims: { aud: undefined } },
      {},
      ['aud'],
      /for nobody \(aud is missing\)/,
      /--resource/,
    ],
    [
      'is for another organization',
      { claims: { aud: 'urn:logto:organization:a' } },
      { audiences: ['urn:logto:organization:b'] },
      ['aud'],
      /organization:a/,
      /--organization b/,
    ],
    [
      'is of an unknown key',
      { by: another },
      {},
      ['signature'],
      /"key-2", which is not in the key set/,
      /another environment/,
    ],
    [
      'is of another key by that name',
      { by: another, header: { kid: 'key-1' } },
      {},
      ['signature'],
      /none by that key/,
      /new token/,
    ],
    ['has expired', { claims: { exp: now - 7200 } }, {}, ['exp'], /expired \(.*2 hours ago\)/, /refreshes/],
    ['has just expired', { claims: { exp: now - 5 } }, {}, ['exp'], /allows for clocks/, /refreshes/],
    ['never ends', { claims: { exp: undefined } }, {}, ['exp'], /does not say when it ends/, /exp/],
    ['ends at no time', { claims: { exp: '1' } }, {}, ['exp'], /no time but text/, /exp/],
    ['is not valid yet', { claims: { nbf: now + 3600 } }, {}, ['nbf'], /not valid before/, /date -u/],
    ['begins at no time', { claims: { nbf: 'x' } }, {}, ['nbf'], /no time/, /nbf/],
    [
      'lacks a scope',
      {},
      { scopes: ['read:things', 'delete:things'] },
      ['scope'],
      /lacks delete:things.*403/,
      /logto-cli sign-in --resource https:\/\/api\.test --scope delete:things$/,
    ],
    [
      'lacks scopes of the API that is named',
      { claims: { scope: 'read:things' } },
      { audiences: [api], scopes: ['write:things', 'delete:things'] },
      ['scope'],
      /lacks write:things delete:things/,
      /logto-cli sign-in --resource https:\/\/api\.test --scope 'write:things delete:things'$/,
    ],
    [
      'lacks a scope of an organization',
      { claims: { aud: 'urn:logto:organization:acme', scope: '' } },
      { audiences: [], scopes: ['read:org'], organization: 'acme' },
      ['scope'],
      /lacks read:org/,
      /logto-cli sign-in --organization acme --scope read:org$/,
    ],
    [
      'lacks a scope of an organization that its audience names',
      { claims: { aud: 'urn:logto:organization:acme', scope: '' } },
      { audiences: ['urn:logto:organization:acme'], scopes: ['read:org'] },
      ['scope'],
      /lacks read:org/,
      /logto-cli sign-in --organization acme --scope read:org$/,
    ],
    ['has no scope', { claims: { scope: '' } }, { scopes: ['read:things'] }, ['scope'], /no scope/, /role/],
    [
      'is of no organization',
      {},
      { organization: 'acme' },
      ['organization'],
      /no organization/,
      /--organization acme/,
    ],
    [
      'is of another organization',
      { claims: { organization_id: 'b' } },
      { organization: 'acme' },
      ['organization'],
      /of "b"/,
      /--organization acme/,
    ],
  ])('%s', async (_, token, expected, failing, message, hint) => {
    const found = await verified(tokenOf(token), expected);
    const failed = found.checks.filter(({ passed }) => passed === false);
    expect(found.valid).toBe(false);
    expect(failed.map(({ subject }) => subject)).toEqual(failing);
    expect(failed[0]?.message).toMatch(message);
    expect(failed[0]?.hint).toMatch(hint);
  });

  it('is signed by nobody, in whatever spelling', async () => {
    const [, body] = tokenOf().split('.');
    for (const alg of ['none', 'None', 'nOnE']) {
      const header = Buffer.from(JSON.stringify({ alg, typ: 'at+jwt' })).toString('base64url');
      expect(await subjects(false, `${header}.${body}.`)).toEqual(['alg', 'signature']);
    }
  });

  it('is signed with a secret, or by what nobody here can verify: its signature is open, and it is not valid', async () => {
    const [, body, signature] = tokenOf().split('.');
    for (const [alg, failing] of [
      ['HS256', ['alg']],
      ['ES256K', []],
    ] as const) {
      const header = Buffer.from(JSON.stringify({ alg, typ: 'at+jwt', kid: 'key-1' })).toString('base64url');
      const found = await verified(`${header}.${body}.${signature}`);
      expect(found.valid).toBe(false);
      expect(found.checks.filter(({ passed }) => passed === false).map(({ subject }) => subject)).toEqual(
        failing,
      );
      expect(found.checks.find(({ subject }) => subject === 'signature')?.passed).toBeNull();
    }
  });

  it('was changed or cut off', async () => {
    const [header, , signature = ''] = tokenOf().split('.');
    const other = Buffer.from(JSON.stringify({ ...claims, sub: 'mallory' })).toString('base64url');
    expect(await subjects(false, `${header}.${other}.${signature}`)).toEqual(['signature']);
    const cut = await verified(tokenOf().slice(0, -8));
    expect(cut.checks.find(({ passed }) => passed === false)?.message).toContain('was cut off');
  });

  it('is told all that is wrong with it', async () => {
    const token = tokenOf({ by: another, claims: { iss: 'https://b.test', aud: 'b', exp: 1 } });
    expect(await subjects(false, token)).toEqual(['iss', 'aud', 'signature', 'exp']);
  });
});

describe('the keys of a provider', () => {
  it.each([
    ['none is published', [], /publishes no key/],
    ['it is for encryption', [{ ...key.jwk, use: 'enc' }], /not for signatures/],
    ['it is of another type', [{ kty: 'RSA', kid: 'key-1', n: 'AQAB', e: 'AQAB' }], /of the type RSA/],
    ['it is for another algorithm', [{ ...key.jwk, alg: 'ES384' }], /for ES384 alone/],
  ])('fail where %s', async (_, keys, message) => {
    const found = await verified(tokenOf(), { fetch: published(keys) });
    expect(found.checks.find(({ subject }) => subject === 'signature')).toMatchObject({
      passed: false,
      message: expect.stringMatching(message),
    });
  });

  it('that cannot be reached leave nothing to tell', async () => {
    const down: Fetch = async (url) => {
      const { LogtoError } = await import('../../src/errors.js');
      if (url.endsWith('/keys'))
        throw new LogtoError('network_unreachable', 'Nobody is there.', 'Try again.');
      return published()(url, {});
    };
    expect((await failureOf(verified(tokenOf(), { fetch: down }))).code).toBe('network_unreachable');
    const broken: Fetch = async (url) =>
      url.endsWith('/keys') ? Response.json({ nothing: true }) : published()(url, {});
    expect((await failureOf(verified(tokenOf(), { fetch: broken }))).code).toBe('jwks_invalid');
  });
});

describe('the clock', () => {
  const ahead = () => (now + 7200) * 1000;

  it("is the provider's where this machine's is off, and that is told", async () => {
    const found = await verified(tokenOf(), { now: ahead });
    expect(found.valid).toBe(true);
    expect(found.checks.find(({ subject }) => subject === 'exp')?.message).toMatch(/7200 s ahead of it/);
  });

  it("is this machine's where the provider tells none", async () => {
    const silent: Fetch = async (url, init) => {
      const response = await published()(url, init);
      response.headers.delete('date');
      return response;
    };
    expect(await subjects(false, tokenOf(), { now: ahead, fetch: silent })).toEqual(['exp']);
  });
});

describe('what is no signed JWT', () => {
  it.each([
    ['opaque', 'x'.repeat(43), 'endpoint', /introspection.*Logto gives such a token where no resource/],
    ['opaque', 'x'.repeat(43), 'issuer', /^(?!.*Logto).*introspection/],
    ['encrypted', 'a.b.c.d.e', 'issuer', /Only whom it is encrypted for/],
    ['cut off', tokenOf().split('.').slice(0, 2).join('.'), 'issuer', /cut off/],
  ] as const)('is told as %s', (_, token, namedBy, message) => {
    expect(unreadableToken(token, namedBy)).toMatchObject({
      valid: false,
      header: null,
      claims: null,
      checks: [{ subject: 'format', passed: false, message: expect.stringMatching(message) }],
    });
  });

  it('is not what is one', () => {
    expect(unreadableToken(tokenOf(), 'issuer')).toBeNull();
  });
});
