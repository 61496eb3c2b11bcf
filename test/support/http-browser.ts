import type { BrowserOpener } from '../../src/browser/browser.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import { followSignIn, followSignOut } from '../../src/headless/follow-sign-in.js';
import type { Fetch } from '../../src/network/fetch.js';

/** Where a tab ended up. */
export interface ShownPage {
  readonly url: string;
  readonly status: number;
  readonly text: string;
}

/** A browser that is an HTTP client: what it is given, and every page it ends up on, is written down. */
export class HttpBrowser implements BrowserOpener {
  readonly opened: string[] = [];
  readonly pages: ShownPage[] = [];
  readonly cookies = new CookieJar();
  readonly #journeys: Promise<void>[] = [];

  /**
   * @param fetch follows no redirect
   * @param visit what the person does with an address that is opened
   */
  constructor(
    readonly fetch: Fetch,
    readonly visit: (url: string, browser: HttpBrowser) => Promise<void>,
  ) {}

  available(): boolean {
    return true;
  }

  async open(address: string): Promise<boolean> {
    const url = await this.#ledTo(address);
    this.opened.push(url);
    const journey = this.visit(url, this);
    // Told by `finished`, not as an unhandled rejection in between.
    journey.catch(() => {});
    this.#journeys.push(journey);
    return true;
  }

  /** Where an address of the program leads that works once: the page that is meant. */
  async #ledTo(address: string): Promise<string> {
    if (!new URL(address).pathname.startsWith('/start/')) return address;
    const led = await this.fetch(address).catch(() => null);
    return led?.headers.get('location') ?? address;
  }

  /** Goes to an address and follows where that sends it, as long as that is not another site. */
  async show(url: string): Promise<ShownPage> {
    const response = await this.fetch(url);
    const location = response.headers.get('location');
    if (location !== null) return this.show(new URL(location, url).href);
    const page = { url, status: response.status, text: await response.text() };
    this.pages.push(page);
    return page;
  }

  /** Waits until every journey has ended. */
  async finished(): Promise<void> {
    await Promise.all(this.#journeys);
  }
}

/** What a person does who signs in with this name, or comes to sign out. */
export function personNamed(user: { readonly username: string; readonly password: string }, signUp = false) {
  return async (url: string, browser: HttpBrowser): Promise<void> => {
    const { fetch, cookies } = browser;
    const callback = await followSignIn({ ...user, authorizationUrl: url, fetch, cookies, signUp });
    await browser.show(callback);
  };
}

/**
 * The same, and something happens when the sign-in has come through, before the browser fetches its last page.
 */
export function personBefore(
  user: { readonly username: string; readonly password: string },
  lastPage: () => Promise<unknown>,
) {
  return async (url: string, browser: HttpBrowser): Promise<void> => {
    const { fetch, cookies } = browser;
    const callback = await followSignIn({ ...user, authorizationUrl: url, fetch, cookies });
    const location = (await fetch(callback)).headers.get('location') ?? '';
    await lastPage();
    await browser.show(new URL(location, callback).href);
  };
}

/** What a person does who wants to sign out; an address that only leads on is followed first. */
export async function confirmSignOut(url: string, browser: HttpBrowser): Promise<void> {
  const { fetch, cookies } = browser;
  const isDetour = new URL(url).pathname.startsWith('/continue/');
  const endSessionUrl = isDetour ? ((await fetch(url)).headers.get('location') ?? '') : url;
  await browser.show(await followSignOut({ endSessionUrl, fetch, cookies }));
}

/** What a provider does that sends the browser straight back with these parameters. */
export function sentBackWith(parameters: Readonly<Record<string, string>>) {
  return async (url: string, browser: HttpBrowser): Promise<void> => {
    await browser.show(callbackOf(url, parameters));
  };
}

/** The callback of this authorization request, with its state and further parameters. */
export function callbackOf(authorizationUrl: string, parameters: Readonly<Record<string, string>>): string {
  const request = new URL(authorizationUrl).searchParams;
  const url = new URL(request.get('redirect_uri') ?? '');
  const given = { state: request.get('state') ?? '', ...parameters };
  for (const [name, value] of Object.entries(given)) url.searchParams.set(name, value);
  return url.href;
}
