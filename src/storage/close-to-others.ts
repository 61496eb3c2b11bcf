import { systemCode } from './file-error.js';

/**
 * Takes from other users what they may do with a file or directory of ours. A symbolic link is left alone, and where it
 * leads to. On Windows nothing is done: there the parent directory decides.
 *
 * @returns what to tell the user, or `null` when others could do nothing
 * @throws the system's error, with its `code`, when the path cannot be looked at
 */
export function closeToOthers(path: string): string | null {
  if (process.platform === 'win32') return null;
  const { chmodSync, lstatSync } = process.getBuiltinModule('node:fs');
  const found = lstatSync(path);
  const { mode } = found;
  if (found.isSymbolicLink() || (mode & 0o077) === 0) return null;
  const exposed = `Other users of this machine had access to ${path} (mode ${(mode & 0o777).toString(8)}).`;
  let obstacle = 'the file system keeps no permissions';
  try {
    chmodSync(path, mode & 0o700);
    if ((lstatSync(path).mode & 0o077) === 0)
      return `${exposed} It is closed to them now; if somebody may have read it, sign out and in again.`;
  } catch (error) {
    obstacle = systemCode(error) ?? 'unknown';
  }
  return `${exposed} It cannot be closed to them (${obstacle}): choose another directory with LOGTO_CLI_HOME=<directory>.`;
}
