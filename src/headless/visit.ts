import { LogtoError } from '../errors.js';
import type { CookieJar } from '../headless/cookie-jar.js';
import type { Fetch } from '../network/fetch.js';
import { browserHeaders } from '../oidc/browser-headers.js';
import type { HtmlForm } from './html-form.js';

const maximumRedirects = 20;

/** What a browser that is not one brings along. */
export interface Browserless {
  readonly fetch: Fetch;
  readonly cookies: CookieJar;
  readonly signal?: AbortSignal;
}

/** Where a visit ended: on a page of the provider, or at an address elsewhere, which was not requested. */
export type Stop =
  | { readonly kind: 'page'; readonly url: string; readonly text: string }
  | { readonly kind: 'elsewhere'; readonly url: string };

/**
 * Opens an address, or sends a form, and follows the redirects as long as they stay at that origin.
 *
 * @throws LogtoError `authorization_error` when the provider answers with an OAuth error, `provider_error`, and the
 * network's codes
 */
export async function visit(browser: Browserless, url: string, form?: HtmlForm): Promise<Stop> {
  const { origin } = new URL(url);
  let current = url;
  let response = await request(browser, current, form);
  for (let redirects = 0; ; redirects += 1) {
    const location =
      response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
    if (location === null) return { kind: 'page', url: current, text: await readPage(response) };
    if (redirects === maximumRedirects || !URL.canParse(location, current)) {
      throw unusable('It redirects without an end, or to nowhere.');
    }
    current = new URL(location, current).href;
    if (new URL(current).origin !== origin) return { kind: 'elsewhere', url: current };
    response = await request(browser, current);
  }
}

/** The failure of a page that nobody without eyes can use. */
export function unusable(problem: string): LogtoError {
  return new LogtoError(
    'provider_error',
    `The provider's pages cannot be followed without a browser. ${problem}`,
    'Sign in with a browser instead.',
  );
}

async function request(
  { fetch, cookies, signal }: Browserless,
  url: string,
  form?: HtmlForm,
): Promise<Response> {
  const cookie = cookies.header(url);
  const response = await fetch(url, {
    method: form?.method ?? 'GET',
    headers: { ...browserHeaders, ...(cookie === null ? {} : { cookie }) },
    ...(form ? { body: new URLSearchParams([...form.fields]) } : {}),
    ...(signal ? { signal } : {}),
  });
  cookies.store(url, response.headers);
  return response;
}

async function readPage(response: Response): Promise<string> {
  const text = await response.text();
  if (response.headers.get('content-type')?.includes('html')) return text;
  const { error, error_description: description } = readJson(text);
  if (typeof error !== 'string') throw unusable(`It answered ${response.status}.`);
  const said = typeof description === 'string' ? `${error}: ${description}` : error;
  throw new LogtoError(
    'authorization_error',
    `The provider refused the request (${said}).`,
    'Compare the application and its URIs with what is registered there.',
    { error, ...(typeof description === 'string' ? { error_description: description } : {}) },
  );
}

function readJson(text: string): { readonly error?: unknown; readonly error_description?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
