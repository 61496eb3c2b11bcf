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
