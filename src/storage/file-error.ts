import { LogtoError } from '../errors.js';
import { NotBelieved } from './ownership.js';
import { ownershipError } from './ownership-error.js';

// What these mean does not change until somebody gives us another directory, or other rights on this one.
const unusablePlace = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOTDIR',
  'ENOENT',
  'EEXIST',
  'ENOTEMPTY',
  'ELOOP',
  'ENAMETOOLONG',
]);

/** The `code` of a failed system call (`ENOENT`…), or `undefined`. */
export function systemCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | null)?.code;
}

/** What an operation on files gives; `null` where the system refuses it, whatever the reason. */
export function orNull<T>(operation: () => T): T | null {
  try {
    return operation();
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return null;
  }
}

/**
 * What a failed system call on a file means to somebody who wants tokens kept: `storage_unavailable` where the place
 * cannot be used (also because another user can get at it), `storage_failed` where it broke. A {@link LogtoError} is
 * returned as it is.
 *
 * @param doing what was tried, as in "could not …"
 */
export function fileError(error: unknown, doing: string): LogtoError {
  if (error instanceof LogtoError) return error;
  if (error instanceof NotBelieved) return ownershipError(error);
  const code = systemCode(error);
  if (code === undefined) throw error;
  const message = `Could not ${doing} (${code}).`;
  if (code === 'EISDIR') {
    return new LogtoError(
      'storage_unavailable',
      message,
      'A directory is in the place of a file there: remove it, or choose another place with LOGTO_CLI_HOME=<directory>.',
    );
  }
  if (unusablePlace.has(code)) {
    return new LogtoError(
      'storage_unavailable',
      message,
      'Make the directory and what is in it yours and writable (a run with sudo leaves files of root there), choose another one with LOGTO_CLI_HOME=<directory>, or another kind of storage with --storage (LOGTO_CLI_STORAGE).',
    );
  }
  const full = ['ENOSPC', 'EDQUOT'].includes(code);
  return new LogtoError(
    'storage_failed',
    message,
    `${full ? 'Free some space on that disk' : 'Look after that disk'} and try again, or choose another directory with LOGTO_CLI_HOME=<directory>.`,
  );
}
