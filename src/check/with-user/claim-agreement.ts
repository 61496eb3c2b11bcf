import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../oidc/http-answer.js';

/** Claims about a token, or about the sign-in that it came from, and not about the user. */
const ofToken: ReadonlySet<string> = new Set([
  ...['iss', 'sub', 'aud', 'azp', 'client_id', 'exp', 'iat', 'nbf', 'jti', 'nonce', 'typ', 'scope', 'ver'],
  ...['at_hash', 'c_hash', 's_hash', 'sid', 'session_state', 'auth_time', 'acr', 'amr'],
]);

/**
 * Claims that are made anew with each answer: the moment of the last change, which may be the sign-in itself, and where
 * to get the claims that others keep (section 5.6.2).
 */
const ofMoment: ReadonlySet<string> = new Set(['updated_at', '_claim_names', '_claim_sources']);

/** How the claims about a user compare that are in both of two answers. */
export interface ClaimAgreement {
  /** Those that have to say the same. */
  readonly compared: readonly string[];
  /** Those of them that do not. */
  readonly differing: readonly string[];
}

/**
 * Compares UserInfo with an ID token (OpenID Connect Core 1.0, section 5.3). A claim that is null is none, the order in
 * a list says nothing, and the query of a picture's address may be a signature for a while.
 */
export function claimAgreement(userInfo: JsonObject, idToken: JsonObject): ClaimAgreement {
  const isThere = (claims: JsonObject, name: string) =>
    Object.hasOwn(claims, name) && claims[name] !== null && claims[name] !== undefined;
  const compared = Object.keys(idToken).filter(
    (name) => isThere(idToken, name) && isThere(userInfo, name) && !ofToken.has(name) && !ofMoment.has(name),
  );
  const differing = compared.filter(
    (name) => !isDeepStrictEqual(comparable(name, userInfo[name]), comparable(name, idToken[name])),
  );
  return { compared, differing };
}

function comparable(name: string, value: unknown): unknown {
  if (name === 'picture' && typeof value === 'string') return value.split('?', 1)[0];
  return Array.isArray(value) ? value.map((item) => JSON.stringify(item)).sort() : value;
}
