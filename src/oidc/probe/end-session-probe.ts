import { browserHeaders } from '../browser-headers.js';
import { errorFromOAuth } from '../error/error-from-oauth.js';
import { readErrorPage } from '../error/error-page.js';
import { isNetworkError, isRedirect, locationOf, send, withSignal } from '../http-answer.js';
import { randomValue } from '../pkce.js';
import { type ProbeTarget, unknown, type Verdict } from './probe.js';
import { clientCodes, subjectOf, verdictOn } from './probe-request.js';

/**
 * Asks whether the provider would send a browser back here after a sign-out (OpenID Connect RP-Initiated Logout 1.0,
 * section 2): nobody is signed in, and nothing is confirmed. Neither a page nor a way back proves anything by itself, so an
 * address that nobody registered is tried too: whoever refuses that one has accepted ours.
 *
 * @param control when that one is tried: `late`, where ours is not refused, so with fewer requests; `at-once`, sooner
 * @throws LogtoError network codes; the reason of the target's signal
 */
export async function probeEndSession(
  target: ProbeTarget,
  postLogoutRedirectUri: string,
  { control: when = 'late' }: { readonly control?: 'late' | 'at-once' } = {},
): Promise<Verdict> {
  const { end_session_endpoint: endpoint } = target.metadata;
  if (endpoint === undefined) {
    return unknown('The discovery document lists no end session endpoint.');
  }
  const elsewhere = new URL(postLogoutRedirectUri);
  elsewhere.pathname += `/${randomValue()}`;
  const askControl = () => endSession(target, endpoint, elsewhere.href).catch(failureOfControl);
  const [answer, early] = await Promise.all([
    endSession(target, endpoint, postLogoutRedirectUri),
    when === 'at-once' ? askControl() : null,
  ]);
  if (answer !== 'page' && answer.verdict !== 'accepted') return answer;
  const control = early ?? (await askControl());
  if (answer !== 'page') {
    const isToldApart = control === 'page' || control.verdict !== 'accepted';
    return isToldApart ? answer : unknown('The end session endpoint sends browsers to any address.');
  }
  const isRefused = control !== 'page' && control.verdict === 'refused';
  return isRefused && control.error.code === 'post_logout_redirect_uri_not_registered'
    ? { verdict: 'accepted' }
    : unknown('The end session endpoint shows a page for any address, or says nothing about this one.');
}

/** What becomes of the question about somebody else says nothing against our address. */
function failureOfControl(error: unknown): Verdict {
  if (isNetworkError(error)) return unknown(error.message);
  throw error;
}

/** `page`: neither back to us nor an error. */
async function endSession(
  target: ProbeTarget,
  endpoint: string,
  postLogoutRedirectUri: string,
): Promise<Verdict | 'page'> {
  const { clientId, namedBy } = target;
  const state = randomValue();
  const url = new URL(endpoint);
  url.searchParams.set('client_id', clientId);
  url.searchParams.set('post_logout_redirect_uri', postLogoutRedirectUri);
  url.searchParams.set('state', state);
  const fetch = withSignal(target.fetch, target.signal);
  const about = subjectOf(target, 'end session endpoint');
  const response = await send(fetch, url.href, { headers: browserHeaders }, about);
  if (isRedirect(response)) {
    const location = locationOf(response, url.href);
    const home = new URL(postLogoutRedirectUri);
    const isHome = location?.origin === home.origin && location.pathname === home.pathname;
    return isHome && location.searchParams.get('state') === state ? { verdict: 'accepted' } : 'page';
  }
  if (response.status < 400) return 'page';
  const error = readErrorPage(await response.text(), response.status, [state]);
  if (error === null) return unknown(`The end session endpoint answered with the status ${response.status}.`);
  const request = {
    kind: 'end-session',
    clientId,
    namedBy,
    hasSecret: false,
    redirectUri: postLogoutRedirectUri,
  } as const;
  return verdictOn(errorFromOAuth(error, request), [
    ...clientCodes,
    'post_logout_redirect_uri_not_registered',
  ]);
}
