import { afterEach, describe, expect, it } from 'vitest';
import type { ProviderEvent } from '../../../src/oidc/provider-event.js';
import { MemoryStorage } from '../../../src/storage/memory-storage.js';
import type { Lies } from '../../support/lies.js';
import { type LyingProvider, startLyingProvider } from '../../support/lying-provider.js';
import { hmacJwt, type Json, jwtWithSignature } from '../../support/signed-jwt.js';
import { connect, signIn, startSession } from '../protocol-fixture.js';

let lying: LyingProvider;
afterEach(() => lying.close());

/** Of 64 bytes: enough for each. */
const clientSecret = 'a-secret-of-64-bytes-0123456789-'.repeat(2);
const algorithms = [['HS256', 256] as const, ['HS384', 384] as const, ['HS512', 512] as const];

/** Signs by this secret, and announces that. */
function signing(
  alg: string,
  bits: number,
  secret = clientSecret,
  announced: readonly string[] = [alg],
): Lies {
  const sign = (claims: Json) => hmacJwt({ alg }, claims, secret, bits);
  return {
    discovery: (document) => ({ ...document, id_token_signing_alg_values_supported: announced }),
    idToken: (_, claims) => sign(claims),
    userInfo: (claims) => sign(claims),
  };
}

describe.each(algorithms)('a signature by %s', (alg, bits) => {
  it('of an ID token and of UserInfo is verified with the secret, and no key is asked for', async () => {
    lying = await startLyingProvider(signing(alg, bits));
    const { provider, tokens, refresh } = await startSession(lying, { clientSecret });
    expect(tokens.claims['sub']).toBe('alice');
    expect(await refresh()).toMatchObject({ unchecked: null, tokens: { idToken: expect.any(String) } });
    expect(await provider.userInfo(tokens.accessToken, 'alice')).toMatchObject({
      sub: 'alice',
      name: 'Alice',
    });
    expect(lying.requestsTo('jwks')).toEqual([]);
  });

  it('is refused by another secret', async () => {
    lying = await startLyingProvider(signing(alg, bits, `${clientSecret}!`));
    await expect(signIn(lying, { clientSecret })).rejects.toMatchObject({
      code: 'id_token_invalid',
      message: `The ID token is not signed with the secret of this application (${alg}).`,
      details: { reason: 'signature' },
    });
    await expect(
      (await connect(lying, { clientSecret })).userInfo('access-1', 'alice'),
    ).rejects.toMatchObject({
      code: 'userinfo_invalid',
      message: expect.stringContaining(`is not signed with the secret of this application (${alg})`),
    });
  });

  it('is refused by a secret that is a byte too short, though it is the right one', async () => {
    const short = clientSecret.slice(0, bits / 8 - 1);
    lying = await startLyingProvider(signing(alg, bits, short));
    await expect(signIn(lying, { clientSecret: short })).rejects.toMatchObject({
      message: expect.stringContaining(`too short: ${bits / 8} bytes are the least`),
      details: { reason: 'algorithm', secretBytesNeeded: bits / 8 },
    });
  });

  it('is refused where the client is public, and where it is not announced', async () => {
    lying = await startLyingProvider(signing(alg, bits, ''));
    await expect(signIn(lying)).rejects.toMatchObject({
      message: expect.stringContaining(
        `the symmetric ${alg}, which only an application with a secret can verify`,
      ),
      details: { reason: 'algorithm' },
    });
    lying.lies = signing(alg, bits, clientSecret, ['RS256', 'ES256']);
    await expect(signIn(lying, { clientSecret })).rejects.toMatchObject({
      message: `The ID token is signed with the symmetric ${alg}, and the provider announces RS256, ES256.`,
      details: { reason: 'algorithm' },
    });
  });

  it('is never verified by a key that the provider publishes', async () => {
    lying = await startLyingProvider();
    const key = lying.keys[0]?.publicKey;
    for (const form of [
      key?.export({ type: 'spki', format: 'pem' }),
      key?.export({ type: 'spki', format: 'der' }),
      JSON.stringify(key?.export({ format: 'jwk' })),
    ]) {
      const sign = (claims: Json) => hmacJwt({ alg, kid: 'first' }, claims, form ?? '', bits);
      lying.lies = { ...signing(alg, bits, '', [alg, 'ES256']), idToken: (_, claims) => sign(claims) };
      for (const secret of ['', clientSecret]) {
        await expect(signIn(lying, { clientSecret: secret })).rejects.toMatchObject({
          details: { reason: secret === '' ? 'algorithm' : 'signature' },
        });
      }
    }
  });
});

describe('a client with a long secret', () => {
  it('still takes what the provider signs with a key', async () => {
    lying = await startLyingProvider({
      discovery: (document) => ({ ...document, id_token_signing_alg_values_supported: ['HS256', 'ES256'] }),
    });
    await expect(signIn(lying, { clientSecret })).resolves.toBeDefined();
    expect(lying.requestsTo('jwks')).toHaveLength(1);
  });

  it('has every claim checked of what is signed with its secret', async () => {
    lying = await startLyingProvider({
      ...signing('HS256', 256),
      idToken: (_, claims) => hmacJwt({ alg: 'HS256' }, { ...claims, aud: 'other' }, clientSecret),
    });
    await expect(signIn(lying, { clientSecret })).rejects.toMatchObject({ details: { reason: 'aud' } });
  });

  it('refuses a signature by its secret that was cut off or changed', async () => {
    lying = await startLyingProvider(signing('HS256', 256));
    for (const change of [(jwt: string) => jwt.slice(0, -4), (jwt: string) => `${jwt.slice(0, -4)}AAAA`]) {
      lying.lies.idToken = (_, claims) => change(hmacJwt({ alg: 'HS256' }, claims, clientSecret));
      await expect(signIn(lying, { clientSecret })).rejects.toMatchObject({
        details: { reason: 'signature' },
      });
    }
  });

  it('tells of a signature that is too long how long it has to be, and of no other form', async () => {
    const long = (claims: Json) => jwtWithSignature({ alg: 'HS256' }, claims, Buffer.alloc(40, 1));
    lying = await startLyingProvider({ ...signing('HS256', 256), idToken: (_, claims) => long(claims) });
    await expect(signIn(lying, { clientSecret })).rejects.toMatchObject({
      message:
        'The ID token is not signed with the secret of this application: its signature has 40 bytes where HS256 has 32.',
    });
  });

  it('tells by what the signature was verified', async () => {
    const told: ProviderEvent[] = [];
    lying = await startLyingProvider(signing('HS256', 256));
    await signIn(lying, { clientSecret, observe: (event) => told.push(event) });
    expect(told).toContainEqual(
      expect.objectContaining({
        of: 'ID token',
        what: "the provider signed it (HS256, by the client's secret)",
        passed: true,
      }),
    );
  });

  it('refreshes in another process by what is in the cache', async () => {
    lying = await startLyingProvider(signing('HS256', 256));
    const cache = new MemoryStorage();
    const { refresh } = await startSession(lying, { clientSecret, cache });
    await refresh({}, await connect(lying, { clientSecret, cache }, { useCache: true }));
    expect(lying.requests.map(({ step }) => step)).toEqual(['token']);
  });
});
