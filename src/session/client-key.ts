import { LogtoError } from '../errors.js';
import { isKeyText } from '../profile/authentication-settings.js';
import type { Settings } from '../profile/settings.js';
import { readNamedText } from '../read-file.js';

/**
 * The text of the application's private key; `undefined` when none is set. What a variable holds is repeated nowhere: it
 * may be the key, or what became of it.
 *
 * @throws LogtoError `config_invalid` when the file cannot be read
 */
export async function readClientKey({
  clientKey,
}: {
  readonly clientKey?: Settings['clientKey'] | undefined;
}): Promise<string | undefined> {
  if (clientKey === undefined) return undefined;
  const { value, mayBeText } = clientKey;
  if (mayBeText && isKeyText(value)) return value;
  return await readNamedText(
    value,
    (why) =>
      new LogtoError(
        'config_invalid',
        mayBeText
          ? `LOGTO_CLI_CLIENT_KEY is neither a private key (PEM or JWK) nor the path of a file that can be read (${why}).`
          : `The file of the application's private key (--client-key) cannot be read: ${value} (${why}).`,
        'Give the path of a file with the private key: PEM without a passphrase, or a JWK.',
      ),
  );
}
