import type { ClientAuthentication } from '../oidc/authentication-method.js';
import type { Provider } from '../oidc/provider.js';
import { type AccessToken, assertTarget } from './access-token.js';

/** Which access token an application wants for itself. */
export interface ClientCredentialsRequest {
  /** The resource indicator (RFC 8707) that it is for. */
  readonly resource?: string;
  /** The organization's ID (Logto). */
  readonly organization?: string;
  /** What to ask for. Default: nothing, and the provider decides. */
  readonly scopes?: readonly string[];
}

/** An access token of an application for itself. */
export interface ClientCredentialsToken extends AccessToken {
  /** How the application had to authenticate, where that was found out and is not as the standard has it. */
  readonly authentication?: ClientAuthentication;
}

/** See `LogtoClient.getClientCredentialsToken`. */
export async function clientCredentialsToken(
  discover: () => Promise<Provider>,
  request: ClientCredentialsRequest,
): Promise<ClientCredentialsToken> {
  assertTarget(request);
  const provider = await discover();
  const { authentication: chosen } = provider;
  const token = await provider.clientCredentials({ ...request, scopes: request.scopes ?? [] });
  const { accessToken, tokenType, accessTokenExpiresAt: expiresAt, scopes } = token;
  const { resource = null, organization = null } = request;
  const { authentication } = provider;
  return {
    ...{ accessToken, tokenType, expiresAt, scopes, resource, organization },
    ...(authentication !== undefined && authentication !== chosen && { authentication }),
  };
}
