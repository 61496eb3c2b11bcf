import type { LogtoError } from '../errors.js';
import type { Fetch } from '../network/fetch.js';
import type { NamedBy } from '../wording.js';
import type { ClientAuthentication } from './authentication-method.js';
import type { ClientIdentity } from './client-authentication.js';
import type { ApplicationVerdict } from './probe/application-check.js';
import type { ProbedRequest } from './probe/probed-authorization.js';
import type { ProviderObserver } from './provider-event.js';

/** What is needed to talk to an OpenID Provider as one application (relying party). */
export interface ProviderOptions extends ClientIdentity {
  /** The expected issuer, compared to discovery's exactly. */
  readonly issuer: string;
  /** By what the provider is set, for the words of errors. Default: by its issuer. */
  readonly namedBy?: NamedBy | undefined;
  readonly fetch: Fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Where what the provider publishes is kept for other processes. Absent: this process asks for itself. */
  readonly cache?: ProviderCache;
  /** Is told what no request shows: what was checked, and what went through the browser. */
  readonly observe?: ProviderObserver | undefined;
}

/**
 * Keeps texts between processes: what providers publish, nothing secret. A failure of it, thrown as a `LogtoError`, fails
 * no operation.
 */
export interface ProviderCache {
  /** `null` when there is none. */
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
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
  readonly device_authorization_endpoint?: string;
  readonly pushed_authorization_request_endpoint?: string;
  readonly require_pushed_authorization_requests?: boolean;
  readonly authorization_response_iss_parameter_supported?: boolean;
  readonly token_endpoint_auth_methods_supported?: readonly string[];
  readonly token_endpoint_auth_signing_alg_values_supported?: readonly string[];
  readonly id_token_signing_alg_values_supported?: readonly string[];
  readonly userinfo_signing_alg_values_supported?: readonly string[];
  readonly scopes_supported?: readonly string[];
  readonly prompt_values_supported?: readonly string[];
}

/** Claims as they came, already verified. */
export type Claims = Readonly<Record<string, unknown>>;

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

/** An OpenID Provider, discovered, as one application sees it. */
export interface Provider {
  readonly metadata: ProviderMetadata;
  /** How the application authenticates, where that was chosen or found out; absent: as discovery wants it. */
  readonly authentication: ClientAuthentication | undefined;
  /** Authenticates from now on as it was once found to work; a choice in the options is stronger. */
  authenticateBy(authentication: ClientAuthentication | undefined): void;
  /**
   * The address to open in a browser. `parameters` are the authorization request's own; an array repeats the parameter.
   * The request is pushed first where the provider requires that (RFC 9126).
   *
   * @throws LogtoError `config_invalid`, `config_missing` where the application cannot authenticate at all; where the
   * request is pushed: network codes, and the codes of a refused configuration
   */
  authorizationUrl(parameters: Readonly<Record<string, string | readonly string[]>>): Promise<string>;
  /**
   * Asks whether a sign-in with such an authorization request could succeed, in one round trip and without side effects:
   * the application, its authentication, type, redirect URI and resources. Where the provider does not read the secret
   * as it should, another way that it takes is used from then on.
   *
   * @param signal ends it with its reason, unless something was refused by then
   * @throws LogtoError network codes
   */
  checkApplication(request: ProbedRequest, signal?: AbortSignal): Promise<ApplicationVerdict>;
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
   * Refreshes a session (RFC 6749, section 6; OpenID Connect Core 1.0, section 12) and validates everything that comes
   * back. One request, as long as the provider's keys are known. Nothing of a response that is refused may be used.
   *
   * @throws LogtoError `session_expired`, `resource_unknown`, `scope_not_allowed`, `organization_denied`,
   * `grant_type_not_allowed`, `token_request_rejected`, `id_token_invalid`, `issuer_mismatch`, `token_response_invalid`,
   * `jwks_invalid`, `clock_skew`, the `client_*` codes; network codes when the token endpoint could not be reached
   */
  refresh(request: RefreshRequest): Promise<RefreshResponse>;
  /**
   * Gets an access token for the application itself (RFC 6749, section 4.4).
   *
   * @throws LogtoError `client_secret_missing` (without a request), `resource_unknown`, `scope_not_allowed`,
   * `organization_denied`, `grant_type_not_allowed`, `token_request_rejected`, `token_response_invalid`, the `client_*`
   * codes, network codes
   */
  clientCredentials(request: ClientCredentialsRequest): Promise<GrantedAccessToken>;
  /**
   * @throws LogtoError `userinfo_invalid`, `token_rejected`, `client_unknown`, `client_rejected`, network codes;
   * `discovery_invalid` without an endpoint
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
