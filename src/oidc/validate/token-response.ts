import type { LogtoError } from '../../errors.js';
import { invalidAnswer, type JsonObject, type Subject } from '../http-answer.js';
import { verifying } from '../provider-event.js';

/** The fields of a token response (RFC 6749, section 5.1; OpenID Connect Core 1.0, section 3.1.3.3). */
export interface TokenFields {
  readonly accessToken: string;
  readonly tokenType: string;
  /** Seconds; `null` when the provider did not say. */
  readonly expiresIn: number | null;
  /** `null` when the response names none: then what was asked for was granted. */
  readonly scopes: readonly string[] | null;
  readonly refreshToken: string | null;
  /** Not checked yet. */
  readonly idToken: string | null;
}

/** About 68 years. More is no information, and later arithmetic would break over it. */
const longestLifetime = 2 ** 31 - 1;

const rightTypes = 'the other fields have the right types';

/**
 * Checks the fields of a token response, ID token aside.
 *
 * @param asked the scopes of the request
 * @throws LogtoError the subject's code
 */
export function checkTokenResponse(
  body: JsonObject,
  subject: Subject,
  asked: readonly string[] = [],
): TokenFields {
  const { access_token: accessToken, token_type: tokenType, scope } = body;
  const verify = verifying(subject.observe, 'token response');
  verify('access_token is there', 'RFC 6749, 5.1', isToken(accessToken));
  if (!isToken(accessToken)) throw invalid('has no usable access token');
  const isBearer = isText(tokenType) && tokenType.toLowerCase() === 'bearer';
  if (!verify('token_type is Bearer', 'OpenID Connect Core 1.0, 3.1.3.3', isBearer)) {
    const found = isText(tokenType) && /^[\w-]{1,30}$/.test(tokenType) ? `: ${tokenType}` : '';
    throw invalid(
      tokenType === undefined || tokenType === null || tokenType === ''
        ? 'lacks its token_type: it is missing or empty'
        : `has a token type other than Bearer${found}`,
    );
  }
  if (!isScope(scope)) throw mistyped('scope');
  const fields = {
    accessToken,
    tokenType: 'Bearer',
    expiresIn: lifetime(body['expires_in']),
    scopes: scopesIn(scope, asked),
    refreshToken: optionalToken('refresh_token'),
    idToken: optionalToken('id_token'),
  };
  verify(rightTypes, 'RFC 6749, 5.1', true);
  return fields;

  function invalid(what: string): LogtoError {
    return invalidAnswer(subject, `gave an answer that ${what}`);
  }

  function mistyped(name: string): LogtoError {
    verify(rightTypes, 'RFC 6749, 5.1', false);
    return invalid(`has an unusable ${name}`);
  }

  function lifetime(value: unknown): number | null {
    if (value === undefined || value === null) return null;
    // Some providers quote the number, some of them with a fraction.
    const seconds = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
    if (typeof seconds !== 'number' || !(seconds >= 0)) throw mistyped('expires_in');
    return Math.min(Math.floor(seconds), longestLifetime);
  }

  /** Nothing, null and an empty text mean the same to more than one provider. */
  function optionalToken(name: string): string | null {
    const value = body[name] ?? '';
    if (value === '') return null;
    if (!isToken(value)) throw mistyped(name);
    return value;
  }
}

/** Whether this is a `scope`: a text (RFC 6749, section 5.1), a list of texts, as Twitch has it, or nothing. */
export function isScope(scope: unknown): scope is string | readonly string[] | null | undefined {
  return (
    scope === undefined ||
    scope === null ||
    typeof scope === 'string' ||
    (Array.isArray(scope) && scope.every((name) => typeof name === 'string'))
  );
}

/**
 * The names in a scope; `null` when it is not there.
 *
 * @param asked the scopes of the request
 */
export function scopesIn(
  scope: string | readonly string[] | null | undefined,
  asked: readonly string[] = [],
): readonly string[] | null {
  if (scope === undefined || scope === null) return null;
  const names = [scope].flat().flatMap((text) => text.split(' ').filter((name) => name !== ''));
  const [only = ''] = names;
  // A comma may be part of a name (RFC 6749, section 3.3), and it is what LinkedIn puts between names.
  const parts = only.split(',').filter((name) => name !== '');
  const isList = names.length === 1 && parts.length > 1 && !asked.includes(only);
  return isList && parts.every((name) => asked.includes(name)) ? parts : names;
}

/** Visible characters alone (RFC 6749, appendix A): others have no place in a header, and none on a terminal. */
function isToken(value: unknown): value is string {
  return isText(value) && /^[ -~]+$/.test(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
