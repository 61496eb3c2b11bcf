import { describe, expect, it } from 'vitest';
import { decodeGivenToken } from '../../../src/commands/token/given-token.js';
import { LogtoError } from '../../../src/errors.js';
import { createSigningKey, hmacJwt, signJwt } from '../../support/signed-jwt.js';

const claims = { sub: 'alice', exp: 1_800_000_000 };
const ec = signJwt({ alg: 'ES256', kid: 'first' }, claims, createSigningKey('first'));
const rsa = signJwt({ alg: 'RS256', kid: 'rsa' }, claims, createSigningKey('rsa', 'RS256'));
const hmac = hmacJwt({ alg: 'HS256' }, claims, 'secret');
const [header = '', body = '', signature = ''] = ec.split('.');

function refusalOf(text: string): LogtoError {
  try {
    decodeGivenToken(text);
  } catch (error) {
    if (error instanceof LogtoError) return error;
    throw error;
  }
  return expect.unreachable('it was decoded');
}

describe('a token that is given to --decode', () => {
  it.each([
    ['as it is', ec],
    ['of an RSA key', rsa],
    ['of a secret', hmac],
    ['with a line break after it', `${ec}\n`],
    ['between quotes', `"${ec}"`],
    ['between single quotes', `'${ec}'`],
    ['of a header', `Authorization: Bearer ${ec}`],
    ['with its scheme', `bearer ${ec}`],
    ['that a terminal has wrapped', `${ec.slice(0, 40)}\r\n  ${ec.slice(40)}`],
    ['without a signature, which says so', `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`],
    [
      'without a signature, which says so, and with one',
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.x`,
    ],
  ])('is shown %s', (_, text) => {
    expect(decodeGivenToken(text).claims).toEqual(claims);
  });

  it.each([
    ['', 'There is no token to decode.', '--decode -'],
    [' \n', 'There is no token to decode.', '--decode -'],
    ['""', 'There is no token to decode.', '--decode -'],
    ['Bearer', 'There is no token to decode.', '--decode -'],
    ['K3fO8-opaque_token', 'The given text is no JWT: it has one part instead of three.', 'whoami --remote'],
    ['{"access_token":"x"}', 'The given text is JSON, and no JWT.', 'jq -r .access_token'],
    [
      header,
      'The given text has one part instead of three: it was cut off, or has no signature.',
      'Copy it whole',
    ],
    [
      `${header}.`,
      'The given text has two parts instead of three: it was cut off, or has no signature.',
      'Copy it whole',
    ],
    [
      `${header}.${body.slice(0, 10)}`,
      'The given text has two parts instead of three: it was cut off, or has no signature.',
      'Copy it whole',
    ],
    [
      `${header}.${body}`,
      'The given text has two parts instead of three: it was cut off, or has no signature.',
      'Copy it whole',
    ],
    [
      `${header}.${body}.`,
      'The given text has no signature: it was cut off, or never had one.',
      'Copy it whole',
    ],
    [
      ec.slice(0, -10),
      'The given text was cut off: its signature has 57 bytes, where ES256 has 64 or more.',
      'Copy it whole',
    ],
    [
      ec.slice(0, -signature.length + 1),
      'The given text was cut off: its signature has no bytes, where ES256 has 64 or more.',
      'Copy it whole',
    ],
    [
      hmac.slice(0, -4),
      'The given text was cut off: its signature has 29 bytes, where HS256 has 32 or more.',
      'Copy it whole',
    ],
    [
      rsa.slice(0, -200),
      'The given text was cut off: its signature has 106 bytes, where RS256 has 128 or more.',
      'Copy it whole',
    ],
    [ec.slice(1), 'The given text has a header that is no JSON object.', 'Copy it whole'],
    [
      `${header}.${body.slice(1)}.${signature}`,
      'The given text has claims that are no JSON object.',
      'Copy it whole',
    ],
    [`${header}.${body}+.${signature}`, 'The given text has claims that are not base64url.', 'Copy it whole'],
    [
      `${header}.${body}.${signature}…`,
      'The given text has a signature that is not base64url.',
      'Copy it whole',
    ],
    [`${ec}.${signature}`, 'The given text has 4 parts instead of three.', 'Copy it whole'],
    [
      `${header}.AAAA.AAAA.AAAA.AAAA`,
      'The given text is encrypted: it has five parts (JWE, RFC 7516).',
      'Only whom it is encrypted for',
    ],
  ])('is refused: %s', (text, message, hint) => {
    const error = refusalOf(text);
    expect(error).toMatchObject({ code: 'usage_invalid', message });
    expect(error.hint).toContain(hint);
    if (text.length > 20) expect(`${error.message}${error.hint}`).not.toContain(text.slice(0, 20));
  });
});
