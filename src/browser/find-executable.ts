import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Where the program of this name, or at this path, is; `null` when there is none that may be run.
 *
 * @param environment its `PATH`, and on Windows `PATHEXT`, are looked through
 */
export function findExecutable(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string | null {
  const isPath = /[/\\]/.test(name);
  const places = isPath ? [name] : pathOf(environment).map((folder) => join(folder, name));
  const endings = platform === 'win32' ? ['', ...(environment['PATHEXT'] ?? '.EXE;.CMD').split(';')] : [''];
  const candidates = places.flatMap((place) => endings.map((ending) => place + ending));
  return candidates.find(isExecutable) ?? null;
}

function pathOf(environment: Readonly<Record<string, string | undefined>>): string[] {
  const path = environment['PATH'] ?? environment['Path'] ?? '';
  return path.split(delimiter).filter((folder) => folder !== '');
}

function isExecutable(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
