import { type LogtoConfig, namedProvider, providerFlags } from '../client/logto-config.js';
import { LogtoError } from '../errors.js';
import { onApplication } from '../logto-console.js';
import { isPlaceholder } from '../profile/placeholder.js';
import type { Settings } from '../profile/settings.js';
import { shellWord, shellWords } from '../shell-word.js';
import { profileUnknown } from './connection.js';

/**
 * The provider and application of these settings.
 *
 * @throws LogtoError `profile_unknown`, `config_missing`: whatever is not set; `config_invalid` for a placeholder
 */
export function requireApplication(settings: Settings): LogtoConfig {
  const { endpoint, issuer, discoveryUrl, appId, profile } = settings;
  const provider = (endpoint ?? issuer) === undefined ? null : namedProvider(settings);
  if (provider && appId !== undefined) {
    checkKeyIsSet(settings);
    checkPlaceholders(settings);
    return {
      ...provider,
      appId,
      ...(settings.authMethod !== undefined && { authMethod: settings.authMethod }),
    };
  }
  if (discoveryUrl !== undefined && provider === null) throw issuerMissing(settings);
  if (!settings.profileKnown) throw profileUnknown(profile);
  throw new LogtoError(
    'config_missing',
    provider
      ? 'No application is set (--app-id, LOGTO_APP_ID).'
      : 'No OpenID Provider is set (--endpoint, LOGTO_ENDPOINT; or --issuer, LOGTO_CLI_ISSUER).',
    issuer === undefined
      ? `${provider ? 'The App ID is' : 'The Logto endpoint and the App ID are'} on the page of the application: ${onApplication()}. Keep both for good with: ` +
          `logto-cli profile set ${shellWord(profile)} --endpoint https://tenant.logto.app --app-id <App ID>. Without a tenant, try: logto-cli demo`
      : `It is the client ID that the provider has for the application. Keep both for good with: ` +
          `logto-cli profile set ${shellWord(profile)} ${shellWords(providerFlags(settings))} --app-id <client ID>`,
  );
}

/** The failure of a place without an issuer: what stands there may be anybody's. */
export function issuerMissing({ saidBy }: Settings): LogtoError {
  return new LogtoError(
    'config_missing',
    `${saidBy.provider} says where the discovery document is, and nothing says which issuer it has to name (--issuer, LOGTO_CLI_ISSUER).`,
    'Give the issuer beside it: --issuer <url>, as the provider documents it. A template such as {tenantid} in it stands for the tenant of the user.',
  );
}

/** Refuses a method that needs a key where nobody gave one, before anything is sent. */
function checkKeyIsSet({ authMethod, clientKey }: Settings): void {
  if (authMethod !== 'private_key_jwt' || clientKey !== undefined) return;
  throw new LogtoError(
    'config_invalid',
    "private_key_jwt (--auth-method, LOGTO_CLI_AUTH_METHOD) needs the application's private key, and none is set.",
    'Give the file that it is in with --client-key <pem or jwk> (LOGTO_CLI_CLIENT_KEY).',
  );
}

/** Refuses what was copied out of documentation as it stands there, before anything is sent anywhere. */
function checkPlaceholders(settings: Settings): void {
  const failure = placeholderIn(settings);
  if (failure !== null) throw failure;
}

/** What is wrong with settings that have a placeholder in them; `null` for all others. */
export function placeholderIn({ endpoint, issuer, appId = '', saidBy }: Settings): LogtoError | null {
  const address = endpoint ?? issuer ?? '';
  const [text, speaker, own] = isPlaceholder(address)
    ? [address, saidBy.provider, endpoint === undefined ? 'the address of your provider' : consoleEndpoint]
    : [appId, saidBy.appId, "your application's ID"];
  if (!isPlaceholder(text)) return null;
  return new LogtoError(
    'config_invalid',
    `${JSON.stringify(text)} (${speaker}) is a placeholder out of documentation.`,
    `Put ${own} there.`,
  );
}

const consoleEndpoint = `your tenant's Logto endpoint, of ${onApplication('Endpoints & Credentials')},`;
