import { assertKey, assertValue } from './storable.js';
import type { Storage } from './storage.js';

/**
 * Keeps values as long as the process lives. Each instance has its own.
 *
 * @example
 * ```ts
 * const client = new LogtoClient(config, { storage: new MemoryStorage() });
 * ```
 */
export class MemoryStorage implements Storage {
  readonly #values = new Map<string, string>();

  async get(key: string): Promise<string | null> {
    assertKey(key);
    return this.#values.get(key) ?? null;
  }

  async set(key: string, value: string): Promise<void> {
    assertKey(key);
    assertValue(value);
    this.#values.set(key, value);
  }

  async delete(key: string): Promise<void> {
    assertKey(key);
    this.#values.delete(key);
  }
}
