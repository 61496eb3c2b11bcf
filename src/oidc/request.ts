import type { LogtoError } from '../errors.js';
import type { Claims } from './claims.js';

/** An access token that was issued. */
export interface GrantedAccessToken {
  readonly accessToken: string;
  readonly tokenType: string;
  /** Milliseconds since 1970; `null` when the provider did not say. */
  readonly accessTokenExpiresAt: number | null;
  /** What was granted: the response's `scope`, or what was asked when it names none (RFC 6749, section 5.1). */
  readonly scopes: readonly string[];
}

/** The response to a code exchange, whose every part was validated. */
export interface TokenResponse extends GrantedAccessToken {
  readonly idToken: string;
  readonly claims: Claims;
  readonly refreshToken: string | null;
}

/** One authorization response to be turned into tokens. */
export interface CodeExchange {
  /** The address the browser was sent to. */
  readonly callbackUrl: string;
  /** Exactly the one of the authorization request. */
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** When the browser came back, in milliseconds since 1970, if that is known. */
  readonly receivedAt?: number;
  /** Seconds, when the request had it: then `auth_time` is required and checked. */
  readonly maxAge?: number;
  /** What was asked, for a response that names no scope. */
  readonly scopes: readonly string[];
  /** The resources that were asked for. */
  readonly resources?: readonly string[];
  readonly signal?: AbortSignal;
}

/** A session to be refreshed. */
export interface RefreshRequest {
  readonly refreshToken: string;
  /** The session's ID token, verified in its time. Its `iss`, `sub`, `aud`, `azp` and `nonce` must be kept by a new one. */
  readonly idToken: string;
  /** What the sign-in was granted, for a response that names no scope. */
  readonly scopes: readonly string[];
  /** The resource indicator that the access token is wanted for (RFC 8707). */
  readonly resource?: string;
  /** The ID of the organization that the access token is wanted for (Logto). */
  readonly organization?: string;
  /** Ends the request. Once that is answered, the answer is checked to the end: 10 seconds at most. */
  readonly signal?: AbortSignal;
}

/**
 * What a refresh brought. `refreshToken` replaces the one that was sent, which may have ended; `null`: it stays.
 *
 * `unchecked` is why the rest could not be checked, and is not there: the keys could not be reached.
 */
export type RefreshResponse =
  | {
      readonly refreshToken: string | null;
      readonly unchecked: null;
      /** `idToken` is `null` when there is no new one. */
      readonly tokens: GrantedAccessToken & { readonly idToken: string | null };
    }
  | { readonly refreshToken: string | null; readonly unchecked: LogtoError; readonly tokens: null };

/** A token that an application has, to be exchanged for an access token (RFC 8693, section 2.1). */
export interface TokenExchangeRequest {
  /** Whom the new token is to be of. */
  readonly subjectToken: string;
  /** What that is: a URI (RFC 8693, section 3). */
  readonly subjectTokenType: string;
  /** Who acts for that user. */
  readonly actorToken?: string;
  /** Default: that of access tokens. */
  readonly actorTokenType?: string;
  readonly resource?: string;
  /** The organization's ID (Logto). */
  readonly organization?: string;
  /** May be empty. */
  readonly scopes: readonly string[];
  /** Ends it with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** An access token that an application wants for itself. */
export interface ClientCredentialsRequest {
  readonly resource?: string;
  /** The organization's ID (Logto). */
  readonly organization?: string;
  /** May be empty. */
  readonly scopes: readonly string[];
  /** Ends it with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A sign-in that is to be finished on another device (RFC 8628, section 3.1). */
export interface DeviceAuthorizationRequest {
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  /** Further parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Ends it with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What a provider hands out for such a sign-in (RFC 8628, section 3.2). */
export interface DeviceAuthorization {
  /** Stands for the sign-in: a secret. */
  readonly deviceCode: string;
  /** What the person types on the other device. */
  readonly userCode: string;
  readonly verificationUri: string;
  /** The same address with the code in it; `null` where the provider gives none. */
  readonly verificationUriComplete: string | null;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** Seconds between two polls at least. */
  readonly interval: number;
}

/** One question whether such a sign-in is finished. */
export interface DeviceCodeExchange {
  readonly deviceCode: string;
  /** What was asked for, for a response that names no scope. */
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  /** Ends it with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Why there is no token yet (RFC 8628, section 3.5). */
export type DevicePending = 'authorization_pending' | 'slow_down';
