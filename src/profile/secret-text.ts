import { controlInSecret } from '../control-character.js';
import { LogtoError } from '../errors.js';

/**
 * A secret as it was meant: without the blanks, the byte order mark and the line break that come with it out of files,
 * pipes and web pages. Empty when there is nothing else.
 *
 * @param name the flag or the variable that it came by
 * @throws LogtoError `config_invalid` for what no secret has in it; the secret is not repeated
 */
export function secretText(text: string, name: string): string {
  const secret = text.trim();
  checkSecretText(secret, name);
  return secret;
}

/**
 * Refuses what no secret has in it: control characters, line breaks among them, and what is no text at all.
 *
 * @throws LogtoError `config_invalid`
 */
export function checkSecretText(secret: string, name: string): void {
  const what = secret.includes('\uFFFD') ? 'has bytes in it that are not UTF-8' : controlInSecret(secret);
  if (what === null) return;
  throw new LogtoError(
    'config_invalid',
    `The secret of ${name} ${what}.`,
    'Give the secret alone, on one line, as UTF-8 text: copy it again from where it was shown.',
  );
}
