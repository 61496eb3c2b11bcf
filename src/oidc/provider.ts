import type { Fetch } from '../network/fetch.js';

/** What is needed to talk to an OpenID Provider as one application (relying party). */
export interface ProviderOptions {
  /** The expected issuer, compared to discovery's exactly. */
  readonly issuer: string;
  readonly clientId: string;
  /** Absent or empty: a public client. */
  readonly clientSecret?: string;
  readonly fetch: Fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The part of discovery that others may read (OpenID Connect Discovery 1.0, section 3). */
export interface ProviderMetadata {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly jwks_uri: string;
  readonly userinfo_endpoint?: string;
  readonly revocation_endpoint?: string;
  readonly end_session_endpoint?: string;
  readonly pushed_authorization_request_endpoint?: string;
  readonly require_pushed_authorization_requests?: boolean;
  readonly authorization_response_iss_parameter_supported?: boolean;
  readonly token_endpoint_auth_methods_supported?: readonly string[];
  readonly id_token_signing_alg_values_supported?: readonly string[];
  readonly userinfo_signing_alg_values_supported?: readonly string[];
  readonly scopes_supported?: readonly string[];
  readonly prompt_values_supported?: readonly string[];
}

/** Claims as they came, already verified. */
export type Claims = Readonly<Record<string, unknown>>;

/** A token response whose every part was validated. */
export interface TokenResponse {
  readonly accessToken: string;
  readonly tokenType: string;
  /** Milliseconds since 1970; `null` when the provider did not say. */
  readonly accessTokenExpiresAt: number | null;
  /** What was granted: the response's `scope`, or what was asked when it names none (RFC 6749, section 5.1). */
  readonly scopes: readonly string[];
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
  /** Seconds, when the request had it: then `auth_time` is required and checked. */
  readonly maxAge?: number;
  /** What was asked, for a response that names no scope. */
  readonly scopes: readonly string[];
  readonly signal?: AbortSignal;
}

/** An OpenID Provider, discovered, as one application sees it. */
export interface Provider {
  readonly metadata: ProviderMetadata;
  /**
   * The address to open in a browser. `parameters` are the authorization request's own; an array repeats the parameter.
   * The request is pushed first where the provider requires that (RFC 9126).
   *
   * @throws LogtoError only where it is pushed: network codes, and the codes of a refused configuration
   */
  authorizationUrl(parameters: Readonly<Record<string, string | readonly string[]>>): Promise<string>;
  /**
   * Checks the authorization response (state, then `iss`, then `error`), exchanges the code and validates everything
   * that comes back.
   *
   * @throws LogtoError `state_mismatch`, `issuer_mismatch`, `access_denied` and the other codes of the authorization
   * response, `code_rejected`, `id_token_invalid`, `token_response_invalid`, `jwks_invalid`, `clock_skew`, the
   * `client_*` codes, network codes
   */
  exchangeCode(exchange: CodeExchange): Promise<TokenResponse>;
  /**
   * @throws LogtoError `userinfo_invalid`, `token_rejected`, network codes; `discovery_invalid` without an endpoint
   */
  userInfo(accessToken: string, subject: string): Promise<Claims>;
  /**
   * Revokes a refresh token (RFC 7009). `unsupported` when the provider has no revocation endpoint, or refuses the type.
   *
   * @throws LogtoError network codes, `client_*` codes
   */
  revoke(refreshToken: string): Promise<'done' | 'unsupported'>;
  /**
   * The address that ends the provider's session (OpenID Connect RP-Initiated Logout 1.0); `null` without an endpoint.
   * `client_id` is always in it.
   */
  endSessionUrl(parameters: Readonly<Record<string, string>>): string | null;
}
