import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { selectKey } from '../../../src/oidc/validate/key-selection.js';
import { type LyingProvider, startLyingProvider } from '../../support/lying-provider.js';
import { createSigningKey, type Json, jwtWithSignature } from '../../support/signed-jwt.js';
import { connect, signIn } from '../protocol-fixture.js';

const ec = { ...createSigningKey('ec').jwk } as Json;
const rsa = { ...createSigningKey('rsa', 'RS256').jwk } as Json;
const short = { ...createSigningKey('short', 'RS256', 1024).jwk } as Json;
const p384 = {
  ...generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' }),
  kid: 'p384',
} as Json;
const ed = { ...generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }), kid: 'ed' } as Json;
const bare = ({ alg: _, use: __, ...key }: Json, changes: Json = {}): Json => ({ ...key, ...changes });

describe('the key that verifies', () => {
  it.each<[string, Json, Json[], Json]>([
    ['is the one of the name', { alg: 'ES256', kid: 'ec' }, [rsa, ec], ec],
    ['may lack a name where it is the only one that serves', { alg: 'ES256' }, [rsa, p384, ec], ec],
    ['may lack alg and use', { alg: 'RS256', kid: 'rsa' }, [bare(rsa)], bare(rsa)],
    ['may serve another algorithm of its type', { alg: 'PS256', kid: 'rsa' }, [bare(rsa)], bare(rsa)],
    [
      'is told from one of the same name that does not serve',
      { alg: 'ES256', kid: 'k' },
      [bare(rsa, { kid: 'k' }), bare(ec, { kid: 'k' })],
      bare(ec, { kid: 'k' }),
    ],
    ['may be Ed25519', { alg: 'EdDSA', kid: 'ed' }, [ed, ec], ed],
  ])('%s', (_, header, keys, key) => {
    expect(selectKey(header, keys)).toEqual({ key });
  });

  type Row = [what: string, header: Json, keys: Json[], kind: string];
  const rows: Row[] = [
    ['is signed, and the provider publishes no key (JWKS)', { alg: 'ES256', kid: 'ec' }, [], 'absent'],
    [
      'is signed with the key "other", which is not in the key set of the provider (JWKS)',
      { alg: 'ES256', kid: 'other' },
      [ec, rsa],
      'absent',
    ],
    [
      'is signed with the key "", which is not in the key set of the provider (JWKS)',
      { alg: 'ES256', kid: '' },
      [ec],
      'absent',
    ],
    [
      'is signed with ES384 and names no key (kid), and no key of the provider serves that',
      { alg: 'ES384' },
      [ec, rsa],
      'absent',
    ],
    ['names its key by a kid that is null, where text is due', { alg: 'ES256', kid: null }, [ec], 'unfit'],
    [
      'names its key by a kid that is a list, where text is due',
      { alg: 'ES256', kid: ['ec'] },
      [ec],
      'unfit',
    ],
    [
      'does not name its key (kid), and 2 keys of the provider serve ES256',
      { alg: 'ES256' },
      [ec, bare(ec, { kid: 'twin' })],
      'unfit',
    ],
    [
      'is signed with the key "ec", and the provider has 2 keys of that name',
      { alg: 'ES256', kid: 'ec' },
      [ec, ec],
      'unfit',
    ],
    [
      'is signed with the key "rsa", which is of the type RSA, where ES256 needs EC',
      { alg: 'ES256', kid: 'rsa' },
      [rsa],
      'unfit',
    ],
    [
      'is signed with the key "oct", which is of the type oct, where ES256 needs EC',
      { alg: 'ES256', kid: 'oct' },
      [{ kty: 'oct', kid: 'oct', k: 'AAAA' }],
      'unfit',
    ],
    [
      'is signed with the key "x", which names no type (kty), where ES256 needs EC',
      { alg: 'ES256', kid: 'x' },
      [{ kid: 'x' }],
      'unfit',
    ],
    [
      'is signed with the key "p384", which is on the curve P-384, where ES256 needs P-256',
      { alg: 'ES256', kid: 'p384' },
      [p384],
      'unfit',
    ],
    [
      'is signed with the key "x448", which is on the curve Ed448, where EdDSA needs Ed25519',
      { alg: 'EdDSA', kid: 'x448' },
      [{ ...ed, crv: 'Ed448', kid: 'x448' }],
      'unfit',
    ],
    [
      'is signed with the key "rsa", which is for RS256 alone (its alg), and not for PS256',
      { alg: 'PS256', kid: 'rsa' },
      [rsa],
      'unfit',
    ],
    [
      'is signed with the key "ec", which is not for signatures (its use is enc)',
      { alg: 'ES256', kid: 'ec' },
      [{ ...ec, use: 'enc' }],
      'unfit',
    ],
    [
      'is signed with the key "ec", which is not to verify with (key_ops)',
      { alg: 'ES256', kid: 'ec' },
      [{ ...ec, key_ops: ['encrypt'] }],
      'unfit',
    ],
    [
      'is signed with the key "short" of the provider, which is too short: 1024 bits, where 2048 are the least',
      { alg: 'RS256', kid: 'short' },
      [short],
      'unfit',
    ],
    [
      'is signed with the only key of the provider, which is too short: 1024 bits, where 2048 are the least',
      { alg: 'RS256' },
      [ec, short],
      'unfit',
    ],
    [
      'is signed with the key "ec" of the provider, which is broken',
      { alg: 'ES256', kid: 'ec' },
      [{ ...ec, x: 'AAAA' }],
      'broken',
    ],
    [
      'is signed with the key "ec" of the provider, which is broken',
      { alg: 'ES256', kid: 'ec' },
      [{ ...ec, y: undefined }],
      'broken',
    ],
    [
      'is signed with the key "rsa" of the provider, which is broken',
      { alg: 'RS256', kid: 'rsa' },
      [{ ...rsa, n: 1 }],
      'broken',
    ],
  ];

  it.each(rows)('is none: %s', (what, header, keys, kind) => {
    expect(selectKey(header, keys)).toEqual({
      problem: {
        kind,
        what,
        hint: expect.stringContaining('The provider has to'),
        facts: {
          found: typeof header['kid'] === 'string' ? header['kid'] : null,
          expected: keys.map(({ kid }) => kid),
        },
      },
    });
  });
});

describe('an ID token and UserInfo, signed in a way that cannot be verified,', () => {
  let lying: LyingProvider;
  afterEach(() => lying.close());

  it.each<[string, Json, (keys: Json[]) => Json[]]>([
    ['has the key "other", which is not in the key set', { kid: 'other' }, (keys) => keys],
    ['has the key "first", and the provider has 2 keys of that name', {}, (keys) => [...keys, ...keys]],
    ['does not name its key (kid), and 2 keys', { kid: undefined }, (keys) => [...keys, bare(ec)]],
    ['has the key "first", which is on the curve P-384', {}, () => [{ ...p384, kid: 'first' }]],
    [
      'has the key "first", which is not for signatures',
      {},
      (keys) => keys.map((key) => ({ ...key, use: 'enc' })),
    ],
  ])('%s', async (what, header, keys) => {
    const words = what.replace(/^has/, 'is signed with');
    lying = await startLyingProvider({
      idToken: () => ({ header }),
      userInfo: ({ sub }) => lying.sign(header, { sub }),
      jwks: (set) => ({ keys: keys(set['keys'] as Json[]) }),
    });
    await expect(signIn(lying)).rejects.toMatchObject({
      code: 'id_token_invalid',
      message: expect.stringContaining(`The ID token ${words}`),
      details: { reason: 'key' },
    });
    await expect((await connect(lying)).userInfo('access-1', 'alice')).rejects.toMatchObject({
      code: 'userinfo_invalid',
      message: expect.stringContaining(`gave an answer that ${words}`),
    });
  });

  it('is told to have a broken key of that name', async () => {
    lying = await startLyingProvider({
      jwks: ({ keys }) => ({ keys: (keys as Json[]).map((key) => ({ ...key, x: 'AAAA' })) }),
    });
    await expect(signIn(lying)).rejects.toMatchObject({
      code: 'jwks_invalid',
      message: 'The ID token is signed with the key "first" of the provider, which is broken.',
    });
  });

  it.each<[number, string, number?]>([
    [64, 'is not signed by the provider: the key "first" did not make its signature (ES256)'],
    [
      71,
      'is not signed by the provider: its signature has 71 bytes where ES256 has 64, as in DER, which JWTs have not',
    ],
    [
      60,
      'is not signed by the provider: its signature has 60 bytes where ES256 has 64, as if it was cut off',
    ],
    [70, 'is not signed by the provider: its signature has 70 bytes where ES256 has 64', 1],
  ])('is told by its signature of %i bytes', async (length, what, first = 0x30) => {
    // A sequence of DER (ITU-T X.690, section 8.9) begins like that.
    const bytes = Buffer.concat([Buffer.of(length > 64 ? first : 1), Buffer.alloc(length - 1, 1)]);
    const forged = (claims: Json) => jwtWithSignature({ alg: 'ES256', kid: 'first' }, claims, bytes);
    lying = await startLyingProvider({
      idToken: (_, claims) => forged(claims),
      userInfo: (claims) => forged(claims),
    });
    await expect(signIn(lying)).rejects.toMatchObject({
      message: `The ID token ${what}.`,
      details: { reason: 'signature' },
    });
    await expect((await connect(lying)).userInfo('access-1', 'alice')).rejects.toMatchObject({
      code: 'userinfo_invalid',
      message: expect.stringContaining(`gave an answer that ${what}`),
    });
  });
});

describe('UserInfo says of its claims what is wrong with them', () => {
  let lying: LyingProvider;
  afterEach(() => lying.close());

  it.each<[Json, string]>([
    [{ sub: undefined }, 'answered about nobody: sub is missing'],
    [{ sub: null }, 'answered about nobody: sub is null'],
    [{ sub: 12 }, 'answered about nobody: sub is a number'],
    [{ sub: 'bob' }, 'answered about another user than the ID token (sub)'],
    [{ iss: 'https://other.test' }, 'was issued by "https://other.test" instead of'],
    [{ iss: 1 }, 'was issued by a number instead of'],
    [{ aud: 'other' }, 'is not meant for this application, "app" (aud)'],
    [{ exp: 1 }, 'has expired (exp)'],
    [{ exp: 'never' }, 'is malformed: exp is text'],
    [{ iat: 'now' }, 'is malformed: iat is text'],
    [{ nbf: 4e9 }, 'is not valid yet (nbf)'],
  ])('%j', async (claims, what) => {
    lying = await startLyingProvider({ userInfo: ({ sub }) => lying.sign({}, { sub, ...claims }) });
    await expect((await connect(lying)).userInfo('access-1', 'alice')).rejects.toMatchObject({
      code: 'userinfo_invalid',
      message: expect.stringContaining(what),
    });
    expect(lying.requestsTo('jwks')).toEqual([]);
  });

  it.each([
    [{ alg: 'PS256' }, 'is signed with PS256, and the provider announces ES256, RS256'],
    [{ alg: 'none' }, 'is not signed (alg is "none")'],
    [{ crit: ['x'] }, 'asks for extensions that nobody knows here (crit)'],
  ])('and of its header %j', async (header, what) => {
    lying = await startLyingProvider({ userInfo: ({ sub }) => lying.sign(header, { sub }) });
    await expect((await connect(lying)).userInfo('access-1', 'alice')).rejects.toMatchObject({
      code: 'userinfo_invalid',
      message: expect.stringContaining(what),
    });
  });
});
