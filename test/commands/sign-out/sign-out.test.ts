import { beforeEach, describe, expect, it } from 'vitest';
import { LogtoError } from '../../../src/errors.js';
import { findAppSecret, writeAppSecret } from '../../../src/profile/app-secret.js';
import { readConfiguration } from '../../../src/profile/config-file.js';
import { MemoryStorage } from '../../../src/storage/memory-storage.js';
import { certificateFile } from '../../support/certificate-files.js';
import { failureOf } from '../../support/failure-of.js';
import { runInProcess } from '../../support/run-in-process.js';
import { storeSession } from '../../support/stored-session.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { type TestRuntime, testRuntime } from '../../support/test-runtime.js';

let runtime: TestRuntime;
beforeEach(async () => {
  const machine = testRuntime({ home: await temporaryDirectory() });
  runtime = { ...machine, fetch: async () => () => Promise.reject(down) };
});

const down = new LogtoError('network_unreachable', 'tenant.test cannot be reached.', 'Try again.');
const storageOf = (profile = 'default') => runtime.storage('keychain', profile);
const tokens = async () => (await storageOf()).get('tokenSet');
const owner = { issuer: 'https://tenant.test/oidc', appId: 'app' };
const secretKeys = ['appSecret', 'sessionSecret'];

describe('sign-out after one that was killed in the middle', () => {
  it('forgets what that one left, and says that nobody is signed in', async () => {
    await storeSession(runtime, 'default');
    await writeAppSecret(await storageOf(), 'session', owner, 'a-secret');
    await (await storageOf()).delete('tokenSet');
    expect(await runInProcess(runtime, ['sign-out'])).toBe(0);
    expect(runtime.stdout.text).toContain('Nobody is signed in');
    expect(await findAppSecret(await storageOf(), owner)).toBeNull();
    expect((await readConfiguration(runtime.directories.config)).profiles).toEqual({});
  });

  it("forgets nothing of another application's session", async () => {
    await storeSession(runtime, 'default');
    await writeAppSecret(await storageOf(), 'session', owner, 'a-secret');
    const args = ['sign-out', '--endpoint', 'https://tenant.test', '--app-id', 'other'];
    expect(await failureOf(runInProcess(runtime, args))).toMatchObject({ code: 'not_signed_in' });
    expect(await tokens()).not.toBeNull();
    expect(await findAppSecret(await storageOf(), owner)).toBe('a-secret');
  });
});

describe('sign-out --local', () => {
  it('forgets also a session that may not be read', async () => {
    const keychain = new MemoryStorage();
    const machine = testRuntime({ home: await temporaryDirectory(), keychain });
    await storeSession(machine, 'default');
    const get = keychain.get.bind(keychain);
    keychain.get = async (key) => {
      if (key === 'tokenSet') throw new LogtoError('storage_unavailable', 'It is of root.', 'Ask root.');
      return get(key);
    };
    expect(await runInProcess(machine, ['sign-out', '--local'])).toBe(0);
    expect(await get('tokenSet')).toBeNull();
  });
});

describe('sign-out with the provider out of reach', () => {
  it('clears the tokens, exits 7, and prints the document all the same', async () => {
    await storeSession(runtime, 'default');
    expect(await runInProcess(runtime, ['sign-out', '--port', '0', '--json'])).toBe(7);
    expect(JSON.parse(runtime.stdout.text)).toEqual({
      profile: 'default',
      tokens: 'cleared',
      revocation: 'failed',
      endSession: 'failed',
      warnings: [expect.stringContaining('tenant.test cannot be reached.')],
    });
    expect(await tokens()).toBeNull();
    expect((await readConfiguration(runtime.directories.config)).profiles).toEqual({});
  });

  it.each(secretKeys)('clears the tokens although the record %s is damaged', async (key) => {
    await storeSession(runtime, 'default');
    await (await storageOf()).set(key, '{"secret":');
    expect(await runInProcess(runtime, ['sign-out', '--port', '0'])).toBe(7);
    expect(await tokens()).toBeNull();
  });
});

describe('sign-out --local', () => {
  it('forgets the tokens and asks nobody', async () => {
    await storeSession(runtime, 'default');
    expect(await runInProcess(runtime, ['sign-out', '--local', '--json'])).toBe(0);
    expect(JSON.parse(runtime.stdout.text)).toEqual({
      profile: 'default',
      tokens: 'cleared',
      revocation: 'skipped',
      endSession: 'skipped',
      warnings: [],
    });
    expect(await tokens()).toBeNull();
  });

  it('says that the tokens are gone where not everything is', async () => {
    const keychain = new MemoryStorage();
    const machine = testRuntime({ home: await temporaryDirectory(), keychain });
    await storeSession(machine, 'default');
    const remove = keychain.delete.bind(keychain);
    keychain.delete = async (key) => {
      if (key !== 'tokenSet') throw new LogtoError('storage_failed', 'It broke.', 'Mend it.');
      return remove(key);
    };
    expect(await runInProcess(machine, ['sign-out', '--local', '--json'])).toBe(0);
    expect(await keychain.get('tokenSet')).toBeNull();
    expect(JSON.parse(machine.stdout.text)).toMatchObject({
      tokens: 'cleared',
      warnings: ['The tokens are cleared, but not everything that goes with them: It broke.'],
    });
  });

  it('removes a record that nobody can read any more', async () => {
    await storeSession(runtime, 'default');
    await (await storageOf()).set('tokenSet', 'garbage');
    expect(await runInProcess(runtime, ['sign-out', '--local'])).toBe(0);
    expect(await tokens()).toBeNull();
  });

  it.each(secretKeys)('succeeds although the record %s is damaged', async (key) => {
    await storeSession(runtime, 'default');
    await (await storageOf()).set(key, '{"secret":');
    expect(await runInProcess(runtime, ['sign-out', '--local'])).toBe(0);
    expect(await tokens()).toBeNull();
    expect((await readConfiguration(runtime.directories.config)).profiles).toEqual({});
  });

  it.each([
    ['another application', ['--app-id', 'other']],
    ['another provider', ['--endpoint', 'https://other.test']],
  ])('is not_signed_in for %s, whose session this is not, and touches nothing', async (_, flags) => {
    await storeSession(runtime, 'default');
    const failure = await failureOf(runInProcess(runtime, ['sign-out', '--local', ...flags]));
    expect(failure).toMatchObject({ code: 'not_signed_in' });
    expect(await tokens()).not.toBeNull();
  });

  it('is not_signed_in for a session in another storage than the one that is named, and says where', async () => {
    await storeSession(runtime, 'default', { kind: 'file' });
    const failure = await failureOf(runInProcess(runtime, ['sign-out', '--local', '--storage', 'keychain']));
    expect(failure).toMatchObject({ code: 'not_signed_in', hint: expect.stringContaining('file') });
  });

  it('takes the secret of the session along, and leaves the one of the profile', async () => {
    await storeSession(runtime, 'default');
    await writeAppSecret(await storageOf(), 'session', owner, 'of-the-session');
    await writeAppSecret(await storageOf(), 'profile', owner, 'of-the-profile');
    await runInProcess(runtime, ['sign-out', '--local']);
    expect(await (await storageOf()).get('sessionSecret')).toBeNull();
    expect(await findAppSecret(await storageOf(), owner)).toBe('of-the-profile');
  });
});

describe('sign-out of a session whose redirect URI has https', () => {
  const redirectUri = 'https://localhost:3000/callback';

  it.each([
    ['default', 'logto-cli sign-out'],
    ['work', 'logto-cli sign-out --profile work'],
  ])('takes a certificate, or no way back, and clears nothing before (%s)', async (profile, command) => {
    await storeSession(runtime, profile, { redirectUri });
    const failure = await failureOf(runInProcess(runtime, ['sign-out', '--profile', profile]));
    expect(failure).toMatchObject({
      code: 'config_invalid',
      message: `The redirect URI of the sign-in is ${redirectUri}: to come back so from a sign-out takes a certificate and its key.`,
      hint: `Give both: ${command} --tls-cert <pem> --tls-key <pem>; or ask for no way back: ${command} --post-logout-redirect-uri none`,
    });
    expect(await (await storageOf(profile)).get('tokenSet')).not.toBeNull();
  });

  it.each([['none'], ['http://localhost:0/'], ['https://app.example/bye']])(
    'needs none for the way back %s',
    async (uri) => {
      await storeSession(runtime, 'default', { redirectUri });
      expect(await runInProcess(runtime, ['sign-out', '--post-logout-redirect-uri', uri])).toBe(7);
      expect(await tokens()).toBeNull();
    },
  );

  it('is forgotten here without one', async () => {
    await storeSession(runtime, 'default', { redirectUri });
    expect(await runInProcess(runtime, ['sign-out', '--local'])).toBe(0);
    expect(await tokens()).toBeNull();
  });

  it('is refused with a certificate that is of no use, and clears nothing', async () => {
    await storeSession(runtime, 'default', { redirectUri });
    const flags = ['--tls-cert', certificateFile('elsewhere'), '--tls-key', certificateFile('elsewhere')];
    const failure = await failureOf(runInProcess(runtime, ['sign-out', ...flags]));
    expect(failure).toMatchObject({ code: 'config_invalid' });
    expect(failure.message).toContain('no private key in PEM');
    expect(await tokens()).not.toBeNull();
  });
});

it('sign-out says no usual port, and stays with http on this machine for a redirect URI elsewhere', async () => {
  for (const [redirectUri, back] of [
    ['http://localhost/callback', 'http://localhost/'],
    ['https://app.example/callback', 'http://localhost:3000/'],
  ] as const) {
    const listened: string[] = [];
    const listen: TestRuntime['listen'] = (options) => {
      listened.push(options.redirectUri);
      throw new LogtoError('port_in_use', 'It is taken.', 'Take another.');
    };
    await storeSession(runtime, 'default', { redirectUri });
    await runInProcess({ ...runtime, listen }, ['sign-out']);
    expect(listened).toEqual([back]);
  }
});

describe('what would have no effect on a sign-out is refused, and nothing is cleared', () => {
  it.each([
    [['--local'], ['--param', 'a=b']],
    [['--local'], ['--post-logout-redirect-uri', 'http://localhost:3000/']],
    [['--local'], ['--port', '3000']],
    [['--local'], ['--listen', '::1']],
    [['--local'], ['--tls-cert', 'a.pem']],
    [
      ['--post-logout-redirect-uri', 'none'],
      ['--port', '0'],
    ],
    [
      ['--post-logout-redirect-uri', 'none'],
      ['--listen', '127.0.0.1'],
    ],
    [
      ['--post-logout-redirect-uri', 'none'],
      ['--tls-key', 'a.pem'],
    ],
  ])('%j with %j', async (flags, [stray = '', ...value]) => {
    await storeSession(runtime, 'default');
    const failure = await failureOf(runInProcess(runtime, ['sign-out', ...flags, stray, ...value]));
    expect(failure.code).toBe('usage_invalid');
    expect(failure.message).toMatch(new RegExp(`^${stray} does not go with ${flags.join(' ')}: `));
    expect(failure.hint).toContain(`Leave out ${stray}`);
    expect(await tokens()).not.toBeNull();
  });
});

describe('sign-out to an address that is none', () => {
  it.each(['non', '/signed-out'])('is refused, and nothing is cleared: %j', async (uri) => {
    await storeSession(runtime, 'default');
    const failure = await failureOf(runInProcess(runtime, ['sign-out', '--post-logout-redirect-uri', uri]));
    expect(failure).toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('(--post-logout-redirect-uri) is'),
      hint: expect.stringContaining('none'),
    });
    expect(await tokens()).not.toBeNull();
  });
});

describe('sign-out when nobody is signed in', () => {
  it.each([[[]], [['--local']], [['--no-browser', '--timeout', '1']]])(
    'has nothing to do, and says so: %j',
    async (flags) => {
      expect(await runInProcess(runtime, ['sign-out', ...flags])).toBe(0);
      expect(runtime.stdout.text).toBe(
        'Nobody is signed in as the profile default: there was nothing to sign out of.\n',
      );
      expect(runtime.stderr.text).toBe('');
    },
  );

  it('is the usual document with --json, and the word on stderr', async () => {
    expect(await runInProcess(runtime, ['sign-out', '--json'])).toBe(0);
    expect(JSON.parse(runtime.stdout.text)).toEqual({
      profile: 'default',
      tokens: 'cleared',
      revocation: 'skipped',
      endSession: 'skipped',
      warnings: [],
    });
    expect(runtime.stderr.text).toContain('Nobody is signed in');
  });

  it('has nothing to do either when another process ended the session just before', async () => {
    const keychain = new MemoryStorage();
    const machine = testRuntime({ home: await temporaryDirectory(), keychain });
    await storeSession(machine, 'default');
    const other = () => keychain.delete('tokenSet');
    const lock: TestRuntime['lock'] =
      (...which) =>
      async (work) => {
        if (which[0] === 'default') await other();
        return machine.lock(...which)(work);
      };
    expect(await runInProcess({ ...machine, lock }, ['sign-out', '--no-browser', '--port', '0'])).toBe(0);
    expect(machine.stdout.text).toContain('Nobody is signed in');
  });

  it('still refuses a profile that there is not', async () => {
    expect(await failureOf(runInProcess(runtime, ['sign-out', '--profile', 'nobody']))).toMatchObject({
      code: 'profile_unknown',
    });
  });
});

describe('after a sign-out', () => {
  it('whoami is not_signed_in, also of a profile that only a sign-in has made', async () => {
    await storeSession(runtime, 'alice');
    await runInProcess(runtime, ['profile', 'use', 'alice']);
    await runInProcess(runtime, ['sign-out', '--local']);
    expect(await failureOf(runInProcess(runtime, ['whoami']))).toMatchObject({ code: 'not_signed_in' });
  });

  it('another session of the same profile in another storage is not forgotten by mistake', async () => {
    await storeSession(runtime, 'default', { kind: 'keychain' });
    await storeSession(runtime, 'default', { kind: 'file' });
    await runInProcess(runtime, ['sign-out', '--local', '--storage', 'keychain']);
    expect((await readConfiguration(runtime.directories.config)).profiles['default']?.session).toBe('file');
    await runInProcess(runtime, ['whoami', '--json']);
  });
});
