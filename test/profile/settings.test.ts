import { describe, expect, it } from 'vitest';
import type { Configuration, Profile } from '../../src/profile/config-file.js';
import { resolveSettings, type SettingFlags, type Variables } from '../../src/profile/settings.js';
import { failureOf } from '../support/failure-of.js';

/** The settings of one run, from whatever levels a test is about. */
interface Levels {
  readonly flags?: SettingFlags;
  readonly environment?: Variables;
  readonly dotenv?: Variables;
  readonly profile?: Profile;
  readonly input?: string;
}

const settle = ({ flags = {}, environment = {}, dotenv = {}, profile, input }: Levels) =>
  resolveSettings(flags, [environment, dotenv], { profiles: profile ? { default: profile } : {} }, input);

describe('settings', () => {
  it('come from the flag, then the environment, then the dotenv file, then the profile', () => {
    const levels: Levels = {
      flags: { appId: 'flag' },
      environment: { LOGTO_APP_ID: 'environment' },
      dotenv: { LOGTO_APP_ID: 'dotenv' },
      profile: { appId: 'profile' },
    };
    const { flags: _flags, ...withoutFlag } = levels;
    const { environment: _environment, ...withoutEnvironment } = withoutFlag;
    const { dotenv: _dotenv, ...withoutDotenv } = withoutEnvironment;
    expect(settle(levels).appId).toBe('flag');
    expect(settle(withoutFlag).appId).toBe('environment');
    expect(settle(withoutEnvironment).appId).toBe('dotenv');
    expect(settle(withoutDotenv).appId).toBe('profile');
    expect(settle({}).appId).toBeUndefined();
  });

  it('take each value from its own strongest level', () => {
    const settings = settle({
      flags: { appId: 'flag' },
      environment: { LOGTO_ENDPOINT: 'https://environment.test' },
      profile: { endpoint: 'https://profile.test', appId: 'profile', caFile: '/ca.pem', storage: 'file' },
    });
    expect(settings).toMatchObject({
      appId: 'flag',
      endpoint: 'https://environment.test',
      caFile: '/ca.pem',
      storage: 'file',
    });
  });

  it.each([
    ['--app-id', { flags: { appId: 'a\u0001b' } }],
    ['LOGTO_APP_ID', { environment: { LOGTO_APP_ID: 'a\u0085b' } }],
    ['LOGTO_APP_ID of the file of --dotenv', { dotenv: { LOGTO_APP_ID: 'a\tb' } }],
    ['appId of the profile default', { profile: { appId: 'a\u007fb' } }],
    ['--issuer', { flags: { issuer: 'https://id.test/a\tb' } }],
    ['--endpoint', { flags: { endpoint: 'https://tenant.test/oi\tdc' } }],
    ['--discovery-url', { flags: { issuer: 'https://id.test', discoveryUrl: 'https://id.test/a\tb' } }],
  ] satisfies [string, Levels][])(
    'refuse a control character, and say that %s has it',
    async (name, levels) => {
      const failure = await failureOf(() => settle(levels));
      expect(failure).toMatchObject({ code: 'config_invalid' });
      expect(failure.message).toMatch(/ has a control character in it \(U\+00[0-9A-F]{2}\)\.$/);
      expect(failure.message.startsWith(`${name} has`)).toBe(true);
    },
  );

  it.each(['\u202E', '\u2066', '\u200E', '\u2028', '\u2029', '\u00AD', '\u200D', '\u2060'])(
    'refuse %j in an ID and in an address, which nobody sees',
    async (sign) => {
      const code = `(U+${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}).`;
      for (const flags of [{ appId: `a${sign}b` }, { endpoint: `https://a${sign}b.test` }]) {
        const failure = await failureOf(() => settle({ flags }));
        expect(failure).toMatchObject({ code: 'config_invalid', message: expect.stringContaining(code) });
      }
    },
  );

  it('refuse an ID of several lines', async () => {
    const failure = await failureOf(() => settle({ flags: { appId: 'app\n--app-id' } }));
    expect(failure).toMatchObject({ code: 'config_invalid', message: '--app-id has several lines.' });
  });

  it.each([
    ['endpoint', '', '--endpoint <url>'],
    ['endpoint', '""', '--endpoint <url>'],
    ['issuer', ' ', '--issuer <url>'],
    ['discoveryUrl', '', '--discovery-url <url>'],
    ['appId', '', '--app-id <App ID>'],
    ['appId', "''", '--app-id <App ID>'],
    ['caFile', '', '--ca-file <pem>'],
    ['authMethod', '', '--auth-method <method>'],
    ['clientKey', ' ', '--client-key <file>'],
  ])(
    'refuse an empty %s of a profile (%j) by its name, with the command that mends it',
    async (name, text, flag) => {
      const profiles = { web: { [name]: text } };
      const failure = await failureOf(() => resolveSettings({}, [], { current: 'web', profiles }));
      expect(failure.code).toBe('config_invalid');
      expect(failure.message).toMatch(
        new RegExp(`^${name} of the profile web is empty(, or quotes alone)?\\.$`),
      );
      expect(`${failure.hint}`.endsWith(`Set it with: logto-cli profile set web ${flag}`)).toBe(true);
    },
  );

  it.each([
    ['appId', 'a\u0007b', '--app-id <App ID>'],
    ['endpoint', 'https://a\u202E.test', '--endpoint <url>'],
  ])('name the command that mends a control character in the %s of a profile', async (name, text, flag) => {
    const failure = await failureOf(() => settle({ profile: { [name]: text } }));
    expect(failure.message).toContain(`${name} of the profile default has a control character`);
    expect(failure.hint).toContain(`Set it with: logto-cli profile set default ${flag}`);
  });

  it.each(['', ' ', 'a b'])('refuse %j as the profile in use by the file that has it', async (current) => {
    const configuration = { current, profiles: { 'a b': {} } };
    expect(await failureOf(() => resolveSettings({}, [], configuration))).toMatchObject({
      code: 'config_invalid',
      message: `${JSON.stringify(current)} cannot be the name of a profile, and stands in the configuration file as the one in use.`,
      hint: 'Choose another with: logto-cli profile use <name>',
    });
    expect(resolveSettings({ profile: 'b' }, [], configuration).profile).toBe('b');
  });

  it('count a variable that is empty as not set', () => {
    const settings = settle({
      environment: {
        LOGTO_ENDPOINT: '',
        LOGTO_CLI_ISSUER: '',
        LOGTO_APP_ID: '',
        LOGTO_APP_SECRET: '',
        LOGTO_CLI_PROFILE: '',
        LOGTO_CLI_STORAGE: '',
      },
      dotenv: { LOGTO_APP_ID: 'dotenv' },
      profile: { endpoint: 'https://profile.test' },
    });
    expect(settings).toMatchObject({
      profile: 'default',
      endpoint: 'https://profile.test',
      appId: 'dotenv',
      storage: 'keychain',
      storageChosen: false,
    });
    expect(settings.appSecret).toBeUndefined();
  });

  it.each(['""', "''", ' "" ', '" "', '“”', '``'])('count a variable that is %j as not set', (text) => {
    const quoted = {
      LOGTO_ENDPOINT: text,
      LOGTO_CLI_ISSUER: text,
      LOGTO_CLI_DISCOVERY_URL: text,
      LOGTO_APP_ID: text,
    };
    expect(settle({ environment: quoted, dotenv: quoted }).set).toEqual({});
    const profile = { endpoint: 'https://profile.test', appId: 'profile' };
    const settings = settle({ environment: quoted, dotenv: quoted, profile });
    expect(settings.set).toEqual(profile);
    expect(settings.corrections).toEqual([]);
  });
});

describe('the file of further authorities', () => {
  const dotenv = { NODE_EXTRA_CA_CERTS: '/dotenv.pem' };

  it('is what the dotenv file names, in the variable that Node has not read there, for a provider that it names too', () => {
    const own = { ...dotenv, LOGTO_ENDPOINT: 'https://own.test' };
    expect(settle({ dotenv: own }).caFile).toBe('/dotenv.pem');
    expect(settle({ dotenv: own, profile: { caFile: '/profile.pem' } }).caFile).toBe('/dotenv.pem');
    expect(settle({ dotenv: own, flags: { caFile: '/flag.pem' } }).caFile).toBe('/flag.pem');
    expect(settle({ dotenv: { ...own, NODE_EXTRA_CA_CERTS: '' } }).caFile).toBeUndefined();
  });

  it.each<[string, Levels]>([
    ['a flag', { flags: { endpoint: 'https://own.test' } }],
    ['the environment', { environment: { LOGTO_CLI_ISSUER: 'https://own.test/oidc' } }],
    ['the profile', { profile: { endpoint: 'https://own.test' } }],
    ['nobody', {}],
  ])('is not the one of a dotenv file for a provider that is named by %s', (_, levels) => {
    const named =
      'profile' in levels || Object.keys(levels).length === 0 ? {} : { LOGTO_ENDPOINT: 'https://own.test' };
    const { caFile, setAside } = settle({ ...levels, dotenv: { ...dotenv, ...named } });
    expect(caFile).toBe(levels.profile && undefined);
    expect(setAside).toEqual([
      expect.stringMatching(/^NODE_EXTRA_CA_CERTS of the file of --dotenv is not used: .*--ca-file\.$/),
    ]);
  });

  it('is left to Node when the environment names it', () => {
    const environment = { NODE_EXTRA_CA_CERTS: '/environment.pem' };
    expect(settle({ environment }).caFile).toBeUndefined();
    expect(settle({ environment, profile: { caFile: '/profile.pem' } }).caFile).toBe('/profile.pem');
  });
});

describe('endpoint and issuer', () => {
  it.each<[string, Levels]>([
    ['--issuer', { flags: { endpoint: 'https://a.test', issuer: 'https://b.test' } }],
    [
      'LOGTO_CLI_ISSUER',
      { environment: { LOGTO_ENDPOINT: 'https://a.test', LOGTO_CLI_ISSUER: 'https://b.test' } },
    ],
    [
      'LOGTO_CLI_ISSUER',
      { dotenv: { LOGTO_ENDPOINT: 'https://a.test', LOGTO_CLI_ISSUER: 'https://b.test' } },
    ],
    ['issuer', { profile: { endpoint: 'https://a.test', issuer: 'https://b.test' } }],
  ])('are refused together on one level, which names %s', async (name, levels) => {
    const failure = await failureOf(() => settle(levels));
    expect(failure).toMatchObject({ code: 'config_invalid' });
    expect(failure.message).toContain(name);
  });

  it.each<[string, Levels]>([
    [
      'a flag over the environment',
      { flags: { issuer: 'https://b.test' }, environment: { LOGTO_ENDPOINT: 'https://a.test' } },
    ],
    [
      'the environment over the dotenv file',
      { environment: { LOGTO_CLI_ISSUER: 'https://b.test' }, dotenv: { LOGTO_ENDPOINT: 'https://a.test' } },
    ],
    [
      'the environment over the profile',
      { environment: { LOGTO_CLI_ISSUER: 'https://b.test' }, profile: { endpoint: 'https://a.test' } },
    ],
  ])('are one setting: an issuer replaces a weaker endpoint (%s)', (_, levels) => {
    const settings = settle(levels);
    expect(settings.issuer).toBe('https://b.test');
    expect(settings.endpoint).toBeUndefined();
  });

  it('are one setting: an endpoint replaces a weaker issuer', () => {
    const settings = settle({ flags: { endpoint: 'https://a.test' }, profile: { issuer: 'https://b.test' } });
    expect(settings.endpoint).toBe('https://a.test');
    expect(settings.issuer).toBeUndefined();
  });
});

describe('an application secret', () => {
  const own = { LOGTO_ENDPOINT: 'https://own.test', LOGTO_APP_ID: 'own', LOGTO_APP_SECRET: 'secret' };

  it.each<[string, Levels]>([
    ['alone in the environment, for the profile', { environment: { LOGTO_APP_SECRET: 'secret' } }],
    ['beside its own provider and application', { environment: own }],
    [
      'when a flag says the same again',
      { flags: { endpoint: 'https://own.test', appId: 'own' }, environment: own },
    ],
    [
      'when a flag spells the same provider with a slash at its end',
      { flags: { endpoint: 'https://own.test/' }, environment: own },
    ],
    [
      'when a flag names the same provider by its issuer',
      { flags: { issuer: 'https://own.test/oidc' }, environment: own },
    ],
    [
      'given for no application in particular, with flags that name one',
      {
        flags: { endpoint: 'https://own.test', appId: 'own' },
        environment: { LOGTO_APP_SECRET: 'secret' },
      },
    ],
    [
      'of the environment over the profile, which names the application',
      {
        environment: { LOGTO_APP_SECRET: 'secret' },
        profile: { endpoint: 'https://own.test', appId: 'own' },
      },
    ],
    [
      'given for no application in particular, where a flag names another than the profile',
      {
        flags: { endpoint: 'https://other.test', appId: 'other' },
        environment: { LOGTO_APP_SECRET: 'secret' },
        profile: { endpoint: 'https://own.test', appId: 'own' },
      },
    ],
    [
      'from standard input, whatever weaker levels were about',
      {
        input: 'secret',
        flags: { endpoint: 'https://other.test', appId: 'other' },
        environment: { ...own, LOGTO_APP_SECRET: 'of own' },
      },
    ],
    [
      'of the environment rather than that of the dotenv file',
      { environment: own, dotenv: { ...own, LOGTO_APP_SECRET: 'weaker' } },
    ],
  ])('is used: %s', (_, levels) => {
    expect(settle(levels).appSecret).toBe('secret');
  });

  it.each<[string, Levels]>([
    ['a flag names another application', { flags: { appId: 'other' }, environment: own }],
    ['a flag names another endpoint', { flags: { endpoint: 'https://other.test' }, environment: own }],
    ['a flag names another issuer', { flags: { issuer: 'https://other.test' }, environment: own }],
    [
      'the environment names another application than the dotenv file that it is in',
      { environment: { LOGTO_APP_ID: 'other' }, dotenv: own },
    ],
    [
      'the environment names another endpoint than the dotenv file that it is in',
      { environment: { LOGTO_ENDPOINT: 'https://other.test' }, dotenv: own },
    ],
  ])('is not used where %s', (_, levels) => {
    expect(settle(levels).appSecret).toBeUndefined();
  });

  it('of a weaker level is used when the stronger one was given for another application', () => {
    const settings = settle({
      flags: { endpoint: 'https://own.test', appId: 'own' },
      environment: { LOGTO_APP_ID: 'other', LOGTO_APP_SECRET: 'of another' },
      dotenv: own,
    });
    expect(settings.appSecret).toBe('secret');
  });
});

describe('the storage', () => {
  it('is the keychain unless somebody chose another', () => {
    expect(settle({})).toMatchObject({
      storage: 'keychain',
      storageChosen: false,
      sessionStorage: 'keychain',
    });
    expect(settle({ profile: { storage: 'file' } })).toMatchObject({ storage: 'file', storageChosen: true });
    expect(settle({ environment: { LOGTO_CLI_STORAGE: 'memory' } })).toMatchObject({ storage: 'memory' });
    const flag = settle({ flags: { storage: 'keychain' }, environment: { LOGTO_CLI_STORAGE: 'file' } });
    expect(flag).toMatchObject({ storage: 'keychain', storageChosen: true });
  });

  it('is understood with blanks around, as Windows leaves them in a variable', () => {
    expect(settle({ flags: { storage: ' file' } }).storage).toBe('file');
    expect(settle({ environment: { LOGTO_CLI_STORAGE: 'memory ' } }).storage).toBe('memory');
  });

  it.each(['floppy', 'Keychain', 'constructor'])('is no %j', async (storage) => {
    const flag = await failureOf(() => settle({ flags: { storage } }));
    expect(flag).toMatchObject({ code: 'config_invalid' });
    expect(flag.message).toContain('--storage');
    expect(flag.hint).toContain('keychain, file, memory');
    const variable = await failureOf(() => settle({ environment: { LOGTO_CLI_STORAGE: storage } }));
    expect(variable.message).toContain('LOGTO_CLI_STORAGE');
  });

  it('of the session there is, is where the last sign-in put it, unless this run says otherwise', () => {
    const profile: Profile = { session: 'file', storage: 'keychain' };
    expect(settle({ profile })).toMatchObject({ sessionStorage: 'file', recordedSession: 'file' });
    expect(settle({ profile, flags: { storage: 'keychain' } }).sessionStorage).toBe('keychain');
    expect(settle({ profile, environment: { LOGTO_CLI_STORAGE: 'keychain' } }).sessionStorage).toBe(
      'keychain',
    );
  });
});

describe('the profile', () => {
  const configuration: Configuration = {
    current: 'web',
    profiles: { web: { appId: 'w' }, ci: { appId: 'c' } },
  };

  it('is the flag’s, the environment’s, the dotenv file’s, the one in use, or `default`', () => {
    const name = (flags: SettingFlags, environments: Variables[], from: Configuration = configuration) =>
      resolveSettings(flags, environments, from).profile;
    const variables = [{ LOGTO_CLI_PROFILE: 'ci' }, { LOGTO_CLI_PROFILE: 'web' }];
    expect(name({ profile: 'other' }, variables)).toBe('other');
    expect(name({}, variables)).toBe('ci');
    expect(name({}, variables.slice(1))).toBe('web');
    expect(name({}, [])).toBe('web');
    expect(name({}, [], { profiles: {} })).toBe('default');
  });

  it('lends its settings only when it is the one', () => {
    expect(resolveSettings({ profile: 'ci' }, [], configuration).appId).toBe('c');
    expect(resolveSettings({ profile: 'new' }, [], configuration).appId).toBeUndefined();
  });

  it('is known when the file has it, or it is the default one', () => {
    const known = (profile: string) => resolveSettings({ profile }, [], configuration).profileKnown;
    expect(known('web')).toBe(true);
    expect(known('default')).toBe(true);
    expect(known('new')).toBe(false);
  });

  it.each(['', '-x', '.hidden', '../up', 'a/b', 'a b', 'naïve', `a${'b'.repeat(64)}`, '__proto__', 'a\n'])(
    'cannot be called %j',
    async (profile) => {
      expect(await failureOf(() => resolveSettings({ profile }, [], configuration))).toMatchObject({
        code: 'config_invalid',
      });
    },
  );

  it.each(['a', 'A.b_c-1', `a${'b'.repeat(63)}`, 'constructor'])('can be called %j', (profile) => {
    expect(resolveSettings({ profile }, [], configuration).profile).toBe(profile);
  });
});

describe('names that differ only by case', () => {
  const named = (name: string, ...others: string[]) =>
    resolveSettings({ profile: name }, [], {
      profiles: Object.fromEntries(others.map((other) => [other, {}])),
    }).profile;

  it.each([
    ['Alice', 'alice'],
    ['alice', 'ALICE'],
    ['Default', 'bob'],
  ])('%s is refused where it would be one with another on some machines (%s)', (name, other) => {
    expect(() => named(name, other)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });

  it.each([
    ['Alice', 'alice', 'Alice'],
    ['Alice', 'bob'],
    ['default', 'Default'],
  ])('%s stands beside %s', (name, ...others) => {
    expect(named(name, ...others)).toBe(name);
  });
});
