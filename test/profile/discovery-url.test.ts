import { describe, expect, it } from 'vitest';
import type { Profile } from '../../src/profile/config-file.js';
import { listSettings } from '../../src/profile/list-settings.js';
import { resolveSettings, type SettingFlags, type Variables } from '../../src/profile/settings.js';
import { providerOf } from '../../src/profile/source.js';

const issuer = 'https://id.example.test/{tenantid}/v2.0';
const discoveryUrl = 'https://id.example.test/common/v2.0/.well-known/openid-configuration';
const both = { LOGTO_CLI_ISSUER: issuer, LOGTO_CLI_DISCOVERY_URL: discoveryUrl };

const settle = (
  flags: SettingFlags,
  environment: Variables = {},
  dotenv: Variables = {},
  profile: Profile | undefined = undefined,
) => resolveSettings(flags, [environment, dotenv], { profiles: profile ? { default: profile } : {} });

describe('the place of a discovery document', () => {
  it('comes with its issuer, from whichever source is the strongest that names either', () => {
    const found = { issuer, discoveryUrl };
    expect(settle({ issuer, discoveryUrl })).toMatchObject(found);
    expect(settle({}, both)).toMatchObject(found);
    expect(settle({}, {}, both)).toMatchObject(found);
    expect(settle({}, {}, {}, { issuer, discoveryUrl })).toMatchObject(found);
  });

  it('is none of an issuer that a stronger source names', () => {
    for (const settings of [
      settle({ issuer: 'https://other.test' }, both),
      settle({}, { LOGTO_CLI_ISSUER: 'https://other.test' }, both),
      settle({ endpoint: 'https://logto.test' }, {}, {}, { issuer, discoveryUrl }),
    ]) {
      expect(settings.discoveryUrl).toBeUndefined();
      expect(settings.issuer).not.toBe(issuer);
    }
  });

  it('moves no issuer that a weaker source names, and none that a stronger one does', () => {
    const moved = settle({ discoveryUrl }, { LOGTO_CLI_ISSUER: 'https://other.test' });
    expect(moved).toMatchObject({ discoveryUrl, saidBy: { provider: '--discovery-url' } });
    expect(moved.issuer).toBeUndefined();
    const stays = settle(
      {},
      { LOGTO_CLI_ISSUER: 'https://other.test' },
      { LOGTO_CLI_DISCOVERY_URL: discoveryUrl },
    );
    expect(stays).toMatchObject({ issuer: 'https://other.test' });
    expect(stays.discoveryUrl).toBeUndefined();
    expect(stays.setAside).toEqual([
      expect.stringMatching(
        /^LOGTO_CLI_DISCOVERY_URL of the file of --dotenv is set without an issuer, and LOGTO_CLI_ISSUER names/,
      ),
    ]);
    // Whose issuer it comes with, it is not alone.
    expect(settle({ issuer: 'https://other.test' }, both).setAside).toEqual([]);
  });

  it('is not said where it is the usual one', () => {
    const usual = 'https://id.example.test/v2.0/';
    const place = 'https://id.example.test/v2.0/.well-known/openid-configuration';
    expect(settle({ issuer: usual, discoveryUrl: place }).discoveryUrl).toBeUndefined();
    expect(settle({ issuer: usual, discoveryUrl: `${place}?p=x` }).discoveryUrl).toBe(`${place}?p=x`);
  });

  it('is understood with blanks around, and without its scheme', () => {
    const settings = settle(
      {},
      { LOGTO_CLI_ISSUER: issuer, LOGTO_CLI_DISCOVERY_URL: ` ${discoveryUrl.slice(8)} ` },
    );
    expect(settings).toMatchObject({
      discoveryUrl,
      corrections: [expect.stringContaining('https:// added')],
    });
    expect(settle({}, { ...both, LOGTO_CLI_DISCOVERY_URL: ' ' }).discoveryUrl).toBeUndefined();
  });

  it('does not go with an endpoint of the same source', () => {
    for (const attempt of [
      () => settle({ endpoint: 'https://logto.test', discoveryUrl }),
      () => settle({}, { LOGTO_ENDPOINT: 'https://logto.test', LOGTO_CLI_DISCOVERY_URL: discoveryUrl }),
      () => settle({}, {}, {}, { endpoint: 'https://logto.test', discoveryUrl }),
    ])
      expect(attempt).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });

  it('is listed with its source, and those that it overrides', () => {
    const settings = settle(
      { issuer, discoveryUrl },
      { ...both, LOGTO_CLI_DISCOVERY_URL: 'https://other.test/x' },
    );
    expect(listSettings(settings, {}).find(({ name }) => name === 'discoveryUrl')).toMatchObject({
      value: discoveryUrl,
      source: 'flag',
      overridden: [{ source: 'environment', value: 'https://other.test/x' }],
    });
    const hidden = settle({ issuer, discoveryUrl: 'https://alice:hunter2@other.test/x' });
    expect(JSON.stringify(listSettings(hidden, {}))).not.toContain('hunter2');
  });
});

describe('the home of a secret', () => {
  const secret = { LOGTO_APP_SECRET: 'canary-secret', LOGTO_APP_ID: 'app' };
  const exact = 'https://id.example.test';

  it('is the provider by its document: no other one gets it', () => {
    const own = { ...secret, LOGTO_CLI_ISSUER: exact };
    expect(settle({ issuer: exact }, own).appSecret).toBe('canary-secret');
    const led = settle({ issuer: exact, discoveryUrl: 'https://evil.test/x' }, own);
    expect(led.appSecret).toBeUndefined();
    expect(led.setAside).toEqual([
      expect.stringContaining(
        `the environment names the provider ${exact}, while --issuer names ${exact} (by the document https://evil.test/x)`,
      ),
    ]);
    const back = settle({ issuer: exact }, { ...own, LOGTO_CLI_DISCOVERY_URL: discoveryUrl });
    expect(back.appSecret).toBeUndefined();
  });

  it('is that document where both name it', () => {
    expect(settle({ issuer, discoveryUrl }, { ...secret, ...both }).appSecret).toBe('canary-secret');
  });

  it('is told without what may be the password of an address', () => {
    const led = settle(
      { issuer: exact, discoveryUrl: 'https://alice:hunter2@evil.test/x' },
      { ...secret, LOGTO_CLI_ISSUER: exact },
    );
    expect(led.appSecret).toBeUndefined();
    expect(led.setAside.join()).not.toContain('hunter2');
  });

  it('is compared by issuer and document at once', () => {
    expect(providerOf({ issuer: exact, discoveryUrl })).not.toBe(providerOf({ issuer: exact }));
    expect(providerOf({ issuer: `${exact}/`, discoveryUrl })).toBe(
      providerOf({ issuer: exact, discoveryUrl }),
    );
    expect(providerOf({ discoveryUrl })).not.toBe(providerOf({}));
  });
});
