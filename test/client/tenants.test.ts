import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogtoClient } from '../../src/client/logto-client.js';
import type { LogtoConfig } from '../../src/client/logto-config.js';
import { placeOf } from '../../src/client/logto-config.js';
import { parseTokenSet, tokenSetKey } from '../../src/client/token-set.js';
import { createFetch } from '../../src/network/create-fetch.js';
import type { Fetch } from '../../src/network/fetch.js';
import { MemoryStorage } from '../../src/storage/memory-storage.js';
import { failureOf } from '../support/failure-of.js';
import { startTenantsProvider, type TenantsProvider, tenants } from '../support/tenants-provider.js';

const redirectUri = 'http://localhost:3000/callback';
let provider: TenantsProvider;
let storage: MemoryStorage;
let fetch: Fetch;
beforeEach(async () => {
  [provider, fetch] = await Promise.all([startTenantsProvider(), createFetch({ environment: {} })]);
  storage = new MemoryStorage();
});
afterEach(() => provider.lying.close());

const client = (changes: Partial<LogtoConfig> = {}) =>
  new LogtoClient({ ...provider.place, appId: provider.lying.clientId, ...changes } as LogtoConfig, {
    storage,
    fetch,
  });

async function signIn(by = client()) {
  const url = await by.signIn({ redirectUri });
  return by.handleSignInCallback(await provider.lying.authorize(url));
}

describe('a client whose issuer is a template', () => {
  it('has a session of the tenant that signed in', async () => {
    provider.tenant = tenants.other;
    const session = await signIn();
    const own = provider.issuerOf(tenants.other);
    expect(session).toMatchObject({
      issuer: own,
      issuerTemplate: provider.place.issuer,
      discoveryUrl: provider.place.discoveryUrl,
      claims: { iss: own, tid: tenants.other },
    });
    const next = client();
    expect(await next.isAuthenticated()).toBe(true);
    expect(await next.getIdTokenClaims()).toMatchObject({ iss: own });
    expect(await next.getAccessToken()).toBeTypeOf('string');
    expect(await next.getIdToken({ refresh: true })).toBeTypeOf('string');
    expect(await next.fetchUserInfo()).toMatchObject({ sub: 'alice' });
    expect(await next.signOut()).toContain('/end-session');
    expect(await next.isAuthenticated()).toBe(false);
  });

  it('knows no session of another place, of one tenant, or of none', async () => {
    await signIn();
    for (const changes of [
      { discoveryUrl: `${provider.lying.origin}/organizations/v2.0/.well-known/openid-configuration` },
      { issuer: provider.issuerOf(tenants.one) },
      { issuer: provider.issuerOf(tenants.one), discoveryUrl: undefined },
    ] as unknown as Partial<LogtoConfig>[])
      expect(await client(changes).isAuthenticated()).toBe(false);
    expect(await client().isAuthenticated()).toBe(true);
  });

  it('finishes no sign-in that was begun by another document', async () => {
    const url = await client().signIn({ redirectUri });
    const callback = await provider.lying.authorize(url);
    const other = client({ discoveryUrl: `${provider.lying.origin}/x/.well-known/openid-configuration` });
    expect(await failureOf(() => other.handleSignInCallback(callback))).toMatchObject({
      code: 'not_signed_in',
    });
    expect(provider.lying.requestsTo('token')).toEqual([]);
    await client().handleSignInCallback(callback);
  });

  it('finds the sign-in of a user of another tenant refused as a whole', async () => {
    provider.idToken = (claims) => ({ ...claims, tid: tenants.other });
    expect(await failureOf(() => signIn())).toMatchObject({ code: 'issuer_mismatch' });
    expect(await storage.get(tokenSetKey)).toBeNull();
  });

  it('takes a sign-in on another device as one of its tenant, and of no other than its token says', async () => {
    const { lying, place } = provider;
    const own = { iss: provider.issuerOf(tenants.other), tid: tenants.other };
    const honest = lying.lies.discovery;
    lying.lies.discovery = (document) => ({
      ...honest?.(document),
      device_authorization_endpoint: `${lying.origin}/device`,
    });
    let claims: Record<string, unknown> = own;
    Object.assign(lying.lies.answers ?? {}, {
      elsewhere: {
        body: {
          device_code: 'device-code-1',
          user_code: 'ABCD',
          verification_uri: `${lying.origin}/page`,
          expires_in: 600,
        },
      },
      token: () => ({
        body: {
          access_token: 'access-1',
          token_type: 'Bearer',
          id_token: lying.sign({}, lying.claims(claims)),
        },
      }),
    });
    const wait = { sleep: async () => {} };
    const session = await (await client().signInOnDevice()).session(wait);
    expect(session).toMatchObject({
      issuer: own.iss,
      issuerTemplate: place.issuer,
      discoveryUrl: place.discoveryUrl,
    });
    claims = { ...own, tid: tenants.one };
    const device = await client().signInOnDevice();
    expect(await failureOf(() => device.session(wait))).toMatchObject({ code: 'issuer_mismatch' });
  });

  it('cannot be made without the place of the document, or with an endpoint', async () => {
    const { place, lying } = provider;
    const alone = new LogtoClient({ issuer: place.issuer, appId: lying.clientId }, { storage, fetch });
    expect(await failureOf(() => alone.signIn({ redirectUri }))).toMatchObject({ code: 'config_invalid' });
    const config = {
      endpoint: lying.origin,
      discoveryUrl: place.discoveryUrl,
      appId: 'a',
    } as unknown as LogtoConfig;
    const both = new LogtoClient(config, { storage, fetch });
    expect(await failureOf(() => both.signIn({ redirectUri }))).toMatchObject({ code: 'config_invalid' });
    expect(lying.requests).toEqual([]);
  });
});

describe('the record of a session', () => {
  it('is damaged where the place or the template is no text', async () => {
    await signIn();
    const record = JSON.parse((await storage.get(tokenSetKey)) ?? '') as Record<string, unknown>;
    expect(parseTokenSet(JSON.stringify(record))).toMatchObject({ issuerTemplate: provider.place.issuer });
    for (const name of ['discoveryUrl', 'issuerTemplate'])
      expect(() => parseTokenSet(JSON.stringify({ ...record, [name]: 1 }))).toThrow('damaged');
  });

  it('of an issuer without a place has neither', async () => {
    const { lying } = provider;
    lying.lies = {};
    const plain = new LogtoClient({ issuer: lying.issuer, appId: lying.clientId }, { storage, fetch });
    const session = await signIn(plain);
    expect(session).not.toHaveProperty('discoveryUrl');
    expect(session).not.toHaveProperty('issuerTemplate');
  });
});

describe('the place of a configuration', () => {
  it('is not said where it is behind the issuer', () => {
    const issuer = 'https://id.test/a';
    expect(placeOf({ issuer, discoveryUrl: `${issuer}/.well-known/openid-configuration` })).toEqual({
      issuer,
    });
    expect(placeOf({ issuer, discoveryUrl: ' https://id.test/b ' })).toEqual({
      issuer,
      discoveryUrl: 'https://id.test/b',
    });
    expect(() => placeOf({ issuer, discoveryUrl: 'https://alice:hunter2@id.test/b' })).toThrow(
      expect.objectContaining({ code: 'config_invalid', message: expect.not.stringContaining('hunter2') }),
    );
    expect(placeOf({ endpoint: 'https://logto.test' })).toEqual({ issuer: 'https://logto.test/oidc' });
  });
});
