import { accessSync, constants, statSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import { isForeignProgram } from './program-format.js';

/** What is at a path: nothing that could be run, a program, or a file that this user may not run. */
export type FoundFile = 'nothing' | 'program' | 'no-program';

/** Where programs are looked for. */
export interface ProgramSearch {
  /** Its `PATH` and, on Windows, `PATHEXT`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /**
   * The working directory: what a path such as `./tool` begins at. No bare name is looked for in it. `null` where it was
   * removed.
   */
  readonly directory: string | null;
  /** Looks at the file system. */
  readonly look: (path: string) => FoundFile;
}

/** The program of a name, or why there is none: nothing has that name, or what has it is no program. */
export type ProgramPlace =
  | { readonly path: string }
  | { readonly path: null; readonly reason: 'not_found' | 'not_started' };

/** The endings of Windows where `PATHEXT` is not set. */
const usualEndings = '.COM;.EXE;.BAT;.CMD';

/**
 * Where the program of this name, or at this path, is, as an absolute path.
 *
 * A bare name is looked for in the absolute directories of `PATH` and nowhere else: not in the working directory, where
 * Windows itself looks first, and not in a `PATH` entry that is empty or relative and so means that directory. On Windows
 * each directory is tried with the endings of `PATHEXT`, in their order; a file without one is no program there.
 */
export function findProgram(name: string, search: ProgramSearch): ProgramPlace {
  const isWindows = search.platform === 'win32';
  const { isAbsolute, join, resolve, delimiter } = isWindows ? win32 : posix;
  const isPath = isWindows ? /[/\\:]/.test(name) : name.includes('/');
  if (name === '' || name.includes('\0')) return { path: null, reason: 'not_found' };
  const folders = (variable('PATH', search) ?? '')
    .split(delimiter)
    .map((folder) => (isWindows ? folder.replace(/^"(.*)"$/, '$1') : folder))
    .filter((folder) => isAbsolute(folder));
  const places = isPath ? pathsFrom(search.directory) : folders.map((folder) => join(folder, name));
  const candidates = isWindows ? places.flatMap((place) => withEndings(place, search)) : places;
  let reason: 'not_found' | 'not_started' = 'not_found';
  for (const path of candidates) {
    const found = search.look(path);
    if (found === 'program') return { path };
    if (found === 'no-program') reason = 'not_started';
  }
  return { path: null, reason };

  function pathsFrom(directory: string | null): string[] {
    if (directory !== null) return [resolve(directory, name)];
    return isAbsolute(name) ? [name] : [];
  }
}

/** Where the program of this name, or at this path, is on this machine; `null` when there is none that may be run. */
export function findExecutable(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string | null {
  return findProgram(name, { environment, platform, directory: workingDirectory(), look: lookAtFile }).path;
}

/** The working directory of this process; `null` where somebody has removed it. */
export function workingDirectory(): string | null {
  try {
    return process.cwd();
  } catch {
    return null;
  }
}

/** What is at a path of this machine. */
export function lookAtFile(path: string): FoundFile {
  try {
    const found = statSync(path);
    if (!found.isFile()) return 'no-program';
    accessSync(path, constants.X_OK);
    return isForeignProgram(path) ? 'no-program' : 'program';
  } catch (error) {
    // A name too long, a loop of links, a directory that is closed to us: nothing that could be run.
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'no-program' : 'nothing';
  }
}

/** A name with an ending of `PATHEXT` stands for itself before it is tried with further ones, as `cmd` does it. */
function withEndings(path: string, search: ProgramSearch): string[] {
  const endings = (variable('PATHEXT', search) || usualEndings).split(';').filter((ending) => ending !== '');
  const hasEnding = endings.some((ending) => path.toLowerCase().endsWith(ending.toLowerCase()));
  return [...(hasEnding ? [path] : []), ...endings.map((ending) => path + ending)];
}

/** Windows does not tell the names of variables apart by case. */
function variable(name: string, { environment, platform }: ProgramSearch): string | undefined {
  if (platform !== 'win32') return environment[name];
  return Object.entries(environment).find(([other]) => other.toUpperCase() === name)?.[1];
}
