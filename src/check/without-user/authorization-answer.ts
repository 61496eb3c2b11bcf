import { presentable } from '../../oidc/error/error-from-oauth.js';
import { readErrorPage } from '../../oidc/error/error-page.js';
import { isRedirect, locationOf } from '../../oidc/http-answer.js';

/** What came of an authorization request that nobody is signed in for. */
export interface AuthorizationAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** What the browser was sent back to the redirect URI with; `null`: it was not. */
  readonly returned: {
    readonly to: URL;
    readonly parameters: URLSearchParams;
    readonly place: 'query' | 'fragment';
  } | null;
  /** The OAuth error, wherever it stands; `null`: none is named. */
  readonly error: string | null;
  /** The `state` of the request. */
  readonly state: string;
}

/** Reads the answer to a request with these parameters. */
export function readAuthorizationAnswer(
  response: Response,
  text: string,
  sent: {
    readonly url: string;
    readonly parameters: URLSearchParams;
    readonly redirectUris: readonly string[];
  },
  secrets: readonly string[],
): AuthorizationAnswer {
  const { status, headers } = response;
  const [state = ''] = sent.parameters.getAll('state');
  const hidden = [...secrets, ...sent.parameters.getAll('state'), ...sent.parameters.getAll('nonce')];
  const location = isRedirect(response) ? locationOf(response, sent.url) : null;
  const isHome = location !== null && sent.redirectUris.some((uri) => isSamePlace(location, uri));
  const error = location === null ? pageError(text, status, hidden) : redirectError(location);
  return {
    status,
    headers,
    returned: isHome ? returnedWith(location) : null,
    error: error === null ? null : presentable(error, hidden),
    state,
  };
}

/** Errors that only say that nobody is signed in (OpenID Connect Core 1.0, section 3.1.2.6): all else was right. */
const wantsPerson = /^(login|consent|interaction|account_selection)_required$/;

/** Errors that say nothing about the request. */
const temporary = /^(server_error|temporarily_unavailable)$/;

/** Whether a request was taken for a sound one. `unclear`: the answer does not tell, such as a page without an error. */
export function verdictOn({
  status,
  returned,
  error,
}: AuthorizationAnswer): 'accepted' | 'refused' | 'unclear' {
  if (error !== null && temporary.test(error)) return 'unclear';
  if (error !== null) return wantsPerson.test(error) ? 'accepted' : 'refused';
  if (returned !== null) return 'accepted';
  return status >= 400 ? 'refused' : 'unclear';
}

/** An answer in a few words: `400 invalid_request`, `sent back with login_required`. */
export function describe({ status, returned, error }: AuthorizationAnswer): string {
  if (returned !== null) return `sent back with ${error ?? 'a code'}`;
  return error === null ? `${status} without an OAuth error` : `${status} ${error}`;
}

function pageError(text: string, status: number, secrets: readonly string[]): string | null {
  return status < 400 ? null : (readErrorPage(text, status, secrets)?.error ?? null);
}

function redirectError(location: URL): string | null {
  return parametersIn(location).get('error');
}

function returnedWith(location: URL): AuthorizationAnswer['returned'] {
  return {
    to: location,
    parameters: parametersIn(location),
    place: isFragment(location) ? 'fragment' : 'query',
  };
}

function parametersIn(location: URL): URLSearchParams {
  return new URLSearchParams(isFragment(location) ? location.hash.slice(1) : location.search);
}

function isFragment({ hash }: URL): boolean {
  return /[#&](error|code|state|iss)=/.test(hash);
}

/** Custom schemes have no origin to compare. */
function isSamePlace({ protocol, host, pathname }: URL, uri: string): boolean {
  if (!URL.canParse(uri)) return false;
  const url = new URL(uri);
  return url.protocol === protocol && url.host === host && url.pathname === pathname;
}
