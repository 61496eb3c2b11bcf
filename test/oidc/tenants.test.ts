import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProtocolCheck, ProviderEvent } from '../../src/oidc/provider-event.js';
import type { ProviderOptions } from '../../src/oidc/provider-options.js';
import { MemoryStorage } from '../../src/storage/memory-storage.js';
import { createSigningKey, signJwt } from '../support/signed-jwt.js';
import {
  startPolicyProvider,
  startTenantsProvider,
  type TenantsProvider,
  tenants,
} from '../support/tenants-provider.js';
import { clientSecret, connect, prepare, signIn, startSession } from './protocol-fixture.js';

let provider: TenantsProvider;
beforeEach(async () => {
  provider = await startTenantsProvider();
});
afterEach(() => provider.lying.close());

const signInHere = (options: Partial<ProviderOptions> = {}) =>
  signIn(provider.lying, { ...provider.place, ...options });

describe('an issuer that is a template', () => {
  it.each(Object.values(tenants))('takes a user of the tenant %s, by its own issuer', async (tenant) => {
    provider.tenant = tenant;
    const checks: ProviderEvent[] = [];
    const { claims } = await signInHere({ observe: (event) => checks.push(event) });
    expect(claims).toMatchObject({ iss: provider.issuerOf(tenant), tid: tenant });
    const made = checks.filter((event): event is ProtocolCheck => event.kind === 'check');
    expect(made.filter(({ passed }) => !passed)).toEqual([]);
    const words = made.map(({ what }) => what);
    expect(words).toContain('iss fits the template of the issuer');
    expect(words).toContain('its claims name the issuer: tid in the place of {tenantid}');
    expect(words).toContain('iss is that of the authorization response');
    expect(words.filter((what) => what.startsWith('the provider signed it'))).toHaveLength(1);
  });

  it('asks where the document is said to be, and sends nothing twice', async () => {
    await signInHere();
    expect(provider.lying.requests.map(({ url }) => url.pathname)).toEqual([
      '/common/v2.0/.well-known/openid-configuration',
      '/authorize',
      '/token',
      '/jwks',
    ]);
  });

  const lies: readonly [what: string, words: string, claims: Record<string, unknown>][] = [
    ['without tid', 'tid is missing', { tid: undefined }],
    ['with an empty tid', 'tid is empty', { tid: '' }],
    ['with a tid that is no text', 'tid is a number', { tid: 12 }],
    ['with a tid that climbs', 'tid is "../evil"', { tid: '../evil' }],
    ['with a tid that climbs by itself', 'tid is ".."', { tid: '..' }],
    ['with a tid of several segments', 'tid is "a/b"', { tid: 'a/b' }],
    ['whose tid is of another tenant', 'instead of', { tid: tenants.other }],
  ];
  it.each(lies)('refuses an ID token %s', async (_, words, changes) => {
    provider.idToken = (claims) => ({ ...claims, ...changes });
    await expect(signInHere()).rejects.toMatchObject({
      code: 'issuer_mismatch',
      message: expect.stringContaining(words),
    });
  });

  it('refuses an issuer that is built from a hostile tid, too', async () => {
    provider.idToken = (claims) => ({ ...claims, iss: provider.issuerOf('../x'), tid: '../x' });
    await expect(signInHere()).rejects.toMatchObject({ code: 'issuer_mismatch' });
  });

  it('refuses an ID token that names the template itself, or another host', async () => {
    for (const iss of [provider.place.issuer, `https://evil.test/${tenants.one}/v2.0`]) {
      provider.idToken = (claims) => ({ ...claims, iss });
      await expect(signInHere()).rejects.toMatchObject({ code: 'issuer_mismatch', details: { found: iss } });
    }
  });

  it('refuses an ID token of another tenant than the response was of (RFC 9207)', async () => {
    provider.idToken = (claims) => ({ ...claims, iss: provider.issuerOf(tenants.other), tid: tenants.other });
    await expect(signInHere()).rejects.toMatchObject({
      code: 'issuer_mismatch',
      details: { expected: provider.issuerOf(tenants.one), found: provider.issuerOf(tenants.other) },
      hint: expect.stringContaining('mixes up tenants'),
    });
    provider.idToken = (claims) => ({ ...claims, tid: tenants.other });
    await expect(signInHere()).rejects.toMatchObject({
      hint: expect.stringContaining('filled by the claims'),
    });
  });

  it('refuses a response that fits no tenant, before the code is sent anywhere', async () => {
    const honest = provider.lying.lies.authorizationResponse;
    for (const iss of ['https://evil.test/x/v2.0', provider.place.issuer, null]) {
      provider.lying.lies.authorizationResponse = (parameters) => {
        honest?.(parameters);
        if (iss === null) parameters.delete('iss');
        else parameters.set('iss', iss);
      };
      await expect(signInHere()).rejects.toMatchObject({ code: 'issuer_mismatch' });
    }
    expect(provider.lying.requestsTo('token')).toEqual([]);
  });

  it('refuses a forged signature all the same', async () => {
    const forger = createSigningKey('first');
    provider.lying.lies.idToken = (_, claims) =>
      signJwt(
        { alg: 'ES256', kid: 'first' },
        { ...claims, iss: provider.issuerOf(tenants.one), tid: tenants.one },
        forger,
      );
    await expect(signInHere()).rejects.toMatchObject({
      code: 'id_token_invalid',
      details: { reason: 'signature' },
    });
  });

  it('takes a key that is of this issuer, of the template or of nobody in particular, and no other', async () => {
    for (const [owner, isTaken] of [
      [undefined, true],
      [provider.place.issuer, true],
      [provider.issuerOf(tenants.one), true],
      [provider.issuerOf(tenants.other), false],
      ['', false],
      [12, false],
    ] as const) {
      provider.lying.lies.jwks = ({ keys }) => ({
        keys: (keys as object[]).map((key) => ({ ...key, issuer: owner })),
      });
      await (isTaken
        ? expect(signInHere()).resolves.toBeDefined()
        : expect(signInHere()).rejects.toMatchObject({
            code: 'id_token_invalid',
            message: expect.stringContaining('(its issuer)'),
            details: { reason: 'key' },
          }));
    }
  });

  it('refreshes the tokens of its tenant, and refuses those of another', async () => {
    const { refresh, tokens } = await startSession(provider.lying, provider.place);
    const { tokens: refreshed, refreshToken } = await refresh();
    expect(refreshed?.idToken).toBeTypeOf('string');
    provider.tenant = tenants.other;
    await expect(
      refresh({ refreshToken: refreshToken ?? '', idToken: tokens.idToken }),
    ).rejects.toMatchObject({
      code: 'issuer_mismatch',
      hint: expect.stringContaining('has to name the tenant of the sign-in when it refreshes'),
      details: { expected: provider.issuerOf(tenants.one), found: provider.issuerOf(tenants.other) },
    });
  });

  it('verifies a signed UserInfo as one of the tenant', async () => {
    const { provider: connected } = await startSession(provider.lying, provider.place);
    const own = provider.issuerOf(tenants.one);
    const answer = (iss: string) => () =>
      provider.lying.sign({}, { iss, sub: 'alice', aud: provider.lying.clientId });
    provider.lying.lies.userInfo = answer(own);
    expect(await connected.userInfo('access-1', 'alice', own)).toMatchObject({ sub: 'alice' });
    provider.lying.lies.userInfo = answer(provider.issuerOf(tenants.other));
    await expect(connected.userInfo('access-1', 'alice', own)).rejects.toMatchObject({
      code: 'userinfo_invalid',
    });
  });

  it('is the issuer of the document to the letter', async () => {
    await expect(signInHere({ issuer: provider.issuerOf('{tenant}') })).rejects.toMatchObject({
      code: 'issuer_mismatch',
    });
    await expect(signInHere({ issuer: provider.issuerOf(tenants.one) })).rejects.toMatchObject({
      code: 'issuer_mismatch',
      hint: expect.stringContaining(
        `--issuer '${provider.place.issuer}' --discovery-url ${provider.place.discoveryUrl}`,
      ),
    });
    // The document of one tenant, where that of all is expected.
    const { issuerOf } = provider;
    provider.lying.lies.discovery = (document) => ({ ...document, issuer: issuerOf(tenants.one) });
    await expect(signInHere()).rejects.toMatchObject({
      code: 'issuer_mismatch',
      hint: expect.stringContaining(
        `one tenant alone: use --issuer ${issuerOf(tenants.one)} --discovery-url`,
      ),
    });
    expect(provider.lying.requests.every(({ step }) => step === 'discovery')).toBe(true);
  });

  it('is what is proposed to somebody who gives the address of the document as the issuer', async () => {
    const issuer = provider.issuerOf('common');
    await expect(connect(provider.lying, { issuer })).rejects.toMatchObject({
      code: 'issuer_mismatch',
      hint: expect.stringContaining(
        `or take those of every tenant: --issuer '${provider.place.issuer}' --discovery-url ${provider.place.discoveryUrl}`,
      ),
    });
    await expect(connect(provider.lying, { issuer, namedBy: 'endpoint' })).rejects.toMatchObject({
      hint: expect.not.stringContaining('--discovery-url'),
    });
  });

  it('is no audience: an assertion of the application is for the token endpoint', async () => {
    await signInHere({
      clientSecret: `${clientSecret}-${clientSecret}`,
      authentication: 'client_secret_jwt',
    });
    const [request] = provider.lying.requestsTo('token');
    const [, claims = ''] = (request?.form.get('client_assertion') ?? '').split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      aud: `${provider.lying.origin}/token`,
    });
  });
});

describe('a document elsewhere', () => {
  it('is taken for that of the issuer that is expected, and its tokens are', async () => {
    const { lying, discoveryUrl } = await startPolicyProvider();
    try {
      const { claims } = await signIn(lying, { discoveryUrl });
      expect(claims['iss']).toBe(lying.issuer);
      await expect(connect(lying, {})).rejects.toMatchObject({ code: 'discovery_invalid' });
    } finally {
      await lying.close();
    }
  });

  it('is proposed to somebody who gives its address as the issuer, where the issuer has none', async () => {
    const { lying, discoveryUrl } = await startPolicyProvider();
    try {
      const issuer = discoveryUrl.replace('/.well-known/openid-configuration', '');
      await expect(connect(lying, { issuer })).rejects.toMatchObject({
        code: 'issuer_mismatch',
        hint: expect.stringContaining(`--issuer ${lying.issuer} --discovery-url ${discoveryUrl}`),
      });
    } finally {
      await lying.close();
    }
  });

  it('of another issuer is refused, and that is not looked for', async () => {
    const { lying, discoveryUrl } = await startPolicyProvider();
    try {
      await expect(connect(lying, { issuer: 'https://id.example.test', discoveryUrl })).rejects.toMatchObject(
        {
          code: 'issuer_mismatch',
          details: { expected: 'https://id.example.test', found: lying.issuer },
        },
      );
      expect(lying.requests).toHaveLength(1);
    } finally {
      await lying.close();
    }
  });

  it('is kept apart from what the issuer says at its own place', async () => {
    const cache = new MemoryStorage();
    const { lying } = provider;
    lying.lies = {};
    const discoveryUrl = `${lying.origin}/elsewhere/.well-known/openid-configuration`;
    await connect(lying, { cache });
    lying.requests.length = 0;
    await connect(lying, { cache }, { useCache: true });
    expect(lying.requests).toEqual([]);
    await connect(lying, { cache, discoveryUrl }, { useCache: true });
    await connect(lying, { cache, discoveryUrl }, { useCache: true });
    expect(lying.requests.map(({ url }) => url.pathname)).toEqual([
      '/elsewhere/.well-known/openid-configuration',
    ]);
  });
});

describe('an issuer that is none', () => {
  it('goes on to be compared to the letter, whatever keys say of whose they are', async () => {
    const { lying } = provider;
    lying.lies = {
      jwks: ({ keys }) => ({ keys: (keys as object[]).map((key) => ({ ...key, issuer: 'x' })) }),
    };
    const connected = await connect(lying);
    await expect(connected.exchangeCode(await prepare(lying, connected))).resolves.toBeDefined();
  });
});
