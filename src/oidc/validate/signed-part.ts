import { LogtoError } from '../../errors.js';
import { counted } from '../../wording.js';
import { invalidAnswer, type JsonObject, type Subject } from '../http-answer.js';
import { type ProviderObserver, verifying } from '../provider-event.js';
import { idTokenInvalid } from './id-token-refusal.js';
import type { KeyProblem } from './key-selection.js';
import { signatureBytesOf } from './signing-algorithm.js';
import { quoted } from './value-kind.js';

/** A JWT in an answer, and what it is there. */
export interface SignedPart {
  readonly jwt: string;
  readonly of: 'ID token' | 'UserInfo response';
  /** Its own. */
  readonly header: JsonObject;
  /** Who has to have issued it, as our own checks found. */
  readonly issuer: string;
  /** Whether its signature has been verified, by the client's secret; else openid-client does that, by a key. */
  readonly isVerified: boolean;
}

/** The error of a JWT for which there is no key. */
export function keyError(
  { of }: SignedPart,
  { kind, what, hint, facts }: KeyProblem,
  subject: Subject,
): LogtoError {
  if (of !== 'ID token')
    return new LogtoError(subject.code, `${subject.name} gave an answer that ${what}.`, hint, facts);
  return kind === 'broken'
    ? new LogtoError('jwks_invalid', `The ID token ${what}.`, hint, facts)
    : idTokenInvalid({ reason: 'key', what, hint, facts });
}

/** The error of a JWT whose signature is none by the key that its header means, or by the client's secret. */
export function forgeryError(signed: SignedPart, subject: Subject): LogtoError {
  const what = forgeryIn(signed);
  return signed.of === 'ID token'
    ? idTokenInvalid({ reason: 'signature', what, hint: distrust })
    : invalidAnswer({ ...subject, hint: distrust }, `gave an answer that ${what}`);
}

/** Tells whether the signature passed (OpenID Connect Core 1.0, sections 3.1.3.7 and 5.3.2). */
export function tellSignature(
  { of, header: { alg, kid }, isVerified }: SignedPart,
  observe: ProviderObserver | undefined,
  passed: boolean,
): void {
  const key = typeof kid === 'string' && !isVerified ? `, key ${kid.slice(0, 60)}` : '';
  const means = isVerified ? ", by the client's secret" : key;
  const section = of === 'ID token' ? '3.1.3.7 (6)' : '5.3.2';
  const what = `the provider signed it (${String(alg).slice(0, 20)}${means})`;
  verifying(observe, of)(what, `OpenID Connect Core 1.0, ${section}`, passed);
}

const distrust =
  'Nothing was kept. Something changed it on its way, or signed it with another key than the published one: a proxy, ' +
  'or a provider that has to be corrected.';

function forgeryIn({ jwt, header: { alg, kid } }: Pick<SignedPart, 'jwt' | 'header'>): string {
  const name = quoted(String(alg), 20).slice(1, -1);
  const isOfSecret = name.startsWith('HS');
  const what = `is not signed ${isOfSecret ? 'with the secret of this application' : 'by the provider'}`;
  const due = signatureBytesOf(alg);
  const signature = Buffer.from(jwt.slice(jwt.lastIndexOf('.') + 1), 'base64url');
  if (due !== null && signature.length !== due) {
    const form =
      name.startsWith('ES') && signature[0] === derSequence ? ', as in DER, which JWTs have not' : '';
    const reading = signature.length < due ? ', as if it was cut off' : form;
    return `${what}: its signature has ${counted(signature.length, 'byte')} where ${name} has ${due}${reading}`;
  }
  if (isOfSecret) return `${what} (${name})`;
  const key = typeof kid === 'string' ? `the key ${quoted(kid, 60)}` : 'its only key';
  return `${what}: ${key} did not make its signature (${name})`;
}

/** What a signature by an elliptic curve begins with where it is in DER (ITU-T X.690, section 8.9). */
const derSequence = 0x30;
