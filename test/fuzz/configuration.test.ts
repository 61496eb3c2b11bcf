import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { issuerOf } from '../../src/client/logto-config.js';
import { parseSeed } from '../../src/emulator/parse-seed.js';
import { defaultSeed } from '../../src/emulator/seed.js';
import { LogtoError } from '../../src/errors.js';
import { readConfiguration, withoutProfile, withProfile } from '../../src/profile/config-file.js';
import { resolveSettings } from '../../src/profile/settings.js';
import { failureOf } from '../support/failure-of.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { damaged, outcomeOf, outsideJson, outsideText } from './outside.js';
import { fuzz } from './seed.js';

fuzz(300);

const profile = {
  endpoint: 'https://tenant.test',
  appId: 'app',
  storage: 'file',
  caFile: '/ca.pem',
  session: 'file',
  secret: 'keychain',
};
const file = fc.oneof(
  damaged({ version: 1, current: 'a', profiles: { a: profile } }),
  fc
    .tuple(fc.oneof(outsideText(), fc.constant('a')), damaged(profile))
    .map(([name, value]) => ({ version: 1, current: name, profiles: { [name]: value } })),
  outsideJson(),
);
const text = fc.oneof(
  { arbitrary: file.map((value) => JSON.stringify(value)), weight: 5 },
  { arbitrary: fc.string({ unit: 'binary' }), weight: 1 },
  { arbitrary: outsideText(), weight: 1 },
);
const settingsCodes = ['config_invalid', 'issuer_insecure', 'config_missing'];

describe('the configuration file', () => {
  it('is a configuration that settings can be made of, or config_invalid', async () => {
    const directory = await temporaryDirectory();
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        writeFileSync(join(directory, 'config.json'), content);
        const configuration = await readConfiguration(directory).catch((error: unknown) => error);
        if (configuration instanceof LogtoError) {
          expect(configuration.code).toBe('config_invalid');
          expect(configuration.hint).not.toBe('');
          return;
        }
        expect(configuration).not.toBeInstanceOf(Error);
        const read = configuration as Awaited<ReturnType<typeof readConfiguration>>;
        for (const name of [...Object.keys(read.profiles), 'new', '__proto__', 'constructor']) {
          const changed = withProfile(read, name, { appId: 'changed' });
          expect(Object.getOwnPropertyDescriptor(changed.profiles, name)?.value).toMatchObject({
            appId: 'changed',
          });
          expect(Object.keys(withoutProfile(changed, name).profiles)).not.toContain(name);
          const outcome = outcomeOf(() => resolveSettings({ profile: name }, [{}], read));
          if ('error' in outcome) expect(settingsCodes).toContain(outcome.error.code);
        }
        expect(Object.getPrototypeOf({})).toBe(Object.prototype);
        expect(({} as Record<string, unknown>)['appId']).toBeUndefined();
      }),
    );
  });
});

describe('a file of --dotenv', () => {
  const names = [
    'LOGTO_ENDPOINT',
    'LOGTO_CLI_ISSUER',
    'LOGTO_APP_ID',
    'LOGTO_APP_SECRET',
    'LOGTO_CLI_PROFILE',
  ];
  const line = fc.oneof(
    fc
      .tuple(
        fc.constantFrom(...names, 'LOGTO_CLI_STORAGE'),
        fc.constantFrom('', '"', "'", '`'),
        outsideText(),
      )
      .map(([name, quote, value]) => `${name}=${quote}${value}${quote}`),
    outsideText(),
  );

  it('sets what can be used, or is config_invalid; it never repeats a secret', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        const variables = parseEnv(lines.join('\n')) as Record<string, string | undefined>;
        const outcome = outcomeOf(() => {
          const settings = resolveSettings({}, [{}, variables], { profiles: {} });
          if (settings.endpoint !== undefined || settings.issuer !== undefined) issuerOf(settings);
          return settings;
        });
        const secret = variables['LOGTO_APP_SECRET'] ?? '';
        if ('value' in outcome) {
          expect(outcome.value.profile).toMatch(/^[A-Za-z0-9][\w.-]{0,63}$/);
          expect(['keychain', 'file', 'memory']).toContain(outcome.value.storage);
          return;
        }
        expect(settingsCodes).toContain(outcome.error.code);
        const isElsewhere = Object.entries(variables).some(
          ([name, value]) => name !== 'LOGTO_APP_SECRET' && value?.includes(secret),
        );
        if (secret.length > 8 && !isElsewhere) expect(outcome.error.message).not.toContain(secret);
      }),
    );
  });
});

describe('a seed of the emulator', () => {
  const whole = defaultSeed() as unknown as Record<string, unknown[]>;
  const one = (list: string) =>
    damaged(whole[list]?.[0] as Record<string, unknown>).map((entry) => ({ ...whole, [list]: [entry] }));
  const seed = fc.oneof(
    damaged(whole),
    one('applications'),
    one('users'),
    one('resources'),
    one('organizations'),
    outsideJson(),
  );

  it('is one that an emulator can start with, or config_invalid that names the place and repeats no secret', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          seed.map((value) => JSON.stringify(value)),
          outsideText(),
        ),
        (json) => {
          const outcome = outcomeOf(() => parseSeed(json));
          if ('error' in outcome) {
            expect(outcome.error.code).toBe('config_invalid');
            expect(outcome.error.message).toMatch(/^\$/);
            expect(outcome.error.message).not.toMatch(/emulator-only/);
            return;
          }
          // What was read is a seed again, and the same one.
          expect(parseSeed(JSON.stringify(outcome.value))).toEqual(outcome.value);
        },
      ),
    );
  });

  it('that is no JSON names no part of itself', async () => {
    expect((await failureOf(() => parseSeed('{"users":[{"password":"hunter2"'))).message).not.toContain(
      'hunter2',
    );
  });
});
