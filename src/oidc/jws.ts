import { constants, createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import type { JsonObject } from './json-object.js';

/** The hash of a JWS algorithm (RFC 7518, section 3.1), as Node.js names it; `null` for those that come with their own. */
export function hashOf(algorithm: string): string | null {
  const [bits] = /(256|384|512)/.exec(algorithm) ?? [];
  return bits === undefined || algorithm.startsWith('Ed') ? null : `sha${bits}`;
}

/** How a key signs by an algorithm, beside its hash (RFC 7518, sections 3.4 and 3.5). */
export function signatureForm(algorithm: string) {
  if (algorithm.startsWith('ES')) return { dsaEncoding: 'ieee-p1363' as const };
  return algorithm.startsWith('PS')
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : {};
}

/**
 * Whether a JWT has a signature by this key (RFC 7515, section 5.2). Which algorithms and keys may be is decided before.
 *
 * @param key a public JWK that fits the algorithm
 */
export function isSignedByKey(jwt: string, algorithm: string, key: JsonObject): boolean {
  const end = jwt.lastIndexOf('.');
  // Some versions of Node refuse a key for what is wrong with its private part.
  const { kty, crv, x, y, n, e } = key;
  return verify(
    hashOf(algorithm),
    Buffer.from(jwt.slice(0, end)),
    {
      key: createPublicKey({ key: { kty, crv, x, y, n, e } as JsonWebKey, format: 'jwk' }),
      ...signatureForm(algorithm),
    },
    Buffer.from(jwt.slice(end + 1), 'base64url'),
  );
}
