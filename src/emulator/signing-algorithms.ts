import { constants, generateKeyPair, type KeyObject, type SigningOptions, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';

/** The JWS algorithms that an emulator has keys for (RFC 7518, section 3.1; RFC 8037, section 3.1). */
export type SigningAlgorithm = 'ES384' | 'ES256' | 'RS256' | 'PS256' | 'EdDSA';

/** Both halves of a key. */
export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

interface Rules {
  /** `null`: the algorithm has its own. */
  readonly digest: string | null;
  readonly options: SigningOptions;
  generate(): Promise<KeyPair>;
}

const generate = promisify(generateKeyPair);
const rsa = () => generate('rsa', { modulusLength: 2048 });
const ecdsa = { dsaEncoding: 'ieee-p1363' } as const;

const rules: Readonly<Record<SigningAlgorithm, Rules>> = {
  ES384: { digest: 'sha384', options: ecdsa, generate: () => generate('ec', { namedCurve: 'P-384' }) },
  ES256: { digest: 'sha256', options: ecdsa, generate: () => generate('ec', { namedCurve: 'P-256' }) },
  RS256: { digest: 'sha256', options: {}, generate: rsa },
  PS256: {
    digest: 'sha256',
    options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
    generate: rsa,
  },
  EdDSA: { digest: null, options: {}, generate: () => generate('ed25519') },
};

/** A new key for an algorithm. */
export function newKeyPair(algorithm: SigningAlgorithm): Promise<KeyPair> {
  return rules[algorithm].generate();
}

/** The signature of a text, in base64url. */
export function signatureOf(text: string, algorithm: SigningAlgorithm, key: KeyObject): string {
  const { digest, options } = rules[algorithm];
  return sign(digest, Buffer.from(text), { key, ...options }).toString('base64url');
}

/** Whether that is the signature of a text. */
export function isSignatureOf(
  signature: string,
  text: string,
  algorithm: SigningAlgorithm,
  key: KeyObject,
): boolean {
  const { digest, options } = rules[algorithm];
  return verify(digest, Buffer.from(text), { key, ...options }, Buffer.from(signature, 'base64url'));
}
