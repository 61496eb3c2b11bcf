import { type OpenJwt, openJwt, type SigningKey, type SigningKeys, signJwt } from '../signing-keys.js';
import type { EmulatorFaults } from './emulator-faults.js';
import { isSignatureFault, signWrongly } from './faulty-signature.js';
import { shifted, wrongClaims } from './wrong-claims.js';

/** What the token endpoint answers, as far as it is changed. */
export interface TokenAnswer {
  access_token?: string | undefined;
  id_token?: string | undefined;
}

/** To whom an answer goes, and with what it is signed. */
export interface Issuing {
  readonly keys: SigningKeys;
  readonly isRefresh: boolean;
  /** Of the application; empty for a public one. */
  readonly secret: string;
  /** Until when a key that is rotated for this answer is published. Default: for a while. */
  readonly rotatedUntil: AbortSignal | undefined;
}

/** Issues the JWTs of an answer again, as the faults want them. No `at_hash` of the code flow has to follow. */
export async function changeTokens(
  answer: TokenAnswer,
  { clock, idToken, jwks, token }: EmulatorFaults,
  { keys, isRefresh, secret, rotatedUntil }: Issuing,
): Promise<void> {
  const isRotated = jwks === 'rotate' || jwks === 'rotated';
  if (clock !== undefined || idToken !== undefined || isRotated) {
    const rotated = new Map<string, SigningKey>();
    for (const name of ['access_token', 'id_token'] as const) {
      const jwt = openJwt(answer[name] ?? '');
      if (jwt === null) continue;
      const issued = shifted(jwt, clock);
      const key = await keyFor(issued, rotated);
      answer[name] = name === 'id_token' ? await idTokenOf(issued, key) : signJwt(issued, key);
    }
  }
  if (token === 'no-access-token') delete answer.access_token;

  /** One key for all tokens of an answer that are signed by the same algorithm. */
  async function keyFor({ header }: OpenJwt, rotated: Map<string, SigningKey>): Promise<SigningKey> {
    const { algorithm } = keys.key(header['alg']);
    if (!isRotated) return keys.key(algorithm);
    const key =
      rotated.get(algorithm) ??
      (await (jwks === 'rotated'
        ? keys.rotated(algorithm, rotatedUntil)
        : keys.rotate(algorithm, rotatedUntil)));
    rotated.set(algorithm, key);
    return key;
  }

  async function idTokenOf(jwt: OpenJwt, key: SigningKey): Promise<string | undefined> {
    if (idToken === 'missing') return undefined;
    if (isSignatureFault(idToken)) return signWrongly(jwt, idToken, key, keys, secret);
    const { header, claims } = jwt;
    if (idToken === 'other-algorithm') return signJwt(jwt, await keys.inPlaceOf(key.algorithm));
    const wrong = idToken === undefined ? {} : wrongClaims(claims, idToken, isRefresh);
    return signJwt({ header, claims: { ...claims, ...wrong } }, key);
  }
}
