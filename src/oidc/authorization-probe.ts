import type { LogtoError } from '../errors.js';
import { readErrorPage } from './error-page.js';
import { isNetworkError, isRedirect, locationOf, parseJsonObject, send, withSignal } from './http-answer.js';
import type { OAuthError, OAuthRequest } from './oauth-error.js';
import { errorFromOAuth, presentable } from './oauth-errors.js';
import { createPkce, randomValue } from './pkce.js';
import { type ProbeTarget, unknown, type Verdict } from './probe.js';
import { askAsClient, clientCodes, subjectOf, verdictOn } from './probe-request.js';

/** The authorization request that is probed. */
export interface ProbedRequest {
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  /** False: without a code challenge. */
  readonly hasPkce?: boolean;
  /** Further parameters of the real request. None that names a person. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * Asks whether the provider would begin a sign-in: the same authorization request with `prompt=none` (OpenID Connect
 * Core 1.0, section 3.1.2.1), a `state` of its own, no cookies, and no redirect followed. Only an answer that sends the
 * browser to our redirect URI with that state is believed; it proves the application and the redirect URI, and an
 * error in it that nobody being signed in explains is acceptance. A page of 400 and above is believed where it names
 * its error.
 *
 * @throws LogtoError network codes; the reason of the target's signal
 */
export async function probeAuthorization(target: ProbeTarget, request: ProbedRequest): Promise<Verdict> {
  const answer = await authorize(target, request, 'none');
  if (answer.kind !== 'sent-back') return answer.verdict;
  const { error } = answer;
  // A code for nobody proves as much.
  if (error === null || wantsPerson.test(error.error)) return accepted;
  if (error.error === 'access_denied') {
    return unknown('The provider denies access before anybody signs in, so that nothing else shows.');
  }
  if (error.error === 'invalid_target') return refusedTarget(target, request, error);
  const refusal = refusalOf(target, request, error);
  if (isNetworkError(refusal)) throw refusal;
  if (['unauthorized_client', 'unsupported_response_type'].includes(error.error)) return refused(refusal);
  // It may be prompt=none that is not wanted: then the same request without it begins a sign-in.
  const again = await authorize(
    target,
    request,
    request.scopes.includes('offline_access') ? 'consent' : null,
  );
  return again.kind === 'sent-back' && again.error?.error === error.error ? refused(refusal) : accepted;
}

type Answer =
  | { readonly kind: 'sent-back'; readonly error: OAuthError | null }
  | { readonly kind: 'other'; readonly verdict: Verdict };

/** What only says that nobody is signed in (OpenID Connect Core 1.0, section 3.1.2.6). */
const wantsPerson = /^(login|consent|interaction|account_selection)_required$/;

const accepted: Verdict = { verdict: 'accepted' };

function refused(error: LogtoError): Verdict {
  return { verdict: 'refused', error };
}

/** Finds out which resource it is: each is asked for alone. */
async function refusedTarget(
  target: ProbeTarget,
  request: ProbedRequest,
  error: OAuthError,
): Promise<Verdict> {
  const { resources } = request;
  const single = async (resource: string) => {
    const answer = await authorize(target, { ...request, resources: [resource] }, 'none');
    return answer.kind === 'sent-back' && answer.error?.error === 'invalid_target' ? [resource] : [];
  };
  const unknownOnes = resources.length > 1 ? (await Promise.all(resources.map(single))).flat() : resources;
  const resource = unknownOnes.join(', ');
  return refused(refusalOf(target, request, error, resource === '' ? {} : { resource }));
}

async function authorize(
  target: ProbeTarget,
  request: ProbedRequest,
  prompt: 'none' | 'consent' | null,
): Promise<Answer> {
  const state = randomValue();
  const query = await queryOf(target, request, prompt, state);
  const pushed = target.metadata.require_pushed_authorization_requests === true;
  const sent = pushed ? await push(target, request, query) : query;
  if (!(sent instanceof URLSearchParams)) return { kind: 'other', verdict: sent };
  const url = new URL(target.metadata.authorization_endpoint);
  for (const [name, value] of sent) url.searchParams.append(name, value);
  const fetch = withSignal(target.fetch, target.signal);
  const headers = { accept: 'application/json, text/html' };
  const subject = subjectOf(target, 'authorization endpoint');
  const response = await send(fetch, url.href, { headers }, subject);
  if (isRedirect(response)) return readRedirect(locationOf(response, url.href), request, state);
  return { kind: 'other', verdict: readPage(target, request, response.status, await response.text(), state) };
}

async function queryOf(
  { clientId }: ProbeTarget,
  { redirectUri, scopes, resources, hasPkce = true, parameters }: ProbedRequest,
  prompt: string | null,
  state: string,
): Promise<URLSearchParams> {
  const query = new URLSearchParams({
    ...parameters,
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    state,
    nonce: randomValue(),
    ...(prompt !== null && { prompt }),
    ...(hasPkce && { code_challenge: (await createPkce()).challenge, code_challenge_method: 'S256' }),
  });
  for (const resource of resources) query.append('resource', resource);
  return query;
}

/** Pushes the request first (RFC 9126), and returns what is left to send. */
async function push(
  target: ProbeTarget,
  { redirectUri }: ProbedRequest,
  query: URLSearchParams,
): Promise<URLSearchParams | Verdict> {
  const { pushed_authorization_request_endpoint: url } = target.metadata;
  if (url === undefined) return unknown('The provider wants requests pushed, and does not say where to.');
  const answer = await askAsClient(target, {
    url,
    endpoint: 'pushed authorization request endpoint',
    kind: 'pushed-authorization',
    parameters: query,
    redirectUri,
  });
  if (answer.refusal !== null) {
    const provable = [...clientCodes, 'redirect_uri_not_registered', 'resource_unknown'] as const;
    return verdictOn(answer.refusal, provable, answer);
  }
  const requestUri = parseJsonObject(answer.text)?.['request_uri'];
  return typeof requestUri === 'string'
    ? new URLSearchParams({ client_id: target.clientId, request_uri: requestUri })
    : unknown('The pushed authorization request endpoint gave no request_uri.');
}

/** Where the answer sends the browser: believed only if that is our redirect URI, with our state, in query or fragment. */
function readRedirect(location: URL | null, { redirectUri }: ProbedRequest, state: string): Answer {
  const home = new URL(redirectUri);
  const isHome = location?.origin === home.origin && location.pathname === home.pathname;
  const places = [location?.search, location?.hash.slice(1)].map((text) => new URLSearchParams(text));
  const found = places.find((parameters) => parameters.get('state') === state);
  if (!isHome || found === undefined) {
    const reason = `The authorization endpoint sends browsers on to ${location?.origin ?? 'nowhere'}, whoever asks.`;
    return { kind: 'other', verdict: unknown(reason) };
  }
  const error = found.get('error');
  if (error === null) return { kind: 'sent-back', error: null };
  const [description, scope] = [found.get('error_description'), found.get('scope')];
  return {
    kind: 'sent-back',
    error: {
      error: presentable(error, [state]),
      description: description === null ? null : presentable(description, [state]),
      status: null,
      isLogto: false,
      ...(scope !== null && { scope: presentable(scope, [state]) }),
    },
  };
}

function readPage(
  target: ProbeTarget,
  request: ProbedRequest,
  status: number,
  text: string,
  state: string,
): Verdict {
  const error = status < 400 ? null : readErrorPage(text, status, [state]);
  if (error !== null) {
    return verdictOn(refusalOf(target, request, error), [...clientCodes, 'redirect_uri_not_registered']);
  }
  return unknown(
    `The authorization endpoint answered with the status ${status} instead of sending the browser back.`,
  );
}

function refusalOf(
  { clientId }: ProbeTarget,
  { redirectUri }: ProbedRequest,
  error: OAuthError,
  more: Pick<OAuthRequest, 'resource'> = {},
): LogtoError {
  return errorFromOAuth(error, { kind: 'authorization', clientId, hasSecret: false, redirectUri, ...more });
}
