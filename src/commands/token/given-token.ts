import { LogtoError } from '../../errors.js';
import { pastedToken } from '../../oidc/pasted-token.js';
import { type DecodedJwt, isUnsigned, readJwt } from '../../oidc/validate/jwt.js';
import { signatureBytesOf } from '../../oidc/validate/signing-algorithm.js';
import { counted } from '../../wording.js';

/**
 * Takes a JWT apart that a person gives. What comes around it when it is copied is left away: blanks, line breaks of a
 * terminal, quotes, and the beginning of a header.
 *
 * @throws LogtoError `usage_invalid`, saying what a text is that is no JWT, or that it was cut short; nothing of it is
 * repeated
 */
export function decodeGivenToken(given: string): DecodedJwt {
  const token = pastedToken(given);
  if (token === '') {
    throw new LogtoError(
      'usage_invalid',
      'There is no token to decode.',
      'Give it after --decode, or pipe it in with --decode -.',
    );
  }
  if (/^[{[]/.test(token)) {
    throw new LogtoError(
      'usage_invalid',
      'The given text is JSON, and no JWT.',
      'Give the token in it, such as: jq -r .access_token response.json | logto-cli token --decode -',
    );
  }
  const end = token.lastIndexOf('.');
  // What is in it can be shown whatever its signature is, as long as that is all there.
  const read = readJwt(token);
  const decoded = 'problem' in read ? readJwt(`${token.slice(0, end)}.AAAA`) : read;
  const isReadable = !('problem' in decoded) && token.split('.', 4).length === 3;
  const problem = isReadable
    ? signatureProblem(token.slice(end + 1), decoded)
    : 'problem' in read
      ? read.problem
      : null;
  if (problem === null && !('problem' in decoded)) return decoded;
  throw new LogtoError(
    'usage_invalid',
    `The given text ${problem}.`,
    hints[isReadable || !('problem' in read) ? 'damaged' : read.kind],
  );
}

const hints = {
  opaque:
    'If it is an opaque token, only the provider can tell what is in it; for the access token of the session: ' +
    'logto-cli whoami --remote',
  encrypted:
    'Only whom it is encrypted for can read it; a JWT that is signed and not encrypted has three parts.',
  damaged:
    'Copy it whole: a JWT is three parts with dots between them. A terminal may have cut or wrapped it.',
} as const;

/** Anything shorter is part of a signature by an RSA key of 1024 bits, which nobody should have any more. */
const leastRsaBytes = 128;

function signatureProblem(signature: string, { header }: DecodedJwt): string | null {
  if (isUnsigned(header)) return null;
  if (signature === '') return 'has no signature: it was cut off, or never had one';
  if (!/^[\w-]+$/.test(signature)) return 'has a signature that is not base64url';
  const { alg } = header;
  const due = signatureBytesOf(alg) ?? (/^[RP]S(256|384|512)$/.test(String(alg)) ? leastRsaBytes : 0);
  const bytes = Buffer.byteLength(signature, 'base64url');
  return bytes < due
    ? `was cut off: its signature has ${counted(bytes, 'byte')}, where ${String(alg)} has ${due} or more`
    : null;
}
