import type { Stats } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { readRegularFile } from '../read-file.js';
import { makeDirectory } from './make-directory.js';
import { type OwnershipFault, ownershipFault } from './ownership-fault.js';

/** What lies at a path could have been put or changed there by another user of this machine. */
export class NotBelieved extends Error {
  constructor(
    readonly path: string,
    readonly found: Stats,
    readonly fault: OwnershipFault,
  ) {
    super(`${path} is not believed: ${fault}.`);
  }
}

/** The directories from the topmost to the one that is meant, which lies below it. */
export function directoriesFrom(top: string, directory: string): string[] {
  const names = relative(top, directory).split(sep);
  return [top, ...names.flatMap((name, index) => (name ? [join(top, ...names.slice(0, index + 1))] : []))];
}

/**
 * Makes sure that no other user could have put anything into directories of ours, or replaced one: looks at each of
 * them, and where it leads if it is a symbolic link.
 *
 * @param directories from the topmost down
 * @returns `false` when there is nothing to believe: one is not there, or is ours, empty and only waits to be closed
 * @throws NotBelieved; the system's error, with its `code`
 */
export function believeDirectories(directories: readonly string[]): boolean {
  for (const path of directories) {
    const found = foundAt(path);
    if (found === null || isOpenAndEmpty(path, found)) return false;
    believe(path, found);
  }
  return true;
}

/**
 * Makes directories of ours that are not there yet, closed to everybody else from their first moment, and closes an
 * empty one that others could write to.
 *
 * @param directories from the topmost down
 * @throws NotBelieved; the system's error, with its `code`
 */
export function makeDirectories(directories: readonly string[]): void {
  if (believeDirectories(directories)) return;
  const { chmodSync } = fileSystem();
  for (const path of directories) {
    const found = foundAt(path);
    if (found !== null && isOpenAndEmpty(path, found)) chmodSync(path, found.mode & 0o7755);
  }
  makeDirectory(directories.at(-1) ?? '', 0o700);
  for (const path of directories) believe(path, foundAt(path));
}

/**
 * Reads a file of ours. It is looked at when it is open, so that nobody can put another in its place meanwhile. A
 * symbolic link is followed where this user, or root, has made it.
 *
 * @throws NotBelieved; NoSuchFile; the system's error, with its `code`
 */
export function readOwnFile(path: string): { readonly bytes: Buffer; readonly found: Stats } {
  const { constants, lstatSync } = fileSystem();
  const check = (found: Stats) => believe(path, found);
  try {
    return readRegularFile(path, constants.O_NOFOLLOW, check);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    // FreeBSD says EMLINK. What somebody else made may be closed to us, and then it is theirs that we say.
    if (!['ELOOP', 'EMLINK', 'EACCES'].includes(code)) throw error;
    const found = lstatSync(path);
    check(found);
    if (!found.isSymbolicLink()) throw error;
  }
  return readRegularFile(path, 0, check);
}

function believe(path: string, found: Stats | null): void {
  const fault = found && ownershipFault(found);
  if (fault) throw new NotBelieved(path, found, fault);
}

/** What is at a path, or where a link of ours leads; `null`: nothing. */
function foundAt(path: string): Stats | null {
  const { lstatSync, statSync } = fileSystem();
  try {
    const found = lstatSync(path);
    if (!found.isSymbolicLink()) return found;
    believe(path, found);
    return statSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** A directory that its user has just made for us, as their umask wants it. */
function isOpenAndEmpty(path: string, found: Stats): boolean {
  if (found.uid !== process.geteuid?.() || !found.isDirectory()) return false;
  return ownershipFault(found) === 'writable' && fileSystem().readdirSync(path).length === 0;
}

/** An import of node:fs would evaluate all that it could export, streams and promises included. */
function fileSystem() {
  return process.getBuiltinModule('node:fs');
}
