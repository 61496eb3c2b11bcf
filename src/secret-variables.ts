/** The environment variables that hold something secret of ours: none of them reaches a process that we start. */
export const secretVariables = [
  'LOGTO_APP_SECRET',
  'LOGTO_CLI_CLIENT_KEY',
  'LOGTO_CLI_PASSWORD',
  'LOGTO_CLI_ONE_TIME_TOKEN',
  'LOGTO_CLI_TOTP_SECRET',
  'LOGTO_CLI_BACKUP_CODE',
  'LOGTO_ACCESS_TOKEN',
] as const;

/**
 * The environment for a process that we start: a copy without our secret variables, in whatever case they are
 * written (Windows does not tell them apart).
 */
export function withoutSecretVariables<Value>(
  environment: Readonly<Record<string, Value>>,
): Record<string, Value> {
  const secret = new Set<string>(secretVariables);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !secret.has(name.toUpperCase())));
}
