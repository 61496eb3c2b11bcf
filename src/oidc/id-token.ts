import { LogtoError } from '../errors.js';
import type { JsonObject } from './http-answer.js';
import { audiencesOf, decodeJwt, isTime } from './jwt.js';
import type { Claims } from './provider.js';
import { type ProviderObserver, type Verify, verifying } from './provider-event.js';

/** What makes an ID token invalid: `details.reason` of `id_token_invalid`. */
export type IdTokenReason =
  | 'signature'
  | 'algorithm'
  | 'key'
  | 'aud'
  | 'azp'
  | 'nonce'
  | 'sub'
  | 'iat'
  | 'exp'
  | 'nbf'
  | 'auth_time'
  | 'missing'
  | 'malformed';

/** What an ID token is compared with. */
export interface IdTokenExpectations {
  readonly issuer: string;
  readonly clientId: string;
  /** `null`: it is not compared. */
  readonly nonce: string | null;
  /** Seconds since the last active sign-in at most; `auth_time` is then required. */
  readonly maxAge?: number;
  readonly algorithms: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Seconds that the provider's clock is ahead of ours; `null` when it does not tell. */
  readonly clockDifference: number | null;
  readonly observe?: ProviderObserver | undefined;
}

const core = 'OpenID Connect Core 1.0,';

/** Seconds by which clocks may differ. */
export const clockToleranceSeconds = 60;

/** The asymmetric algorithms among those that a provider announces: never `none`, never one that shares the secret. */
export function acceptableAlgorithms(announced: readonly string[] = ['RS256']): string[] {
  return announced.filter((name) => /^((RS|PS|ES)(256|384|512)|EdDSA|Ed25519|ML-DSA-(44|65|87))$/.test(name));
}

/**
 * Checks everything about an ID token but its signature, and returns its claims (OpenID Connect Core 1.0, section
 * 3.1.3.7; RFC 7519, section 7.2).
 *
 * @throws LogtoError `id_token_invalid` with `details.reason`, `issuer_mismatch`, `clock_skew`
 */
export function checkIdToken(idToken: string, expected: IdTokenExpectations): Claims {
  const verify = verifying(expected.observe, 'ID token');
  const decoded = decodeJwt(idToken);
  verify('it is a signed JWT', 'RFC 7519, 7.2', decoded !== null);
  if (decoded === null) throw idTokenInvalid('malformed');
  const { header, claims } = decoded;
  const { alg } = header;
  const isAnnounced = typeof alg === 'string' && expected.algorithms.includes(alg);
  if (!verify('alg is asymmetric and announced by the provider', `${core} 3.1.3.7 (7)`, isAnnounced)) {
    throw idTokenInvalid('algorithm', 'is not signed with an algorithm that the provider announces', {
      found: typeof alg === 'string' ? alg.slice(0, 40) : null,
      expected: expected.algorithms,
    });
  }
  if (!verify('crit asks for nothing unknown', 'RFC 7515, 4.1.11', header['crit'] === undefined))
    throw idTokenInvalid('malformed', 'asks for extensions that nobody knows');
  checkIssuerClaim(claims['iss'], expected.issuer, verify);
  const failed =
    failedAudience(claims, expected.clientId, verify) ??
    (verify('sub names a subject of at most 255 characters', `${core} 2`, isSubject(claims['sub']))
      ? null
      : 'sub') ??
    (expected.nonce === null ||
    verify('nonce is the one of the request', `${core} 3.1.3.7 (11)`, claims['nonce'] === expected.nonce)
      ? null
      : 'nonce');
  if (failed !== null) throw idTokenInvalid(failed, sentences[failed]);
  const failedTime = checkTimes(claims, expected, verify);
  if (failedTime !== null) {
    throw clockError(claims, expected) ?? idTokenInvalid(failedTime);
  }
  return claims;
}

/** An ID token that must not be used, told by the one reason that made it so. */
export function idTokenInvalid(
  reason: IdTokenReason,
  what: string = sentences[reason],
  facts: Readonly<Record<string, string | null | readonly string[]>> = {},
): LogtoError {
  return new LogtoError(
    'id_token_invalid',
    `The ID token ${what}.`,
    hints[reason] ??
      'Nothing of the answer was kept. Sign in again; if it persists, the provider has to be corrected.',
    { reason, ...facts },
  );
}

const sentences: Readonly<Record<IdTokenReason, string>> = {
  signature: 'is not signed by the provider',
  algorithm: 'is signed with an unacceptable algorithm',
  key: 'is signed with a key that is not in the key set of the provider (JWKS)',
  aud: 'is not meant for this application alone (aud)',
  azp: 'was issued to another application (azp)',
  nonce: 'does not belong to this sign-in (nonce)',
  sub: 'names no subject (sub)',
  iat: 'has no usable time of issue (iat), or one in the future',
  exp: 'has expired, or does not say when it does (exp)',
  nbf: 'is not valid yet (nbf)',
  auth_time: 'tells no possible time of the sign-in, or none as recent as was asked for (auth_time)',
  missing: 'is missing in the token response',
  malformed: 'is not a signed JWT',
};

const hints: Partial<Readonly<Record<IdTokenReason, string>>> = {
  aud: 'Nothing was kept. Check that --app-id is the application that the provider signed in to.',
  auth_time: 'Nothing was kept. Sign in again with --prompt login, or with a larger --max-age.',
  missing: 'Ask for the scope openid: leave out --no-default-scopes, or add --scope openid.',
};

/**
 * Compares the issuer in an ID token with the expected one, to the letter.
 *
 * @throws LogtoError `issuer_mismatch`
 */
export function checkIssuerClaim(iss: unknown, issuer: string, verify: Verify): void {
  if (verify('iss is the issuer, to the letter', `${core} 3.1.3.7 (2)`, iss === issuer)) return;
  const found = typeof iss === 'string' ? iss.slice(0, 200) : null;
  throw new LogtoError(
    'issuer_mismatch',
    `The ID token was issued by ${JSON.stringify(found)} instead of ${JSON.stringify(issuer)}.`,
    'Nothing was kept. Sign in again; if it persists, the provider has to be corrected.',
    { expected: issuer, found },
  );
}

function failedAudience(claims: JsonObject, clientId: string, verify: Verify): 'aud' | 'azp' | null {
  const { azp } = claims;
  const audiences = audiencesOf(claims);
  if (!verify('aud has this application', `${core} 3.1.3.7 (3)`, audiences.includes(clientId))) return 'aud';
  if (azp !== undefined && !verify('azp is this application', `${core} 3.1.3.7 (5)`, azp === clientId)) {
    return 'azp';
  }
  if (audiences.length === 1) return null;
  return verify('further audiences come with azp', `${core} 3.1.3.7 (3)`, azp !== undefined) ? null : 'aud';
}

function isSubject(sub: unknown): boolean {
  return typeof sub === 'string' && sub.length > 0 && sub.length <= 255;
}

function checkTimes(
  claims: JsonObject,
  { now, maxAge }: IdTokenExpectations,
  verify: Verify,
): IdTokenReason | null {
  const [earliest, latest] = [now / 1000 - clockToleranceSeconds, now / 1000 + clockToleranceSeconds];
  const { iat, exp, nbf, auth_time: authTime } = claims;
  const isIssued = isTime(iat) && iat <= latest;
  if (!verify('iat is there and not in the future', `${core} 3.1.3.7 (10)`, isIssued)) return 'iat';
  const isAlive = isTime(exp) && exp > earliest;
  if (!verify('exp is there and still to come', `${core} 3.1.3.7 (9)`, isAlive)) return 'exp';
  const isBegun = nbf === undefined || (isTime(nbf) && nbf <= latest);
  if (nbf !== undefined && !verify('nbf has passed', 'RFC 7519, 4.1.5', isBegun)) return 'nbf';
  const isPast = isTime(authTime) && authTime <= latest;
  if (authTime !== undefined && !verify('auth_time is a time, and not in the future', `${core} 2`, isPast)) {
    return 'auth_time';
  }
  if (maxAge === undefined) return null;
  const isRecent = isPast && authTime + maxAge >= earliest;
  return verify('auth_time is within max_age', `${core} 3.1.3.7 (13)`, isRecent) ? null : 'auth_time';
}

/** The clocks are what is wrong when the provider's would have let the token pass. */
function clockError(claims: JsonObject, expected: IdTokenExpectations): LogtoError | null {
  const difference = expected.clockDifference ?? 0;
  if (Math.abs(difference) <= clockToleranceSeconds) return null;
  const theirs = { ...expected, now: expected.now + difference * 1000 };
  if (checkTimes(claims, theirs, verifying(undefined, 'ID token')) !== null) return null;
  const skewSeconds = Math.round(difference);
  const direction = skewSeconds > 0 ? 'behind' : 'ahead of';
  return new LogtoError(
    'clock_skew',
    `The clock of this machine is ${Math.abs(skewSeconds)} s ${direction} the provider's; no ID token can be checked.`,
    "Set this machine's clock (Linux: sudo timedatectl set-ntp true), then sign in again.",
    { skewSeconds },
  );
}
