import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DoctorSubject } from '../../../src/check/doctor/doctor-subject.js';
import { browser } from '../../../src/check/doctor/machine/browser.js';
import { clock } from '../../../src/check/doctor/machine/clock.js';
import { judgeNodeVersion } from '../../../src/check/doctor/machine/node-version.js';
import type { FirstAnswer } from '../../../src/check/run/first-answer.js';
import { LogtoError } from '../../../src/errors.js';
import { keychainSilent } from '../../../src/storage/keychain-error.js';
import type { Storage } from '../../../src/storage/storage.js';
import { certificateFile } from '../../support/certificate-files.js';
import { freePort } from '../../support/free-port.js';
import { holdPort } from '../../support/held-port.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { type TestRuntime, testRuntime } from '../../support/test-runtime.js';
import { doctor } from './doctor-run.js';

/** Nothing of it is there: what these tests are about is this machine. */
const unconfigured = { 'provider.address': 'failed config_missing' };

describe('Node.js', () => {
  it.each(['20.19.0', '22.12.0', '26.0.0'])('is recent enough as %s', (version) => {
    expect(judgeNodeVersion(version)).toEqual({ outcome: 'passed', message: version });
  });

  it.each(['18.20.4', '20.18.3', '4.0.0'])('is too old as %s', (version) => {
    expect(judgeNodeVersion(version)).toMatchObject({
      outcome: 'failed',
      hint: expect.stringContaining('nvm'),
    });
  });
});

describe('the storage', () => {
  it.each(['storage_locked', 'storage_unavailable', 'storage_failed'] as const)(
    'is named by its own code: %s',
    async (code) => {
      const broken = () => Promise.reject(new LogtoError(code, 'It fails.', 'Mend it.'));
      // As a locked keyring: reading it works.
      const keychain: Storage = { get: async () => null, set: broken, delete: broken };
      const { faults, check } = await doctor(['--port', '0'], { keychain });
      expect(faults).toEqual({ ...unconfigured, 'machine.storage': `failed ${code}` });
      expect(check('session.stored')).toMatchObject({
        outcome: 'skipped',
        message: expect.stringMatching(/“Storage”, which failed/),
      });
    },
  );

  const never = () => new Promise<never>(() => {});
  /** What waits longest waits for ever. */
  const slow = {
    keychain: { get: never, set: never, delete: never },
    sleep: (milliseconds: number) => (milliseconds < 4_300 ? Promise.resolve() : never()),
  };

  it.each([
    [{}, 'restart the keychain service'],
    [{ DISPLAY: ':0' }, 'Answer the prompt'],
  ] as const)(
    'is given up when it never answers, which finds out nothing, with %j',
    async (environment, hint) => {
      const { faults, check, outcome, exitCode } = await doctor(['--port', '0'], { ...slow, environment });
      expect(faults['machine.storage']).toBe('incomplete storage_unavailable');
      expect(check('machine.storage').hint).toContain(hint);
      expect([outcome, exitCode]).toEqual(['failed', 1]); // for want of a provider
    },
  );

  it('is not blamed for a busy machine: a slow disk is no keychain', async () => {
    const stuck = (runtime: TestRuntime) => ({ ...runtime, storage: async () => slow.keychain });
    const args = ['--port', '0', '--storage', 'file', '--endpoint', 'http://localhost:9', '--app-id', 'app'];
    const { faults, check } = await doctor(args, { sleep: slow.sleep }, stuck);
    expect(faults['machine.storage']).toBe('incomplete storage_unavailable');
    expect(check('machine.storage').message).toBe('The storage (file) did not answer within 4 s.');
    expect(check('machine.storage').hint).toMatch(/LOGTO_CLI_HOME/);
    expect(check('machine.storage').hint).not.toMatch(/keychain/);
  });

  it.each([
    ['the lock', new LogtoError('lock_timeout', 'Still held.', 'Wait.')],
    ['the keychain', keychainSilent(4_000)],
  ])('is not blamed when the limit of %s ran out', async (_, error) => {
    const late = () => Promise.reject(error);
    const { faults } = await doctor(['--port', '0'], { keychain: { get: late, set: late, delete: late } });
    expect(faults['machine.storage']).toBe(`incomplete ${error.code}`);
  });

  it('that is too slow for the session makes what rests on it incomplete, not skipped', async () => {
    const written = new Map<string, string>();
    const keychain: Storage = {
      get: (key) =>
        key.startsWith('probe-')
          ? Promise.resolve(written.get(key) ?? null)
          : Promise.reject(keychainSilent(4_000)),
      set: async (key, value) => void written.set(key, value),
      delete: async (key) => void written.delete(key),
    };
    const args = ['--endpoint', 'http://localhost:9', '--app-id', 'app', '--port', '0'];
    const { faults } = await doctor(args, { keychain });
    expect(faults['machine.storage']).toBeUndefined();
    expect(faults['session.stored']).toBe('incomplete storage_unavailable');
  });

  it('is a directory that cannot be made', async () => {
    const home = await temporaryDirectory();
    await writeFile(join(home, 'sessions'), 'a file in the way');
    const { faults } = await doctor(['--port', '0', '--storage', 'file'], { home });
    expect(faults).toEqual({ ...unconfigured, 'machine.storage': 'failed storage_unavailable' });
  });

  it('is a directory that is read-only', async ({ skip }) => {
    skip(process.platform === 'win32', 'permissions of Windows are not modes');
    skip(process.getuid?.() === 0, 'permissions do not bind root');
    const home = await temporaryDirectory();
    await chmod(home, 0o500);
    const { faults } = await doctor(['--port', '0', '--storage', 'file'], { home });
    await chmod(home, 0o700);
    expect(faults['machine.storage']).toBe('failed storage_unavailable');
  });

  it('leaves nothing behind', async () => {
    const kept = new Map<string, string>();
    const keychain: Storage = {
      get: async (key) => kept.get(key) ?? null,
      set: async (key, value) => void kept.set(key, value),
      delete: async (key) => void kept.delete(key),
    };
    await doctor(['--port', '0'], { keychain });
    expect([...kept]).toEqual([]);
  });
});

describe('the browser', () => {
  async function look(environment: Record<string, string>, available = false, device = false) {
    const machine = {
      home: '/nowhere',
      environment,
      browser: { available: () => available, open: async () => false },
    };
    const subject = { runtime: testRuntime(machine), signIn: { device } };
    return browser.run(subject as never, new AbortController().signal);
  }

  it('is what BROWSER names, with its arguments', async () => {
    expect(await look({ BROWSER: `${process.execPath} --flag %s` })).toMatchObject({ outcome: 'passed' });
  });

  it('is a warning where BROWSER names nothing that can be run', async () => {
    expect(await look({ BROWSER: '/no/such/browser', PATH: '/usr/bin' })).toMatchObject({
      outcome: 'warning',
      message: 'BROWSER names /no/such/browser, which is no program of this machine.',
      hint: expect.stringContaining('--no-browser'),
    });
  });

  it('is looked up in PATH by its name', async () => {
    const folder = await temporaryDirectory();
    await writeFile(join(folder, 'my-browser'), '#!/bin/sh\n', { mode: 0o755 });
    await writeFile(join(folder, 'no-program'), 'text', { mode: 0o644 });
    expect(await look({ BROWSER: 'my-browser', PATH: folder })).toMatchObject({ outcome: 'passed' });
    expect(await look({ BROWSER: 'no-program', PATH: folder })).toMatchObject({ outcome: 'warning' });
  });

  it('is a warning without a display, which names --no-browser', async () => {
    expect(await look({})).toMatchObject({
      outcome: 'warning',
      message: 'No display here, so no browser can be opened.',
      hint: expect.stringContaining('logto-cli sign-in --no-browser'),
    });
  });

  it('is not needed where the sign-in is finished on another device', async () => {
    expect(await look({}, false, true)).toMatchObject({ outcome: 'passed' });
  });

  it('must be there beside the display', async () => {
    const folder = await temporaryDirectory();
    expect(await look({ DISPLAY: ':0', PATH: folder }, true)).toMatchObject({ outcome: 'warning' });
    await writeFile(join(folder, 'firefox'), '#!/bin/sh\n', { mode: 0o755 });
    expect(await look({ DISPLAY: ':0', PATH: folder }, true)).toMatchObject({ outcome: 'passed' });
    expect(await look({ WSL_DISTRO_NAME: 'Debian', PATH: '' }, true)).toMatchObject({ outcome: 'passed' });
  });
});

describe('the callback port', () => {
  it.each(['127.0.0.1', '::1'] as const)('is named with its holder when it is held on %s', async (host) => {
    const port = await freePort();
    await holdPort(port, host);
    const { faults, check } = await doctor(['--port', `${port}`]);
    expect(faults).toEqual({ ...unconfigured, 'machine.callback-port': 'failed port_in_use' });
    const { message } = check('machine.callback-port');
    expect(message).toContain(host === '::1' ? `[::1]:${port}` : `127.0.0.1:${port}`);
    if (process.platform === 'linux') expect(message).toContain(`process ${process.pid}`);
  });

  it('names both addresses when both are held', async () => {
    const port = await freePort();
    await holdPort(port, '127.0.0.1');
    await holdPort(port, '::1');
    const { message } = (await doctor(['--port', `${port}`])).check('machine.callback-port');
    expect(message).toContain(`127.0.0.1:${port}`);
    expect(message).toContain(`[::1]:${port}`);
  });

  it('is that of --port where a redirect URI is given too', async () => {
    const [redirect, listening] = [await freePort(), await freePort()];
    await holdPort(redirect);
    const uri = `http://127.0.0.1:${redirect}/callback`;
    const { check } = await doctor(['--redirect-uri', uri, '--port', `${listening}`]);
    expect(check('machine.callback-port')).toMatchObject({
      outcome: 'passed',
      message: `127.0.0.1:${listening} free`,
    });
  });

  it('says what https takes where the redirect URI has that', async () => {
    const port = await freePort();
    const { check, faults } = await doctor(['--redirect-uri', `https://127.0.0.1:${port}/callback`]);
    expect(faults).toEqual(unconfigured);
    expect(check('machine.callback-port').message).toBe(
      `127.0.0.1:${port} free; to answer https:, sign-in takes --tls-cert and --tls-key`,
    );
  });

  it.each(['https://app.example.com/callback', 'http://app.example.com/callback', 'myapp://callback', 'x'])(
    'cannot be that of %s',
    async (uri) => {
      const { faults } = await doctor(['--redirect-uri', uri]);
      expect(faults).toEqual({ ...unconfigured, 'machine.callback-port': 'failed config_invalid' });
    },
  );
});

describe('proxy and certificate authorities', () => {
  const provider = ['--endpoint', 'https://tenant.invalid', '--app-id', 'app', '--port', '0'];
  const unreachable = { 'provider.reachable': 'failed network_unreachable' };

  it('names the proxy of the provider, and not its password', async () => {
    const environment = { HTTPS_PROXY: 'http://me:secret-word@127.0.0.1:9' };
    const { faults, check, runtime } = await doctor(provider, { environment });
    expect(check('machine.proxy')).toMatchObject({
      outcome: 'passed',
      message: expect.stringMatching(/through 127\.0\.0\.1:9$/),
    });
    expect(faults).toEqual(unreachable);
    expect(check('provider.reachable').message).toContain('through the proxy 127.0.0.1:9');
    expect(runtime.stdout.text).not.toContain('secret-word');
  });

  it('says when a proxy is set and not used for the provider', async () => {
    const environment = { HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: 'tenant.invalid' };
    const { check } = await doctor(provider, { environment });
    expect(check('machine.proxy').message).toBe('none for tenant.invalid, though HTTPS_PROXY is set');
  });

  it('refuses a variable that is no proxy, and says so once', async () => {
    const { faults } = await doctor(provider, { environment: { HTTPS_PROXY: 'ftp://127.0.0.1:9' } });
    expect(faults).toEqual({ 'machine.proxy': 'failed config_invalid' });
  });

  it.each(['/no/such/file.pem', import.meta.filename])(
    'refuses %s for --ca-file, and says so once',
    async (file) => {
      const { faults } = await doctor([...provider, '--ca-file', file]);
      expect(faults).toEqual({ 'machine.certificates': 'failed config_invalid' });
    },
  );

  it('warns of NODE_EXTRA_CA_CERTS, which Node.js ignores when it is unusable', async () => {
    const { faults } = await doctor(provider, { environment: { NODE_EXTRA_CA_CERTS: '/no/such/file.pem' } });
    expect(faults).toEqual({ ...unreachable, 'machine.certificates': 'warning config_invalid' });
  });

  it('names the files that are trusted', async () => {
    const file = certificateFile('authority');
    const { check } = await doctor([...provider, '--ca-file', file], {
      environment: { NODE_EXTRA_CA_CERTS: file },
    });
    expect(check('machine.certificates')).toMatchObject({ outcome: 'passed', message: file });
  });
});

describe('the clock', () => {
  const now = Date.UTC(2026, 0, 1);
  const judged = (firstAnswer: FirstAnswer | null) =>
    clock.run({ firstAnswer } as DoctorSubject, new AbortController().signal);
  /** @param seconds by which ours is fast */
  const fast = (seconds: number) =>
    judged({
      sentAt: now + seconds * 1000,
      receivedAt: now + seconds * 1000 + 100,
      serverTime: now,
    });

  it.each([0, 1, -1, 59, -59])('is right when it is fast by %i s', async (seconds) => {
    expect((await fast(seconds)).outcome).toBe('passed');
  });

  it.each([65, 600, 3500])('is a warning when it is fast by %i s: sign-ins work', async (seconds) => {
    expect(await fast(seconds)).toMatchObject({
      outcome: 'warning',
      code: 'clock_skew',
      message: expect.stringMatching(/ahead of/),
    });
  });

  it.each([-65, -600])('has failed when it is slow: by %i s', async (seconds) => {
    expect(await fast(seconds)).toMatchObject({
      outcome: 'failed',
      code: 'clock_skew',
      message: expect.stringMatching(/behind/),
    });
  });

  it('has failed when it is so fast that every token has ended when it comes', async () => {
    expect(await fast(4000)).toMatchObject({ outcome: 'failed', code: 'clock_skew' });
  });

  it('says by how much', async () => {
    expect((await fast(600)).message).toContain('600 s ahead of');
    expect((await fast(-600)).message).toContain('600 s behind');
  });

  it('is not judged without a time to compare with', async () => {
    expect((await judged(null)).outcome).toBe('skipped');
    expect((await judged({ sentAt: now, receivedAt: now, serverTime: null })).outcome).toBe('skipped');
  });
});
