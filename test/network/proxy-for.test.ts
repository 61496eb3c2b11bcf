import { describe, expect, it } from 'vitest';
import { type Environment, proxyFor } from '../../src/network/proxy-for.js';

function proxyOf(target: string, environment: Environment): string | null {
  return proxyFor(new URL(target), environment)?.href ?? null;
}

describe('the choice of a proxy', () => {
  const both = { HTTPS_PROXY: 'http://secure.test:1', HTTP_PROXY: 'http://plain.test:2' };

  it('goes by the scheme of the target', () => {
    expect(proxyOf('https://a.test/x', both)).toBe('http://secure.test:1/');
    expect(proxyOf('http://a.test/x', both)).toBe('http://plain.test:2/');
    expect(proxyOf('https://a.test', { HTTP_PROXY: 'http://plain.test:2' })).toBeNull();
    expect(proxyOf('https://a.test', {})).toBeNull();
  });

  it('prefers lower-case variables, and takes an empty one for none', () => {
    expect(proxyOf('https://a.test', { ...both, https_proxy: 'http://lower.test' })).toBe(
      'http://lower.test/',
    );
    expect(proxyOf('https://a.test', { ...both, https_proxy: '' })).toBeNull();
  });

  it.each(['localhost', '127.0.0.1', '127.9.9.9', '[::1]', 'LOCALHOST'])('is none for %s', (host) => {
    expect(proxyOf(`https://${host}:8443/`, both)).toBeNull();
    expect(proxyOf(`http://${host}:8080/`, both)).toBeNull();
  });

  it.each([
    ['a.test', true],
    ['other.test, a.test', true],
    ['other.test a.test', true],
    ['test', true],
    ['.test', true],
    ['*.test', true],
    ['A.TEST', true],
    ['*', true],
    ['a.test:443', true],
    ['a.test:8443', false],
    ['b.a.test', false],
    ['.a.test.', false],
    ['est', false],
    ['', false],
  ])('NO_PROXY=%s excepts a.test: %s', (NO_PROXY, excepted) => {
    expect(proxyOf('https://a.test/', { ...both, NO_PROXY })).toBe(excepted ? null : 'http://secure.test:1/');
    expect(proxyOf('https://a.test/', { ...both, no_proxy: NO_PROXY })).toBe(
      excepted ? null : 'http://secure.test:1/',
    );
  });

  it.each([
    ['10.0.0.0/8', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'https://11.1.2.3', false],
    ['10.0.0.0/99', 'https://10.1.2.3', false],
    ['10.0.0.0/8', 'https://a.test', false],
    ['10.1.2.3:443', 'https://10.1.2.3', true],
    ['fd00::/8', 'https://[fd00::1]', true],
    ['10.0.0.0/8', 'https://[fd00::1]', false],
    ['[fd00::1]:443', 'https://[fd00::1]', true],
    ['[fd00::1]:444', 'https://[fd00::1]', false],
    ['fd00::1', 'https://[fd00::1]', true],
  ])('NO_PROXY=%s excepts %s: %s', (NO_PROXY, target, excepted) => {
    expect(proxyOf(target, { ...both, NO_PROXY })).toBe(excepted ? null : 'http://secure.test:1/');
  });

  it('takes an address without a scheme for http', () => {
    expect(proxyOf('https://a.test', { HTTPS_PROXY: 'proxy.test:8080' })).toBe('http://proxy.test:8080/');
  });

  it.each([
    'http://user:se/same@proxy.test:8080',
    'http://user:12/sesame@proxy.test:8080',
    'http://user:12?sesame@proxy.test',
    'user:12#sesame@proxy.test',
    'http://user:100%sesame@proxy.test:8080',
    'http://user:sesame@proxy.test:x',
    'socks5://user:sesame@proxy.test',
    'http://user:sesame@',
  ])('refuses %s without telling anything of its password, and says how to write one', (value) => {
    for (const name of ['HTTPS_PROXY', 'https_proxy']) {
      let error: unknown;
      try {
        proxyOf('https://a.test', { [name]: value });
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining(name),
        hint: expect.stringContaining('%2F'),
      });
      const told = `${(error as Error).message} ${(error as { hint: string }).hint} ${JSON.stringify(error)}`;
      expect(told).not.toMatch(/same|user:12|100%/);
    }
  });

  it.each(['socks5://proxy.test', 'http://', 'a b'])(
    'refuses %s as a proxy, and names the variable',
    (value) => {
      expect(() => proxyOf('https://a.test', { HTTPS_PROXY: value })).toThrow(
        expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining('HTTPS_PROXY') }),
      );
    },
  );
});
