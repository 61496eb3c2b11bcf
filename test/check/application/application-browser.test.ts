import { expect, it } from 'vitest';
import { ApplicationBrowser } from '../../../src/check/application/application-browser.js';
import { Visitor } from '../../../src/headless/visitor.js';

it('gives a copied cookie to another browser as it was, for subdomains or for its host alone', async () => {
  const sent: string[] = [];
  const visitor = new Visitor({
    fetch: async (url, init) => {
      sent.push(`${new URL(url).host}: ${new Headers(init?.headers).get('cookie') ?? ''}`);
      const headers = new Headers();
      if (!url.endsWith('/set')) return new Response('');
      headers.append('set-cookie', 'wide=1; Domain=example.test; Secure; SameSite=Lax');
      headers.append('set-cookie', 'narrow=1; Secure');
      return new Response('', { headers });
    },
    isInBounds: () => true,
  });
  const browser = new ApplicationBrowser(visitor, {
    startUrl: 'https://www.example.test/',
    signedInUrl: 'https://www.example.test/',
    oracle: null,
    signOutUrl: undefined,
    way: [],
    isProvider: () => false,
    users: [],
  });
  await browser.open('https://www.example.test/set');
  const copy = await browser.withCookies(await browser.cookies());
  expect(await copy.cookies()).toEqual(await browser.cookies());
  for (const host of ['www', 'api']) await copy.open(`https://${host}.example.test/`);
  expect(sent).toEqual([
    'www.example.test: ',
    'www.example.test: wide=1; narrow=1',
    'api.example.test: wide=1',
  ]);
});
