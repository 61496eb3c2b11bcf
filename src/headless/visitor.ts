import { LogtoError } from '../errors.js';
import type { Fetch } from '../network/fetch.js';
import { readHtml } from '../oidc/html.js';
import { Headers } from '../whole-response.js';
import { CookieJar } from './cookie-jar.js';
import { type Browserless, type BrowserRequest, follow, type Way } from './follow.js';
import { formRequest, type HtmlForm, readForms } from './html-form.js';

/** Where a browser that was sent to an address ended up. */
export interface VisitedPage {
  /** Of the page, or the address that was not asked for, or not answered. */
  readonly url: string;
  /** 0 where there was no answer. */
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  /** Every address that was asked for on the way, and what it was answered; `null`: it was not, or not asked for. */
  readonly trail: readonly VisitedAddress[];
  /**
   * `elsewhere`: it led out of bounds. `hang`: no answer in time. `cut`: the connection was not made or broke. `too-much`:
   * more bytes, or more redirects, than any page has.
   */
  readonly end: 'page' | 'elsewhere' | 'hang' | 'cut' | 'too-much';
}

/** One address of a way. */
export interface VisitedAddress {
  readonly url: string;
  readonly method: string;
  readonly status: number | null;
}

/** One browser's bounds. */
export interface VisitorOptions {
  /** It must follow no redirect; its limits are those of a visit. */
  readonly fetch: Fetch;
  /** Whether this address may be asked for; others end a visit. */
  readonly isInBounds: (address: URL) => boolean;
  /** What is sent along to this address, beside what every browser sends. */
  readonly headersFor?: (address: URL) => Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/**
 * Decides about a request that the browser was led to: it is sent, as it is or another, or it is not.
 *
 * @param from the address that led there; `null` for the first request of a visit
 */
export type Intercept = (
  request: BrowserRequest,
  from: string | null,
) => BrowserRequest | null | Promise<BrowserRequest | null>;

/** More than any sign-in has. */
const mostRedirects = 30;
/** More pages that lead on by themselves than any sign-in has. */
const mostPages = 10;

/**
 * One browser that is none, before applications: it keeps cookies as a browser does, goes wherever it is led within its
 * bounds, sends the forms of pages that send themselves, and runs no scripts. It throws for nothing that an application
 * does.
 */
export class Visitor {
  readonly cookies = new CookieJar({ isShared: true });

  constructor(readonly options: VisitorOptions) {}

  /** Another browser within the same bounds. */
  another(): Visitor {
    return new Visitor(this.options);
  }

  /**
   * Sends a request, and goes where it leads.
   *
   * @throws the signal's reason
   */
  async go(request: BrowserRequest, intercept: Intercept = (wanted) => wanted): Promise<VisitedPage> {
    const trail: VisitedAddress[] = [];
    const browser = this.#browser(trail);
    const ended = (end: VisitedPage['end'], url: string, status = 0, text = '', headers = new Headers()) => {
      return { url, status, text, headers, trail, end };
    };
    const decide = async (wanted: BrowserRequest, from: string | null): Promise<BrowserRequest | null> => {
      const sent = this.#isInBounds(wanted) ? await intercept(wanted, from) : null;
      if (sent === null) trail.push({ url: wanted.url, method: wanted.method ?? 'GET', status: null });
      return sent;
    };
    let next = request;
    let from: string | null = null;
    for (let pages = 0; pages < mostPages; pages += 1) {
      const first = await decide(next, from);
      if (first === null) return ended('elsewhere', next.url);
      let isEndless = false;
      try {
        const end = await follow(browser, first, {
          next: (address, answeredBy) => this.#way(address, answeredBy, decide),
          limit: mostRedirects,
          endless: () => {
            isEndless = true;
            return new Error('It redirects without an end.');
          },
        });
        if (end.kind === 'stop') return ended('elsewhere', end.url);
        const { status, headers } = end.response;
        const text = await end.response.text();
        const onward = leadingOn(text, end.url, headers);
        if (onward === null) return ended('page', end.url, status, text, headers);
        next = onward;
        from = end.url;
      } catch (error) {
        this.options.signal?.throwIfAborted();
        const url = trail.at(-1)?.url ?? next.url;
        if (isEndless) return ended('too-much', url, trail.at(-1)?.status ?? 0);
        return ended(endOf(error), url);
      }
    }
    return ended('too-much', next.url);
  }

  async #way(
    address: URL,
    answeredBy: string,
    decide: (wanted: BrowserRequest, from: string) => Promise<BrowserRequest | null>,
  ): Promise<Way> {
    const sent = await decide({ url: address.href }, answeredBy);
    return sent === null ? { stop: address } : { ask: new URL(sent.url) };
  }

  #browser(trail: VisitedAddress[]): Browserless {
    const { fetch, headersFor, signal } = this.options;
    return {
      cookies: this.cookies,
      fetch: (url, init) =>
        fetch(url, { ...init, headers: { ...init?.headers, ...headersFor?.(new URL(url)) } }),
      onAnswer: ({ url, method = 'GET' }, status) => trail.push({ url, method, status }),
      ...(signal && { signal }),
    };
  }

  #isInBounds({ url }: BrowserRequest): boolean {
    const address = new URL(url);
    return /^https?:$/.test(address.protocol) && this.options.isInBounds(address);
  }
}

/** @throws what is no failure of the network */
function endOf(error: unknown): VisitedPage['end'] {
  if (!(error instanceof LogtoError)) throw error;
  if (error.code === 'request_timeout') return 'hang';
  return error.details?.['limitBytes'] === undefined ? 'cut' : 'too-much';
}

/** What a page does by itself: it refreshes to another address, or its script sends its only form, of hidden fields. */
function leadingOn(text: string, url: string, headers: Headers): BrowserRequest | null {
  if (!/html/i.test(headers.get('content-type') ?? '')) return null;
  const target = refreshTarget(text);
  if (target !== null && URL.canParse(target, url)) return { url: new URL(target, url).href, from: url };
  const form = selfSubmitting(text);
  return form === null ? null : formRequest(form, url);
}

function selfSubmitting(text: string): HtmlForm | null {
  if (!/\.submit\(|requestSubmit\(/.test(text)) return null;
  const [form, ...others] = readForms(text);
  return form?.hidden && others.length === 0 ? form : null;
}

/** Of `<meta http-equiv="refresh" content="0; url=…">`, where nobody could read the page before. */
function refreshTarget(text: string): string | null {
  for (const piece of readHtml(text)) {
    if (piece.kind !== 'open' || piece.name !== 'meta') continue;
    if (piece.attributes.get('http-equiv')?.toLowerCase() !== 'refresh') continue;
    const [delay = '', ...rest] = (piece.attributes.get('content') ?? '').split(/[;,]/);
    const [name = '', ...value] = rest.join(';').split('=');
    if (Number.parseFloat(delay) > 1 || name.trim().toLowerCase() !== 'url') return null;
    return value
      .join('=')
      .trim()
      .replace(/^(['"])(.*)\1$/, '$2');
  }
  return null;
}
