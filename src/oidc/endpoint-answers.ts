import { LogtoError } from '../errors.js';
import type { Fetch } from '../network/fetch.js';
import { ask, invalidAnswer, type Subject } from './http-answer.js';
import type { OAuthError, OAuthRequest } from './oauth-error.js';
import { errorFromOAuth, parseOAuthError } from './oauth-errors.js';
import { randomValue } from './pkce.js';

/** An endpoint that a client authenticates at, and what was sent there. */
export interface ClientRequest extends OAuthRequest {
  readonly tokenEndpoint: string;
  /** Values that no error may repeat. */
  readonly secrets: readonly string[];
}

/**
 * Names the error of an endpoint that answers with OAuth errors; does nothing for a success.
 *
 * @throws LogtoError the codes of {@link errorFromOAuth}; the subject's for a 4xx without an OAuth error
 */
export async function throwOAuthError(
  response: Response,
  request: ClientRequest,
  fetch: Fetch,
  subject: Subject,
): Promise<void> {
  if (response.status < 400) return;
  const error = parseOAuthError(await response.clone().text(), response.status, request.secrets);
  if (error === null) {
    throw invalidAnswer(subject, `answered with the status ${response.status} and no OAuth error`);
  }
  throw errorFromOAuth(error, {
    ...request,
    isPublicClient: isSecretInDoubt(error, request) ? await isPublicClient(request, fetch, subject) : null,
  });
}

function isSecretInDoubt(error: OAuthError, { hasSecret }: OAuthRequest): boolean {
  return hasSecret && error.isLogto && error.error === 'invalid_client' && error.status === 401;
}

/**
 * Whether the provider takes the client for a public one: it then looks at a made-up code that comes without a secret,
 * and refuses that; from a confidential client it does not get that far.
 */
async function isPublicClient(
  { tokenEndpoint, clientId, redirectUri = 'http://localhost/' }: ClientRequest,
  fetch: Fetch,
  subject: Subject,
): Promise<boolean | null> {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: clientId,
    code: randomValue(),
    redirect_uri: redirectUri,
    code_verifier: randomValue(),
  });
  try {
    const headers = { accept: 'application/json' };
    const response = await ask(fetch, tokenEndpoint, { method: 'POST', headers, body }, subject);
    const answer = parseOAuthError(await response.text(), response.status, []);
    if (answer?.error === 'invalid_grant') return true;
    return answer?.error === 'invalid_client' ? false : null;
  } catch (error) {
    // The refusal is what has to be told, with or without this finer point.
    if (error instanceof LogtoError && error.code !== 'interrupted') return null;
    throw error;
  }
}
