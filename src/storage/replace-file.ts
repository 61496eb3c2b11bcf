import {
  closeSync,
  constants,
  fstatSync,
  fsync,
  lstatSync,
  openSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { resolve } from 'node:path';
import { despiteBusyFile } from './busy-file.js';
import { orNull, systemCode } from './file-error.js';
import { ownershipFault } from './ownership-fault.js';

/**
 * Replaces a file as a whole: the text is written beside it, synced and renamed over it, so that a crash leaves the old
 * file or the new one. A symbolic link is replaced itself, never written through. Whom Windows names as having the file
 * open is waited for, and what was written beside is removed again when something fails.
 *
 * @param mode permissions of the new file (this user's alone)
 * @param isSynced false where a power failure may take both, old and new
 * @throws the system's error, with its `code`
 */
export async function replaceFile(path: string, text: string, mode = 0o600, isSynced = true): Promise<void> {
  const beside = besideOf(path);
  try {
    const file = openSync(beside, 'wx', mode);
    try {
      writeFileSync(file, text);
      if (isSynced) await syncToDisk(file);
    } finally {
      closeSync(file);
    }
    await despiteBusyFile(() => renameSync(beside, path));
  } catch (error) {
    orNull(() => removeFile(beside)); // the first error is the one to tell
    throw error;
  }
}

/**
 * Waits until the disk has what an open file or directory holds. All else that is done to small files is done at once: it
 * takes less time than asking one of Node's threads for it. This may take seconds, in which signals are heard, a lock's
 * heart beats, and whatever else the process does goes on.
 *
 * @throws the system's error, with its `code`
 */
export function syncToDisk(file: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fsync(file, (error) => (error === null ? resolve() : reject(error)));
  });
}

/**
 * Removes a file, if it is there.
 *
 * @throws the system's error, with its `code`
 */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}

/**
 * Writes a file that a person named, which is replaced as a whole where that can be, a symbolic link as well: what it leads
 * to stays. A device or a pipe is written to, a file keeps its permissions, and one whose directory takes no new file (a
 * file that is mounted into a container) is written in place. To a descriptor of this process the text is added.
 *
 * @throws the system's error, with its `code`: `ENXIO` for a pipe that nobody reads
 */
export async function writeNamedFile(path: string, text: string): Promise<void> {
  const descriptor = ownDescriptor(path);
  if (descriptor !== null && fstatSync(descriptor).isFile()) {
    writeFileSync(descriptor, text);
    return;
  }
  const named = orNull(() => lstatSync(path));
  const known = orNull(() => statSync(path));
  const isLink = named?.isSymbolicLink() === true;
  const isStream = known !== null && !known.isFile() && (!isLink || ownershipFault(named) === null);
  if (isStream) return await writeWithoutWaiting(path, text);
  // Where a link leads is for its maker to say, who may be a file of a project, and be it this user's.
  const isNew = isLink || named === null;
  try {
    await replaceFile(path, text, isNew ? 0o666 : named.mode & 0o777);
  } catch (error) {
    // A disk that is full would be left with half a file. Anything else may be about the directory alone.
    if (isNew || ['ENOSPC', 'EDQUOT', 'EIO'].includes(systemCode(error) ?? '')) throw error;
    writeFileSync(path, text);
  }
}

/** To open a pipe in the usual way is to wait until somebody reads it. */
async function writeWithoutWaiting(path: string, text: string): Promise<void> {
  const { writeFile } = await import('node:fs/promises');
  const proof = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  try {
    // Whoever reads it may take their time.
    await writeFile(path, text);
  } finally {
    closeSync(proof);
  }
}

/**
 * The descriptor of this process that a path names (`/dev/stdout`); `null`: none. The file that it leads to has a name of
 * its own, or none: what were renamed over this name would be in its place for the whole machine.
 */
export function ownDescriptor(path: string): number | null {
  const [, name, number = ''] =
    /^\/(?:dev|proc\/self)\/(?:(stdin|stdout|stderr)|fd\/(\d{1,9}))$/.exec(resolve(path)) ?? [];
  if (name === undefined && number === '') return null;
  return name === undefined ? Number(number) : ['stdin', 'stdout', 'stderr'].indexOf(name);
}

/**
 * Proves that a file can be replaced, and leaves it as it is.
 *
 * @throws the system's error, with its `code`
 */
export function proveReplaceable(path: string): void {
  const beside = besideOf(path);
  writeFileSync(beside, '', { flag: 'wx', mode: 0o600 });
  removeFile(beside);
}

/** A name of its own, known by its ending: see `PrivateDirectory`, which sweeps what dead writers left. */
function besideOf(path: string): string {
  return `${path}.${crypto.randomUUID()}.tmp`;
}
