import { type JsonObject, parseJsonObject } from '../oidc/json-object.js';

/** A JWT taken apart. Nothing about it is verified. */
export interface DecodedJwt {
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

/** Takes a JWT apart (RFC 7519, section 7.2); `null` for anything else, such as an opaque access token. */
export function decodeJwt(token: string): DecodedJwt | null {
  const parts = token.split('.');
  if (parts.length !== 3) return null;
  const [header, claims] = parts.map((part) =>
    parseJsonObject(Buffer.from(part, 'base64url').toString('utf8')),
  );
  return header && claims ? { header, claims } : null;
}
