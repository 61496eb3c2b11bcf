import { dirname, join } from 'node:path';
import { makeDirectory } from '../storage/make-directory.js';
import { ownershipFault } from '../storage/ownership-fault.js';
import { cacheDirectory } from './directories.js';

/**
 * Where compiled code is kept; `null` where nothing can be kept, or somebody else could put code there that this program
 * would run. Node makes what lies in it as open as the umask lets it, and believes whatever it finds: so it is a
 * directory that we made for this alone, closed to everybody else from its first moment, and no directory above it, ours
 * to make or not, lets another user replace it.
 */
export function codeCache(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  user: number = process.geteuid?.() ?? -1,
): string | null {
  const cache = cacheDirectory(environment, platform);
  if (cache === null) return null;
  const path = join(cache, 'code');
  const { lstatSync } = fileSystem();
  try {
    if (platform === 'win32') {
      // There a directory of a user is that user's alone.
      makeDirectory(path, 0o700);
      return path;
    }
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) {
      // What would not be used is not made.
      if (!isOutOfReach(above(path), user)) return null;
      makeDirectory(path, 0o700);
    }
    const found = lstatSync(path);
    if (!found.isDirectory() || found.uid !== user || (found.mode & 0o077) !== 0) return null;
    return isOutOfReach(above(path), user) ? path : null;
  } catch {
    // Compiled code only saves time.
    return null;
  }
}

function above(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [] : [parent, ...above(parent)];
}

/** Whether nobody but the user and root can replace what is in these directories, nor where a link on the way leads. */
function isOutOfReach(paths: readonly string[], user: number): boolean {
  const { lstatSync, realpathSync } = fileSystem();
  const found = paths.map((path) => lstatSync(path, { throwIfNoEntry: false }));
  if (found.some((each) => each !== undefined && ownershipFault(each, user) !== null)) return false;
  const [link] = paths.filter((_, index) => found[index]?.isSymbolicLink());
  if (link === undefined) return true;
  const real = realpathSync(link);
  return isOutOfReach([real, ...above(real)], user);
}

/** An import of node:fs would evaluate all that it could export, at every start. */
function fileSystem() {
  return process.getBuiltinModule('node:fs');
}
