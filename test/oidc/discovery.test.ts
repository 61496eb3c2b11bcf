import { afterEach, describe, expect, it } from 'vitest';
import { createFetch } from '../../src/network/create-fetch.js';
import { issuerMismatch } from '../../src/oidc/issuer-mismatch.js';
import { checkDiscoveryDocument } from '../../src/oidc/validate/discovery-document.js';
import { certificateFile, serverCertificate } from '../support/certificate-files.js';
import type { Lies } from '../support/lies.js';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.js';
import type { Json } from '../support/signed-jwt.js';
import { connect, signIn } from './protocol-fixture.js';

let lying: LyingProvider;
afterEach(() => lying.close());

async function outcomeOf(lies: Lies) {
  lying = await startLyingProvider(lies);
  return connect(lying);
}

describe('a discovery', () => {
  it('asks once, below the path of the issuer, and hands on what is there', async () => {
    lying = await startLyingProvider({}, { issuerPath: '/tenant/oidc' });
    const provider = await connect(lying);
    expect(provider.metadata).toMatchObject({
      issuer: lying.issuer,
      token_endpoint: `${lying.origin}/token`,
    });
    expect(lying.requests.map(({ url }) => url.pathname)).toEqual([
      '/tenant/oidc/.well-known/openid-configuration',
    ]);
  });

  it('takes an issuer with a slash at its end for what it is', async () => {
    lying = await startLyingProvider({}, { issuerPath: '/' });
    expect((await connect(lying)).metadata.issuer).toMatch(/\/$/);
    expect(lying.requests[0]?.url.pathname).toBe('/.well-known/openid-configuration');
  });

  it('takes null for absent', async () => {
    const { metadata } = await outcomeOf({
      discovery: (document) => ({ ...document, end_session_endpoint: null, scopes_supported: null }),
    });
    expect(metadata.end_session_endpoint).toBeUndefined();
  });

  it('follows three redirects within the origin, and no fourth', async () => {
    for (const [count, fine] of [
      [3, true],
      [4, false],
    ] as const) {
      let left: number = count;
      const result = outcomeOf({
        answers: {
          discovery: () =>
            left-- > 0
              ? { status: 302, headers: { Location: `/${left}/.well-known/openid-configuration` } }
              : 'honest',
        },
      });
      await (fine
        ? expect(result).resolves.toBeDefined()
        : expect(result).rejects.toMatchObject({
            code: 'provider_error',
            message: expect.stringContaining('redirects more than 3 times'),
          }));
      if (fine) await lying.close();
    }
  });

  it('works over TLS with an authority of its own', async () => {
    lying = await startLyingProvider({}, { tls: serverCertificate('localhost') });
    const caFile = certificateFile('authority');
    const fetch = await createFetch({ environment: {}, caFile });
    // The browser's part of a sign-in is not of interest here.
    expect((await connect(lying, { fetch })).metadata.issuer).toMatch(/^https:/);
    await expect(connect(lying)).rejects.toMatchObject({ code: 'tls_untrusted' });
  });
});

describe('a discovery document is refused', () => {
  const answers: readonly [what: string, words: string, lies: Lies][] = [
    ['that is absent', '404', { answers: { discovery: { status: 404 } } }],
    ['that is forbidden', '403', { answers: { discovery: { status: 403, body: '<html>' } } }],
    ['that is empty', 'nothing', { answers: { discovery: { body: '' } } }],
    ['that is HTML', 'an HTML page', { answers: { discovery: { body: '<!DOCTYPE html><p>Hello' } } }],
    ['that is text', 'text', { answers: { discovery: { body: 'hello' } } }],
    ['that is a list', 'JSON', { answers: { discovery: { body: [] } } }],
    ['that is cut off', 'JSON', { answers: { discovery: { body: '{"issuer":' } } }],
    ['of 5 MB', 'more than 1048576 bytes', { answers: { discovery: { body: 'x'.repeat(5_000_000) } } }],
    ['without an issuer', 'issuer', { discovery: (document) => ({ ...document, issuer: undefined }) }],
    ['with an issuer that is no text', 'issuer', { discovery: (document) => ({ ...document, issuer: 1 }) }],
  ];

  it.each(answers)('%s', async (_, words, lies) => {
    await expect(outcomeOf(lies)).rejects.toMatchObject({
      code: 'discovery_invalid',
      message: expect.stringContaining(words),
      hint: expect.stringMatching(/--issuer|document is wrong/),
    });
    expect(lying.requests).toHaveLength(1);
  });

  const fields: readonly [field: string, value: unknown][] = [
    ['authorization_endpoint', undefined],
    ['token_endpoint', undefined],
    ['jwks_uri', undefined],
    ['token_endpoint', 12],
    ['token_endpoint', 'not an address'],
    ['token_endpoint', '/token'],
    ['token_endpoint', 'http://provider.test/token'],
    ['token_endpoint', 'http://0.0.0.0/token'],
    ['token_endpoint', 'http://127.0.0.1.evil.test/token'],
    ['token_endpoint', 'http://localhost.evil.test/token'],
    ['token_endpoint', 'http://10.0.0.1/token'],
    ['token_endpoint', 'https://user:password@provider.test/token'],
    ['authorization_endpoint', 'javascript:alert(1)'],
    ['authorization_endpoint', 'file:///etc/passwd'],
    ['authorization_endpoint', 'https://provider.test/#fragment'],
    ['jwks_uri', 'data:application/json,{}'],
    ['userinfo_endpoint', 'ftp://provider.test/'],
    ['registration_endpoint', 'http://provider.test/register'],
    ['end_session_endpoint', ['https://provider.test/']],
    ['scopes_supported', 'openid'],
    ['scopes_supported', [1]],
    ['prompt_values_supported', {}],
    ['id_token_signing_alg_values_supported', 'ES256'],
    ['token_endpoint_auth_methods_supported', true],
    ['authorization_response_iss_parameter_supported', 'true'],
    ['require_pushed_authorization_requests', 1],
  ];

  it.each(fields)('whose %s is %j, and nothing more is asked', async (field, value) => {
    await expect(
      outcomeOf({ discovery: (document) => ({ ...document, [field]: value }) }),
    ).rejects.toMatchObject({
      code: 'discovery_invalid',
      message: expect.stringContaining(field),
    });
    expect(lying.requests).toHaveLength(1);
  });

  it('of an https issuer with a plain endpoint on loopback', async () => {
    lying = await startLyingProvider();
    const issuer = 'https://provider.test';
    const document: Json = {
      issuer,
      authorization_endpoint: `${issuer}/a`,
      token_endpoint: 'http://localhost:3001/token',
      jwks_uri: `${issuer}/jwks`,
    };
    const subject = { name: 'It', code: 'discovery_invalid', hint: '', now: Date.now } as const;
    expect(() => checkDiscoveryDocument(document, { issuer }, subject)).toThrow(
      expect.objectContaining({ code: 'discovery_invalid' }),
    );
    document['token_endpoint'] = 'https://other.test/token';
    expect(checkDiscoveryDocument(document, { issuer }, subject)).toEqual(document);
  });

  it.each([
    [
      'by 503',
      { answers: { discovery: { status: 503, headers: { 'Retry-After': '7' } } } },
      { retryAfter: 7 },
    ],
    ['by 429', { answers: { discovery: { status: 429 } } }, { status: 429 }],
    [
      'by a redirect to another origin',
      { answers: { discovery: { status: 301, headers: { Location: 'http://127.0.0.1:1/x' } } } },
      { location: 'http://127.0.0.1:1' },
    ],
    ['by a redirect to nowhere', { answers: { discovery: { status: 301 } } }, { location: 'nowhere' }],
  ])('%s (provider_error)', async (_, lies, details) => {
    await expect(outcomeOf(lies)).rejects.toMatchObject({ code: 'provider_error', details });
    expect(lying.requests).toHaveLength(1);
  });
});

describe('an issuer that differs', () => {
  it('is named with what was expected and what to use instead', async () => {
    lying = await startLyingProvider({}, { issuerPath: '/oidc' });
    const expected = lying.issuer.replace('localhost', '127.0.0.1');
    await expect(connect(lying, { issuer: expected, namedBy: 'endpoint' })).rejects.toMatchObject({
      code: 'issuer_mismatch',
      hint: expect.stringContaining(`--endpoint ${lying.origin}`),
      details: { expected, found: lying.issuer },
    });
    // Whoever set an issuer is told one.
    await expect(connect(lying, { issuer: expected })).rejects.toMatchObject({
      hint: expect.stringContaining(`--issuer ${lying.issuer}`),
    });
  });

  it('by a slash is told so', async () => {
    lying = await startLyingProvider();
    await expect(connect(lying, { issuer: `${lying.issuer}/` })).rejects.toMatchObject({
      code: 'issuer_mismatch',
      message: expect.stringContaining('slash'),
      hint: expect.stringContaining(`--issuer ${lying.issuer}`),
    });
  });

  it.each([
    ['https://id.example/$(id)', 'https://id.example/$(id)/', "--issuer 'https://id.example/$(id)/'"],
    ["https://id.example/a'b;c", "https://id.example/a'b;c/", "--issuer 'https://id.example/a'\\''b;c/'"],
    ['https://id.example', 'https://id.example/{t}/$(id)', "--issuer 'https://id.example/<t>/$(id)'"],
  ])('is quoted for the shell that it may be pasted into: %s, %s', (expected, found, setting) => {
    expect(issuerMismatch({ issuer: expected }, found, undefined).hint).toContain(setting);
  });

  it.each(['', 'x'.repeat(5000), 'javascript:alert(1)'])('and is absurd is not proposed', async (issuer) => {
    await expect(outcomeOf({ discovery: (document) => ({ ...document, issuer }) })).rejects.toMatchObject({
      code: 'issuer_mismatch',
      hint: expect.not.stringContaining('use --'),
    });
  });
});

describe('an issuer that must not be asked', () => {
  it.each([
    ['http://provider.test/oidc', 'issuer_insecure'],
    ['http://0.0.0.0:3001/oidc', 'issuer_insecure'],
    ['https://provider.test/?a=b', 'config_invalid'],
    ['nonsense', 'config_invalid'],
  ])('%s is %s, without a request', async (issuer, code) => {
    lying = await startLyingProvider();
    const fetch = async () => expect.unreachable();
    await expect(connect(lying, { issuer, fetch })).rejects.toMatchObject({ code });
  });

  it('because nobody is there is network_unreachable', async () => {
    lying = await startLyingProvider();
    await lying.close();
    await expect(signIn(lying)).rejects.toMatchObject({ code: 'network_unreachable' });
  });
});
