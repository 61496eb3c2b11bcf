import { createHash, randomBytes } from 'node:crypto';

/** A code verifier and its S256 challenge (RFC 7636, section 4). */
export interface Pkce {
  /** Secret until the code is exchanged. */
  readonly verifier: string;
  readonly challenge: string;
}

/** 256 unguessable bits, safe in a URL: for a `state`, a `nonce` or a code verifier. */
export function randomValue(): string {
  return randomBytes(32).toString('base64url');
}

/** Makes a new code verifier, and its challenge for `code_challenge_method=S256`. */
export async function createPkce(): Promise<Pkce> {
  const verifier = randomValue();
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}
