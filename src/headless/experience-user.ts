/** What a user of Logto is named by. */
export interface ExperienceIdentifier {
  readonly type: 'username' | 'email' | 'phone';
  readonly value: string;
}

/** Who signs in or registers, and how they prove to be it. Everything but the identifier is secret. */
export interface ExperienceUser {
  readonly identifier: ExperienceIdentifier;
  /** Registers this user instead of signing in. */
  readonly signUp?: boolean;
  /** Needed unless there is a one-time token. */
  readonly password?: string;
  /** Of a magic link, for an e-mail address. */
  readonly oneTimeToken?: string;
  /** In base32. Used when Logto asks for a second factor. */
  readonly totpSecret?: string;
  /** Used when Logto asks for a second factor and no `totpSecret` serves. It works once. */
  readonly backupCode?: string;
}
