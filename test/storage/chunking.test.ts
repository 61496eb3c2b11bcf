import { beforeEach, describe, expect, it } from 'vitest';
import { ChunkedStorage } from '../../src/storage/chunking.js';
import { assertValue } from '../../src/storage/storable.js';
import type { Storage } from '../../src/storage/storage.js';
import { storageContract } from './contract.js';

const limit = 2560;

/** A keychain with the limit of Windows: a map whose calls take turns with those of others, and can end for good. */
class LimitedStore implements Storage {
  readonly items: Map<string, string>;
  /** How many more changes happen before the "process" that makes them dies. */
  changesLeft = Number.POSITIVE_INFINITY;

  constructor(items = new Map<string, string>()) {
    this.items = items;
  }

  async get(name: string): Promise<string | null> {
    await this.#turn();
    return this.items.get(name) ?? null;
  }

  async set(name: string, value: string): Promise<void> {
    if (Buffer.byteLength(value) > limit) throw new Error('The stub received bad data.');
    if (value === '') throw new Error('Password is required.');
    await this.#turn();
    this.#change();
    this.items.set(name, value);
  }

  async delete(name: string): Promise<void> {
    await this.#turn();
    this.#change();
    this.items.delete(name);
  }

  #change(): void {
    if (this.changesLeft === 0) throw new Error('killed');
    this.changesLeft -= 1;
  }

  async #turn(): Promise<void> {
    for (let turns = Math.random() * 4; turns > 0; turns -= 1) await new Promise(setImmediate);
  }
}

const long = (letter: string, bytes = 3 * limit + 1) => letter.repeat(bytes);

describe('ChunkedStorage', () => {
  let store: LimitedStore;
  let storage: ChunkedStorage;

  beforeEach(() => {
    store = new LimitedStore();
    storage = new ChunkedStorage(store, limit);
  });

  // Its names come percent-encoded, so they have no `#`.
  storageContract({
    open: () => {
      const inner = new ChunkedStorage(new LimitedStore(), limit);
      return {
        get: async (key) => inner.get(nameOf(key)),
        set: async (key, value) => inner.set(nameOf(key), checked(value)),
        delete: async (key) => inner.delete(nameOf(key)),
      };
    },
  });

  it('uses one item up to the limit and several above it, and leaves none behind', async () => {
    await storage.set('key', long('x', limit));
    expect([...store.items.keys()]).toEqual(['key']);
    await storage.set('key', long('x', limit + 1));
    expect([...store.items.keys()].sort()).toEqual(['key', 'key#a0', 'key#a1']);
    await storage.set('key', long('y', 5 * limit));
    expect([...store.items.keys()].sort()).toEqual([
      'key',
      ...[0, 1, 2, 3, 4].map((index) => `key#b${index}`),
    ]);
    await storage.set('key', 'short');
    expect([...store.items.keys()]).toEqual(['key']);
    await storage.set('key', long('z'));
    await storage.delete('key');
    expect(store.items.size).toBe(0);
  });

  it.each(['ü', '漢', '\u{1f600}'])('cuts no %s in two', async (letter) => {
    for (const offset of ['', 'a', 'ab', 'abc']) {
      const value = offset + letter.repeat(limit);
      await storage.set('key', value);
      expect(await storage.get('key')).toBe(value);
    }
  });

  it('shows a reader the old value or the new one, never a mixture', async () => {
    const values = ['a', 'b', 'c', 'd'].map((letter) => long(letter));
    await storage.set('key', values[0] ?? '');
    let isWriting = true;
    const reader = async () => {
      const seen = new Set<string | null>();
      while (isWriting) seen.add(await new ChunkedStorage(store, limit).get('key'));
      return seen;
    };
    const readers = [reader(), reader(), reader()];
    for (let round = 1; round < 40; round += 1) {
      await storage.set('key', round % 5 === 0 ? 'short' : (values[round % 4] ?? ''));
    }
    isWriting = false;
    const seen = new Set((await Promise.all(readers)).flatMap((each) => [...each]));
    expect([...values, 'short']).toEqual(expect.arrayContaining([...seen]));
    expect(seen.size).toBeGreaterThan(2);
  });

  it('has the old or the new value, whole, wherever a writer dies, and the next write leaves nothing of it', async () => {
    const changes = [
      [long('a'), long('b', 5 * limit)],
      [long('a', 5 * limit), long('b')],
      ['short', long('b')],
      [long('a'), 'short'],
    ] as const;
    for (const [old, next] of changes) {
      for (let death = 0; ; death += 1) {
        const items = new Map<string, string>();
        await new ChunkedStorage(new LimitedStore(items), limit).set('key', old);
        const dying = new LimitedStore(items);
        dying.changesLeft = death;
        const outcome = await new ChunkedStorage(dying, limit)
          .set('key', next)
          .catch((error: Error) => error);
        const survivor = new ChunkedStorage(new LimitedStore(items), limit);
        expect([old, next]).toContain(await survivor.get('key'));
        await survivor.set('key', long('c'));
        expect(await survivor.get('key')).toBe(long('c'));
        expect(items.size).toBe(5);
        await survivor.delete('key');
        expect(items.size).toBe(0);
        if (outcome === undefined) break;
      }
    }
  });

  it('has one whole value, and no more parts than it needs, after writers without a lock', async () => {
    for (let round = 0; round < 5; round += 1) {
      const items = new Map<string, string>();
      const values = ['a', 'b', 'c', 'd'].map((letter, index) => long(letter, (index + 1) * limit));
      const open = () => new ChunkedStorage(new LimitedStore(items), limit);
      await Promise.all(values.map((value) => open().set('key', value)));
      expect(values).toContain(await open().get('key'));
      await open().set('key', 'short');
      expect([...items.keys()]).toEqual(['key']);
    }
  });

  it.each([
    ['a part is missing', (items: Map<string, string>) => items.delete('key#a1')],
    ['a part was changed', (items: Map<string, string>) => items.set('key#a1', 'something else')],
    ['parts were swapped', (items: Map<string, string>) => items.set('key#a0', items.get('key#a5') ?? '')],
    ['the header is not readable', (items: Map<string, string>) => items.set('key', 'logto-cli:parts:{')],
  ])('calls a value corrupt when %s, until it is written again', async (_what, spoil) => {
    await storage.set('key', long('a') + long('b'));
    spoil(store.items);
    await expect(storage.get('key')).rejects.toMatchObject({ code: 'storage_corrupt' });
    await storage.set('key', long('c'));
    expect(await storage.get('key')).toBe(long('c'));
    await storage.delete('key');
    expect(store.items.size).toBe(0);
  });

  it('keeps a short value that looks like a header', async () => {
    const value = 'logto-cli:parts:{"slot":"a","parts":1,"length":1,"sha256":""}';
    await storage.set('key', value);
    expect(await storage.get('key')).toBe(value);
  });
});

function nameOf(key: string): string {
  return encodeURIComponent(checked(key));
}

/** What {@link Storage} refuses is refused before it comes here. */
function checked(text: string): string {
  assertValue(text);
  return text;
}
