import type { Fetch } from '../network/fetch.js';
import { browserHeaders } from '../oidc/browser-headers.js';
import { isRedirect, locationOf } from '../oidc/http-answer.js';
import type { CookieJar } from './cookie-jar.js';

/** What a browser that is not one brings along. */
export interface Browserless {
  /** It must follow no redirect. */
  readonly fetch: Fetch;
  readonly cookies: CookieJar;
  /** Ends each request with its reason. */
  readonly signal?: AbortSignal;
  /** Is told of each request, and what it was answered; `null`: it was not. */
  readonly onAnswer?: (request: BrowserRequest, status: number | null) => void;
}

/** One request of a browser. */
export interface BrowserRequest {
  readonly url: string;
  /** Default: GET. */
  readonly method?: string;
  /** Beside what every browser sends. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A form, or a text. */
  readonly body?: string | URLSearchParams;
  /** The page that led there; `null`, the default: somebody typed it. */
  readonly from?: string | null;
}

/** What is done with the address of a redirect: it is asked for, or another in its place; or that is the end. */
export type Way = { readonly ask: URL } | { readonly stop: URL };

/** Where a way ended: with an answer that leads nowhere, or at an address that was not asked for. */
export type WayEnd =
  | { readonly kind: 'answer'; readonly url: string; readonly response: Response }
  | { readonly kind: 'stop'; readonly url: string };

/** How redirects are followed. */
export interface FollowOptions {
  /** Decides about each address that an answer leads to. What it throws ends the way. */
  readonly next: (address: URL, answeredBy: string) => Way | Promise<Way>;
  /** Redirects until the way is taken for one without an end. */
  readonly limit: number;
  /** What is thrown then. */
  readonly endless: () => Error;
}

/**
 * Sends one request as a browser does: with the cookies that are for this address, and keeps those that are answered.
 *
 * @throws LogtoError network codes
 */
export async function requestAsBrowser(browser: Browserless, request: BrowserRequest): Promise<Response> {
  const { fetch, cookies, signal, onAnswer } = browser;
  const { url, method = 'GET', headers, body, from = null } = request;
  const cookie = cookies.header(url, { method, from });
  try {
    const response = await fetch(url, {
      method,
      headers: { ...browserHeaders, ...headers, ...(cookie !== null && { cookie }) },
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    });
    cookies.store(url, response.headers);
    onAnswer?.(request, response.status);
    return response;
  } catch (error) {
    onAnswer?.(request, null);
    throw error;
  }
}

/**
 * Sends a request, and goes wherever its answer leads to. A form is sent on where the answer wants that (307 and 308,
 * RFC 9110, section 15.4), else the next request is a GET.
 *
 * @throws what `next` and `endless` say; LogtoError network codes
 */
export async function follow(
  browser: Browserless,
  first: BrowserRequest,
  { next, limit, endless }: FollowOptions,
): Promise<WayEnd> {
  let request = first;
  for (let redirects = 0; ; redirects += 1) {
    const response = await requestAsBrowser(browser, request);
    const { url, from = null, body } = request;
    const address = isRedirect(response) ? locationOf(response, url) : null;
    if (address === null) return { kind: 'answer', url, response };
    if (redirects === limit) throw endless();
    const way = await next(address, url);
    if ('stop' in way) return { kind: 'stop', url: way.stop.href };
    const isSentOn = response.status === 307 || response.status === 308;
    request =
      isSentOn && body !== undefined ? { ...request, url: way.ask.href } : { url: way.ask.href, from };
  }
}
