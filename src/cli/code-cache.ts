import type { Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheDirectory } from './directories.js';

/**
 * Where compiled code is kept; `null` where nothing can be kept, or somebody else could put code there that this program
 * would run. Node makes what lies in it as open as the umask lets it, and believes whatever it finds: so it is a
 * directory that we made for this alone, closed to everybody else from its first moment, and no directory above it lets
 * another user replace it.
 */
export function codeCache(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  user: number = process.geteuid?.() ?? -1,
): string | null {
  const cache = cacheDirectory(environment, platform);
  if (cache === null) return null;
  const path = join(cache, 'code');
  // An import of node:fs would evaluate all that it could export, at every start: see `readSmallFile`.
  const { lstatSync, mkdirSync, realpathSync } = process.getBuiltinModule('node:fs');
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    // There a directory of a user is that user's alone.
    if (platform === 'win32') return path;
    const found = lstatSync(path);
    if (!found.isDirectory() || found.uid !== user || (found.mode & 0o077) !== 0) return null;
    // Without a link on the way they are the same directories: this runs at every start.
    const parents = new Set([path, realpathSync(path)].flatMap(above));
    return [...parents].every((parent) => isOutOfReach(lstatSync(parent), user)) ? path : null;
  } catch {
    // Compiled code only saves time.
    return null;
  }
}

function above(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [] : [parent, ...above(parent)];
}

/** Whether nobody but the user and root can replace what is in it. In a sticky directory everybody replaces their own. */
function isOutOfReach(found: Stats, user: number): boolean {
  const { uid, mode } = found;
  if (uid !== user && uid !== 0) return false;
  return found.isSymbolicLink() || (mode & 0o022) === 0 || (mode & 0o1000) !== 0;
}
