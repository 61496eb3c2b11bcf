import { LogtoError } from '../errors.js';
import type { ClientIdentity } from '../oidc/client-authentication.js';
import type { ClientKey } from '../oidc/client-key.js';
import type { LogtoConfig } from './logto-config.js';

/**
 * The application with what it has to prove who it is.
 *
 * @throws LogtoError `config_invalid` as {@link findClientKey}
 */
export async function clientIdentity(config: LogtoConfig): Promise<ClientIdentity> {
  const { appId, appSecret, authMethod } = config;
  const clientKey = await findClientKey(config);
  return {
    clientId: appId,
    ...(appSecret && { clientSecret: appSecret }),
    ...(clientKey !== undefined && { clientKey }),
    ...(authMethod !== undefined && { authentication: authMethod }),
  };
}

/**
 * The application's private key, ready to sign; `undefined` when there is none.
 *
 * @param find looks for it where the configuration has none
 * @throws LogtoError `config_invalid` for one that cannot be used, and for a secret that is to be sent in no way
 */
export async function findClientKey(
  { authMethod, appSecret, clientKey }: LogtoConfig,
  find?: () => Promise<string | undefined>,
): Promise<ClientKey | undefined> {
  if (authMethod === 'none' && appSecret) {
    throw new LogtoError(
      'config_invalid',
      'The configuration has a secret, and the method none, which sends none.',
      'Leave out appSecret or authMethod.',
    );
  }
  const text = clientKey ?? (await find?.());
  if (text === undefined) return undefined;
  const { parseClientKey } = await import('../oidc/client-key.js');
  return parseClientKey(text);
}
