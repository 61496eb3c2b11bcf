import { counted } from '../../wording.js';
import type { JsonObject } from '../json-object.js';
import { isSignedByKey } from '../jws.js';
import { type SharedKeys, selectKey } from '../validate/key-selection.js';
import { isSymmetric, signatureBytesOf } from '../validate/signing-algorithm.js';
import { quoted } from '../validate/value-kind.js';
import { fails, holds, isOpen, type TokenCheck } from './token-check.js';

/** Algorithms that {@link isSignedByKey} knows (RFC 7518, section 3.1; RFC 8037). */
const verifiable = /^([REP]S(256|384|512)|EdDSA|Ed25519)$/;

/** Whether the provider signed a token, by the keys that it publishes (RFC 7515, section 5.2; RFC 9068, section 4). */
export function checkSignature(
  token: string,
  header: JsonObject,
  keys: readonly JsonObject[],
  shared?: SharedKeys,
): TokenCheck {
  const { alg } = header;
  const [name, clause] = ['the provider signed it', 'RFC 9068, 4; RFC 7515, 5.2'];
  const another =
    'Get a new token. If it persists, it is of another provider, or another environment of it, than the one that is set; ' +
    'or the provider signs with a key that it does not publish.';
  if (typeof alg !== 'string' || alg === '' || alg.toLowerCase() === 'none')
    return fails('signature', name, clause, 'It has no signature that a key could verify.', another);
  const shown = quoted(alg, 40).slice(1, -1);
  if (isSymmetric(alg))
    return isOpen('signature', name, clause, `Not checked: no public key verifies ${shown}.`);
  if (!verifiable.test(alg))
    return isOpen('signature', name, clause, `Not checked: this program cannot verify ${shown}.`);
  const selected = selectKey(header, keys, shared);
  if ('problem' in selected) return fails('signature', name, clause, `It ${selected.problem.what}.`, another);
  const kid = typeof header['kid'] === 'string' ? `, key ${quoted(header['kid'], 60)}` : '';
  if (isSignedByKey(token, alg, selected.key)) return holds('signature', name, clause, `${shown}${kid}`);
  const due = signatureBytesOf(alg);
  const bytes = Buffer.byteLength(token.slice(token.lastIndexOf('.') + 1), 'base64url');
  return due !== null && bytes < due
    ? fails(
        'signature',
        name,
        clause,
        `It was cut off: its signature has ${counted(bytes, 'byte')}, where ${shown} has ${due}.`,
        'Copy it whole: a terminal or a form field may have cut it.',
      )
    : fails(
        'signature',
        name,
        clause,
        `Its signature is none by that key (${shown}${kid}): something in it was changed, or another key made it.`,
        another,
      );
}
