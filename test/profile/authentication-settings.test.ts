import { describe, expect, it } from 'vitest';
import type { Profile } from '../../src/profile/config-file.js';
import { resolveSettings, type SettingFlags, type Variables } from '../../src/profile/settings.js';
import { failureOf } from '../support/failure-of.js';

const settle = (flags: SettingFlags, variables: Variables = {}, profile: Profile = {}) =>
  resolveSettings(flags, [variables], { profiles: { default: profile } });

describe('how the application authenticates', () => {
  const profile = {
    issuer: 'https://issuer.test',
    appId: 'app',
    authMethod: 'private_key_jwt',
    clientKey: '/profile.pem',
  };

  it('is what the flag says, then the variable, then the profile', () => {
    const flags = { authMethod: 'client_secret_post', clientKey: 'flag.pem' };
    const variables = { LOGTO_CLI_AUTH_METHOD: 'client_secret_jwt', LOGTO_CLI_CLIENT_KEY: 'variable.pem' };
    expect(settle(flags, variables, profile)).toMatchObject({
      authMethod: 'client_secret_post',
      clientKey: { value: 'flag.pem', mayBeText: false },
    });
    expect(settle({}, variables, profile)).toMatchObject({
      authMethod: 'client_secret_jwt',
      clientKey: { value: 'variable.pem', mayBeText: true },
    });
    expect(settle({}, {}, profile)).toMatchObject({
      authMethod: 'private_key_jwt',
      clientKey: { value: '/profile.pem', mayBeText: false },
    });
  });

  it.each([{ appId: 'another' }, { issuer: 'https://other.test' }])(
    'is not what the profile says of another application: %j',
    (flags) => {
      const { authMethod, clientKey } = settle(flags, {}, profile);
      expect([authMethod, clientKey]).toEqual([undefined, undefined]);
    },
  );

  it('has to be a way that there is', async () => {
    expect(await failureOf(() => settle({ authMethod: 'basic' }))).toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(/"basic".*--auth-method, LOGTO_CLI_AUTH_METHOD/),
      hint: expect.stringContaining('client_secret_basic, client_secret_post'),
    });
  });

  it('is not none beside a secret', async () => {
    const failure = await failureOf(() => settle({ authMethod: 'none' }, { LOGTO_APP_SECRET: 'a-secret' }));
    expect(failure).toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('LOGTO_APP_SECRET'),
    });
    expect(failure.message).not.toContain('a-secret');
  });
});
