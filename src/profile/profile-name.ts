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

/**
 * Refuses a new profile whose name differs from another's only in upper and lower case: the file systems of macOS and
 * Windows, and the keychain of Windows, would put both into one place.
 *
 * @param names the profiles that there are; those of one name in two spellings stay what they are
 * @throws LogtoError `config_invalid`
 */
export function checkDistinctName(name: string, names: readonly string[]): void {
  if (name === defaultProfile || names.includes(name)) return;
  const twin = [...names, defaultProfile].find(
    (other) => other !== name && other.toLowerCase() === name.toLowerCase(),
  );
  if (twin === undefined) return;
  throw new LogtoError(
    'config_invalid',
    `The profile ${name} and the profile ${twin} would be one and the same on some machines (--profile, LOGTO_CLI_PROFILE).`,
    `Use ${twin}, or a name that differs from it in more than upper and lower case.`,
  );
}
