import { LogtoError } from '../../errors.js';
import { kindOf } from './value-kind.js';

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

/** Why an ID token must not be used. */
export interface IdTokenRefusal {
  readonly reason: IdTokenReason;
  /** Goes on where a sentence about the ID token begins: `has expired`. */
  readonly what: string;
  /** Default: sign in again, or let the provider be corrected. */
  readonly hint?: string;
  /** What programs can use beside the reason: what was found, and what was expected. */
  readonly facts?: Readonly<Record<string, string | number | null | readonly string[]>>;
}

/** The error of an ID token that must not be used. */
export function idTokenInvalid({ reason, what, hint, facts }: IdTokenRefusal): LogtoError {
  return new LogtoError(
    'id_token_invalid',
    `The ID token ${what}.`,
    hint ??
      'Nothing of the answer was kept. Sign in again; if it persists, the provider has to be corrected.',
    { reason, ...facts },
  );
}

/**
 * A claim of a type that it must not have.
 *
 * @param due what it has to be, with its verb: `text is`, `seconds since 1970 are`
 * @param found what it is instead
 */
export function malformedClaim(
  name: Exclude<IdTokenReason, 'signature' | 'algorithm' | 'key' | 'missing' | 'malformed'>,
  value: unknown,
  due: string,
  found = describe(value),
): IdTokenRefusal {
  return {
    reason: name,
    what: malformed(name, value, due, found),
    hint: `Nothing was kept. The provider has to correct ${name}; look at its mapping of claims.`,
  };
}

/**
 * Why there is no ID token where one is due: it was not asked for, or it is not given all the same.
 *
 * @param scopes what was asked for
 */
export function missingIdToken(scopes: readonly string[]): IdTokenRefusal {
  return scopes.includes('openid')
    ? {
        reason: 'missing',
        what: 'is missing in the token response, though the scope openid was asked for',
        hint: 'Nothing was kept. Allow the scope openid for this application at the provider; --trace shows what it granted.',
      }
    : {
        reason: 'missing',
        what: 'is missing in the token response',
        hint: 'Ask for the scope openid: leave out --no-default-scopes, or add --scope openid.',
      };
}

/** The words of {@link malformedClaim}, for any member of a JWT. */
export function malformed(name: string, value: unknown, due: string, found = describe(value)): string {
  return `is malformed: ${name} is ${found}, where ${due} due`;
}

/** A number that is none of those that are due tells more than that it is one. */
function describe(value: unknown): string {
  return typeof value === 'number' ? String(value) : kindOf(value);
}
