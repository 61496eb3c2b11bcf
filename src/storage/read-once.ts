import type { Lock, Storage } from './storage.js';

/**
 * A storage that reads each value once, until its lock is taken or something is written: a keychain takes longer for
 * an answer than a command does for everything else.
 *
 * @param lock the one under which siblings write
 */
export function readOnce(storage: Storage, lock: Lock): { readonly storage: Storage; readonly lock: Lock } {
  let known: Map<string, string | null> | null = new Map();
  /** The same after a wait, in which a sibling may have written. */
  function anew<T>(ask: () => Promise<T>): () => Promise<T> {
    return () => {
      known = null;
      return ask();
    };
  }
  return {
    storage: {
      async get(key) {
        const value = known?.get(key);
        if (value !== undefined) return value;
        const found = await storage.get(key);
        known?.set(key, found);
        return found;
      },
      set(key, value) {
        known = null;
        return storage.set(key, value);
      },
      delete(key) {
        known = null;
        return storage.delete(key);
      },
    },
    lock: (work, served) => lock(anew(work), served && anew(served)),
  };
}
