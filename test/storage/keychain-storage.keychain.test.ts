import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as KeychainProcessModule from '../../src/storage/keychain-process.js';
import { built } from '../support/built.js';
import { keyringMissing } from '../support/capabilities.js';
import { builtKeychainStorage, isRunning, keychainChildren } from '../support/keychain-children.js';
import { type KeyringSession, secretToolSearch, startKeyring } from '../support/keyring-session.js';
import { firstLine, inOtherProcess, startStorageProcess } from '../support/storage-process.js';
import { storageContract } from './contract.js';

const options = { service: 'logto-cli', account: 'default' };

describe.skipIf(keyringMissing() !== null)('KeychainStorage', () => {
  let KeychainStorage: Awaited<ReturnType<typeof builtKeychainStorage>>;

  beforeAll(async () => {
    KeychainStorage = await builtKeychainStorage();
  });

  describe('with an unlocked keyring', () => {
    let session: KeyringSession;
    let account = 0;

    beforeAll(async () => {
      session = await startKeyring();
    });
    afterAll(() => session.stop());

    const open = () => {
      account += 1;
      return new KeychainStorage({
        ...options,
        account: `account-${account}`,
        environment: session.environment,
      });
    };

    storageContract({
      open,
      setElsewhere: async (key, value) => {
        const options = { service: 'logto-cli', account: `account-${account}` };
        const work = { kind: 'keychain', options, steps: [['set', key, value]] } as const;
        expect(await inOtherProcess(work, session.environment)).toMatchObject({ exitCode: 0, error: null });
      },
    });

    it('keeps an item that other programs find by its service, and none after it is deleted', async () => {
      const storage = new KeychainStorage({ ...options, account: 'alice', environment: session.environment });
      await storage.set('token set', 'the value');
      const found = secretToolSearch(session, 'service', 'logto-cli', 'account', 'alice/token%20set');
      expect(found).toContain('secret = the value');
      await storage.delete('token set');
      expect(await storage.get('token set')).toBeNull();
      const all = secretToolSearch(session, 'service', 'logto-cli');
      expect(all).not.toContain('alice');
      expect(all).not.toContain('probe-');
      expect(all).not.toContain('deleted');
    });

    it('reads, writes and deletes while siblings do the same', async () => {
      account += 1;
      const options = { service: 'logto-cli', account: `account-${account}` };
      const round = [
        ['set', 'key', 'value'],
        ['get', 'key'],
        ['delete', 'key'],
        ['get', 'absent'],
      ] as const;
      const work = {
        kind: 'keychain',
        options,
        steps: Array.from({ length: 10 }, () => round).flat(),
      } as const;
      const processes = Array.from({ length: 10 }, () => inOtherProcess(work, session.environment));
      for (const { error, results } of await Promise.all(processes)) {
        expect(error).toBeNull();
        expect(results.filter((result) => result !== 'value' && result !== null)).toEqual([]);
      }
      expect(secretToolSearch(session, 'service', 'logto-cli')).not.toContain(options.account);
    });

    it('keeps the accounts apart', async () => {
      const [alice, bob] = [open(), open()];
      await alice.set('key', 'of alice');
      await bob.set('key', 'of bob');
      await bob.delete('key');
      expect(await alice.get('key')).toBe('of alice');
    });

    it('does calls made at once in their order', async () => {
      const storage = open();
      const calls = [
        storage.set('key', '1'),
        storage.get('key'),
        storage.set('key', '2'),
        storage.get('key'),
      ];
      expect(await Promise.all([...calls, storage.delete('key'), storage.get('key')])).toEqual([
        undefined,
        '1',
        undefined,
        '2',
        undefined,
        null,
      ]);
    });

    it('gives its child process what a keychain needs, and none of our secrets', async () => {
      const before = new Set(keychainChildren(process.pid));
      const secrets = { LOGTO_APP_SECRET: 'x', LOGTO_CLI_PASSWORD: 'x', NODE_OPTIONS: '--no-warnings' };
      const environment = { ...session.environment, ...secrets, NODE_EXTRA_CA_CERTS: '/nowhere' };
      const storage = new KeychainStorage({ ...options, account: 'secrets', environment });
      await storage.set('key', 'a secret value');
      await storage.delete('key');
      const [child] = keychainChildren(process.pid).filter((pid) => !before.has(pid));
      const names = readFileSync(`/proc/${child}/environ`, 'utf8')
        .split('\0')
        .map((entry) => entry.split('=')[0]);
      expect(names).toEqual(expect.arrayContaining(['PATH', 'DBUS_SESSION_BUS_ADDRESS']));
      expect(names.filter((name) => /LOGTO|NODE/.test(name ?? ''))).toEqual([]);
      expect(readFileSync(`/proc/${child}/cmdline`, 'utf8')).not.toContain('secret');
    });

    it('may have its child process started before it is asked for anything', async () => {
      const { KeychainProcess } = (await import(
        pathToFileURL(built('storage/keychain-process.js')).href
      )) as typeof KeychainProcessModule;
      const calls = new KeychainProcess(session.environment);
      const known = keychainChildren(process.pid);
      await calls.start(true);
      const started = () => keychainChildren(process.pid).filter((pid) => !known.includes(pid));
      await expect.poll(started, { timeout: 20_000 }).toHaveLength(1);
      const [early] = started();

      const storage = new KeychainStorage({ service: 'logto-cli', account: 'early' }, calls);
      await storage.set('key', 'value');

      expect(await storage.get('key')).toBe('value');
      expect(started()).toEqual([early]);
    });

    it('starts a new child process when the old one was killed', async () => {
      const before = new Set(keychainChildren(process.pid));
      const storage = open();
      await storage.set('key', 'value');
      const [child] = keychainChildren(process.pid).filter((pid) => !before.has(pid));
      process.kill(child ?? 0, 'SIGKILL');
      // The call that runs into it may fail, in one way only; the next one does not.
      await storage.get('key').catch((error) => expect(error).toMatchObject({ code: 'storage_failed' }));
      expect(await storage.get('key')).toBe('value');
    });

    it('ends with its parent, however that ends', async () => {
      const work = { kind: 'keychain', options, steps: [['get', 'key']], ending: 'wait' } as const;
      const parent = startStorageProcess(work, session.environment);
      await firstLine(parent);
      const children = keychainChildren(parent.pid ?? 0);
      expect(children).toHaveLength(1);
      parent.kill('SIGKILL');
      await expect.poll(() => children.filter(isRunning)).toEqual([]);
    });

    it('ends with a parent that ends by Ctrl-C, and not before', async () => {
      const work = { kind: 'keychain', options, steps: [['get', 'key']], ending: 'wait' } as const;
      const parent = startStorageProcess(work, session.environment);
      await firstLine(parent);
      const children = keychainChildren(parent.pid ?? 0);
      for (const pid of [...children, parent.pid ?? 0]) process.kill(pid, 'SIGINT');
      await once(parent, 'exit');
      await expect.poll(() => children.filter(isRunning)).toEqual([]);
    });
  });
});
