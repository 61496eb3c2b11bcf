import { LogtoError } from '../../errors.js';
import { invalidAnswer, type Subject } from '../http-answer.js';
import { idTokenInvalid } from '../validate/id-token-refusal.js';
import type { KeyProblem } from '../validate/key-selection.js';
import { forgeryError, keyError, type SignedPart } from '../validate/signed-part.js';

/**
 * What openid-client refused in an ID token whose claims and key had passed: its signature.
 *
 * Only the error's code is read. Its `cause` holds the code and the tokens, and ends here.
 */
export function signatureError(error: unknown, signed: SignedPart | null, subject: Subject): LogtoError {
  if (signed === null) return unexpectedError(error);
  switch (codeOf(error)) {
    case 'OAUTH_INVALID_RESPONSE':
      return forgeryError(signed, subject);
    case 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED':
      return idTokenInvalid({ reason: 'exp', what: 'expired while it was looked at (exp)' });
    default:
      return isBrokenKey(error) || isKeyError(error)
        ? keyError(signed, unusable(signed), subject)
        : unexpectedError(error);
  }
}

/** What openid-client refused in a UserInfo response (OpenID Connect Core 1.0, section 5.3.4) whose claims had passed. */
export function userInfoError(error: unknown, signed: SignedPart | null, subject: Subject): LogtoError {
  if (signed !== null) return signatureError(error, signed, subject);
  return codeOf(error).startsWith('OAUTH_')
    ? invalidAnswer(subject, 'gave an answer that is no UserInfo response')
    : unexpectedError(error);
}

function isKeyError(error: unknown): boolean {
  return ['OAUTH_KEY_SELECTION_FAILED', 'OAUTH_UNSUPPORTED_OPERATION'].includes(codeOf(error));
}

function unusable({ header: { alg } }: SignedPart): KeyProblem {
  return {
    kind: 'broken',
    what: `is signed with a key of the provider that cannot be used for ${String(alg).slice(0, 20)}: it is broken`,
    hint: 'Nothing was kept. The provider has to correct the keys at its jwks_uri.',
    facts: {},
  };
}

/** Whether other keys than the ones at hand could change openid-client's mind. */
export function mayBeOldKeys(error: unknown): boolean {
  return (
    ['OAUTH_KEY_SELECTION_FAILED', 'OAUTH_INVALID_RESPONSE'].includes(codeOf(error)) || isBrokenKey(error)
  );
}

/** A failure that no answer of a provider explains. */
export function unexpectedError(error: unknown): LogtoError {
  const name = error instanceof Error ? error.name : typeof error;
  return new LogtoError(
    'internal_error',
    `The protocol library failed unexpectedly (${`${name} ${codeOf(error)}`.trim()}).`,
    'This is a bug in logto-cli: please report it, with this message.',
  );
}

function codeOf(error: unknown): string {
  const { code } = (error instanceof Error ? error : {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

/** A key that cannot even be loaded makes Web Crypto throw, which openid-client passes on as it is or wrapped. */
function isBrokenKey(error: unknown): boolean {
  const origin = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return origin instanceof DOMException || (origin instanceof TypeError && codeOf(origin) === '');
}
