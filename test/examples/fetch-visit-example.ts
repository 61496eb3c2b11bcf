import { CookieJar, startEmulator, type TestedPage, testApplication } from 'logto-cli/testing';
import { expect, it } from 'vitest';
import { startPlainApplication } from './plain-application.js';

/** A browser that keeps cookies, follows redirects, and does nothing else. */
class FetchPage implements TestedPage {
  #url = 'about:blank';
  #text = '';

  constructor(private readonly cookies: CookieJar) {}

  async goto(address: string): Promise<{ status(): number }> {
    this.#url = address;
    for (;;) {
      const cookie = this.cookies.header(this.#url);
      const headers: HeadersInit = cookie === null ? {} : { cookie };
      const response = await fetch(this.#url, { redirect: 'manual', headers });
      this.cookies.store(this.#url, response.headers);
      this.#text = await response.text();
      const location = response.headers.get('location');
      if (location === null) return { status: () => response.status };
      this.#url = new URL(location, this.#url).href;
    }
  }

  url = () => this.#url;
  content = async () => this.#text;
  close = async () => {};
}

it('the application signs people in, and nobody else', async () => {
  const emulator = await startEmulator();
  const application = await startPlainApplication({ issuer: emulator.issuer });
  try {
    const { checks } = await testApplication({
      emulator,
      url: application.url,
      newContext: async () => {
        const cookies = new CookieJar();
        return { newPage: async () => new FetchPage(cookies), close: async () => {} };
      },
      visit: (page) => page.goto(`${application.url}sign-in`),
      isSignedIn: async (page) => (await page.content()).includes('Signed in as'),
    });
    const wrong = checks.filter(({ outcome }) => outcome !== 'passed' && outcome !== 'skipped');
    expect(wrong).toEqual([]);
  } finally {
    await application.close();
    await emulator.close();
  }
});
