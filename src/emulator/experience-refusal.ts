/** What Logto says of each refusal, in English. `{{name}}` is filled in from the data. */
const messages = {
  'auth.authorization_header_missing': 'Authorization header is missing.',
  'auth.forbidden': 'Forbidden. Please check your user roles and permissions.',
  'auth.unauthorized': 'Unauthorized. Please check credentials and its scope.',
  'entity.not_found': 'The resource does not exist.',
  'entity.relation_foreign_key_not_found':
    'Invalid foreign key(s) found. Please check the input and ensure that all referenced entities exist.',
  'guard.invalid_input': 'The request {{type}} is invalid.',
  'oidc.access_denied': 'Access denied.',
  'one_time_token.email_mismatch': 'Email mismatch with given token.',
  'one_time_token.token_consumed': 'The token has been consumed.',
  'one_time_token.token_expired': 'The token is expired.',
  'one_time_token.token_not_found': 'Token {{token}} not found.',
  'password.expired': 'Password has expired.',
  'password.rejected': 'Password rejected. Please check if your password meets the requirements.',
  'request.invalid_input': 'Input is invalid. {{details}}',
  'session.captcha_required': 'Captcha is required.',
  'session.identifier_not_found': 'User identifier not found. Please go back and sign in again.',
  'session.identity_conflict':
    'Identity mismatch detected. Please initiate a new session to proceed with a different identity.',
  'session.interaction_not_found':
    'Interaction session not found. Please go back and start the session again.',
  'session.invalid_credentials': 'Incorrect account or password. Please check your input.',
  'session.mfa.backup_code_required': 'Backup code is required.',
  'session.mfa.invalid_backup_code': 'Invalid backup code.',
  'session.mfa.invalid_totp_code': 'Invalid TOTP code.',
  'session.mfa.mfa_policy_not_user_controlled': 'MFA policy is not user controlled.',
  'session.mfa.require_mfa_verification': 'Mfa verification is required to sign in.',
  'session.not_found': 'Session not found. Please go back and sign in again.',
  'session.verification_blocked_too_many_attempts':
    'Too many attempts in a short time. Please try again {{relativeTime}}.',
  'session.verification_failed':
    'The verification was not successful. Restart the verification flow and try again.',
  'session.verification_session_not_found':
    'The verification was not successful. Restart the verification flow and try again.',
  'user.email_already_in_use': 'This email is associated with an existing account.',
  'user.missing_mfa': 'You need to bind additional MFA before signing-in.',
  'user.missing_profile': 'You need to provide additional info before signing-in.',
  'user.personal_access_token_name_exists': 'Personal access token name already exists.',
  'user.sign_in_method_not_enabled': 'This sign-in method is not enabled.',
  'user.suggest_mfa': 'Secure your account with a second factor.',
  'user.suspended': 'This account is suspended.',
  'user.user_not_exist': 'User with {{ identifier }} does not exist.',
  'user.username_already_in_use': 'This username is already in use.',
} as const;

/** A code by which Logto names a refusal. */
export type RefusalCode = keyof typeof messages;

/** A step of a sign-in or a registration, or a request of a manager, that Logto refuses, with the status and the code that it answers. */
export class ExperienceRefusal extends Error {
  /**
   * @param data what the answer carries beside the code
   * @param words what the message names
   */
  constructor(
    readonly status: number,
    readonly code: RefusalCode,
    readonly data?: Readonly<Record<string, unknown>> | readonly unknown[],
    words: Readonly<Record<string, string>> = {},
  ) {
    super(messages[code].replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => words[name] ?? ''));
  }
}
