import { describe, expect, it } from 'vitest';
import { CookieJar } from '../../src/headless/cookie-jar.js';

const origin = 'http://localhost:4000';
function jarWith(url: string, ...cookies: readonly string[]): CookieJar {
  const jar = new CookieJar();
  jar.store(url, new Headers(cookies.map((cookie): [string, string] => ['set-cookie', cookie])));
  return jar;
}

describe('CookieJar', () => {
  it('gives values back byte for byte', () => {
    const value = '%7B%22a%22%3A1%7D+/="x", y';
    expect(jarWith(origin, `_interaction=${value}; path=/`).header(origin)).toBe(`_interaction=${value}`);
  });

  it.each([
    ['/oidc/auth/1', '/oidc/auth/1', true],
    ['/oidc/auth/1', '/oidc/auth/1/more', true],
    ['/oidc/auth/1', '/oidc/auth/12', false],
    ['/oidc/auth/1', '/oidc/auth', false],
    ['/a/', '/a/b', true],
    ['/', '/anything', true],
  ])('a cookie for %s goes to %s: %s', (path, requested, goes) => {
    expect(jarWith(origin, `a=b; Path=${path}`).header(`${origin}${requested}`) !== null).toBe(goes);
  });

  it('takes the path of the request where none is given', () => {
    const jar = jarWith(`${origin}/one/two?query`, 'a=b');
    expect(jar.header(`${origin}/one/three`)).toBe('a=b');
    expect(jar.header(`${origin}/other`)).toBeNull();
  });

  it('sends the longer path first, and the same name for two paths twice', () => {
    const jar = jarWith(origin, 'a=short; path=/', 'a=long; path=/one');
    expect(jar.header(`${origin}/one`)).toBe('a=long; a=short');
  });

  it('replaces, and forgets what has expired', () => {
    const jar = jarWith(origin, 'a=1; path=/', 'a=2; path=/', 'b=1; path=/');
    expect(jar.header(origin)).toBe('a=2; b=1');
    jar.store(origin, new Headers([['set-cookie', 'a=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT']]));
    expect(jar.header(origin)).toBe('b=1');
    jar.store(
      origin,
      new Headers([['set-cookie', 'b=1; path=/; max-age=0; expires=Fri, 01 Jan 2100 00:00:00 GMT']]),
    );
    expect(jar.header(origin)).toBeNull();
  });

  it('belongs to one origin, unlike in a browser not to every port of its host', () => {
    const jar = jarWith(origin, 'a=b; path=/');
    expect(jar.header(`${origin}/other`)).toBe('a=b');
    expect(jar.header('http://localhost:9')).toBeNull();
    expect(jar.header('https://localhost:4000')).toBeNull();
    expect(jar.header('http://127.0.0.1:4000')).toBeNull();
  });

  it('takes no cookie for another domain, and none without a name', () => {
    expect(jarWith(origin, 'a=b; domain=example.com', '=b', 'nonsense').header(origin)).toBeNull();
  });

  it('keeps secure cookies from plain HTTP off loopback', () => {
    expect(jarWith('https://example.com', 'a=b; secure').header('http://example.com')).toBeNull();
    expect(jarWith(origin, 'a=b; secure').header(origin)).toBe('a=b');
  });
});

const app = 'http://localhost:8080';
const provider = 'http://localhost:4000';
function browserWith(url: string, ...cookies: readonly string[]): CookieJar {
  const jar = new CookieJar({ isShared: true });
  jar.store(url, new Headers(cookies.map((cookie): [string, string] => ['set-cookie', cookie])));
  return jar;
}

describe('CookieJar of a browser', () => {
  it('shares cookies between the ports of a host, and knows who set each', () => {
    const jar = browserWith(app, 'a=b; path=/; HttpOnly; SameSite=Strict');
    expect(jar.header(provider)).toBe('a=b');
    expect(jar.header('http://127.0.0.1:8080')).toBeNull();
    expect(jar.list()).toMatchObject([{ setBy: app, host: 'localhost', httpOnly: true, sameSite: 'strict' }]);
    jar.store(provider, new Headers([['set-cookie', 'a=c; path=/']]));
    expect(jar.list()).toMatchObject([{ value: 'c', setBy: provider }]);
  });

  it('takes a cookie for a domain to the hosts below it, and none for a stranger or a name without a dot', () => {
    const jar = browserWith(
      'https://app.example.test',
      'a=b; Domain=.Example.Test',
      'c=d; domain=other.test',
      'e=f; domain=test',
    );
    expect(jar.header('https://www.example.test/')).toBe('a=b');
    expect(jar.header('https://badexample.test/')).toBeNull();
    expect(jar.list()).toHaveLength(1);
    expect(browserWith('http://10.0.0.1', 'a=b; domain=0.0.1').list()).toEqual([]);
    expect(jarWith('https://app.example.test', 'a=b; domain=example.test').list()).toEqual([]);
  });

  it.each([
    ['__Host-a=b; Secure; Path=/', true],
    ['__host-a=b; Path=/', false],
    ['__Host-a=b; Secure', false],
    ['__Host-a=b; Secure; Path=/; Domain=example.test', false],
    ['__Secure-a=b; Secure', true],
    ['__SECURE-a=b', false],
    ['a=b; SameSite=None', false],
    ['a=b; SameSite=None; Secure', true],
    [`a=${'b'.repeat(4095)}`, true],
    [`a=${'b'.repeat(4096)}`, false],
    ['a=b\u0001', false],
  ])('keeps %.60s: %s', (cookie, isKept) => {
    expect(browserWith('https://example.test/x', cookie).list()).toHaveLength(isKept ? 1 : 0);
  });

  it('takes Secure without TLS from this machine alone', () => {
    expect(browserWith(app, 'a=b; Secure').header(app)).toBe('a=b');
    expect(browserWith('http://app.localhost:1', 'a=b; Secure').list()).toHaveLength(1);
    expect(browserWith('http://example.test', 'a=b; Secure').list()).toEqual([]);
  });

  it('keeps the two hundred youngest', () => {
    const jar = browserWith(app, ...Array.from({ length: 201 }, (_, index) => `c${index}=v`));
    expect(jar.list()).toHaveLength(200);
    expect(jar.list()[0]?.name).toBe('c1');
  });

  it.each([
    ['Strict', 'GET', false],
    ['Lax', 'GET', true],
    ['Lax', 'POST', false],
    ['None; Secure', 'POST', true],
    ['Nonsense', 'POST', true],
  ])(
    'a cookie of SameSite=%s goes along when another site leads there by %s: %s',
    (sameSite, method, goes) => {
      const jar = browserWith('https://app.test', `a=b; SameSite=${sameSite}`);
      const to = 'https://app.test/callback';
      expect(jar.header(to, { method, from: 'https://provider.example/page' }) !== null).toBe(goes);
      expect(jar.header(to, { method, from: 'https://www.app.test/page' })).toBe('a=b');
      expect(jar.header(to, { method })).toBe('a=b');
    },
  );

  it('takes ports for one site, and schemes and names of this machine for several', () => {
    const jar = browserWith(app, 'a=b; SameSite=Strict');
    expect(jar.header(app, { from: provider })).toBe('a=b');
    expect(jar.header(app, { from: 'https://localhost:4000' })).toBeNull();
    expect(jar.header(app, { from: 'http://127.0.0.1:4000' })).toBeNull();
  });

  it('lets a cookie that says nothing of SameSite go along with a form for two minutes only', () => {
    const jar = new CookieJar({ isShared: true });
    const [cookie] = browserWith('https://app.test', 'a=b').list();
    if (cookie === undefined) throw new Error('there is none');
    jar.add([{ ...cookie, setAt: Date.now() - 121_000 }]);
    const from = 'https://provider.example/';
    expect(jar.header('https://app.test', { method: 'POST', from })).toBeNull();
    expect(jar.header('https://app.test', { from })).toBe('a=b');
  });
});
