import { constants, createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import type { JsonObject } from '../../oidc/http-answer.js';

/** What came of looking at a signature. `unknown`: this program cannot tell. */
export type SignatureVerdict = 'signed' | 'forged' | 'no key' | 'unknown';

/** Verifies a JWT in its compact form (RFC 7515, section 5.2) with the keys of a provider. `header` is its own. */
export function verdictOnSignature(
  jwt: string,
  { alg, kid }: JsonObject,
  keys: readonly JsonObject[],
): SignatureVerdict {
  const [, bits] = /^(?:[REP]S(256|384|512)|EdDSA|Ed25519)$/.exec(String(alg)) ?? [];
  if (bits === undefined && !/^Ed/.test(String(alg))) return 'unknown';
  const fitting = keys.filter((key) => kid === undefined || key['kid'] === kid);
  if (fitting.length === 0) return 'no key';
  const [input, signature] = [jwt.slice(0, jwt.lastIndexOf('.')), jwt.slice(jwt.lastIndexOf('.') + 1)];
  const isSigned = fitting.some((key) => {
    try {
      return verify(
        bits === undefined ? null : `sha${bits}`,
        Buffer.from(input),
        { key: createPublicKey({ key: key as JsonWebKey, format: 'jwk' }), ...paddingOf(String(alg)) },
        Buffer.from(signature, 'base64url'),
      );
    } catch {
      // A key of another kind, or a broken one: it has not signed this.
      return false;
    }
  });
  return isSigned ? 'signed' : 'forged';
}

/** RFC 7518, sections 3.4 and 3.5. */
function paddingOf(alg: string) {
  if (alg.startsWith('ES')) return { dsaEncoding: 'ieee-p1363' as const };
  return alg.startsWith('PS')
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : {};
}
