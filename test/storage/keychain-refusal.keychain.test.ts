import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { built } from '../support/built.js';
import { keyringMissing } from '../support/capabilities.js';
import { startFalseBus, startMuteBus } from '../support/false-bus.js';
import { builtKeychainStorage, isRunning, keychainChildren } from '../support/keychain-children.js';
import {
  type KeyringSession,
  lockKeyring,
  startBareBus,
  startKeyring,
  startKeyringOfNewUser,
} from '../support/keyring-session.js';
import { inOtherProcess, type StorageWork, startStorageProcess } from '../support/storage-process.js';

const options = { service: 'logto-cli', account: 'default' };

/** A set, in a process that ends by itself and in one that calls `process.exit`: a stuck thread would hold both. */
async function refusedSet(environment: NodeJS.ProcessEnv, more: Partial<StorageWork> = {}) {
  const work = { kind: 'keychain', options, steps: [['set', 'tokens', 'value']], ...more } as const;
  const [outcome, other] = await Promise.all([
    inOtherProcess(work, environment),
    inOtherProcess({ ...work, ending: 'exit' }, environment),
  ]);
  expect(other.error).toEqual(outcome.error);
  expect([outcome.exitCode, other.exitCode]).toEqual([8, 8]);
  expect(outcome.error?.hint).toContain('--storage file (LOGTO_CLI_STORAGE=file)');
  expect(outcome.error?.message).not.toMatch(/[\n\r]/);
  return { ...outcome.error, took: Math.max(outcome.took, other.took) };
}

describe.skipIf(keyringMissing() !== null)('KeychainStorage', () => {
  let KeychainStorage: Awaited<ReturnType<typeof builtKeychainStorage>>;

  beforeAll(async () => {
    KeychainStorage = await builtKeychainStorage();
  });

  describe('with a locked keyring', () => {
    let session: KeyringSession;

    beforeAll(async () => {
      session = await startKeyring();
      await new KeychainStorage({ ...options, environment: session.environment }).set('tokens', 'value');
      lockKeyring(session);
    });
    afterAll(() => session.stop());

    it('says that it is locked, and does not take what it cannot see for absent or deleted', async () => {
      const storage = new KeychainStorage({ ...options, environment: session.environment });
      const locked = { code: 'storage_locked', hint: expect.stringContaining('Unlock') };
      await expect(storage.get('tokens')).rejects.toMatchObject(locked);
      await expect(storage.set('tokens', 'new')).rejects.toMatchObject(locked);
      await expect(storage.delete('tokens')).rejects.toMatchObject(locked);
    });

    it('ends the process with exit code 8', async () => {
      expect(await refusedSet(session.environment)).toMatchObject({ code: 'storage_locked' });
    });
  });

  describe('without a keyring', () => {
    let folder: string;
    const environment = { ...process.env };

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'logto-cli-keychain-'));
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('names the bus that is not there', async () => {
      const refusal = await refusedSet(environment);
      expect(refusal).toMatchObject({ code: 'storage_unavailable', hint: expect.stringContaining('D-Bus') });
      // With a display, libsecret tries to start a bus by itself.
      const withDisplay = await refusedSet({ ...environment, DISPLAY: ':4711' });
      expect(withDisplay).toMatchObject({
        code: 'storage_unavailable',
        hint: expect.stringContaining('D-Bus'),
      });
    });

    it('names the bus whose socket is dead', async () => {
      const DBUS_SESSION_BUS_ADDRESS = `unix:path=${join(folder, 'nobody')}`;
      const refusal = await refusedSet({ ...environment, DBUS_SESSION_BUS_ADDRESS });
      expect(refusal).toMatchObject({ code: 'storage_unavailable', hint: expect.stringContaining('D-Bus') });
    });

    it.each([
      ['is empty', ''],
      ['is no address', 'nonsense'],
      ['is of a transport that nobody knows', 'foo:path=/x'],
      ['lacks what its transport needs', 'unix:'],
    ])('names the variable of the bus where it %s', async (_, DBUS_SESSION_BUS_ADDRESS) => {
      const refusal = await refusedSet({ ...environment, DBUS_SESSION_BUS_ADDRESS });
      expect(refusal).toMatchObject({
        code: 'storage_unavailable',
        hint: expect.stringContaining('DBUS_SESSION_BUS_ADDRESS'),
      });
    });

    it.each([
      ['ends the connection', (socket: Socket) => void socket.resume().end()],
      ['speaks HTTP', (socket: Socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
      [
        'lets nobody in',
        (socket: Socket) => void socket.on('data', () => socket.write('REJECTED EXTERNAL\r\n')),
      ],
    ])('names the bus where its socket is of something that %s', async (_, answer) => {
      const session = await startFalseBus(answer);
      const refusal = await refusedSet(session.environment).finally(() => session.stop());
      expect(refusal).toMatchObject({ code: 'storage_unavailable', hint: expect.stringContaining('D-Bus') });
    });

    it('names the service that the bus does not have', async () => {
      const session = await startBareBus();
      const refusal = await refusedSet(session.environment).finally(() => session.stop());
      expect(refusal).toMatchObject({
        code: 'storage_unavailable',
        hint: expect.stringContaining('apt install gnome-keyring'),
      });
    });

    it('names the keyring that was never made', async () => {
      const session = await startKeyringOfNewUser();
      const refusal = await refusedSet(session.environment).finally(() => session.stop());
      expect(refusal).toMatchObject({
        code: 'storage_unavailable',
        hint: expect.stringContaining('no keyring yet'),
      });
    });

    it('gives a bus that never answers 4 s where nobody can be asked, and then ends', async () => {
      const session = await startMuteBus();
      const refusal = await refusedSet(session.environment).finally(() => session.stop());
      expect(refusal).toMatchObject({
        code: 'storage_unavailable',
        message: 'The keychain did not answer within 4 s.',
      });
      expect(refusal.took).toBeGreaterThan(4000);
      expect(refusal.took).toBeLessThan(45_000);
    });

    it('says once that it waits where somebody can be asked', async () => {
      const session = await startMuteBus();
      const before = new Set(keychainChildren(process.pid));
      let told = 0;
      const storage = new KeychainStorage({
        ...options,
        environment: { ...session.environment, DISPLAY: ':4711' },
        timeLimit: 2000,
        onWait: () => {
          told += 1;
        },
      });
      await expect(storage.get('tokens')).rejects.toMatchObject({ code: 'storage_unavailable' });
      expect(told).toBe(1);
      await expect(storage.get('tokens')).rejects.toMatchObject({ code: 'storage_unavailable' });
      expect(told).toBe(1);
      // It is killed by then, and the system may take a moment for that.
      await expect
        .poll(() => keychainChildren(process.pid).filter((pid) => !before.has(pid) && isRunning(pid)))
        .toEqual([]);
      await session.stop();
    });

    it('leaves no stuck child process when it is killed itself', async () => {
      const session = await startMuteBus();
      const parent = startStorageProcess(
        { kind: 'keychain', options: { ...options, timeLimit: 60_000 }, steps: [['get', 'key']] },
        session.environment,
      );
      let children: number[] = [];
      await expect
        .poll(() => (children = keychainChildren(parent.pid ?? 0)), { timeout: 20_000 })
        .toHaveLength(1);
      await sleep(500); // the call is under way, which cannot be seen from here; without it the test is weaker only
      parent.kill('SIGKILL');
      await expect.poll(() => children.filter(isRunning), { timeout: 20_000 }).toEqual([]);
      await session.stop();
    });

    /** The built program beside a copy of keytar, as an installation has them. */
    const install = (name: string): { dist: string; keytar: string } => {
      const modules = join(folder, name, 'node_modules');
      const dist = join(modules, 'logto-cli', 'dist');
      mkdirSync(dist, { recursive: true });
      writeFileSync(join(modules, 'logto-cli', 'package.json'), '{"type":"module"}');
      cpSync(built('errors.js'), join(dist, 'errors.js'));
      cpSync(dirname(built('storage/storage.js')), join(dist, 'storage'), { recursive: true });
      return { dist, keytar: join(modules, 'keytar') };
    };

    it('names libsecret when the system has none', async () => {
      const { dist, keytar } = install('no-libsecret');
      const original = dirname(fileURLToPath(import.meta.resolve('keytar/package.json')));
      cpSync(original, keytar, { recursive: true, dereference: true });
      // The loader looks for another name, which no system has, and says so in its own words.
      const binary = join(keytar, 'prebuilds', `${process.platform}-${process.arch}`, 'keytar.node');
      const bytes = readFileSync(binary, 'latin1');
      rmSync(join(keytar, 'build'), { recursive: true, force: true });
      writeFileSync(binary, bytes.replaceAll('libsecret-1.so.0', 'libsecret-0.so.9'), 'latin1');
      const refusal = await refusedSet(environment, { dist });
      expect(refusal).toMatchObject({
        code: 'storage_unavailable',
        message: expect.stringContaining('libsecret-0.so.9: cannot open shared object file'),
        hint: expect.stringContaining('apt install libsecret-1-0'),
      });
    });

    it('names keytar when it is not installed', async () => {
      const refusal = await refusedSet(environment, { dist: install('no-keytar').dist });
      expect(refusal).toMatchObject({
        code: 'storage_unavailable',
        hint: expect.stringContaining('npm install --include=optional'),
      });
    });
  });
});
