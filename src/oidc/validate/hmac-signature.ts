import { createHmac, timingSafeEqual } from 'node:crypto';
import { secretBytesOf } from './signing-algorithm.js';

/**
 * Whether a JWT was signed with the client's secret (RFC 7518, section 3.2; OpenID Connect Core 1.0, section 10.1):
 * compared in constant time, and never for a secret that is too short for the algorithm.
 *
 * @param alg `HS256`, `HS384` or `HS512`; any other is not signed that way
 */
export function isSignedWithSecret(jwt: string, alg: string, clientSecret: string): boolean {
  const bytes = secretBytesOf(alg);
  if (bytes === null || Buffer.byteLength(clientSecret) < bytes) return false;
  const end = jwt.lastIndexOf('.');
  const signature = Buffer.from(jwt.slice(end + 1), 'base64url');
  const due = createHmac(`sha${bytes * 8}`, clientSecret)
    .update(jwt.slice(0, end))
    .digest();
  return signature.length === due.length && timingSafeEqual(signature, due);
}
