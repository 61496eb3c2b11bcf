import { describe, expect, it } from 'vitest';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import { type Browserless, follow, type Way } from '../../src/headless/follow.js';
import type { FetchInit } from '../../src/network/fetch.js';

/** A browser at a server that answers by path, and the requests that it sent. */
function browserAt(
  answers: Readonly<Record<string, readonly [status: number, headers?: Record<string, string>]>>,
) {
  const sent: (FetchInit & { readonly url: string })[] = [];
  const told: (readonly [string, number | null])[] = [];
  const browser: Browserless = {
    cookies: new CookieJar({ isShared: true }),
    onAnswer: ({ url }, status) => told.push([new URL(url).pathname, status]),
    fetch: async (url, init = {}) => {
      sent.push({ url, ...init });
      const answer = answers[new URL(url).pathname];
      if (answer === undefined) throw new Error('cut');
      return new Response(null, { status: answer[0], headers: answer[1] ?? {} });
    },
  };
  return { browser, sent, told };
}

const origin = 'http://localhost:8080';
const anywhere = {
  next: (ask: URL): Way => ({ ask }),
  limit: 5,
  endless: () => new Error('endless'),
};

describe('follow', () => {
  it('goes on with a GET after a form, but where the answer wants the form sent on', async () => {
    const { browser, sent, told } = browserAt({
      '/form': [307, { location: '/again' }],
      '/again': [303, { location: '/page', 'set-cookie': 'a=b' }],
      '/page': [200],
    });
    const body = new URLSearchParams({ name: 'alice' });
    const end = await follow(browser, { url: `${origin}/form`, method: 'POST', body }, anywhere);
    expect(end).toMatchObject({ kind: 'answer', url: `${origin}/page` });
    expect(sent.map(({ method, body: form }) => [method, String(form)])).toEqual([
      ['POST', 'name=alice'],
      ['POST', 'name=alice'],
      ['GET', 'undefined'],
    ]);
    expect(sent.at(-1)?.headers).toMatchObject({ cookie: 'a=b' });
    expect(told).toEqual([
      ['/form', 307],
      ['/again', 303],
      ['/page', 200],
    ]);
  });

  it('asks for what it is told to ask for, and stops where it is told to', async () => {
    const { browser, sent } = browserAt({
      '/start': [302, { location: '/one' }],
      '/two': [302, { location: '/end' }],
    });
    const end = await follow(
      browser,
      { url: `${origin}/start` },
      {
        ...anywhere,
        next: async (address) =>
          address.pathname === '/one' ? { ask: new URL('/two', address) } : { stop: address },
      },
    );
    expect(end).toEqual({ kind: 'stop', url: `${origin}/end` });
    expect(sent.map(({ url }) => new URL(url).pathname)).toEqual(['/start', '/two']);
  });

  it('remembers over redirects which page led there', async () => {
    const { browser, sent } = browserAt({ '/start': [302, { location: '/end' }], '/end': [200] });
    browser.cookies.store(origin, new Headers([['set-cookie', 'strict=1; SameSite=Strict']]));
    await follow(browser, { url: `${origin}/start`, from: 'http://127.0.0.1:1/' }, anywhere);
    expect(sent.map(({ headers }) => headers?.['cookie'])).toEqual([undefined, undefined]);
  });

  it('ends a way without an end, tells of what is not answered, and takes a redirect to nowhere for a page', async () => {
    const { browser, told } = browserAt({ '/loop': [302, { location: '/loop' }], '/nowhere': [302] });
    await expect(follow(browser, { url: `${origin}/loop` }, anywhere)).rejects.toThrow('endless');
    expect(await follow(browser, { url: `${origin}/nowhere` }, anywhere)).toMatchObject({ kind: 'answer' });
    await expect(follow(browser, { url: `${origin}/cut` }, anywhere)).rejects.toThrow('cut');
    expect(told.at(-1)).toEqual(['/cut', null]);
  });
});
