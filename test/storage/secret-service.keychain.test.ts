import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SecretService } from '../../src/storage/secret-service.js';
import { keyringMissing } from '../support/capabilities.js';
import { builtKeychainStorage, keychainChildren } from '../support/keychain-children.js';
import {
  type KeyringSession,
  lockKeyring,
  startBareBus,
  startKeyring,
  startKeyringOfNewUser,
} from '../support/keyring-session.js';

const service = 'logto-cli';
const generic = ['xdg:schema', 'org.freedesktop.Secret.Generic'];

describe.skipIf(keyringMissing() !== null)('an item of a real keyring is read directly', () => {
  let session: KeyringSession;
  let storage: InstanceType<Awaited<ReturnType<typeof builtKeychainStorage>>>;
  let KeychainStorage: Awaited<ReturnType<typeof builtKeychainStorage>>;

  beforeAll(async () => {
    session = await startKeyring();
    KeychainStorage = await builtKeychainStorage();
    storage = new KeychainStorage({ service, account: 'a', environment: session.environment });
  });
  afterAll(() => session.stop());

  const read = async (key: string) =>
    SecretService.connect(session.environment)?.read(service, `a/${encodeURIComponent(key)}`, 60_000);

  /** Keeps a secret as another program does. */
  const keep = (secret: string, attributes: readonly string[], ...options: readonly string[]) =>
    execFileSync('secret-tool', ['store', '--label=label', ...options, ...attributes], {
      env: session.environment,
      input: secret,
    });

  it.each([
    ['short', 'x'],
    ['of 64 KB', 'x'.repeat(65_536)],
    ['in every script', 'ключ 鍵 🔑 \ufeff "\\\n'],
  ])('as keytar has written it: %s', async (key, value) => {
    await storage.set(key, value);
    expect(await read(key)).toBe(value);
    await storage.set(key, 'another');
    expect(await read(key)).toBe('another');
  });

  it('but not where it is larger than anybody reads here', async () => {
    await storage.set('large', 'x'.repeat(1_100_000));
    expect(await read('large')).toBeNull();
    expect(await storage.get('large')).toHaveLength(1_100_000);
    await storage.delete('large');
  });

  it('but not where there is none, or none any more', async () => {
    expect(await read('absent')).toBeNull();
    await storage.set('deleted', 'value');
    await storage.delete('deleted');
    expect(await read('deleted')).toBeNull();
  });

  it('but not where another program keeps one of the same names and another schema', async () => {
    keep('of another', ['service', service, 'account', 'a/schema', 'xdg:schema', 'com.example.Other']);
    expect(await read('schema')).toBeNull();
    expect(await storage.get('schema')).toBeNull();

    await storage.set('schema', 'ours');
    expect(await read('schema')).toBe('ours');
  });

  it('but not where two have the same attributes', async () => {
    await storage.set('twice', 'first');
    keep('second', ['service', service, 'account', 'a/twice', ...generic], '--collection=session');
    expect(await read('twice')).toBeNull();
    expect(['first', 'second']).toContain(await storage.get('twice'));
  });

  it('and what a deleted one says until it is gone is no value', async () => {
    keep('logto-cli:deleted:0b6f4f0e-9a53-4c1f-8d7e-5c2a41d0e6b9', [
      ...['service', service, 'account', 'a/tombstone'],
      ...generic,
    ]);
    const other = new KeychainStorage({ service, account: 'a', environment: session.environment });
    expect(await other.get('tombstone')).toBeNull();
  });

  it('by no process but this one, until somebody reads again or writes', async () => {
    await storage.set('token set', 'value');
    const known = keychainChildren(process.pid);
    const started = () => keychainChildren(process.pid).filter((pid) => !known.includes(pid));
    const other = new KeychainStorage({ service, account: 'a', environment: session.environment });

    expect(await other.get('token set')).toBe('value');
    expect(started()).toEqual([]);
    expect(await other.get('token set')).toBe('value');
    await expect.poll(started, { timeout: 20_000 }).toHaveLength(1);
    await other.set('token set', 'new');
    expect(await other.get('token set')).toBe('new');
    expect(started()).toHaveLength(1);
  });

  it('but not where it is locked', async () => {
    await storage.set('locked', 'value');
    lockKeyring(session);
    expect(await read('locked')).toBeNull();
    const other = new KeychainStorage({ service, account: 'a', environment: session.environment });
    await expect(other.get('locked')).rejects.toMatchObject({ code: 'storage_locked' });
  });
});

describe.skipIf(keyringMissing() !== null)('nothing is read directly', () => {
  it.each([
    ['has no service', startBareBus],
    ['would have to start the service', startKeyringOfNewUser],
  ])('where the bus %s, and none is started', async (_, start) => {
    const session = await start();
    try {
      const found = await SecretService.connect(session.environment)?.read(service, 'a/key', 60_000);
      expect(found).toBeNull();
      const method = 'org.freedesktop.DBus.NameHasOwner';
      const bus = ['--dest', 'org.freedesktop.DBus', '--object-path', '/org/freedesktop/DBus'];
      const call = ['call', '--session', ...bus, '--method', method, 'org.freedesktop.secrets'];
      const said = execFileSync('gdbus', call, { env: session.environment, encoding: 'utf8' });
      expect(said.trim()).toBe('(false,)');
    } finally {
      await session.stop();
    }
  });
});
