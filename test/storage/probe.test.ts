import { describe, expect, it } from 'vitest';
import { LogtoError } from '../../src/errors.js';
import { MemoryStorage } from '../../src/storage/memory-storage.js';
import { proveWritable } from '../../src/storage/probe.js';
import type { Storage } from '../../src/storage/storage.js';

/** A storage that remembers which keys it was asked for. */
class WatchedStorage extends MemoryStorage {
  readonly written = new Set<string>();
  readonly deleted = new Set<string>();

  override async set(key: string, value: string): Promise<void> {
    this.written.add(key);
    await super.set(key, value);
  }

  override async delete(key: string): Promise<void> {
    this.deleted.add(key);
    await super.delete(key);
  }
}

describe('proveWritable', () => {
  it('leaves nothing behind, and probes at the same time do not disturb each other', async () => {
    const storage = new WatchedStorage();
    await Promise.all(Array.from({ length: 20 }, () => proveWritable(storage)));
    expect(storage.written.size).toBe(20);
    expect(storage.deleted).toEqual(storage.written);
  });

  it('hands on what the storage says', async () => {
    const storage = new MemoryStorage();
    storage.set = () => Promise.reject(new LogtoError('storage_locked', 'locked', 'unlock it'));
    await expect(proveWritable(storage)).rejects.toMatchObject({ code: 'storage_locked' });
  });

  it.each([null, 'something else'])('fails for a storage that gives back %j', async (found) => {
    const storage: Storage = { get: async () => found, set: async () => {}, delete: async () => {} };
    await expect(proveWritable(storage)).rejects.toMatchObject({ code: 'storage_failed' });
  });

  it('removes the canary also when it could not be read', async () => {
    const storage = new WatchedStorage();
    storage.get = () => Promise.reject(new LogtoError('storage_failed', 'broke', 'try again'));
    await expect(proveWritable(storage)).rejects.toMatchObject({ code: 'storage_failed' });
    expect(storage.deleted).toEqual(storage.written);
  });
});
