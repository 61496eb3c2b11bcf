import { afterEach, describe, expect, it } from 'vitest';
import type { Lies } from '../../support/lies.js';
import { type LyingProvider, startLyingProvider } from '../../support/lying-provider.js';
import { createSigningKey, hmacJwt, type Json, signJwt, unsignedJwt } from '../../support/signed-jwt.js';
import { clientSecret, connect, prepare, signIn } from '../protocol-fixture.js';

let lying: LyingProvider;
afterEach(() => lying.close());

type ClaimsOf = (claims: Json, lying: LyingProvider) => Json;
const now = () => Math.floor(Date.now() / 1000);

const claimCases: readonly [what: string, reason: string, change: ClaimsOf, maxAge?: number][] = [
  ['without a subject', 'sub', () => ({ sub: undefined })],
  ['with an empty subject', 'sub', () => ({ sub: '' })],
  ['with a subject that is no text', 'sub', () => ({ sub: 12 })],
  ['with an enormous subject', 'sub', () => ({ sub: 'x'.repeat(256) })],
  ['for another client', 'aud', () => ({ aud: 'other' })],
  ['for several other clients', 'aud', () => ({ aud: ['other', 'another'] })],
  ['without an audience', 'aud', () => ({ aud: undefined })],
  ['with an audience that is no text', 'aud', () => ({ aud: { app: true } })],
  ['for others too, without an authorized party', 'aud', () => ({ aud: ['app', 'other'] })],
  ['for others too, with another authorized party', 'azp', () => ({ aud: ['app', 'other'], azp: 'other' })],
  ['for us, with another authorized party', 'azp', () => ({ azp: 'other' })],
  ['with another nonce', 'nonce', () => ({ nonce: 'other' })],
  ['without a nonce', 'nonce', () => ({ nonce: undefined })],
  ['with a nonce that is null', 'nonce', () => ({ nonce: null })],
  ['without a time of issue', 'iat', () => ({ iat: undefined })],
  ['with a time of issue that is text', 'iat', () => ({ iat: String(now()) })],
  ['issued in the future', 'iat', () => ({ iat: now() + 120 })],
  ['that has expired', 'exp', () => ({ iat: now() - 7200, exp: now() - 61 })],
  ['that never expires', 'exp', () => ({ exp: undefined })],
  ['that expires at a text', 'exp', () => ({ exp: 'tomorrow' })],
  ['that expires at null', 'exp', () => ({ exp: null })],
  ['that is not valid yet', 'nbf', () => ({ nbf: now() + 120 })],
  ['that is valid from a text', 'nbf', () => ({ nbf: 'now' })],
  ['with an impossible sign-in time', 'auth_time', () => ({ auth_time: 'now' })],
  ['without the sign-in time that was asked for', 'auth_time', () => ({ auth_time: undefined }), 60],
  ['with a sign-in too long ago', 'auth_time', () => ({ auth_time: now() - 180 }), 60],
];

describe('an ID token is refused', () => {
  it.each(claimCases)('%s (%s)', async (_, reason, change, maxAge) => {
    lying = await startLyingProvider({
      idToken: (_header, claims) => ({ claims: { ...claims, ...change(claims, lying) } }),
    });
    const changes = maxAge === undefined ? {} : { maxAge };
    await expect(signIn(lying, {}, changes)).rejects.toMatchObject({
      code: 'id_token_invalid',
      details: { reason },
    });
    // What was refused is used for nothing, and what is plainly wrong needs no keys.
    expect(lying.requestsTo('jwks')).toHaveLength(0);
  });

  it.each([undefined, null, 'https://other.test', 12])('issued by %s', async (iss) => {
    lying = await startLyingProvider({ idToken: (_, claims) => ({ claims: { ...claims, iss } }) });
    await expect(signIn(lying)).rejects.toMatchObject({
      code: 'issuer_mismatch',
      details: { expected: lying.issuer, found: typeof iss === 'string' ? iss : null },
    });
  });

  const tokenCases: readonly [what: string, reason: string, lies: (claims: Json) => Lies][] = [
    ['that is missing', 'missing', () => ({ tokenResponse: (body) => ({ ...body, id_token: undefined }) })],
    ['that is null', 'missing', () => ({ tokenResponse: (body) => ({ ...body, id_token: null }) })],
    ['of garbage', 'malformed', () => ({ idToken: () => 'garbage' })],
    ['of four parts', 'malformed', () => ({ idToken: (h, c) => `${lying.sign(h, c)}.x` })],
    ['of five parts (encrypted)', 'malformed', () => ({ idToken: () => 'eyJhIjoxfQ.a.b.c.d' })],
    ['whose header is no JSON', 'malformed', () => ({ idToken: (h, c) => `abcd${lying.sign(h, c)}` })],
    ['whose claims are a list', 'malformed', () => ({ idToken: (h) => lying.sign(h, [1] as never) })],
    ['whose signature is no base64url', 'malformed', () => ({ idToken: (h, c) => `${lying.sign(h, c)}!` })],
    [
      'with a critical extension',
      'malformed',
      () => ({ idToken: () => ({ header: { crit: ['x'], x: 1 } }) }),
    ],
    ['without a signature', 'algorithm', () => ({ idToken: (_, c) => unsignedJwt({ alg: 'none' }, c) })],
    [
      'with the algorithm none and a signature',
      'algorithm',
      () => ({ idToken: () => ({ header: { alg: 'none' } }) }),
    ],
    [
      'with the algorithm none, though it is announced',
      'algorithm',
      () => ({
        discovery: (document) => ({ ...document, id_token_signing_alg_values_supported: ['none', 'ES256'] }),
        idToken: (_, c) => unsignedJwt({ alg: 'none' }, c),
      }),
    ],
    [
      'signed with the public key as an HMAC secret',
      'algorithm',
      () => ({
        discovery: (document) => ({ ...document, id_token_signing_alg_values_supported: ['HS256', 'ES256'] }),
        idToken: (_, c) => {
          const pem = lying.keys[0]?.publicKey.export({ type: 'spki', format: 'pem' });
          return hmacJwt({ alg: 'HS256', kid: 'first' }, c, String(pem));
        },
      }),
    ],
    [
      'signed with the client secret',
      'algorithm',
      () => ({ idToken: (_, c) => hmacJwt({ alg: 'HS256' }, c, clientSecret) }),
    ],
    [
      'signed with an algorithm that is not announced',
      'algorithm',
      () => ({
        discovery: (document) => ({ ...document, id_token_signing_alg_values_supported: ['RS256'] }),
      }),
    ],
    ['whose algorithm is null', 'algorithm', () => ({ idToken: () => ({ header: { alg: null } }) })],
    [
      'signed by somebody else',
      'signature',
      () => ({
        idToken: (h, c) => signJwt({ ...h, alg: 'ES256', kid: 'first' }, c, createSigningKey('first')),
      }),
    ],
    [
      'signed by the key that it brings along',
      'signature',
      () => ({
        idToken: (_, c) => {
          const { jwk, ...key } = createSigningKey('own');
          const header = {
            alg: 'ES256',
            kid: 'first',
            jwk,
            jku: `${lying.origin}/x`,
            x5u: `${lying.origin}/x`,
          };
          return signJwt(header, c, { ...key, jwk });
        },
      }),
    ],
    [
      'changed after it was signed',
      'signature',
      () => ({
        idToken: (h, c) => {
          const [header, , signature] = lying.sign(h, { ...c, sub: 'bob' }).split('.');
          const [, claims] = lying.sign(h, c).split('.');
          return [header, claims, signature].join('.');
        },
      }),
    ],
    ['cut off in its signature', 'signature', () => ({ idToken: (h, c) => lying.sign(h, c).slice(0, -4) })],
    ['by a key that is not published', 'key', () => ({ idToken: () => ({ header: { kid: 'other' } }) })],
    [
      'by a key of a hostile name',
      'key',
      () => ({ idToken: () => ({ header: { kid: '../../etc/passwd\n\u001b[31m' } }) }),
    ],
    [
      'by a key for encryption',
      'key',
      () => ({ jwks: () => ({ keys: lying.keys.map(({ jwk }) => ({ ...jwk, use: 'enc' })) }) }),
    ],
    ['where no key is published', 'key', () => ({ jwks: () => ({ keys: [] }) })],
  ];

  it.each(tokenCases)('%s (%s)', async (_, reason, lies) => {
    lying = await startLyingProvider(lies({}));
    await expect(signIn(lying, { clientSecret })).rejects.toMatchObject({
      code: 'id_token_invalid',
      details: { reason },
    });
    expect(lying.requestsTo('elsewhere')).toHaveLength(0);
  });

  it('without the name of its key where there are several', async () => {
    lying = await startLyingProvider({ idToken: () => ({ header: { kid: undefined } }) });
    lying.keys.push(createSigningKey('second'));
    await expect(signIn(lying)).rejects.toMatchObject({ details: { reason: 'key' } });
  });

  it('by an RSA key that is too short', async () => {
    lying = await startLyingProvider();
    lying.keys = [createSigningKey('short', 'RS256', 1024)];
    await expect(signIn(lying)).rejects.toMatchObject({
      code: 'id_token_invalid',
      details: { reason: 'key' },
    });
  });

  it('a second time too, with the keys of the first at hand', async () => {
    lying = await startLyingProvider();
    const provider = await connect(lying);
    await provider.exchangeCode(await prepare(lying, provider));
    lying.lies.idToken = (h, c) =>
      signJwt({ ...h, alg: 'ES256', kid: 'first' }, c, createSigningKey('first'));
    await expect(provider.exchangeCode(await prepare(lying, provider))).rejects.toMatchObject({
      code: 'id_token_invalid',
      details: { reason: 'signature' },
    });
  });
});

describe('the keys', () => {
  const cases: readonly [what: string, code: string, lies: Lies][] = [
    ['that are HTML', 'jwks_invalid', { answers: { jwks: { body: '<!DOCTYPE html>' } } }],
    ['that are absent', 'jwks_invalid', { answers: { jwks: { status: 404 } } }],
    ['without a list', 'jwks_invalid', { jwks: () => ({ keys: 'x' }) }],
    ['with a key that is no object', 'jwks_invalid', { jwks: () => ({ keys: ['x'] }) }],
    [
      'that are broken',
      'jwks_invalid',
      { jwks: ({ keys }) => ({ keys: (keys as Json[]).map((key) => ({ ...key, x: 'AAAA' })) }) },
    ],
    [
      'that lack a part',
      'jwks_invalid',
      { jwks: ({ keys }) => ({ keys: (keys as Json[]).map((key) => ({ ...key, x: undefined })) }) },
    ],
    ['of more than 1 MB', 'jwks_invalid', { jwks: () => ({ keys: [{ kty: 'x'.repeat(1_100_000) }] }) }],
    ['behind an error', 'provider_error', { answers: { jwks: { status: 503 } } }],
    [
      'behind a redirect to another origin',
      'provider_error',
      { answers: { jwks: { status: 302, headers: { Location: 'http://127.0.0.1:1/' } } } },
    ],
    [
      'behind a loop of redirects',
      'provider_error',
      { answers: { jwks: { status: 302, headers: { Location: '/jwks' } } } },
    ],
    [
      'that nobody serves',
      'network_unreachable',
      { discovery: (document) => ({ ...document, jwks_uri: 'http://127.0.0.1:1/jwks' }) },
    ],
  ];

  it.each(cases)('%s are %s', async (_, code, lies) => {
    lying = await startLyingProvider(lies);
    await expect(signIn(lying)).rejects.toMatchObject({ code });
    expect(lying.requestsTo('jwks').length).toBeLessThanOrEqual(4);
  });

  it('may be among 1,000 others', async () => {
    const others = Array.from({ length: 1000 }, (_, index) => ({ kty: 'EC', kid: `other-${index}` }));
    lying = await startLyingProvider({ jwks: ({ keys }) => ({ keys: [...others, ...(keys as Json[])] }) });
    await expect(signIn(lying)).resolves.toBeDefined();
  });
});

describe('a wrong clock', () => {
  const hour = 3_600_000;
  const cases = [
    ['ahead of', 2 * hour, -7200],
    ['behind', -2 * hour, 7200],
  ] as const;

  it.each(cases)('%s the provider is named as the cause', async (words, offset, skew) => {
    lying = await startLyingProvider();
    const error = await signIn(lying, { now: () => Date.now() + offset }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'clock_skew', message: expect.stringContaining(words) });
    const { skewSeconds } = (error as { details: { skewSeconds: number } }).details;
    expect(Math.abs(skewSeconds - skew)).toBeLessThan(30);
  });

  it('is not blamed where the provider does not tell its own', async () => {
    lying = await startLyingProvider({ headers: { token: { Date: '' } } });
    await expect(signIn(lying, { now: () => Date.now() + 2 * hour })).rejects.toMatchObject({
      code: 'id_token_invalid',
      details: { reason: 'exp' },
    });
  });

  it('is not blamed for a token that is wrong by every clock', async () => {
    lying = await startLyingProvider({ idToken: (_, claims) => ({ claims: { ...claims, exp: 'soon' } }) });
    await expect(signIn(lying, { now: () => Date.now() + 2 * hour })).rejects.toMatchObject({
      code: 'id_token_invalid',
      details: { reason: 'exp' },
    });
  });

  it('of up to 60 seconds does not matter', async () => {
    lying = await startLyingProvider({
      idToken: (_, claims) => ({ claims: { ...claims, iat: now() + 50, nbf: now() + 50 } }),
    });
    await expect(signIn(lying)).resolves.toBeDefined();
    lying.lies.idToken = (_, claims) => ({ claims: { ...claims, iat: now() - 3650, exp: now() - 50 } });
    await expect(signIn(lying)).resolves.toBeDefined();
  });
});
