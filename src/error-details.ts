/** What an OAuth error response says (RFC 6749, sections 4.1.2.1 and 5.2). */
interface OAuthAnswer {
  /** The provider's own `error`, or Logto's own code of a refusal. */
  readonly error?: string;
  readonly error_description?: string;
}

/** The same, of a request that this program sent itself. */
interface OAuthResponse extends OAuthAnswer {
  /** The HTTP status. */
  readonly status?: number;
}

/** What a refusal of Logto's Experience API says. */
interface ExperienceRefusal {
  /** Logto's own code, such as `session.invalid_credentials`. */
  readonly error?: string;
}

/** A host that did not answer as it should. */
interface OfHost {
  readonly host?: string;
}

/**
 * The fields of an error's `details`, by its code: facts for programs. Each is there only where it is known. Codes that
 * are not named here have none that are stable.
 */
export interface DetailsByCode {
  readonly app_not_started: {
    /** Where the application should answer. */
    readonly url?: string;
    /** What it printed last, line by line, without the secrets of its environment. */
    readonly printed?: readonly string[];
  };
  readonly app_undecided: {
    /** The page that was looked at. */
    readonly url?: string;
    /** What the application printed last, line by line, without the secrets of its environment. */
    readonly printed?: readonly string[];
  };
  readonly port_in_use: {
    readonly port?: number;
    /** The loopback address that is taken. */
    readonly address?: string;
    /** The process that has it, where the platform tells. */
    readonly pid?: number;
    /** The name of that process. */
    readonly command?: string;
  };
  readonly not_signed_in: {
    /** The issuer of the session that is stored. */
    readonly issuer?: string;
    /** Its application. */
    readonly appId?: string;
  };
  readonly session_expired: OAuthAnswer;
  readonly token_rejected: OAuthResponse & {
    /** Of an exchange: which of its tokens it can be, `subject_token` or `actor_token`. */
    readonly possible?: readonly string[];
    /** The provider's own words. */
    readonly words?: string;
  };
  readonly access_denied: OAuthResponse & {
    /** Of a refresh: the stored session is as it was. */
    readonly session?: 'kept';
  };
  readonly authorization_error: OAuthAnswer;
  readonly login_required: OAuthAnswer;
  readonly consent_required: OAuthAnswer;
  readonly interaction_required: OAuthAnswer;
  readonly code_rejected: OAuthResponse & {
    /** What it can be; one alone where the provider names it. */
    readonly possible?: readonly string[];
  };
  readonly credentials_rejected: ExperienceRefusal & {
    /** `Totp` or `BackupCode`, where it was the second factor. */
    readonly factor?: string;
  };
  readonly mfa_required: ExperienceRefusal & {
    /** The factors that would do, in Logto's words. */
    readonly availableFactors?: readonly string[];
  };
  readonly password_expired: ExperienceRefusal;
  readonly account_locked: ExperienceRefusal & { readonly reason?: 'suspended' | 'too_many_attempts' };
  readonly captcha_required: ExperienceRefusal;
  readonly password_rejected: ExperienceRefusal & {
    /** The rules that it breaks, with their numbers. */
    readonly brokenRules?: readonly string[];
  };
  readonly identifier_taken: ExperienceRefusal;
  readonly sign_in_method_disabled: ExperienceRefusal;
  readonly registration_disabled: ExperienceRefusal;
  readonly state_mismatch: {
    /** How many such callbacks came. */
    readonly wrongStates?: number;
  };
  readonly issuer_mismatch: {
    /** The issuer that is configured. */
    readonly expected?: string;
    /** What the provider says; `null` when it says nothing. */
    readonly found?: string | null;
  };
  readonly id_token_invalid: {
    /** The claim or the part that is wrong: `signature`, `algorithm`, `key`, `aud`, `nonce`, `missing`, `malformed`… */
    readonly reason?: string;
    /** The algorithm, key, audience or party of the token; `null` when it names none. */
    readonly found?: string | null | readonly string[];
    /** What is expected there. */
    readonly expected?: string | readonly string[];
    /** For a symmetric algorithm: the bytes that the secret has to have. */
    readonly secretBytesNeeded?: number;
  };
  readonly token_invalid: {
    /** The subject of the first clause that fails: `signature`, `iss`, `aud`, `exp`, `scope`… */
    readonly reason?: string;
    /** Those of all that fail. */
    readonly reasons?: readonly string[];
  };
  readonly token_response_invalid: {
    readonly status?: number;
    /** The provider's own words, where it names no error. */
    readonly words?: string;
  };
  readonly clock_skew: {
    /** Seconds that the provider is ahead; negative when it is behind. */
    readonly skewSeconds?: number;
  };
  readonly network_unreachable: OfHost & {
    /** The code of the system. */
    readonly reason?: string;
  };
  readonly request_timeout: OfHost;
  readonly tls_untrusted: OfHost & {
    /** The code of the failure. */
    readonly reason?: string;
  };
  readonly storage_failed: {
    /**
     * Of a refresh whose answer had no room: whether the session goes on by its new refresh token, without the other new
     * tokens, or even that could not be kept, and what is stored is what the refresh has spent.
     */
    readonly session?: 'kept' | 'lost';
  };
  readonly provider_error: {
    readonly status?: number;
    /** Seconds to wait, where the provider says. */
    readonly retryAfter?: number;
    /** Where it redirects to. */
    readonly location?: string;
    /** The code of broken HTTP. */
    readonly reason?: string;
  };
  readonly client_unknown: OAuthResponse;
  readonly client_secret_invalid: OAuthResponse;
  readonly client_secret_missing: OAuthResponse;
  readonly client_secret_unexpected: OAuthResponse;
  readonly client_rejected: OAuthResponse & {
    /** The codes that it can be. */
    readonly possible?: readonly string[];
  };
  readonly redirect_uri_not_registered: OAuthResponse & {
    /** The URI that was sent. */
    readonly redirect_uri?: string;
  };
  readonly post_logout_redirect_uri_not_registered: {
    /** The URI that was sent. */
    readonly redirect_uri?: string;
  };
  readonly grant_type_not_allowed: OAuthResponse;
  readonly scope_not_allowed: OAuthResponse & {
    /** The scope that is missing. */
    readonly scope?: string;
    readonly organization?: string;
  };
  readonly resource_unknown: OAuthResponse & {
    readonly resource?: string;
    /** All that were asked for, where the provider does not say which is meant. */
    readonly resources?: readonly string[];
    /** The resources that the sign-in asked for. */
    readonly asked?: readonly string[];
  };
  readonly organization_denied: OAuthResponse & {
    /** The organization that was asked for. */
    readonly organization?: string;
  };
  readonly device_flow_disabled: OAuthResponse;
  readonly token_request_rejected: OAuthResponse;
  readonly interrupted: { readonly signal?: 'SIGINT' | 'SIGTERM' };
}
