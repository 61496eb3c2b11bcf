import { LogtoError } from '../errors.js';

/** The profile that is used when none is chosen. */
export const defaultProfile = 'default';

/** What names the profile of a command that takes none as its argument, at the end of what is said of the name. */
export const bySetting = ' (--profile, LOGTO_CLI_PROFILE)';

/**
 * A profile's name as it was given, when it is one that every file system and keychain takes.
 *
 * @param by what may have named it: nothing where an argument did, which is in sight
 * @throws LogtoError `config_invalid`
 */
export function checkProfileName(name: string, by = bySetting): string {
  if (isProfileName(name)) return name;
  throw new LogtoError(
    'config_invalid',
    `${JSON.stringify(name)} cannot be the name of a profile${by}.`,
    'Use up to 64 letters, digits, dots, dashes and underscores, beginning with a letter or a digit.',
  );
}

/** Whether every file system, keychain and shell takes a name as it is. */
export function isProfileName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name);
}

/** Names of devices, which Windows takes for no file, with any ending. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * Refuses a new profile that would be another one, or none, on some machine: whose name differs from another's only in
 * upper and lower case (the file systems of macOS and Windows, and the keychain of Windows, put both into one place), is
 * that of a device of Windows, or ends with a dot, which Windows leaves out.
 *
 * @param names the profiles that there are: they stay what they are
 * @param by what may have named it, as of {@link checkProfileName}
 * @throws LogtoError `config_invalid`
 */
export function checkNewName(name: string, names: readonly string[], by = bySetting): void {
  if (name === defaultProfile || names.includes(name)) return;
  if (reserved.test(name) || name.endsWith('.')) {
    throw new LogtoError(
      'config_invalid',
      `The profile ${name} could not be kept on Windows: the name is ${name.endsWith('.') ? 'the same as without its last dot' : 'that of a device'} there${by}.`,
      'Use another name.',
    );
  }
  const twin = [...names, defaultProfile].find((other) => other.toLowerCase() === name.toLowerCase());
  if (twin === undefined) return;
  throw new LogtoError(
    'config_invalid',
    `The profile ${name} and the profile ${twin} would be one and the same on some machines${by}.`,
    `Use ${twin}, or a name that differs from it in more than upper and lower case.`,
  );
}
