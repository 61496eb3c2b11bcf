import { invalidAnswer, type Subject } from '../http-answer.js';
import { verifying } from '../provider-event.js';
import { accessTokenType } from '../token-type.js';
import { kindOf, quoted } from './value-kind.js';

/** What may be used as an access token: one, or a JWT, which it may be too (RFC 8693, section 3). */
const usable: readonly unknown[] = [accessTokenType, 'urn:ietf:params:oauth:token-type:jwt'];

/**
 * Makes sure that what came of an exchange is an access token, where the provider says what it is (RFC 8693, section
 * 2.2.1; Logto and others do not).
 *
 * @throws LogtoError the subject's code
 */
export function checkIssuedType(type: unknown, subject: Subject): void {
  if (type === undefined || type === null) return;
  const verify = verifying(subject.observe, 'token response');
  if (verify('issued_token_type is that of an access token', 'RFC 8693, 2.2.1', usable.includes(type)))
    return;
  const found = typeof type === 'string' ? quoted(type) : kindOf(type);
  throw invalidAnswer(subject, `gave a token of the type ${found}, which is no access token`);
}
