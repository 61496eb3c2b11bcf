import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { willAskKeychain, willWriteKeychain } from '../../src/cli/early-keychain.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

let home: string;
beforeEach(async () => {
  home = await temporaryDirectory();
  const profiles = {
    default: { session: 'keychain' },
    other: { session: 'file' },
    third: { session: 'keychain' },
  };
  await writeFile(join(home, 'config.json'), JSON.stringify({ version: 1, profiles }), { mode: 0o600 });
});

const expects = (argv: readonly string[], environment = {}) =>
  willAskKeychain(argv, { LOGTO_CLI_HOME: home, ...environment }, process.platform);

describe('the keychain is expected to be asked', () => {
  it.each([
    [['whoami'], {}],
    [['whoami', '--json', '--profile', 'third'], {}],
    [['token', '--profile=third', '--resource', 'https://a.test'], {}],
    [['verify', '--resource', 'https://a.test'], {}],
    [['exec', '--', 'true'], { LOGTO_CLI_PROFILE: 'third' }],
    [['sign-out'], { LOGTO_CLI_STORAGE: 'keychain', LOGTO_CLI_PROFILE: '' }],
  ])('by %j with %j', (argv, environment) => {
    expect(expects(argv, environment)).toBe(true);
  });

  it('not by what another storage has, or no session is needed for', () => {
    expect(expects(['whoami', '--profile', 'other'])).toBe(false);
    expect(expects(['whoami', '--profile', 'unknown'])).toBe(false);
    expect(expects(['whoami', '--profile'])).toBe(true);
    expect(expects(['whoami'], { LOGTO_CLI_PROFILE: 'other' })).toBe(false);
    expect(expects(['whoami'], { LOGTO_CLI_STORAGE: 'file' })).toBe(false);
    expect(expects(['whoami', '--storage', 'file'])).toBe(false);
    expect(expects(['whoami', '--storage=file'])).toBe(false);
    expect(expects(['whoami', '--dotenv', 'a-file'])).toBe(false);
    expect(expects(['token', '--client-credentials'])).toBe(false);
    expect(expects(['token', '--decode', 'a.b.c'])).toBe(false);
    expect(expects(['token', '--exchange'])).toBe(false);
    expect(expects(['verify', '-', '--audience', 'https://a.test'])).toBe(false);
    expect(expects(['whoami', '--help'])).toBe(false);
    expect(expects(['doctor'])).toBe(false);
    expect(expects([])).toBe(false);
  });

  it.each([
    ['is not there', null],
    ['is damaged', '{'],
    ['has no profiles', '{}'],
    ['is no object', 'null'],
    ['names its profiles strangely', '{"profiles":{"default":null},"current":{"a":1}}'],
  ])('not where the configuration %s', async (_, text) => {
    if (text === null) expect(expects(['whoami'], { LOGTO_CLI_HOME: join(home, 'nowhere') })).toBe(false);
    else await writeFile(join(home, 'config.json'), text);
    if (text !== null) expect(expects(['whoami'])).toBe(false);
  });
});

it('is expected to be written to by what ends a session', () => {
  expect([['sign-out'], ['logout', '--json'], ['whoami'], ['token'], []].map(willWriteKeychain)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
