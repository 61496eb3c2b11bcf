import { describe, expect, it } from 'vitest';
import { issuerOf } from '../../src/client/logto-config.js';
import { loopbackRedirect } from '../../src/loopback/loopback-redirect.js';
import { checkIssuer } from '../../src/oidc/check-provider.js';
import { isLoopbackHost } from '../../src/oidc/issuer-url.js';

describe('an issuer', () => {
  it.each([
    'https://tenant.logto.app/oidc',
    'https://provider.test:8443/',
    'http://localhost:3001/oidc',
    'http://127.0.0.1',
    'http://127.1.2.3:4000/oidc',
    'http://[::1]:3001/oidc',
  ])('%s may be asked', (issuer) => {
    expect(checkIssuer(issuer).href).toBe(new URL(issuer).href);
  });

  it.each([
    'http://tenant.logto.app/oidc',
    'http://0.0.0.0:3001',
    'http://[::]:3001',
    'http://10.0.0.1',
    'http://localhost.evil.test',
    'http://127.0.0.1.evil.test',
    'http://[::ffff:127.0.0.1]',
  ])('%s is insecure', (issuer) => {
    expect(() => checkIssuer(issuer)).toThrow(
      expect.objectContaining({ code: 'issuer_insecure', hint: expect.stringContaining('https://') }),
    );
  });

  it.each([
    '',
    'provider.test',
    'localhost:3001/oidc',
    'ftp://provider.test',
    'https://',
    'https://provider.test/?a=b',
    'https://provider.test/?',
    'https://provider.test/#a',
    'https://user@provider.test/',
    'https://user:sesame@provider.test/',
    'https://provider.test/a\tb',
    'https://pro\nvider.test/',
  ])('%j is invalid', (issuer) => {
    let error: unknown;
    try {
      checkIssuer(issuer);
    } catch (reason) {
      error = reason;
    }
    expect(error).toMatchObject({ code: 'config_invalid' });
    expect(String(error)).not.toContain('sesame');
  });
});

describe('an address with a port that there is not', () => {
  it.each(['http://localhost:99999', 'https://provider.test:65536/oidc', 'https://[::1]:70000'])(
    '%s is told so, wherever it stands',
    (address) => {
      const words = expect.stringMatching(
        / has the port (99999|65536|70000), and the last one there is 65535/,
      );
      const refused = expect.objectContaining({ code: 'config_invalid', message: words });
      expect(() => checkIssuer(address)).toThrow(refused);
      expect(() => issuerOf({ endpoint: address })).toThrow(refused);
      expect(() => loopbackRedirect({ kind: 'sign-in', redirectUri: address })).toThrow(refused);
    },
  );

  it.each(['https://user:99999@provider.test:x', 'https://provider.test:x', 'https://a:1:99999x'])(
    '%s is not told of it',
    (address) => {
      expect(() => checkIssuer(address)).toThrow('is not an http(s) address');
    },
  );
});

describe('a loopback host', () => {
  it.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.255.255.254', '[::1]'])('is %s', (host) => {
    expect(isLoopbackHost(host)).toBe(true);
  });

  it.each(['0.0.0.0', '[::]', '128.0.0.1', 'localhost.', 'a.localhost', '127.0.0.1.test', ''])(
    'is not %j',
    (host) => {
      expect(isLoopbackHost(host)).toBe(false);
    },
  );
});
