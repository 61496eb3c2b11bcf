import {
  checkIdToken,
  checkIssuerClaim,
  type IdTokenExpectations,
  type IdTokenReason,
  idTokenInvalid,
} from './id-token.js';
import { audiencesOf } from './jwt.js';
import type { Claims } from './provider.js';
import { type Verify, verifying } from './provider-event.js';

const section = 'OpenID Connect Core 1.0, 12.2';

type KeptClaim = Extract<IdTokenReason, 'sub' | 'aud' | 'azp' | 'nonce' | 'auth_time'>;

/**
 * Checks an ID token that came with a refresh: everything but its signature, and that it is about the same sign-in as
 * the one before (OpenID Connect Core 1.0, section 12.2).
 *
 * @param before the claims of the one before, which was verified in its time
 * @throws LogtoError `id_token_invalid` with `details.reason`, `issuer_mismatch`, `clock_skew`
 */
export function checkRefreshedIdToken(
  idToken: string,
  before: Claims,
  expected: Omit<IdTokenExpectations, 'nonce' | 'maxAge'>,
): void {
  // Most providers leave the nonce out here.
  const claims = checkIdToken(idToken, { ...expected, nonce: null });
  const verify = verifying(expected.observe, 'ID token');
  checkIssuerClaim(claims['iss'], String(before['iss']), (_what, _clause, same) =>
    verify('iss is that of the sign-in', section, same),
  );
  const changed = changedClaim(claims, before, verify);
  if (changed !== null) throw idTokenInvalid(changed, sentences[changed]);
}

const sentences: Readonly<Record<KeptClaim, string>> = {
  sub: 'is about another user than the session (sub)',
  aud: 'is not meant for the same audience as that of the sign-in (aud)',
  azp: 'was not issued to the same application as that of the sign-in (azp)',
  nonce: 'does not belong to the sign-in of this session (nonce)',
  auth_time: 'belongs to a sign-in at another time than that of this session (auth_time)',
};

function changedClaim(claims: Claims, before: Claims, verify: Verify): KeptClaim | null {
  const isKept = (name: KeptClaim, same = claims[name] === before[name]) =>
    verify(`${name} is that of the sign-in`, section, same);
  if (!isKept('sub')) return 'sub';
  if (!isKept('aud', audienceText(claims) === audienceText(before))) return 'aud';
  if (!isKept('azp')) return 'azp';
  if (claims['nonce'] !== undefined && !isKept('nonce')) return 'nonce';
  const times = [claims['auth_time'], before['auth_time']];
  return times.every((time) => time !== undefined) && !isKept('auth_time') ? 'auth_time' : null;
}

/** Neither the order nor the form matters. */
function audienceText(claims: Claims): string {
  return JSON.stringify([...new Set(audiencesOf(claims))].sort());
}
