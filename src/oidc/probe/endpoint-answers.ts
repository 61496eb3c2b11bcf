import { LogtoError } from '../../errors.js';
import type { Fetch } from '../../network/fetch.js';
import {
  type AuthenticationMetadata,
  authenticationOf,
  type ClientIdentity,
} from '../client-authentication.js';
import { errorFromOAuth, parseOAuthError, presentableWords } from '../error/error-from-oauth.js';
import type { OAuthError, OAuthRequest } from '../error/oauth-error.js';
import { isGrantInDoubt } from '../error/oauth-error-rules.js';
import { ask, invalidAnswer, isJsonObject, parseJsonObject, type Subject } from '../http-answer.js';
import type { ProviderMetadata } from '../provider-metadata.js';
import { madeUpParameters, strangersError } from './made-up-request.js';

/** An endpoint that a client authenticates at, and what was sent there. */
export interface ClientRequest extends OAuthRequest {
  readonly client: ClientIdentity;
  readonly metadata: ProviderMetadata;
  /** Values that no error may repeat. */
  readonly secrets: readonly string[];
}

/** What an answer that is an OAuth error says. */
export interface Refusal {
  readonly error: LogtoError;
  /** Whether somebody who is made up would have been told something else, as far as that was in doubt. */
  readonly isProof: boolean;
}

/** What is asked for by a request, as its errors need to know it. */
export type AskedFor = Pick<
  ClientRequest,
  | 'kind'
  | 'namedBy'
  | 'redirectUri'
  | 'scopes'
  | 'resource'
  | 'resources'
  | 'organization'
  | 'exchanged'
  | 'secrets'
>;

/** A request that this client authenticates for. */
export function clientRequest(
  sent: AskedFor,
  client: ClientIdentity,
  metadata: ProviderMetadata,
): ClientRequest {
  return { ...sent, ...proofOf(client, metadata), clientId: client.clientId, client, metadata };
}

/** What a client proves itself with. @throws LogtoError as `authenticationOf` */
export function proofOf(
  client: ClientIdentity,
  metadata: AuthenticationMetadata,
): Pick<OAuthRequest, 'hasSecret' | 'hasKey'> {
  const authentication = authenticationOf(client, metadata);
  return {
    hasSecret: authentication.startsWith('client_secret_'),
    hasKey: authentication === 'private_key_jwt',
  };
}
/** What a success has, each at its endpoint (RFC 6749, 5.1; RFC 9126, 2.2; RFC 8628, 3.2): it is no error, whatever else is in it. */
const fruits = ['access_token', 'request_uri', 'device_code'];

/**
 * Names the error of an endpoint that answers with OAuth errors, be it that it calls them a success (GitHub, Slack); does
 * nothing for a true one.
 *
 * @throws LogtoError the codes of {@link errorFromOAuth}; the subject's for a 4xx without an OAuth error
 */
export async function throwOAuthError(
  response: Response,
  request: ClientRequest,
  fetch: Fetch,
  subject: Subject,
): Promise<void> {
  const refusal = await refusalIn(response, request, fetch, subject);
  if (refusal !== null) throw refusal.error;
}

/**
 * The error of an endpoint that answers with OAuth errors; `null` for a success. What only a client that has authenticated
 * may be told (RFC 6749, section 5.2) is believed once somebody made up is told something else.
 *
 * @throws LogtoError the reason of a signal that ends it
 */
export async function refusalIn(
  response: Response,
  request: ClientRequest,
  fetch: Fetch,
  subject: Subject,
): Promise<Refusal | null> {
  const { status, headers } = response;
  const text = await response.clone().text();
  if (status < 400 && !isDisguisedError(text)) return null;
  const error = parseOAuthError(text, status, request.secrets, headers);
  if (error === null) {
    const words = presentableWords(text, headers, request.secrets);
    const said = words === null ? '' : `, and says ${JSON.stringify(words)}`;
    const facts = { status, ...(words !== null && { words }) };
    const what = `answered with the status ${status} and no OAuth error${said}`;
    return { error: invalidAnswer(subject, what, facts), isProof: true };
  }
  const isInDoubt = isGrantInDoubt(error, request);
  const isAuthenticated = isInDoubt ? await isToldApart(error, request, fetch, subject) : null;
  const refusal = errorFromOAuth(error, {
    ...request,
    isAuthenticated,
    isPublicClient: isSecretInDoubt(error, request) ? await isPublicClient(request, fetch, subject) : null,
  });
  // Whatever strangers are told: 401 says that somebody is not who they should be.
  const isUnauthenticated = refusal.code === 'client_rejected' && status === 401;
  return { error: refusal, isProof: !isInDoubt || isAuthenticated === true || isUnauthenticated };
}

/**
 * Whether somebody made up is told something else; `null`: that could not be found out. Of the same client with a proof
 * that is made up other words are something else, as long as they are the same each time: then the proof was looked at.
 */
async function isToldApart(
  error: OAuthError,
  { client, metadata, kind, redirectUri, hasSecret, hasKey }: ClientRequest,
  fetch: Fetch,
  subject: Subject,
): Promise<boolean | null> {
  const ask = () => strangersError({ client, metadata, kind, redirectUri, fetch, subject });
  try {
    const other = await ask();
    if (other === null) return null;
    if (other.error !== error.error || other.status !== error.status) return true;
    if (!(hasSecret || hasKey) || other.description === error.description) return false;
    return (await ask())?.description === other.description;
  } catch (failure) {
    return unlessInterrupted(failure);
  }
}

function isDisguisedError(text: string): boolean {
  const body = parseJsonObject(text);
  if (body === null || fruits.some((name) => Boolean(body[name]))) return false;
  const { error } = body;
  return isJsonObject(error) || (typeof error === 'string' && error !== '');
}

function isSecretInDoubt(error: OAuthError, { hasSecret }: OAuthRequest): boolean {
  return hasSecret && error.isLogto && error.error === 'invalid_client' && error.status === 401;
}

/**
 * Whether the provider takes the client for a public one: it then looks at a made-up code that comes without a secret,
 * and refuses that; from a confidential client it does not get that far.
 */
async function isPublicClient(
  { metadata, clientId, redirectUri }: ClientRequest,
  fetch: Fetch,
  subject: Subject,
): Promise<boolean | null> {
  const body = new URLSearchParams({ ...madeUpParameters('code', redirectUri), client_id: clientId });
  try {
    const headers = { accept: 'application/json' };
    const response = await ask(fetch, metadata.token_endpoint, { method: 'POST', headers, body }, subject);
    const answer = parseOAuthError(await response.text(), response.status, []);
    if (answer?.error === 'invalid_grant') return true;
    return answer?.error === 'invalid_client' ? false : null;
  } catch (failure) {
    return unlessInterrupted(failure);
  }
}

/** The refusal is what has to be told, with or without a finer point. */
function unlessInterrupted(failure: unknown): null {
  if (failure instanceof LogtoError && failure.code !== 'interrupted') return null;
  throw failure;
}
