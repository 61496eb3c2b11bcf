import { LogtoError } from '../../errors.js';
import type { Runtime } from '../../runtime.js';
import type { StorageKind } from '../../storage/storage.js';

/** Milliseconds for a storage's answer. A sign-in waits for much longer where a person may be asked something. */
const storagePatience = 4_200;

/** A wait for a storage of this kind. */
export interface StorageWait {
  readonly kind: StorageKind;
  readonly runtime: Pick<Runtime, 'sleep' | 'environment' | 'platform' | 'directories'>;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * What somebody asks a storage for, unless it keeps everybody waiting.
 *
 * @throws LogtoError `storage_unavailable` with `limitSeconds` when it does not answer: that is no finding, a busy
 * machine is slow too; what the work throws
 */
export function answerInTime<Answer>(wait: StorageWait, work: Promise<Answer>): Promise<Answer> {
  const late = wait.runtime.sleep(storagePatience, wait.signal).then(() => {
    throw new LogtoError(
      'storage_unavailable',
      `The storage (${wait.kind}) did not answer within 4 s.`,
      hints[wait.kind](wait),
      { limitSeconds: 4 },
    );
  });
  return Promise.race([work, late]);
}

const hints: Readonly<Record<StorageKind, (wait: StorageWait) => string>> = {
  // One that can show a prompt may be waiting for somebody; any other does not answer.
  keychain: ({ runtime: { environment, platform } }) =>
    platform !== 'linux' || environment['DISPLAY'] || environment['WAYLAND_DISPLAY']
      ? 'Answer the prompt of the keychain, and run this again.'
      : 'Run this again when the machine is less busy. If it stays so, restart the keychain service, or keep the tokens in a file that only you can read: --storage file (LOGTO_CLI_STORAGE=file).',
  file: ({ runtime: { directories } }) =>
    `Run this again when the machine is less busy. If it stays so, the disk or network drive under ${directories.sessions} is slow: choose another directory with LOGTO_CLI_HOME.`,
  memory: () => 'Run this again when the machine is less busy.',
};
