import type { Provider } from '../oidc/provider.js';
import { type AccessToken, assertTarget } from './access-token.js';

/** An access token of an application for itself. */
export interface ClientCredentialsRequest {
  readonly resource?: string;
  readonly organization?: string;
  readonly scopes?: readonly string[];
}

/** See `LogtoClient.getClientCredentialsToken`. */
export async function clientCredentialsToken(
  discover: () => Promise<Provider>,
  request: ClientCredentialsRequest,
): Promise<AccessToken> {
  assertTarget(request);
  const provider = await discover();
  const token = await provider.clientCredentials({ ...request, scopes: request.scopes ?? [] });
  const { accessToken, tokenType, accessTokenExpiresAt: expiresAt, scopes } = token;
  const { resource = null, organization = null } = request;
  return { accessToken, tokenType, expiresAt, scopes, resource, organization };
}
