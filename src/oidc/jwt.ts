import { type JsonObject, parseJsonObject } from './http-answer.js';

/** The readable parts of a JWT. Reading them proves nothing. */
export interface DecodedJwt {
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

/** Reads a signed JWT (RFC 7519, section 7.2), or one with `alg` `none`; `null` for any other text. */
export function decodeJwt(token: string): DecodedJwt | null {
  // One more than there may be: who sends a million of them makes nobody read each.
  const parts = token.split('.', 4);
  if (parts.length !== 3) return null;
  const isJws = parts.every((part) => /^[\w-]+$/.test(part) && part.length % 4 !== 1);
  const [header, claims] = parts.map((part) => parseJsonObject(Buffer.from(part, 'base64url').toString()));
  const isUnsigned = parts[2] === '' && header?.['alg'] === 'none';
  return (isJws || isUnsigned) && header && claims ? { header, claims } : null;
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
