import { createHmac } from 'node:crypto';
import {
  type OpenJwt,
  type SigningKey,
  type SigningKeys,
  signAsItIs,
  signingInput,
  signJwt,
} from '../signing-keys.js';
import { type SignatureFault, signatureFaults } from './fault-names.js';

/**
 * Signs a JWT in a wrong way. But for `unknown-key` and `no-kid` it names the key that should have signed it.
 *
 * @param forger who has other keys
 * @param secret of the application; a public one has none, so that its secret is empty
 */
export async function signWrongly(
  { header, claims }: OpenJwt,
  fault: SignatureFault,
  key: SigningKey,
  forger: Pick<SigningKeys, 'unpublished'>,
  secret: string,
): Promise<string> {
  const { algorithm, kid, publicKey } = key;
  switch (fault) {
    case 'bad-signature':
      return signJwt({ header, claims }, { ...(await forger.unpublished(algorithm)), kid });
    case 'unknown-key':
      return signJwt({ header, claims }, await forger.unpublished(algorithm));
    case 'no-kid':
      return signAsItIs({ header: { ...header, kid: undefined }, claims }, key);
    case 'hs256-public-key':
      return hmac(publicKey.export({ type: 'spki', format: 'pem' }));
    case 'hs256-secret':
      return hmac(secret);
    default: {
      const alg = fault.slice('alg-'.length);
      return `${signingInput({ header: { ...header, alg, kid }, claims })}.`;
    }
  }

  /** What is signed by whoever has this text, if it is taken for a key (RFC 7518, section 3.2). */
  function hmac(text: string | Buffer): string {
    const input = signingInput({ header: { ...header, alg: 'HS256', kid }, claims });
    return `${input}.${createHmac('sha256', text).update(input).digest('base64url')}`;
  }
}

/** Whether a fault is one of the signature. */
export function isSignatureFault(fault: string | undefined): fault is SignatureFault {
  return signatureFaults.some((one) => one === fault);
}
