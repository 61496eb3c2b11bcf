import { type ErrorCode, type ErrorDetails, exitCodeOf, LogtoError } from '../errors.js';
import type { Fetch, FetchInit } from '../network/fetch.js';
import { counted, type NamedBy } from '../wording.js';
import { providerWords } from './error/provider-words.js';
import { pageTitle } from './html.js';
import { type JsonObject, parseJsonObject } from './json-object.js';
import type { ProviderObserver } from './provider-event.js';
import { quoted } from './validate/value-kind.js';

export { isJsonObject, type JsonObject, parseJsonObject } from './json-object.js';

/** What a provider was asked for, as its failures are told. */
export interface Subject {
  /** Begins a sentence: `The token endpoint`. */
  readonly name: string;
  /** The code of an answer that cannot be used. */
  readonly code: ErrorCode;
  readonly hint: string;
  /** By what the provider is set, for the words of hints. Default: by its issuer. */
  readonly namedBy?: NamedBy | undefined;
  /** Milliseconds since 1970, to count from where `Retry-After` is a date. */
  readonly now: () => number;
  /** Is told what is checked in the answer. */
  readonly observe?: ProviderObserver | undefined;
}

const maxRedirects = 3;

/** The same fetch, whose requests end with the signal too. */
export function withSignal(fetch: Fetch, signal: AbortSignal | undefined): Fetch {
  return signal === undefined ? fetch : (url, init) => fetch(url, { ...init, signal });
}

/** Whether there was no answer at all, or only one of a provider that is down. */
export function isNetworkError(error: unknown): error is LogtoError {
  return error instanceof LogtoError && exitCodeOf(error) === 7;
}

/** An answer that cannot be used, told in the subject's words. `what` ends the sentence. */
export function invalidAnswer(subject: Subject, what: string, details?: ErrorDetails): LogtoError {
  return new LogtoError(subject.code, `${subject.name} ${what}.`, subject.hint, details);
}

/**
 * Sends one request and follows no redirect.
 *
 * @throws LogtoError network codes; `provider_error` for 3xx, 429 and 5xx; the subject's code for more than 1 MB
 */
export async function ask(fetch: Fetch, url: string, init: FetchInit, subject: Subject): Promise<Response> {
  const response = await send(fetch, url, init, subject);
  if (isRedirect(response)) throw redirected(response, url, subject);
  return response;
}

/**
 * Sends a GET and follows at most 3 redirects, as long as they stay within the origin.
 *
 * @throws LogtoError as {@link ask}
 */
export async function askWithinOrigin(
  fetch: Fetch,
  url: string,
  init: FetchInit,
  subject: Subject,
): Promise<Response> {
  let current = url;
  for (let redirects = 0; ; redirects++) {
    const response = await send(fetch, current, init, subject);
    if (!isRedirect(response)) return response;
    const next = locationOf(response, current);
    if (next === null || next.origin !== new URL(url).origin) throw redirected(response, current, subject);
    if (redirects === maxRedirects) throw endlesslyRedirected(response, url, subject);
    current = next.href;
  }
}

/**
 * Reads the JSON object that an answer of an expected status carries, whatever content type it claims.
 *
 * @throws LogtoError the subject's code
 */
export async function readJsonObject(
  response: Response,
  subject: Subject,
  statuses: readonly number[] = [200],
): Promise<JsonObject> {
  const text = await response.text();
  if (!statuses.includes(response.status)) throw unexpectedStatus(response, text, subject);
  const value = parseJsonObject(text);
  if (value === null)
    throw invalidAnswer(subject, `answered with ${describePage(text)}${insteadOfJson(text)}`);
  return value;
}

/** An answer of another status than expected; a refusal in its own words. */
function unexpectedStatus({ status, headers }: Response, text: string, subject: Subject): LogtoError {
  const { error, description } = status < 400 ? silence : providerWords({ body: text, headers });
  const words = [error, description].filter((part) => part !== null).join(': ');
  const said = words === '' ? '' : `, and says ${quoted(words, 300)}`;
  return invalidAnswer(subject, `answered with the status ${status}${said}`, { status });
}

const silence = { error: null, description: null };

/** The same as {@link describeBody}, with the title of a page. */
function describePage(text: string): string {
  const title = pageTitle(text);
  return describeBody(text) + (title === null ? '' : ` with the title ${JSON.stringify(title)}`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function insteadOfJson(text: string): string {
  return looksLikeJson(text) ? '' : ' instead of JSON';
}

function looksLikeJson(text: string): boolean {
  return /^\s*([[{"\d-]|true|false|null)/.test(text);
}

/** What a page begins with: that it is one may be left to a title (HTML, 13.1.2), and stand behind XML's own first line. */
const htmlBegin =
  /^\s*(<\?xml[^>]*>\s*)?<(!--|(!doctype html|html|head|body|title|meta|link|style|script|h[1-6]|p|div|center|pre|table)[\s/>])/i;

/** What a body that is no JSON object is, in a few words. */
export function describeBody(text: string): string {
  if (text.trim() === '') return 'nothing';
  if (htmlBegin.test(text)) return 'an HTML page';
  if (/^\s*</.test(text)) return 'XML';
  if (looksLikeJson(text)) return isJson(text) ? 'JSON that is no object' : 'broken JSON';
  return 'text';
}

/**
 * Sends one request and returns the answer, a redirect too.
 *
 * @throws LogtoError as {@link ask}, but for redirects
 */
export async function send(fetch: Fetch, url: string, init: FetchInit, subject: Subject): Promise<Response> {
  const response = await fetch(url, init).catch((error: unknown) => {
    const limit = error instanceof LogtoError ? error.details?.['limitBytes'] : undefined;
    throw limit === undefined ? error : invalidAnswer(subject, `answered with more than ${limit} bytes`);
  });
  if (response.status === 429 || response.status >= 500) {
    const retryAfter = retryAfterSeconds(response, subject.now());
    throw new LogtoError(
      'provider_error',
      response.status === 429
        ? `${subject.name} is asked too often (429).`
        : `${subject.name} failed with the status ${response.status}.`,
      retryAfter === null
        ? 'Try again later; if it persists, look at the log of the provider.'
        : retryAfter === 0
          ? 'Try again: it may be asked at once.'
          : `Try again in ${counted(retryAfter, 'second')}.`,
      { status: response.status, ...(retryAfter !== null && { retryAfter }) },
    );
  }
  return response;
}

/** Whether an answer sends its reader elsewhere. */
export function isRedirect({ status }: Response): boolean {
  return status >= 300 && status < 400 && status !== 304;
}

/** Where an answer sends its reader; `null` when it does not say. */
export function locationOf(response: Response, base: string): URL | null {
  const location = response.headers.get('location');
  return location !== null && URL.canParse(location, base) ? new URL(location, base) : null;
}

function redirected(response: Response, url: string, subject: Subject): LogtoError {
  const target = locationOf(response, url)?.origin ?? 'nowhere';
  const isOwn = target === new URL(url).origin;
  return new LogtoError(
    'provider_error',
    `${subject.name} redirects to ${target}, and that is not followed.`,
    isOwn
      ? 'Something at that address sends programs to another page of it, such as one to sign in: look for a proxy or a gateway before the provider.'
      : 'Use the address that the provider itself uses, as --endpoint or --issuer; check proxies in between.',
    { status: response.status, location: target },
  );
}

function endlesslyRedirected({ status }: Response, url: string, subject: Subject): LogtoError {
  return new LogtoError(
    'provider_error',
    `${subject.name} redirects more than ${maxRedirects} times.`,
    'Each stayed within the origin, and none led to an answer: look for a proxy or a gateway before the provider that sends programs in a circle.',
    { status, location: new URL(url).origin },
  );
}

/** Seconds of a `Retry-After` header (RFC 9110, section 10.2.3). */
function retryAfterSeconds(response: Response, now: number): number | null {
  const value = response.headers.get('retry-after')?.trim() ?? '';
  const seconds = /^\d{1,9}$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - now) / 1000);
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}
