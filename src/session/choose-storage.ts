import { LogtoError } from '../errors.js';
import type { Settings } from '../profile/settings.js';
import { proveWritable } from '../storage/probe.js';
import type { Storage, StorageKind } from '../storage/storage.js';
import type { CommandContext } from './command-context.js';

/**
 * Opens the storage for a new session and proves that it can be written, before anything else happens. Where nobody
 * chose a storage and there is no usable keychain, a person at the terminal is asked whether a file will do.
 *
 * @throws LogtoError `storage_unavailable`, `storage_locked`, `storage_failed`
 */
export async function chooseStorage(
  { runtime, output }: CommandContext,
  { storage: kind, storageChosen, profile }: Settings,
  mayAsk: boolean,
): Promise<{ readonly kind: StorageKind; readonly storage: Storage }> {
  try {
    return { kind, storage: await open(kind) };
  } catch (error) {
    const askable = error instanceof LogtoError && error.code === 'storage_unavailable' && !storageChosen;
    if (!askable || !mayAsk || !runtime.stdin.isTerminal) throw error;
    output.warn(error.message);
    const answer = await runtime.stdin.ask(
      `Keep the tokens in a file under ${runtime.directories.sessions} that only you can read? [y/N] `,
    );
    if (!/^y(es)?$/i.test(answer?.trim() ?? '')) throw error;
    return { kind: 'file', storage: await open('file') };
  }

  async function open(kind: StorageKind): Promise<Storage> {
    const storage = await runtime.storage(kind, profile);
    await proveWritable(storage);
    return storage;
  }
}
