import { describe, expect, it } from 'vitest';
import { isPlaceholder } from '../../src/profile/placeholder.js';
import { resolveSettings } from '../../src/profile/settings.js';
import { typedAppId, typedEndpoint, typedIssuer, typedRedirectUri } from '../../src/profile/typed-address.js';

describe('a Logto endpoint as people type it', () => {
  it.each([
    ['https://tenant.test', 'https://tenant.test'],
    [' https://tenant.test\n', 'https://tenant.test'],
    ['\uFEFFhttps://tenant.test\r\n', 'https://tenant.test'],
    ['"https://tenant.test"', 'https://tenant.test'],
    ["'https://tenant.test' ", 'https://tenant.test'],
    ['“https://tenant.test”', 'https://tenant.test'],
    ['<https://tenant.test>', 'https://tenant.test'],
    ['tenant.logto.app', 'https://tenant.logto.app'],
    ['//tenant.logto.app', 'https://tenant.logto.app'],
    ['tenant.logto.app:8443', 'https://tenant.logto.app:8443'],
    ['logto:3001', 'https://logto:3001'],
    ['localhost:4000', 'http://localhost:4000'],
    ['127.0.0.1:4000', 'http://127.0.0.1:4000'],
    ['[::1]:4000', 'http://[::1]:4000'],
    ['localhost', 'http://localhost'],
    ['https:/tenant.test', 'https://tenant.test'],
    ['https:tenant.test', 'https://tenant.test'],
    ['https://tenant.test/oidc', 'https://tenant.test'],
    ['https://tenant.test/oidc/', 'https://tenant.test'],
    ['tenant.test/oidc', 'https://tenant.test'],
    ['https://host.test:8443/auth/oidc', 'https://host.test:8443/auth'],
    ['https://tenant.test/oidc/.well-known/openid-configuration', 'https://tenant.test'],
    ['https://tenant.test/oidc/auth?client_id=x&scope=openid', 'https://tenant.test'],
    ['https://tenant.test/sign-in?app_id=x', 'https://tenant.test'],
    ['https://tenant.test/api', 'https://tenant.test'],
  ])('%j is %s', (typed, value) => {
    const found = typedEndpoint(typed);
    expect(found.value).toBe(value);
    expect(found.reasons.length > 0).toBe(typed !== value);
  });

  it.each([
    '',
    'tenant',
    'not an address',
    'ftp://tenant.test',
    'javascript:alert(1)',
    'https://user:sesame@tenant.test/oidc',
    'user:sesame@tenant.test',
    'https://tenant.test/elsewhere',
    'https://tenant.test/oidcs',
    'https://tenant.test/.well-known/openid-configuration',
    'https://tenant.test/?a=b',
  ])('%j is left to be refused, or tried, as it is', (typed) => {
    expect(typedEndpoint(typed)).toEqual({ value: typed, reasons: [] });
  });
});

describe('an address with a password in it', () => {
  it.each([
    ' https://user:sesame@tenant.test ',
    'https:user:sesame@tenant.test',
    '"https://user:sesame@tenant.test/oidc"',
    '<https://user:sesame@tenant.test>',
  ])('is not told as understood: %j', (typed) => {
    expect(typedEndpoint(typed).reasons).toEqual([]);
    expect(typedIssuer(typed).reasons).toEqual([]);
    expect(resolveSettings({ issuer: typed }, [], { profiles: {} }).corrections).toEqual([]);
  });
});

describe('an issuer as people type it', () => {
  it.each([
    ['https://issuer.test/', 'https://issuer.test/'],
    ['https://issuer.test/oidc', 'https://issuer.test/oidc'],
    [' "https://issuer.test/" ', 'https://issuer.test/'],
    ['issuer.test', 'https://issuer.test'],
    ['localhost:8080/realms/a', 'http://localhost:8080/realms/a'],
    ['https://issuer.test/.well-known/openid-configuration', 'https://issuer.test'],
    ['https://issuer.test/a/.well-known/openid-configuration/', 'https://issuer.test/a'],
    ['issuer.test/a/.well-known/oauth-authorization-server', 'https://issuer.test/a'],
    ['https://issuer.test/.well-known/oauth-authorization-server/a', 'https://issuer.test/a'],
    ['https://tenant.test/oidc/auth?client_id=x', 'https://tenant.test/oidc'],
    ['https://kc.test/realms/a/protocol/openid-connect/auth?client_id=x', 'https://kc.test/realms/a'],
    ['https://login.test/{tenantid}/v2.0', 'https://login.test/{tenantid}/v2.0'],
  ])('%j is %s', (typed, value) => {
    const found = typedIssuer(typed);
    expect(found.value).toBe(value);
    expect(found.reasons.length > 0).toBe(typed !== value);
  });
});

describe('other things as people type them', () => {
  it.each([
    ['localhost:3000/callback', 'http://localhost:3000/callback'],
    [' "http://localhost:3000/callback" ', 'http://localhost:3000/callback'],
    ['app.example/callback', 'app.example/callback'],
    ['com.example.app:/callback', 'com.example.app:/callback'],
    ['https://app.example/callback', 'https://app.example/callback'],
    ['none', 'none'],
  ])('the redirect URI %j is %s', (typed, value) => {
    expect(typedRedirectUri(typed).value).toBe(value);
  });

  it.each([[' abc123\r\n'], ['"abc123"'], ["'abc123'"], ['\uFEFFabc123']])(
    'the application %j is abc123',
    (typed) => {
      expect(typedAppId(typed).value).toBe('abc123');
    },
  );
});

describe('settings that were put right', () => {
  it('are told by the name of the flag, the variable, the file or the profile', () => {
    const corrections = (...given: Parameters<typeof resolveSettings>) =>
      resolveSettings(...given).corrections;
    const none = { profiles: {} };
    expect(corrections({ endpoint: 'localhost:4000' }, [], none)).toEqual([
      '--endpoint is taken as http://localhost:4000 (http:// added).',
    ]);
    expect(corrections({}, [{ LOGTO_APP_ID: '"app"', LOGTO_CLI_ISSUER: 'issuer.test' }], none)).toEqual([
      'LOGTO_CLI_ISSUER is taken as https://issuer.test (https:// added).',
      'LOGTO_APP_ID is taken as app (quotes around it left out).',
    ]);
    const profiles = { default: { endpoint: 'https://tenant.test/oidc' } };
    expect(corrections({}, [], { profiles })).toEqual([
      'endpoint of the profile default is taken as https://tenant.test (/oidc left out).',
    ]);
  });

  it('are not told where something stronger is used instead', () => {
    const settings = resolveSettings({ endpoint: 'https://own.test' }, [{ LOGTO_ENDPOINT: 'other.test' }], {
      profiles: {},
    });
    expect(settings.corrections).toEqual([]);
  });
});

describe('a placeholder', () => {
  it.each([
    'https://tenant.logto.app',
    'https://your-tenant.logto.app',
    'https://<tenant>.logto.app',
    'https://[tenant-id].logto.app',
    'https://your-domain.com/oidc',
    'https://my-tenant.logto.app',
    '…',
    '...',
    '<App ID>',
    'your-app-id',
    'replace-with-your-app-id',
  ])('is %s', (text) => {
    expect(isPlaceholder(text)).toBe(true);
  });

  it.each([
    'https://your-app.fly.dev',
    'https://your-company.okta.test',
    'https://x7f3kq.logto.app',
    // To be refused, and not shown.
    'https://user:se...same@tenant.test',
    'https://tenants.logto.app',
    'https://auth.your-server.de',
    'https://login.microsoftonline.com/{tenantid}/v2.0',
    'http://[::1]:4000',
    'http://localhost:4000',
    'abc123',
    'app',
    '',
  ])('is not %j', (text) => {
    expect(isPlaceholder(text)).toBe(false);
  });
});
