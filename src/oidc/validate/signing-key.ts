import { createPublicKey, type JsonWebKey } from 'node:crypto';
import type { JsonObject } from '../http-answer.js';

/** Whether a key of a key set may verify signatures (RFC 7517, sections 4.2 and 4.3). */
export function isForSigning({ use, key_ops: operations }: JsonObject): boolean {
  return (
    (use === undefined || use === 'sig') && (!Array.isArray(operations) || operations.includes('verify'))
  );
}

/** Whether it is of a type that we know. Others are to be ignored (RFC 7517, section 5). */
export function isKnownKeyType({ kty }: JsonObject): boolean {
  return ['RSA', 'EC', 'OKP'].includes(String(kty));
}

/** The least bits of an RSA modulus that verifiers take (RFC 7518, sections 3.3 and 3.5). */
export const leastModulusLength = 2048;

/** Whether it can be read, and verifiers take it: they refuse RSA keys under 2048 bits. */
export function isWholeKey(key: JsonObject): boolean {
  return (modulusLengthOf(key) ?? 0) >= leastModulusLength;
}

/** The bits of an RSA key, infinitely many of any other that can be read; `null` for one that cannot. */
export function modulusLengthOf({ kty, crv, x, y, n, e }: JsonObject): number | null {
  // What Node.js does not read as a JWK, Web Crypto may.
  if (kty === 'AKP') return Number.POSITIVE_INFINITY;
  try {
    // The public part alone: some versions of Node refuse a key for what is wrong with its private one.
    const key = { kty, crv, x, y, n, e } as JsonWebKey;
    const { asymmetricKeyDetails } = createPublicKey({ key, format: 'jwk' });
    return asymmetricKeyDetails?.modulusLength ?? Number.POSITIVE_INFINITY;
  } catch {
    return null;
  }
}

const curves: Readonly<Record<string, string>> = {
  ES256: 'P-256',
  ES384: 'P-384',
  ES512: 'P-521',
  EdDSA: 'Ed25519',
  Ed25519: 'Ed25519',
};

/** The curve that an algorithm needs (RFC 7518, section 3.4; RFC 8037; RFC 9864); `null` for one without. */
export function curveOf(algorithm: string): string | null {
  return curves[algorithm] ?? null;
}

/** Whether a key serves this algorithm (RFC 7518, section 3.1; RFC 8037). */
export function servesAlgorithm({ kty, crv, alg }: JsonObject, algorithm: string): boolean {
  const curve = curves[algorithm];
  const isOfCurve = curve !== undefined && crv === curve;
  if (alg !== undefined && alg !== algorithm && !(isOfCurve && crv === 'Ed25519')) return false;
  return /^[RP]S/.test(algorithm) ? kty === 'RSA' : isOfCurve || alg === algorithm;
}
