import { randomUUID } from 'node:crypto';
import { LogtoError } from '../errors.js';
import type { Storage } from './storage.js';

/**
 * Proves that a storage keeps what it is given, by writing, reading and deleting a canary under a key of its own.
 * A read proves nothing: a locked keyring answers one as if nothing were stored. Leaves nothing behind.
 *
 * @throws LogtoError what the storage throws; `storage_failed` when the canary reads back differently
 */
export async function proveWritable(storage: Storage): Promise<void> {
  const key = `probe-${randomUUID()}`;
  const canary = randomUUID();
  await storage.set(key, canary);
  let found: string | null;
  try {
    found = await storage.get(key);
  } finally {
    await storage.delete(key);
  }
  if (found === canary) return;
  throw new LogtoError(
    'storage_failed',
    'The storage did not give back what was just written to it.',
    'Choose another kind with --storage file or --storage keychain (LOGTO_CLI_STORAGE).',
  );
}
