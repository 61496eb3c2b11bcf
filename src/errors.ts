import type { DetailsByCode } from './error-details.js';

/**
 * Every failure that this program can name, and what each one means for the process that reports it.
 *
 * A code is public interface: it says what happened. The exit code that belongs to it says who must act.
 */

/** Error codes and the exit code each one ends the process with (`interrupted` by SIGTERM: 143). */
export const exitCodes = {
  // The command line, the configuration or this machine: the person at the terminal acts.
  usage_invalid: 2,
  config_missing: 2,
  config_invalid: 2,
  profile_unknown: 2,
  port_in_use: 2,
  issuer_insecure: 2,
  headless_unsupported: 2,
  app_not_started: 2,
  app_undecided: 2,
  // Sign in.
  not_signed_in: 4,
  session_expired: 4,
  token_rejected: 4,
  // The user or the provider refused.
  access_denied: 5,
  authorization_error: 5,
  login_required: 5,
  consent_required: 5,
  interaction_required: 5,
  code_rejected: 5,
  // The same, without a browser.
  credentials_rejected: 5,
  password_expired: 5,
  mfa_required: 5,
  account_locked: 5,
  captcha_required: 5,
  password_rejected: 5,
  identifier_taken: 5,
  sign_in_method_disabled: 5,
  registration_disabled: 5,
  // The provider's answer was not trusted.
  state_mismatch: 6,
  issuer_mismatch: 6,
  id_token_invalid: 6,
  userinfo_invalid: 6,
  token_response_invalid: 6,
  token_invalid: 6,
  discovery_invalid: 6,
  jwks_invalid: 6,
  clock_skew: 6,
  // The network, or a provider that is down.
  network_unreachable: 7,
  request_timeout: 7,
  tls_untrusted: 7,
  provider_error: 7,
  // Token storage.
  storage_unavailable: 8,
  storage_locked: 8,
  storage_corrupt: 8,
  storage_failed: 8,
  lock_timeout: 8,
  // The provider rejects this configuration: whoever administers the application acts.
  client_unknown: 9,
  client_secret_invalid: 9,
  client_secret_missing: 9,
  client_secret_unexpected: 9,
  client_rejected: 9,
  redirect_uri_not_registered: 9,
  post_logout_redirect_uri_not_registered: 9,
  grant_type_not_allowed: 9,
  scope_not_allowed: 9,
  resource_unknown: 9,
  organization_denied: 9,
  device_flow_disabled: 9,
  token_request_rejected: 9,
  // Time and signals.
  sign_in_timeout: 124,
  interrupted: 130,
  // The result is not what was asserted.
  assertion_failed: 1,
  internal_error: 1,
} as const;

/** A stable name for what happened. */
export type ErrorCode = keyof typeof exitCodes;

/**
 * Facts about a failure that a program can use. Never a token, code, verifier, secret, password or state. Those of a code
 * are in {@link DetailsByCode}.
 */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** An error of this code, with the details that it may have. */
export type LogtoErrorOf<Code extends ErrorCode> = LogtoError & {
  /** What happened. */
  readonly code: Code;
  /** Facts for programs. */
  readonly details?: Code extends keyof DetailsByCode ? DetailsByCode[Code] : ErrorDetails;
};

/**
 * The one error that the library and the program throw on purpose.
 *
 * It deliberately has no `cause`: what protocol libraries attach there carries authorization codes and tokens.
 *
 * @example
 * ```ts
 * try {
 *   await client.getAccessToken('https://api.example.com');
 * } catch (error) {
 *   if (error instanceof LogtoError && error.is('resource_unknown')) console.error(error.details?.resource);
 *   else throw error;
 * }
 * ```
 */
export class LogtoError extends Error {
  /** For whoever prints it. */
  override readonly name = 'LogtoError';

  /**
   * @param code what happened
   * @param message one sentence for a person; text that came from outside is stripped when it is printed
   * @param hint the next thing to do, exact enough to paste
   * @param details facts for programs
   */
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly hint: string,
    readonly details?: ErrorDetails,
  ) {
    super(message);
  }

  /** Whether it is of this code: then its `details` are known by name. */
  is<Code extends ErrorCode>(code: Code): this is LogtoErrorOf<Code> {
    return this.code === code;
  }
}

/** How a shell ends when its command is not found, or is there and cannot be started: so does `exec`. */
const commandExitCodes = { not_found: 127, not_started: 126 } as const;

/**
 * The exit code of a process that ends with this error, or with an error of this code. An error that is no
 * {@link LogtoError} is a bug of ours: 1. An interruption by SIGTERM ends with 143, by anything else with 130; a command
 * of `exec` that cannot be run with 127 or 126.
 *
 * @example
 * ```ts
 * process.exitCode = exitCodeOf(error);
 * ```
 */
export function exitCodeOf(failure: Error | ErrorCode): number {
  if (typeof failure === 'string') return exitCodes[failure];
  if (!(failure instanceof LogtoError)) return exitCodes.internal_error;
  const { code, details } = failure;
  if (code === 'interrupted' && details?.['signal'] === 'SIGTERM') return 143;
  const reason = code === 'usage_invalid' ? details?.['reason'] : undefined;
  if (reason === 'not_found' || reason === 'not_started') return commandExitCodes[reason];
  return exitCodes[code];
}

/** Whatever was thrown, as an error: something else than one is a bug of ours. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(`thrown: ${typeof thrown}`);
}
