import type { Fetch } from '../../network/fetch.js';
import { authenticateClient, type ClientIdentity, madeUpClient } from '../client-authentication.js';
import { deviceGrantType } from '../device-grant-type.js';
import { parseOAuthError } from '../error/error-from-oauth.js';
import type { OAuthError, OAuthRequest } from '../error/oauth-error.js';
import { ask, type Subject } from '../http-answer.js';
import { randomValue } from '../pkce.js';
import type { ProviderMetadata } from '../provider-metadata.js';
import { accessTokenType, tokenExchangeGrantType } from '../token-type.js';

/** A question that shows what somebody is told who cannot be right. */
export interface ControlQuestion {
  /** Whose place a made-up client takes. */
  readonly client: ClientIdentity;
  readonly metadata: ProviderMetadata;
  readonly kind: OAuthRequest['kind'];
  readonly redirectUri?: string | undefined;
  readonly fetch: Fetch;
  readonly subject: Subject;
}

/**
 * The OAuth error that a made-up client gets for a made-up request of this kind: the same client with a proof that is made
 * up, or another client where there is no proof. `null`: none.
 *
 * @throws LogtoError network codes; the reason of a signal that ends it
 */
export async function strangersError(question: ControlQuestion): Promise<OAuthError | null> {
  const { client, metadata, kind, redirectUri, fetch, subject } = question;
  const url = endpointOf(kind, metadata);
  if (url === undefined) return null;
  const body = new URLSearchParams(madeUpParameters(kind, redirectUri));
  const stranger = madeUpClient(client, metadata);
  // Also where a proof in the header names it (RFC 9126, section 2.1).
  if (kind === 'pushed-authorization') body.set('client_id', stranger.clientId);
  const credentials = authenticateClient(body, stranger, metadata, subject.now());
  const headers = { accept: 'application/json', ...credentials };
  const response = await ask(fetch, url, { method: 'POST', headers, body }, subject);
  return parseOAuthError(await response.text(), response.status, []);
}

/** The parameters of a request of this kind, in which everything that a provider hands out is made up. */
export function madeUpParameters(
  kind: OAuthRequest['kind'],
  redirectUri = 'http://localhost/',
): Readonly<Record<string, string>> {
  switch (kind) {
    case 'code':
      return {
        grant_type: 'authorization_code',
        code: randomValue(),
        redirect_uri: redirectUri,
        code_verifier: randomValue(),
      };
    case 'refresh':
      return { grant_type: 'refresh_token', refresh_token: randomValue() };
    case 'client-credentials':
      return { grant_type: 'client_credentials' };
    case 'token-exchange':
      return {
        grant_type: tokenExchangeGrantType,
        subject_token: randomValue(),
        subject_token_type: accessTokenType,
      };
    case 'revocation':
      return { token: randomValue(), token_type_hint: 'refresh_token' };
    case 'device-authorization':
      return { scope: 'openid' };
    case 'device-code':
      return { grant_type: deviceGrantType, device_code: randomValue() };
    case 'user-info':
      return {};
    case 'pushed-authorization':
    case 'authorization':
    case 'end-session':
      return {
        response_type: 'code',
        redirect_uri: redirectUri,
        scope: 'openid',
        state: randomValue(),
        nonce: randomValue(),
        // As long as a digest is (RFC 7636, section 4.2).
        code_challenge: randomValue(),
        code_challenge_method: 'S256',
      };
  }
}

function endpointOf(kind: OAuthRequest['kind'], metadata: ProviderMetadata): string | undefined {
  switch (kind) {
    case 'revocation':
      return metadata.revocation_endpoint;
    case 'device-authorization':
      return metadata.device_authorization_endpoint;
    case 'pushed-authorization':
      return metadata.pushed_authorization_request_endpoint;
    case 'authorization':
    case 'end-session':
    case 'user-info':
      return undefined;
    default:
      return metadata.token_endpoint;
  }
}
