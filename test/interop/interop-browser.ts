import { CookieJar } from '../../src/headless/cookie-jar.js';
import { createFetch } from '../../src/network/create-fetch.js';

/** Where a browser stands. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly text: string;
}

/** What is sent with a form or a document. */
export interface Sent {
  readonly method?: 'POST' | 'PUT' | 'DELETE';
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

/** A browser that is an HTTP client: it keeps cookies, says that it wants pages, and goes where it is sent. */
export class InteropBrowser {
  readonly #cookies = new CookieJar();
  readonly #fetch = createFetch({ environment: {} });

  /** @param home the origin at which it stops, without asking it for anything */
  constructor(readonly home: string) {}

  /** Goes to an address and wherever that sends it; one at {@link home} is a page without a text. */
  async visit(url: string, sent: Sent = {}): Promise<Page> {
    let [address, what] = [url, sent];
    for (let count = 0; count < 20; count += 1) {
      if (new URL(address).origin === this.home) return { url: address, status: 0, text: '' };
      const response = await this.send(address, what);
      const location = response.headers.get('location');
      if (location === null || response.status < 300 || response.status > 399) {
        return { url: address, status: response.status, text: await response.text() };
      }
      [address, what] = [new URL(location, address).href, {}];
    }
    throw new Error(`${new URL(url).origin} sends browsers round in circles`);
  }

  /** One request, as a page's form or script sends it. No redirect is followed. */
  async send(
    url: string,
    { form, json, method = form || json ? 'POST' : undefined }: Sent,
  ): Promise<Response> {
    const cookie = this.#cookies.header(url);
    const headers = {
      accept: json ? 'application/json' : 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
      ...(method && { origin: new URL(url).origin }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...(cookie !== null && { cookie }),
    };
    const body = form ? new URLSearchParams(form) : json === undefined ? null : JSON.stringify(json);
    const response = await (await this.#fetch)(url, { ...(method && { method }), headers, body });
    this.#cookies.store(url, response.headers);
    return response;
  }

  /** Takes a callback to the program that waits for it. */
  async deliver(callback: string): Promise<Page> {
    const fetch = await this.#fetch;
    const response = await fetch(callback, { headers: { accept: 'text/html' } });
    const location = response.headers.get('location');
    if (location !== null) return this.deliver(new URL(location, callback).href);
    return { url: callback, status: response.status, text: await response.text() };
  }
}
