import { LogtoError } from '../errors.js';
import { isRedirect } from '../oidc/http-answer.js';
import { parseJsonObject } from '../oidc/json-object.js';
import { type Browserless, type BrowserRequest, follow } from './follow.js';

const maximumRedirects = 20;

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
export async function visit(browser: Browserless, request: BrowserRequest): Promise<Stop> {
  const { origin } = new URL(request.url);
  const end = await follow(browser, request, {
    next: (address) => (address.origin === origin ? { ask: address } : { stop: address }),
    limit: maximumRedirects,
    endless: () => unusable('It redirects without an end.'),
  });
  if (end.kind === 'stop') return { kind: 'elsewhere', url: end.url };
  const { response } = end;
  if (isRedirect(response) && response.headers.has('location')) throw unusable('It redirects to nowhere.');
  return { kind: 'page', url: end.url, text: await readPage(response) };
}

/** The failure of a page that nobody without eyes can use. */
export function unusable(problem: string): LogtoError {
  return new LogtoError(
    'provider_error',
    `The provider's pages cannot be followed without a browser. ${problem}`,
    'Sign in with a browser instead.',
  );
}

async function readPage(response: Response): Promise<string> {
  const text = await response.text();
  if (response.headers.get('content-type')?.includes('html')) return text;
  const { error, error_description: description } = parseJsonObject(text) ?? {};
  if (typeof error !== 'string') throw unusable(`It answered ${response.status}.`);
  const said = typeof description === 'string' ? `${error}: ${description}` : error;
  throw new LogtoError(
    'authorization_error',
    `The provider refused the request (${said}).`,
    'Compare the application and its URIs with what is registered there.',
    { error, ...(typeof description === 'string' ? { error_description: description } : {}) },
  );
}
