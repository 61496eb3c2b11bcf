import { LogtoError } from '../errors.js';
import type { Runtime } from '../runtime.js';

/** Milliseconds for a storage's answer. A sign-in waits for much longer where a person may be asked something. */
export const storagePatience = 4_200;

/**
 * What somebody asks a storage for, unless it keeps everybody waiting.
 *
 * @param signal ends the wait
 * @throws LogtoError `storage_unavailable` when it does not answer; what the work throws
 */
export function answerInTime<Answer>(
  runtime: Pick<Runtime, 'sleep'>,
  signal: AbortSignal,
  work: Promise<Answer>,
): Promise<Answer> {
  const late = runtime.sleep(storagePatience, signal).then(() => {
    throw new LogtoError(
      'storage_unavailable',
      'The storage did not answer within 4 s.',
      'Restart the keychain service, or keep the tokens in a file that only you can read: --storage file (LOGTO_CLI_STORAGE=file).',
    );
  });
  return Promise.race([work, late]);
}
