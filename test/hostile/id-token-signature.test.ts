import { describe } from 'vitest';
import { clientSecret } from '../support/attacked-client.js';
import type { Lies } from '../support/lies.js';
import type { LyingProvider } from '../support/lying-provider.js';
import type { Refused } from '../support/refusal.js';
import {
  createSigningKey,
  hmacJwt,
  type Json,
  jwtWithSignature,
  type SigningKey,
  signJwt,
  unsignedJwt,
} from '../support/signed-jwt.js';
import { type HostileCase, itIsRefused } from './refusals.js';

const ecKey = createSigningKey('ec');
const rsaKey = createSigningKey('rsa', 'RS256');
const evilKey = createSigningKey('evil');

/** Refused before the keys are even asked for, and after. */
const early = (reason: string): Refused => ({
  code: 'id_token_invalid',
  reason,
  requests: ['discovery', 'token'],
});
const late = (reason: string): Refused => ({
  code: 'id_token_invalid',
  reason,
  requests: ['discovery', 'token', 'jwks'],
});

/** Announces HS256, so that nothing but our own rule stands against it. */
const announcingHmac = (idToken: Lies['idToken']): Lies => ({
  discovery: (document) => ({
    ...document,
    id_token_signing_alg_values_supported: ['HS256', 'RS256', 'ES256', 'none'],
  }),
  ...(idToken && { idToken }),
});

const publicKeyAs: readonly [what: string, secretOf: (key: SigningKey) => string | Buffer][] = [
  ['PEM', ({ publicKey }) => publicKey.export({ type: 'spki', format: 'pem' })],
  ['DER', ({ publicKey }) => publicKey.export({ type: 'spki', format: 'der' })],
  ['JWK', ({ publicKey }) => JSON.stringify(publicKey.export({ format: 'jwk' }))],
];

describe('key confusion: an ID token is refused that is an HMAC', () => {
  itIsRefused([
    ...[ecKey, rsaKey].flatMap((key) =>
      publicKeyAs.map(
        ([form, secretOf]): HostileCase => ({
          what: `with the public ${key.kid} key as ${form}`,
          options: { keys: [key] },
          lies: announcingHmac((_, claims) => hmacJwt({ alg: 'HS256', kid: key.kid }, claims, secretOf(key))),
          refused: early('algorithm'),
        }),
      ),
    ),
    {
      what: 'with the client secret',
      options: { hasSecret: true },
      lies: announcingHmac((_, claims) => hmacJwt({ alg: 'HS256' }, claims, clientSecret)),
      refused: early('algorithm'),
    },
    {
      what: 'with nothing as the secret',
      lies: announcingHmac((_, claims) => hmacJwt({ alg: 'HS256' }, claims, '')),
      refused: early('algorithm'),
    },
    {
      what: 'with a symmetric key that the provider publishes',
      lies: {
        ...announcingHmac((_, claims) => hmacJwt({ alg: 'HS256', kid: 'oct' }, claims, 'published')),
        jwks: ({ keys }) => ({
          keys: [
            ...(keys as Json[]),
            {
              kty: 'oct',
              kid: 'oct',
              alg: 'HS256',
              k: Buffer.from('published').toString('base64url'),
            },
          ],
        }),
      },
      refused: early('algorithm'),
    },
    {
      what: 'and claims to be ES256',
      options: { keys: [ecKey] },
      lies: announcingHmac((_, claims) => hmacJwt({ alg: 'ES256', kid: 'ec' }, claims, 'anything')),
      refused: late('signature'),
    },
  ]);
});

describe('an ID token is refused whose signature', () => {
  const algorithms = ['none', 'None', 'NONE', 'nOnE', '', 'es256', 'ES256 ', 'ES256\0', 'ES256K'];
  itIsRefused([
    ...algorithms.map(
      (alg): HostileCase => ({
        what: `is by the algorithm ${JSON.stringify(alg)}`,
        lies: announcingHmac((_, claims) =>
          jwtWithSignature({ alg, kid: 'first' }, claims, Buffer.alloc(64)),
        ),
        refused: early('algorithm'),
      }),
    ),
    ...[null, 0, true, ['ES256'], { alg: 'ES256' }].map(
      (alg): HostileCase => ({
        what: `is by an algorithm that is no text: ${JSON.stringify(alg)}`,
        lies: { idToken: () => ({ header: { alg } }) },
        refused: early('algorithm'),
      }),
    ),
    {
      what: 'is all zeros',
      lies: {
        idToken: (_, claims) => jwtWithSignature({ alg: 'ES256', kid: 'first' }, claims, Buffer.alloc(64)),
      },
      refused: late('signature'),
    },
    {
      what: 'is one byte long',
      lies: {
        idToken: (_, claims) => jwtWithSignature({ alg: 'ES256', kid: 'first' }, claims, Buffer.alloc(1)),
      },
      refused: late('signature'),
    },
    {
      what: 'is a megabyte of nothing, more than is read',
      lies: {
        idToken: (_, claims) =>
          jwtWithSignature({ alg: 'ES256', kid: 'first' }, claims, Buffer.alloc(1_000_000)),
      },
      refused: { code: 'token_response_invalid', requests: ['discovery', 'token'] },
    },
    {
      what: 'is that of another token',
      lies: (lying) => ({
        idToken: (h, claims) => {
          const [, , signature] = lying.sign(h, { ...claims, sub: 'bob' }).split('.');
          return [...lying.sign(h, claims).split('.').slice(0, 2), signature].join('.');
        },
      }),
      refused: late('signature'),
    },
    {
      what: 'is by an elliptic curve where the key is RSA',
      options: { keys: [rsaKey] },
      lies: { idToken: (_, claims) => signJwt({ alg: 'ES256', kid: 'rsa' }, claims, ecKey) },
      refused: late('key'),
    },
    {
      what: 'is missing, though the algorithm is right',
      lies: { idToken: (_, claims) => unsignedJwt({ alg: 'ES256', kid: 'first' }, claims) },
      refused: early('malformed'),
    },
  ]);
});

describe('an ID token is refused that brings its own key', () => {
  const cases: readonly [what: string, header: (lying: LyingProvider) => Json][] = [
    ['jwk', () => ({ jwk: evilKey.jwk })],
    ['jku', ({ origin }) => ({ jku: `${origin}/evil-keys` })],
    ['x5u', ({ origin }) => ({ x5u: `${origin}/evil-certificate` })],
    ['x5c', () => ({ x5c: [evilKey.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')] })],
    ['x5t', () => ({ x5t: 'AAAA', 'x5t#S256': 'AAAA' })],
    [
      'everything at once',
      ({ origin }) => ({
        jwk: evilKey.jwk,
        jku: `${origin}/evil-keys`,
        x5u: `${origin}/evil-keys`,
        x5c: ['AAAA'],
      }),
    ],
  ];
  itIsRefused(
    cases.flatMap(([what, header]) =>
      ['first', 'evil'].map(
        (kid): HostileCase => ({
          what: `in ${what}, as the key ${kid}`,
          lies: (lying) => ({
            idToken: (_, claims) => signJwt({ alg: 'ES256', kid, ...header(lying) }, claims, evilKey),
          }),
          // `elsewhere`, where the header points, is never asked.
          refused: late(kid === 'first' ? 'signature' : 'key'),
        }),
      ),
    ),
  );
});

describe('an ID token is refused by a key that is called', () => {
  const names = {
    'a path': '../../../../etc/passwd',
    'an SQL injection': "' OR '1'='1",
    'a shell command': '$(touch /tmp/owned)',
    'an address': 'http://127.0.0.1:1/keys',
    'line breaks and escape sequences': 'first\r\nX: y\u001b]8;;http://evil.test\u0007',
    __proto__: '__proto__',
    nothing: '',
    'a kilobyte of text': 'k'.repeat(1024),
    'half a megabyte of text': 'k'.repeat(500_000),
    null: null,
    'a number': 1,
    'a list': ['first'],
    'an object': { kid: 'first' },
  };
  itIsRefused(
    Object.entries(names).map(
      ([what, kid]): HostileCase => ({
        what,
        lies: { idToken: () => ({ header: { kid } }) },
        refused: late('key'),
      }),
    ),
  );
});

describe('an ID token is refused that has', () => {
  const segments = (token: string) => token.split('.');
  const shapes: readonly [what: string, change: (token: string) => string][] = [
    ['one part', (token) => segments(token)[1] ?? ''],
    ['two parts', (token) => segments(token).slice(0, 2).join('.')],
    ['four parts', (token) => `${token}.AAAA`],
    ['five parts (encrypted)', (token) => `${token}.AAAA.AAAA`],
    ['six parts', (token) => `${token}.AAAA.AAAA.AAAA`],
    ['an empty header', (token) => ['', ...segments(token).slice(1)].join('.')],
    ['no claims', (token) => [segments(token)[0], '', segments(token)[2]].join('.')],
    ['padding', (token) => segments(token).join('=.')],
    ['a space before it', (token) => ` ${token}`],
    ['standard base64 in it', (token) => token.replace('.', '+/.')],
  ];
  itIsRefused([
    ...shapes.map(
      ([what, change]): HostileCase => ({
        what,
        lies: (lying) => ({ idToken: (h, c) => change(lying.sign(h, c)) }),
        refused: early('malformed'),
      }),
    ),
    ...['[]', '"text"', 'null', '1', 'true', '{', '', '{"alg":"ES256"}x'].flatMap((text): HostileCase[] => [
      {
        what: `${JSON.stringify(text)} as its header`,
        lies: { idToken: (_, claims) => signJwt(text, claims, ecKey) },
        options: { keys: [ecKey] },
        refused: early('malformed'),
      },
      {
        what: `${JSON.stringify(text)} as its claims`,
        lies: { idToken: () => signJwt({ alg: 'ES256', kid: 'ec' }, text, ecKey) },
        options: { keys: [ecKey] },
        refused: early('malformed'),
      },
    ]),
    ...[['b64'], ['exp'], [], 'b64', null].map(
      (crit): HostileCase => ({
        what: `critical extensions: ${JSON.stringify(crit)}`,
        lies: { idToken: () => ({ header: { crit, b64: false } }) },
        refused: early('malformed'),
      }),
    ),
    {
      what: 'a line break after it',
      lies: (lying) => ({ idToken: (h, c) => `${lying.sign(h, c)}\n` }),
      refused: { code: 'token_response_invalid', requests: ['discovery', 'token'] },
    },
    {
      what: 'claims nested ten thousand levels deep',
      lies: deeply(10_000),
      refused: early('malformed'),
    },
  ]);
});

function deeply(levels: number): (lying: LyingProvider) => Lies {
  return (lying) => ({
    idToken: (_, claims) => {
      const nested = `${'['.repeat(levels)}${']'.repeat(levels)}`;
      const [key = ecKey] = lying.keys;
      const text = `{"deep":${nested},${JSON.stringify(claims).slice(1)}`;
      return signJwt({ alg: 'ES256', kid: key.kid }, text, key);
    },
  });
}
