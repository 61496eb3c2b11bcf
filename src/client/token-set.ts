import { LogtoError } from '../errors.js';
import { type ClientAuthentication, isClientAuthentication } from '../oidc/authentication-method.js';
import type { Claims } from '../oidc/claims.js';
import { decodeJwt } from '../oidc/validate/jwt.js';

/** The storage key of the token set. */
export const tokenSetKey = 'tokenSet';

/** The version of the record that this program writes and reads. */
const version = 1;

/** One access token and what it is good for. */
export interface StoredAccessToken {
  /** The resource indicator it was issued for; `null` for the one of UserInfo. */
  readonly resource: string | null;
  /** The organization it was issued for. */
  readonly organization: string | null;
  readonly token: string;
  readonly tokenType: string;
  readonly scopes: readonly string[];
  /** Milliseconds since 1970; `null` when the provider did not say. */
  readonly expiresAt: number | null;
}

/**
 * Everything a sign-in left behind: one record, replaced as a whole, so that a crash leaves the old or the new one.
 * Its tokens were validated before it was written.
 */
export interface TokenSet {
  /** That of the ID token. */
  readonly issuer: string;
  /** What the provider was set by, where that was a template. */
  readonly issuerTemplate?: string;
  /** Where its discovery document is, where that is not behind its issuer. */
  readonly discoveryUrl?: string;
  /** Present when the provider was set by its Logto endpoint. */
  readonly endpoint?: string;
  readonly appId: string;
  /** The redirect URI of the sign-in; absent where that was on another device. */
  readonly redirectUri?: string;
  readonly idToken: string;
  readonly refreshToken: string | null;
  /** Scopes that the sign-in was granted. */
  readonly scopes: readonly string[];
  /** Resource indicators that the sign-in asked for. */
  readonly resources: readonly string[];
  /** Milliseconds since 1970. */
  readonly signedInAt: number;
  readonly accessTokens: readonly StoredAccessToken[];
  /** How the application authenticated, where that was chosen, or is not as discovery has it. */
  readonly authentication?: ClientAuthentication;
  /** The path of the file with its private key. */
  readonly clientKeyFile?: string;
}

/** The text to store for a token set. */
export function serializeTokenSet(tokenSet: TokenSet): string {
  return JSON.stringify({ version, ...tokenSet });
}

/**
 * Reads a stored token set.
 *
 * @throws LogtoError `storage_corrupt` for a record that is foreign, damaged or of a newer version
 */
export function parseTokenSet(text: string): TokenSet {
  const record = parseJson(text);
  if (!isRecord(record)) throw corrupt('is not a session record');
  if (typeof record['version'] === 'number' && record['version'] > version) {
    throw corrupt(`was written by a newer version of this program (record version ${record['version']})`);
  }
  if (record['version'] !== version || !isTokenSet(record)) throw corrupt('is damaged or foreign');
  decodeClaims(record.idToken);
  const {
    version: _,
    authentication,
    clientKeyFile,
    ...tokenSet
  } = record as unknown as TokenSet & {
    version: number;
  };
  return {
    ...tokenSet,
    // A way that another version knows is none of ours, and no reason to lose the session.
    ...(isClientAuthentication(authentication) && { authentication }),
    ...(typeof clientKeyFile === 'string' && { clientKeyFile }),
  };
}

/**
 * The claims of an ID token that was verified when it was stored.
 *
 * @throws LogtoError `storage_corrupt`
 */
export function decodeClaims(idToken: string): Claims {
  const claims = decodeJwt(idToken)?.claims;
  const exp = claims?.['exp'];
  if (typeof claims?.['sub'] !== 'string' || typeof exp !== 'number' || !isTime(exp * 1000))
    throw corrupt('holds no readable ID token');
  return claims;
}

function isTokenSet(record: Record<string, unknown>): record is Record<string, unknown> & TokenSet {
  return (
    ['issuer', 'appId', 'idToken'].every((name) => typeof record[name] === 'string') &&
    (record['redirectUri'] === undefined ||
      (typeof record['redirectUri'] === 'string' && URL.canParse(record['redirectUri']))) &&
    ['endpoint', 'issuerTemplate', 'discoveryUrl'].every(
      (name) => record[name] === undefined || typeof record[name] === 'string',
    ) &&
    (record['refreshToken'] === null || typeof record['refreshToken'] === 'string') &&
    isTexts(record['scopes']) &&
    isTexts(record['resources']) &&
    isTime(record['signedInAt']) &&
    Array.isArray(record['accessTokens']) &&
    record['accessTokens'].every(isAccessToken)
  );
}

function isAccessToken(token: unknown): boolean {
  return (
    isRecord(token) &&
    [token['resource'], token['organization']].every(
      (value) => value === null || typeof value === 'string',
    ) &&
    [token['token'], token['tokenType']].every((value) => typeof value === 'string') &&
    isTexts(token['scopes']) &&
    (token['expiresAt'] === null || isTime(token['expiresAt']))
  );
}

/** Whether this is a moment that a `Date` can hold, in milliseconds since 1970. */
function isTime(value: unknown): boolean {
  return typeof value === 'number' && !Number.isNaN(new Date(value).getTime());
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function corrupt(what: string): LogtoError {
  return new LogtoError(
    'storage_corrupt',
    `The stored session ${what}.`,
    'Sign in again to replace it, or sign out with --local to remove it.',
  );
}
