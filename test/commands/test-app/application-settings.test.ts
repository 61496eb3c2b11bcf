import { describe, expect, it } from 'vitest';
import { applicationOptions, variablesOf } from '../../../src/commands/test-app/application-settings.js';
import { tellingLastWords } from '../../../src/commands/test-app/last-words.js';

const flags = { port: 0, jobs: 4, idTokenAlg: 'RS256' } as const;
const settings = {
  endpoint: 'http://localhost:4000',
  issuer: 'http://localhost:4000/oidc',
  appId: 'test-app',
  appSecret: 'emulator-only-app-secret',
  url: 'http://localhost:8080/',
};

describe('the settings of an application under test', () => {
  it('are in its environment, by the names of others too', () => {
    const given = ['AUTH={issuer}/.well-known', 'BASE={app-url}', 'ODD={unknown}=x', 'OIDC_ISSUER=own'];
    expect(variablesOf(settings, given)).toEqual({
      LOGTO_ENDPOINT: 'http://localhost:4000',
      LOGTO_APP_ID: 'test-app',
      LOGTO_APP_SECRET: 'emulator-only-app-secret',
      OIDC_ISSUER: 'own',
      OIDC_CLIENT_ID: 'test-app',
      OIDC_CLIENT_SECRET: 'emulator-only-app-secret',
      AUTH: 'http://localhost:4000/oidc/.well-known',
      BASE: 'http://localhost:8080',
      ODD: '{unknown}=x',
    });
    const { appSecret: _, ...open } = settings;
    expect(Object.keys(variablesOf(open)).join()).not.toContain('SECRET');
  });

  it('take addresses relative to the start', () => {
    const options = applicationOptions('http://localhost:8080/app/', 'a', {
      ...flags,
      signedIn: '/me',
      signIn: 'go',
      signOut: '/out',
      returnParameter: 'back',
    });
    expect(options).toMatchObject({
      signOutUrl: 'http://localhost:8080/out',
      returnParameter: 'back',
      signedInUrl: 'http://localhost:8080/me',
      signInUrl: 'http://localhost:8080/app/go',
    });
    expect(() => applicationOptions('ftp://x', 'a', flags)).toThrow('<url> is no web address.');
    expect(() => applicationOptions('http://x/', 'a', { ...flags, redirectUri: '/cb' })).toThrow(
      '--redirect-uri',
    );
  });
});

describe('what an application printed last', () => {
  it('is told in few lines, without what its environment keeps secret', () => {
    const tell = tellingLastWords({ SESSION_SECRET: 'abc def ghi', MODE: 'development', API_KEY: 'short' });
    const output = `${'line\n'.repeat(30)}development abc%20def%20ghi short\n\n`;
    const told = tell(output).split('\n');
    expect(told).toHaveLength(15);
    expect(told.at(-1)).toBe('development ‹redacted› short');
  });
});
