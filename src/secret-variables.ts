/** The environment variables that hold something secret of ours. */
export const secretVariables = [
  'LOGTO_APP_SECRET',
  'LOGTO_CLI_CLIENT_KEY',
  'LOGTO_CLI_PASSWORD',
  'LOGTO_CLI_ONE_TIME_TOKEN',
  'LOGTO_CLI_TOTP_SECRET',
  'LOGTO_CLI_BACKUP_CODE',
  'LOGTO_CLI_SUBJECT_TOKEN',
  'LOGTO_CLI_ACTOR_TOKEN',
  'LOGTO_ACCESS_TOKEN',
] as const;

/** What else begins as ours and is none of these, a person has chosen: a file of scenarios reads its secrets there. */
const settings = ['ISSUER', 'DISCOVERY_URL', 'AUTH_METHOD', 'PROFILE', 'STORAGE', 'HOME'].map(
  (name) => `LOGTO_CLI_${name}`,
);

/**
 * Whether a variable holds something secret, or may: none of these reaches a process that we start. Written in any case
 * of letters, which Windows does not tell apart.
 */
export function isSecretVariable(name: string): boolean {
  const known = name.toUpperCase();
  if (secretVariables.some((secret) => secret === known)) return true;
  return known.startsWith('LOGTO_CLI_') && !settings.includes(known);
}

/** The environment for a process that we start: a copy without the variables that {@link isSecretVariable} names. */
export function withoutSecretVariables<Value>(
  environment: Readonly<Record<string, Value>>,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isSecretVariable(name)));
}
