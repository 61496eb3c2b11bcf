import type { LogtoError } from '../../errors.js';
import { browserHeaders } from '../browser-headers.js';
import { errorFromOAuth, presentable } from '../error/error-from-oauth.js';
import { readErrorPage } from '../error/error-page.js';
import type { OAuthError, OAuthRequest } from '../error/oauth-error.js';
import { isRedirect, locationOf, parseJsonObject, send, withSignal } from '../http-answer.js';
import { createPkce, randomValue } from '../pkce.js';
import { type ProbeTarget, unknown, type Verdict } from './probe.js';
import { askAsClient, clientCodes, subjectOf, verdictOn } from './probe-request.js';

/** An authorization request that is probed. */
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
 * What it was answered with. `sent-back`: the browser came back to the redirect URI, with our state. `other`: anything
 * else, and what that proves by itself.
 */
export type ProbedAnswer =
  | { readonly kind: 'sent-back'; readonly error: OAuthError | null }
  | { readonly kind: 'other'; readonly verdict: Verdict };

/**
 * Sends an authorization request with a `state` of its own and no cookies, and follows no redirect. It is pushed first
 * where the provider requires that (RFC 9126).
 *
 * @param prompt `null`: none is sent
 * @throws LogtoError network codes; the reason of the target's signal
 */
export async function authorize(
  target: ProbeTarget,
  request: ProbedRequest,
  prompt: 'none' | 'consent' | null,
): Promise<ProbedAnswer> {
  const state = randomValue();
  const query = await queryOf(target, request, prompt, state);
  const pushed = target.metadata.require_pushed_authorization_requests === true;
  const sent = pushed ? await push(target, request, query) : query;
  if (!(sent instanceof URLSearchParams)) return { kind: 'other', verdict: sent };
  const url = new URL(target.metadata.authorization_endpoint);
  for (const [name, value] of sent) url.searchParams.append(name, value);
  const fetch = withSignal(target.fetch, target.signal);
  const subject = subjectOf(target, 'authorization endpoint');
  const response = await send(fetch, url.href, { headers: browserHeaders }, subject);
  if (isRedirect(response))
    return readRedirect(target, request, response.status, locationOf(response, url.href), state);
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
function readRedirect(
  target: ProbeTarget,
  request: ProbedRequest,
  status: number,
  location: URL | null,
  state: string,
): ProbedAnswer {
  const home = new URL(request.redirectUri);
  const isHome = location?.origin === home.origin && location.pathname === home.pathname;
  const places = [location?.search, location?.hash.slice(1)].map((text) => new URLSearchParams(text));
  const found = places.find((parameters) => parameters.get('state') === state);
  if (!isHome || found === undefined) {
    const verdict = isHome
      ? unknown('The authorization endpoint sends the browser back without our state.')
      : readDetour(target, request, status, location, state);
    return { kind: 'other', verdict };
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

/** A page of the provider's own that is told the error in its address, as one that shows the errors of all requests is. */
function readDetour(
  target: ProbeTarget,
  request: ProbedRequest,
  status: number,
  location: URL | null,
  state: string,
): Verdict {
  const told = location?.searchParams.get('error');
  if (!told || location?.origin !== new URL(target.metadata.authorization_endpoint).origin) {
    const place = location === null ? 'nowhere' : `a page of ${location.origin}`;
    return unknown(`The authorization endpoint sends the browser on to ${place}, instead of back.`);
  }
  const said = location.searchParams.get('error_description');
  const error: OAuthError = {
    error: presentable(told, [state]),
    description: said === null ? null : presentable(said, [state]),
    status,
    isLogto: false,
  };
  return verdictOn(refusalOf(target, request, error), [...clientCodes, 'redirect_uri_not_registered']);
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

/** What an error that the browser is told means for this request. */
export function refusalOf(
  { clientId, namedBy }: ProbeTarget,
  { redirectUri, scopes }: ProbedRequest,
  error: OAuthError,
  more: Pick<OAuthRequest, 'resource'> = {},
): LogtoError {
  const request = {
    kind: 'authorization',
    clientId,
    namedBy,
    hasSecret: false,
    redirectUri,
    scopes,
  } as const;
  return errorFromOAuth(error, { ...request, ...more });
}
