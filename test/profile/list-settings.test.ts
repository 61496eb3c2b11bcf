import { expect, it } from 'vitest';
import { listSettings } from '../../src/profile/list-settings.js';
import { resolveSettings } from '../../src/profile/settings.js';

it('tells of a secret where the one that is used came from, and not one that was set aside', () => {
  const environment = { LOGTO_ENDPOINT: 'https://one.test', LOGTO_APP_SECRET: 'of the environment' };
  const dotenv = { LOGTO_APP_SECRET: 'of a file' };
  const settings = resolveSettings({ endpoint: 'https://other.test' }, [environment, dotenv], {
    profiles: {},
  });
  const secret = listSettings(settings, environment).find(({ name }) => name === 'appSecret');
  expect(secret).toEqual({
    name: 'appSecret',
    value: null,
    source: 'dotenv',
    isSecret: true,
    isSet: true,
    overridden: [],
  });
});
