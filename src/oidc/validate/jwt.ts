import { type JsonObject, parseJsonObject } from '../json-object.js';

/** The readable parts of a JWT. Reading them proves nothing. */
export interface DecodedJwt {
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

/** Why a text is no signed JWT. `problem` goes on where a sentence about the text begins: `is empty`. */
export interface UnreadableJwt {
  readonly problem: string;
  /** What it is instead: nothing that was a JWT, one that was encrypted (RFC 7516), or one that is not whole. */
  readonly kind: 'opaque' | 'encrypted' | 'damaged';
}

/** Parts beyond these are not counted. */
const mostParts = 9;

/** Reads a signed JWT (RFC 7519, section 7.2), or one with `alg` `none`; `null` for any other text. */
export function decodeJwt(token: string): DecodedJwt | null {
  const read = readJwt(token);
  return 'problem' in read ? null : read;
}

/** {@link decodeJwt}, saying what is wrong with any other text. */
export function readJwt(token: string): DecodedJwt | UnreadableJwt {
  // One more than are told apart: who sends a million of them makes nobody read each.
  const parts = token.split('.', mostParts + 1);
  const shape = problemOfShape(token, parts);
  if (shape !== null) return shape;
  const [head = '', body = '', signature = ''] = parts;
  const header = readPart(head, 'header');
  if (typeof header === 'string') return damaged(header);
  const claims = readPart(body, 'claims');
  if (typeof claims === 'string') return damaged(claims);
  const signatureProblem = problemOfEncoding(signature, 'signature');
  if (signatureProblem !== null) return damaged(signatureProblem);
  if (signature === '' && !isUnsigned(header))
    return damaged('has no signature: it was cut off, or never had one');
  return { header, claims };
}

/** Whether a JWT says of itself that it has no signature (RFC 7518, section 3.6), in whatever spelling. */
export function isUnsigned({ alg }: JsonObject): boolean {
  return typeof alg === 'string' && alg.toLowerCase() === 'none';
}

/** The last moment that a `Date` can hold, in seconds: later arithmetic would break over more. */
const lastMoment = 8.64e12;

/** Whether a claim is a moment: seconds since 1970 (RFC 7519, section 2, `NumericDate`). */
export function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= lastMoment;
}

/** The audiences in an `aud` claim, which may be one text or a list. */
export function audiencesOf({ aud }: JsonObject): readonly unknown[] {
  return Array.isArray(aud) ? aud : [aud];
}

function problemOfShape(token: string, parts: readonly string[]): UnreadableJwt | null {
  if (parts.length === 3) return null;
  if (token === '') return { problem: 'is empty', kind: 'opaque' };
  if (parts.length === 5)
    return { problem: 'is encrypted: it has five parts (JWE, RFC 7516)', kind: 'encrypted' };
  // What has the header of a JWT was one.
  const wasJwt = jsonIn(parts[0] ?? '') !== null;
  if (parts.length === 1 && !wasJwt)
    return { problem: 'is no JWT: it has one part instead of three', kind: 'opaque' };
  if (parts.length > 3)
    return damaged(
      `has ${parts.length > mostParts ? `more than ${mostParts}` : parts.length} parts instead of three`,
    );
  const number = parts.length === 1 ? 'one part' : 'two parts';
  const problem = `has ${number} instead of three: it was cut off, or has no signature`;
  return wasJwt
    ? damaged(problem)
    : { problem: `is no JWT: it has ${number} instead of three`, kind: 'opaque' };
}

function problemOfEncoding(part: string, name: 'header' | 'claims' | 'signature'): string | null {
  const [has, is] = name === 'claims' ? ['has claims that', 'are'] : [`has a ${name} that`, 'is'];
  // The signature of an unsigned one is empty, and which that is stands in the header.
  if (part === '') return name === 'signature' ? null : `${has} ${is} empty`;
  if (!/^[\w-]+$/.test(part)) return `${has} ${is} not base64url`;
  return part.length % 4 === 1
    ? `${has} ${name === 'claims' ? 'were' : 'was'} cut off, or ${is} not base64url`
    : null;
}

/** The JSON object in a part, or the problem with it. */
function readPart(part: string, name: 'header' | 'claims'): JsonObject | string {
  const has = name === 'claims' ? 'has claims that are' : 'has a header that is';
  return problemOfEncoding(part, name) ?? jsonIn(part) ?? `${has} no JSON object`;
}

function jsonIn(part: string): JsonObject | null {
  return parseJsonObject(Buffer.from(part, 'base64url').toString());
}

function damaged(problem: string): UnreadableJwt {
  return { problem, kind: 'damaged' };
}
