import { dirname } from 'node:path';

/**
 * Makes a directory and those above it that are not there. Node's own way (`recursive`) never ends where the system says
 * of a directory that is there that it is not, as Linux does of a new one in `/proc`.
 *
 * @param mode of those that are made, less what the umask takes
 * @throws the system's error, with its `code`
 */
export function makeDirectory(path: string, mode: number): void {
  const { mkdirSync, statSync } = process.getBuiltinModule('node:fs');
  const isThere = () => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  if (isThere()) return;
  const above = dirname(path);
  if (above !== path) makeDirectory(above, mode);
  try {
    mkdirSync(path, mode);
  } catch (error) {
    // A sibling may have made it meanwhile.
    if (!isThere()) throw error;
  }
}
