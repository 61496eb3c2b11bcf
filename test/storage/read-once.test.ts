import { expect, it } from 'vitest';
import { memoryLock } from '../../src/storage/memory-lock.js';
import { MemoryStorage } from '../../src/storage/memory-storage.js';
import { readOnce } from '../../src/storage/read-once.js';
import type { Lock } from '../../src/storage/storage.js';

class CountingStorage extends MemoryStorage {
  reads = 0;

  override get(key: string): Promise<string | null> {
    this.reads += 1;
    return super.get(key);
  }
}

it('reads a value once, and what is absent too', async () => {
  const inner = new CountingStorage();
  await inner.set('a', '1');
  const { storage } = readOnce(inner, memoryLock());
  expect([await storage.get('a'), await storage.get('a')]).toEqual(['1', '1']);
  expect([await storage.get('b'), await storage.get('b')]).toEqual([null, null]);
  expect(inner.reads).toBe(2);
});

it('reads anew under the lock and after it, where a sibling may have written', async () => {
  const inner = new CountingStorage();
  await inner.set('a', '1');
  const { storage, lock } = readOnce(inner, memoryLock());
  await storage.get('a');
  await inner.set('a', '2');
  expect(await lock(() => storage.get('a'))).toBe('2');
  await inner.set('a', '3');
  expect(await storage.get('a')).toBe('3');
});

it('reads anew where it is asked during the wait for the lock', async () => {
  const inner = new CountingStorage();
  await inner.set('a', '1');
  // A sibling wrote, and lets go.
  const crowded: Lock = async (work, served) => {
    await inner.set('a', '2');
    return (await served?.()) ?? work();
  };
  const { storage, lock } = readOnce(inner, crowded);
  await storage.get('a');
  const result = await lock(
    async () => 'a turn',
    () => storage.get('a'),
  );
  expect(result).toBe('2');
});

it('reads anew what was written or deleted through it', async () => {
  const inner = new CountingStorage();
  const { storage } = readOnce(inner, memoryLock());
  await storage.get('a');
  await storage.set('a', '1');
  expect(await storage.get('a')).toBe('1');
  await storage.delete('a');
  expect(await storage.get('a')).toBeNull();
});
