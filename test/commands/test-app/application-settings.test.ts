import { describe, expect, it } from 'vitest';
import { applicationOptions, variablesOf } from '../../../src/commands/test-app/application-settings.js';
import type { TestAppFlags } from '../../../src/commands/test-app/test-app-flags.js';
import { failureOf } from '../../support/failure-of.js';

const flags = { port: 0, jobs: 4, idTokenAlgorithm: 'RS256' } as const;
const settings = {
  endpoint: 'http://localhost:4000',
  issuer: 'http://localhost:4000/oidc',
  appId: 'test-app',
  appSecret: 'emulator-only-app-secret',
  url: 'http://localhost:8080/',
};

describe('the settings of an application under test', () => {
  it('are in its environment, by the names of others too', () => {
    const given = ['AUTH={issuer}/.well-known', 'BASE={app-url}', 'ODD={"a":1}=x', 'OIDC_ISSUER=own'];
    expect(variablesOf(settings, given)).toEqual({
      LOGTO_ENDPOINT: 'http://localhost:4000',
      LOGTO_APP_ID: 'test-app',
      LOGTO_APP_SECRET: 'emulator-only-app-secret',
      OIDC_ISSUER: 'own',
      OIDC_CLIENT_ID: 'test-app',
      OIDC_CLIENT_SECRET: 'emulator-only-app-secret',
      AUTH: 'http://localhost:4000/oidc/.well-known',
      BASE: 'http://localhost:8080',
      ODD: '{"a":1}=x',
    });
    const { appSecret: _, ...open } = settings;
    // Taken out of what is handed on, and not just left as it is there.
    expect(variablesOf(open)).toMatchObject({ LOGTO_APP_SECRET: undefined, OIDC_CLIENT_SECRET: undefined });
    expect(variablesOf(open, ['OIDC_CLIENT_SECRET=own'])).toMatchObject({ OIDC_CLIENT_SECRET: 'own' });
    const all = ['{issuer} {endpoint} {app-id} {app-secret} {app-url} {ca-file}'].map(
      (text) => `ALL=${text}`,
    );
    expect(variablesOf({ ...settings, caFile: '/ca.pem' }, all)).toMatchObject({
      ALL: 'http://localhost:4000/oidc http://localhost:4000 test-app emulator-only-app-secret http://localhost:8080 /ca.pem',
      NODE_EXTRA_CA_CERTS: '/ca.pem',
    });
  });

  it('know no other names than they say', async () => {
    const { code, message, hint } = await failureOf(() => variablesOf(settings, ['ID={app_id}']));
    expect(code).toBe('usage_invalid');
    expect(message).toBe('{app_id} in --env stands for nothing.');
    expect(hint).toContain('{app-id}');
  });

  it('holds no name and no password, and a refusal repeats neither', () => {
    const given = 'http://somebody:hunter2@localhost:8080/';
    for (const [url, flags] of [
      [given, {}],
      ['http://localhost:8080/', { signIn: given }],
    ] as const) {
      const failure = (() => {
        try {
          return applicationOptions(url, 'a', flags as TestAppFlags);
        } catch (error) {
          return error;
        }
      })();
      expect(failure).toMatchObject({ code: 'config_invalid' });
      expect(`${failure}${JSON.stringify(failure)}`).not.toMatch(/somebody|hunter2/);
    }
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
