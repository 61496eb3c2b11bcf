import type { ErrorCode } from '../../errors.js';
import { onApplication } from '../../logto-console.js';
import type { NamedBy, Wording } from '../../wording.js';

/** An error as a provider tells it (RFC 6749, sections 4.1.2.1 and 5.2). */
export interface OAuthError {
  readonly error: string;
  readonly description: string | null;
  /** The HTTP status; `null` for the parameters of an authorization response. */
  readonly status: number | null;
  /** Whether the body has the shape of Logto's errors, which tell apart what others do not. */
  readonly isLogto: boolean;
  /** The scope that it is about, where it says so (Logto). */
  readonly scope?: string;
}

/** What an error was the answer to. */
export interface OAuthRequest {
  /**
   * `authorization`: the browser came back with it. `pushed-authorization`: RFC 9126. `code`: the code exchange.
   * `refresh`, `client-credentials`, `token-exchange`: the other grants. `revocation`: RFC 7009. `device-authorization`: RFC 8628;
   * `device-code`: its token request.
   * `end-session`: RP-Initiated Logout. `user-info`: OpenID Connect Core 1.0, section 5.3.
   */
  readonly kind:
    | 'authorization'
    | 'pushed-authorization'
    | 'code'
    | 'refresh'
    | 'client-credentials'
    | 'token-exchange'
    | 'revocation'
    | 'device-authorization'
    | 'device-code'
    | 'end-session'
    | 'user-info';
  readonly clientId: string;
  /** Whether it was sent with the client's secret, in whatever way. */
  readonly hasSecret: boolean;
  /** Whether it was signed by the client's key. */
  readonly hasKey?: boolean;
  /** By what the provider is set, for the words of the answer. Default: by its issuer. */
  readonly namedBy?: NamedBy | undefined;
  readonly redirectUri?: string;
  /** The scopes that were asked for, where they are known. */
  readonly scopes?: readonly string[];
  /** What the access token is wanted for. */
  readonly resource?: string;
  /** All that were asked for at once, where only one is meant. */
  readonly resources?: readonly string[];
  readonly organization?: string;
  /** What was to be exchanged (RFC 8693). */
  readonly exchanged?: {
    /** The type that was said of it. */
    readonly type: string;
    /** Whether it begins as Logto's personal access tokens do. */
    readonly looksPersonal: boolean;
    readonly hasActor: boolean;
  };
  /** Whether the provider takes the client for a public one; `null` when nobody asked. */
  readonly isPublicClient?: boolean | null;
  /**
   * Whether the client had authenticated when it was refused: somebody made up is told something else (false: the same;
   * `null` or absent: that is not known).
   */
  readonly isAuthenticated?: boolean | null;
}

/** What an OAuth error means, and what to do about it. */
export interface OAuthErrorRule {
  readonly when: (error: OAuthError, request: OAuthRequest) => boolean;
  readonly code: ErrorCode;
  readonly says: (request: OAuthRequest, error: OAuthError) => string | Wording;
  readonly hint: (request: OAuthRequest, error: OAuthError) => string | Wording;
  readonly details?: (
    request: OAuthRequest,
    error: OAuthError,
  ) => Readonly<Record<string, string | readonly string[]>>;
}

/**
 * A hint about the settings of the application: at the provider, or on its page of Logto's Console.
 *
 * @param path what stands on that page
 */
export function atApplication(hint: (place: string) => string, ...path: readonly string[]): Wording {
  return {
    general: hint('the settings of the application at the provider'),
    logto: hint(onApplication(...path)),
  };
}

/** Whether the error is one of these. */
export function is(...errors: readonly string[]): OAuthErrorRule['when'] {
  return ({ error }) => errors.includes(error);
}
