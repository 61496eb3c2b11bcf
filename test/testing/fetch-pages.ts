import { CookieJar, type TestedBrowser, type TestedPage } from '../../src/testing.js';

/** A page that is fetched: no scripts, and nothing that is optional. */
export class FetchPage implements TestedPage {
  #url = 'about:blank';
  #text = '';

  constructor(private readonly cookies: CookieJar) {}

  async goto(address: string): Promise<void> {
    this.#url = address;
    for (;;) {
      const cookie = this.cookies.header(this.#url);
      const headers: HeadersInit = cookie === null ? {} : { cookie };
      const response = await fetch(this.#url, { redirect: 'manual', headers });
      this.cookies.store(this.#url, response.headers);
      this.#text = await response.text();
      const location = response.headers.get('location');
      if (location === null) return;
      this.#url = new URL(location, this.#url).href;
    }
  }

  url = () => this.#url;
  content = async () => this.#text;
  close = async () => {};
}

/** Browsers of such pages, and how many of them are open. */
export function fetchBrowsers() {
  const browsers = {
    open: 0,
    newContext: async (): Promise<TestedBrowser<FetchPage>> => {
      const cookies = new CookieJar();
      browsers.open += 1;
      return {
        newPage: async () => new FetchPage(cookies),
        close: async () => {
          browsers.open -= 1;
        },
      };
    },
  };
  return browsers;
}
