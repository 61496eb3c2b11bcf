import type { Storage } from '../storage/storage.js';
import { type Session, sessionOf } from './session.js';
import { parseTokenSet, tokenSetKey } from './token-set.js';

/**
 * Whoever is signed in according to this storage, at whatever provider and application; `null` when nobody is.
 *
 * @throws LogtoError `storage_corrupt` and the storage's own codes
 *
 * @example
 * ```ts
 * const session = await readSession(new FileStorage({ directory: '/home/alice/.my-application' }));
 * console.log(session?.subject ?? 'nobody');
 * ```
 */
export async function readSession(storage: Storage): Promise<Session | null> {
  const stored = await storage.get(tokenSetKey);
  return stored === null ? null : sessionOf(parseTokenSet(stored));
}
