import type { Claims } from '../claims.js';
import { type Verify, verifying } from '../provider-event.js';
import { checkIdToken, checkIssuerClaim, type IdTokenExpectations } from './id-token.js';
import { foundAudience, listed } from './id-token-audience.js';
import { type IdTokenRefusal, idTokenInvalid } from './id-token-refusal.js';
import { audiencesOf } from './jwt.js';

const section = 'OpenID Connect Core 1.0, 12.2';

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
  checkIssuerClaim(
    claims['iss'],
    String(before['iss']),
    (_what, _clause, same) => verify('iss is that of the sign-in', section, same),
    sameIssuer,
  );
  const changed = changedClaim(claims, before, verify);
  if (changed !== null) throw idTokenInvalid({ hint, ...changed });
}

/** Only an issuer with a template gets this far with another `iss`: its document names no tenant. */
const sameIssuer =
  'The provider has to name the tenant of the sign-in when it refreshes; to go on, sign in again: logto-cli sign-in';

const hint =
  'Nothing of the answer was kept. The provider has to keep this claim when it refreshes; to go on, sign in again: ' +
  'logto-cli sign-in';

function changedClaim(claims: Claims, before: Claims, verify: Verify): IdTokenRefusal | null {
  const isKept = (name: string, same = claims[name] === before[name]) =>
    verify(`${name} is that of the sign-in`, section, same);
  if (!isKept('sub')) return { reason: 'sub', what: 'is about another user than the session (sub)' };
  if (!isKept('aud', audienceText(claims) === audienceText(before))) {
    const [found, expected] = [claims, before].map(({ aud }) => foundAudience(aud));
    return {
      reason: 'aud',
      what: `is meant for ${listed(audiencesOf(claims))}, and that of the sign-in was for ${listed(audiencesOf(before))} (aud)`,
      facts: { found: found ?? null, expected: expected ?? null },
    };
  }
  if (!isKept('azp')) {
    const [found, expected] = [claims, before].map(({ azp }) => foundAudience(azp));
    return {
      reason: 'azp',
      what: `was issued to ${party(claims)}, and that of the sign-in to ${party(before)} (azp)`,
      facts: { found: found ?? null, expected: expected ?? null },
    };
  }
  const [nonce, was] = [claims['nonce'], before['nonce']];
  if (nonce !== undefined && !isKept('nonce')) {
    const what =
      was === undefined
        ? 'has a nonce, and that of the sign-in had none (nonce)'
        : 'has another nonce than that of the sign-in (nonce)';
    return { reason: 'nonce', what };
  }
  const times = [claims['auth_time'], before['auth_time']];
  return times.every((time) => time !== undefined) && !isKept('auth_time')
    ? {
        reason: 'auth_time',
        what: 'tells of a sign-in at another time than that of this session (auth_time)',
        facts: { found: Number(times[0]), expected: Number(times[1]) },
      }
    : null;
}

function party({ azp }: Claims): string {
  return azp === undefined ? 'nobody in particular' : listed([azp]);
}

/** Neither the order nor the form matters. */
function audienceText(claims: Claims): string {
  return JSON.stringify([...new Set(audiencesOf(claims))].sort());
}
