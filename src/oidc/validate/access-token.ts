import { invalidAnswer, type JsonObject, type Subject } from '../http-answer.js';
import { verifying } from '../provider-event.js';
import { audiencesOf, decodeJwt, isTime } from './jwt.js';
import { isScope, scopesIn } from './token-response.js';

/** What an access token is wanted for. */
export interface AccessTokenTarget {
  /** The resource indicator (RFC 8707). */
  readonly resource?: string;
  /** The organization's ID (Logto). */
  readonly organization?: string;
}

/**
 * Checks that an access token is for what it was asked for, where it is a JWT (RFC 9068, section 4); an opaque one
 * cannot be looked into. Whom it serves verifies the rest of it.
 *
 * @returns when it ends by its own `exp`, in milliseconds since 1970; `null` when it does not say
 * @throws LogtoError the subject's code for another audience
 */
export function checkAccessToken(
  accessToken: string,
  { resource, organization }: AccessTokenTarget,
  subject: Subject,
): number | null {
  const claims = decodeJwt(accessToken)?.claims;
  if (claims === undefined) return null;
  const audience = resource ?? (organization && `urn:logto:organization:${organization}`);
  if (audience === undefined) return endOf(claims);
  const verify = verifying(subject.observe, 'access token');
  if (
    !verify(
      'aud has what was asked for',
      'RFC 9068, 3; RFC 8707, 2.2',
      audiencesOf(claims).includes(audience),
    )
  ) {
    const found = JSON.stringify(claims['aud'] ?? null).slice(0, 200);
    throw invalidAnswer(subject, `gave an access token for ${found} instead of ${JSON.stringify(audience)}`);
  }
  return endOf(claims);
}

function endOf({ exp }: JsonObject): number | null {
  return isTime(exp) ? exp * 1000 : null;
}

/**
 * The scopes of an access token that is a JWT with a header of the type `at+jwt` (RFC 9068, section 2.2.3): without the
 * claim it has none. `null` for any other token, which only the response around it can tell of.
 */
export function scopesOf(accessToken: string): readonly string[] | null {
  const decoded = decodeJwt(accessToken);
  if (decoded === null || !/^(application\/)?at\+jwt$/i.test(String(decoded.header['typ']))) return null;
  const { scope } = decoded.claims;
  return isScope(scope) ? (scopesIn(scope) ?? []) : [];
}
