import { LogtoError } from '../errors.js';
import { invalidAnswer, type Subject } from './http-answer.js';
import { idTokenInvalid } from './id-token.js';

/**
 * What openid-client refused in an ID token whose claims had passed: its signature, or the key for it.
 *
 * Only the error's code is read. Its `cause` holds the code and the tokens, and ends here.
 */
export function signatureError(error: unknown): LogtoError {
  switch (codeOf(error)) {
    case 'OAUTH_KEY_SELECTION_FAILED':
    case 'OAUTH_UNSUPPORTED_OPERATION':
      return idTokenInvalid('key');
    case 'OAUTH_INVALID_RESPONSE':
      return idTokenInvalid('signature');
    case 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED':
      return idTokenInvalid('exp');
    default:
      return isBrokenKey(error)
        ? new LogtoError(
            'jwks_invalid',
            'The key of the provider that belongs to the ID token is broken.',
            'Nothing was kept. The provider has to correct the keys at its jwks_uri.',
          )
        : unexpectedError(error);
  }
}

/** What openid-client refused in a UserInfo response (OpenID Connect Core 1.0, section 5.3.4). */
export function userInfoError(error: unknown, subject: Subject): LogtoError {
  const code = codeOf(error);
  if (code === 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED') {
    return invalidAnswer(subject, 'answered about another user than the ID token (sub)');
  }
  if (code.startsWith('OAUTH_') || isBrokenKey(error)) {
    return invalidAnswer(
      subject,
      'gave an answer without a subject, or one whose signature or claims are wrong',
    );
  }
  return unexpectedError(error);
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
