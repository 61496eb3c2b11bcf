import { LogtoError } from '../errors.js';

/** The profile that is used when none is chosen. */
export const defaultProfile = 'default';

/**
 * A profile's name as it was given, when it is one that every file system and keychain takes.
 *
 * @throws LogtoError `config_invalid`
 */
export function checkProfileName(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) return name;
  throw new LogtoError(
    'config_invalid',
    `${JSON.stringify(name)} cannot be the name of a profile (--profile, LOGTO_CLI_PROFILE).`,
    'Use up to 64 letters, digits, dots, dashes and underscores, beginning with a letter or a digit.',
  );
}
