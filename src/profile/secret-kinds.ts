/** Everything that only its owner may be told, by the variable that holds it, and the flag that reads it instead. */
export const secretFlags = {
  LOGTO_APP_SECRET: '--app-secret-stdin',
  LOGTO_CLI_PASSWORD: '--password-stdin',
  LOGTO_CLI_ONE_TIME_TOKEN: '--one-time-token-stdin',
  LOGTO_CLI_TOTP_SECRET: '--totp-secret-stdin',
  LOGTO_CLI_BACKUP_CODE: '--backup-code-stdin',
  LOGTO_CLI_SUBJECT_TOKEN: '--subject-token-stdin',
  LOGTO_CLI_ACTOR_TOKEN: '--actor-token-stdin',
} as const;
export type SecretVariable = keyof typeof secretFlags;
