import type { Stats } from 'node:fs';

/** Why something is not believed: it is somebody else's, or others may write to it. */
export type OwnershipFault = 'foreign' | 'writable';

/**
 * Why a file, directory or symbolic link is not believed; `null` when it is. It has to be this user's or root's, and
 * nobody else may write to it, the group included: who else is in a group cannot be known here. In a sticky directory
 * everybody replaces their own only. On Windows there the parent directory decides, and everything is believed.
 */
export function ownershipFault(found: Stats, user = process.geteuid?.()): OwnershipFault | null {
  if (user === undefined) return null;
  const { uid, mode } = found;
  if (uid !== user && uid !== 0) return 'foreign';
  if ((mode & 0o022) === 0 || found.isSymbolicLink()) return null;
  return found.isDirectory() && (mode & 0o1000) !== 0 ? null : 'writable';
}
