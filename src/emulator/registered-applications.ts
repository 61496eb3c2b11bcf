import type { ClientMetadata } from 'oidc-provider';
import { InvalidClientMetadata } from 'oidc-provider/lib/helpers/errors.js';
import type { Provider } from 'oidc-provider/lib/provider.js';
import { LogtoError } from '../errors.js';
import { deviceGrantType } from './device-flow.js';
import { postLogoutRedirectUriAllowed, redirectUriAllowed } from './redirect-rules.js';
import type { EmulatorApplication, EmulatorIdTokenAlgorithm } from './seed.js';
import { tokenExchangeGrantType } from './token-exchange.js';

/** Logto's own. */
const defaultAlgorithm = 'ES384';

/** The algorithms by which the ID tokens of these applications are signed. Machine-to-machine ones have none. */
export function usedAlgorithms(
  applications: readonly EmulatorApplication[],
): ReadonlySet<EmulatorIdTokenAlgorithm> {
  const users = applications.filter(({ type }) => type !== 'MachineToMachine');
  return new Set(users.length === 0 ? [defaultAlgorithm] : users.map(algorithmOf));
}

function algorithmOf({ idTokenAlgorithm = defaultAlgorithm }: EmulatorApplication): EmulatorIdTokenAlgorithm {
  return idTokenAlgorithm;
}

/** The grants of an application by its type, and token exchange where it is switched on. */
function grantTypesOf({ type, deviceFlow: usesDevice, allowTokenExchange }: EmulatorApplication): string[] {
  const own =
    type === 'MachineToMachine'
      ? ['client_credentials']
      : [usesDevice ? deviceGrantType : 'authorization_code', 'refresh_token'];
  return [...own, ...(allowTokenExchange ? [tokenExchangeGrantType] : [])];
}

/** An application in the words of the engine: each type has its own grants and its own way to authenticate. */
export function clientMetadata(application: EmulatorApplication): ClientMetadata {
  const { type, deviceFlow: usesDevice, redirectUris, postLogoutRedirectUris } = application;
  return {
    client_id: application.appId,
    ...(application.appSecret === undefined
      ? { token_endpoint_auth_method: 'none' as const }
      : { client_secret: application.appSecret, token_endpoint_auth_method: 'client_secret_basic' as const }),
    application_type: type === 'Native' ? 'native' : 'web',
    grant_types: grantTypesOf(application),
    response_types: type === 'MachineToMachine' || usesDevice ? [] : ['code' as const],
    redirect_uris: redirectUris,
    post_logout_redirect_uris: postLogoutRedirectUris,
    ...(application.backchannelLogoutUri !== undefined && {
      backchannel_logout_uri: application.backchannelLogoutUri,
      backchannel_logout_session_required: true,
    }),
    ...(type !== 'MachineToMachine' && { id_token_signed_response_alg: algorithmOf(application) }),
  };
}

/**
 * The applications of an emulator, whose redirect rules read what is registered at each request.
 */
export function registry(seeded: readonly EmulatorApplication[]) {
  const applications = seeded.map((application) => ({
    ...application,
    redirectUris: [...application.redirectUris],
    postLogoutRedirectUris: [...application.postLogoutRedirectUris],
  }));
  return {
    applications,
    /**
     * Adds addresses to those of an application.
     *
     * @throws LogtoError `config_invalid` for one that is not there
     */
    register(
      appId: string,
      uris: { readonly redirectUri?: string; readonly postLogoutRedirectUri?: string },
    ): void {
      const application = applications.find((known) => known.appId === appId);
      if (application === undefined) {
        throw new LogtoError(
          'config_invalid',
          `The emulator has no application ${appId}.`,
          `Name one of these: ${applications.map((known) => known.appId).join(', ')}.`,
        );
      }
      if (uris.redirectUri !== undefined) application.redirectUris.push(uris.redirectUri);
      if (uris.postLogoutRedirectUri !== undefined) {
        application.postLogoutRedirectUris.push(uris.postLogoutRedirectUri);
      }
    },
  };
}

/** The engine compares redirect URIs as text and relaxes ports for sign-out too; Logto does neither. */
export function applyRedirectRules(provider: Provider, applications: readonly EmulatorApplication[]): void {
  const byId = new Map(applications.map((application) => [application.appId, application]));
  provider.Client.prototype.redirectUriAllowed = function allowed(uri) {
    const application = byId.get(this.clientId);
    return application !== undefined && redirectUriAllowed(application.type, application.redirectUris, uri);
  };
  provider.Client.prototype.postLogoutRedirectUriAllowed = function allowed(uri) {
    return postLogoutRedirectUriAllowed(byId.get(this.clientId)?.postLogoutRedirectUris ?? [], uri);
  };
}

/**
 * Makes sure that the engine accepts an application, which it would otherwise say at the first request.
 *
 * @throws LogtoError `config_invalid`
 */
export async function checkApplication(provider: Provider, application: EmulatorApplication): Promise<void> {
  try {
    await provider.Client.validate(clientMetadata(application));
  } catch (error) {
    if (!(error instanceof InvalidClientMetadata)) throw error;
    throw new LogtoError(
      'config_invalid',
      `The application ${application.appId} cannot be registered: ${error.error_description}`,
      'Correct it in the seed; --redirect-uri and --post-logout-redirect-uri replace the addresses of all applications there.',
      { appId: application.appId },
    );
  }
}
