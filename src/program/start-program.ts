import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { findProgram, lookAtFile, workingDirectory } from './find-executable.js';

/** How a program is started. */
export interface StartOptions {
  /** All of its environment, `PATH` included. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly stdio: 'inherit' | 'ignore' | ['pipe', 'ignore', 'ignore'];
  /** In a process group of its own. */
  readonly detached?: boolean;
}

/** A program that could not be started. */
export interface NotStarted {
  readonly reason: 'not_found' | 'not_started';
}

/**
 * Starts a program without a shell, found by {@link findProgram}. Windows runs `.cmd` and `.bat` files by `cmd.exe` only,
 * which reads arguments in a way of its own: they are escaped by the package that is made for that.
 *
 * @returns the process, which may still fail to start (`error`), or why there is no program
 */
export async function startProgram(
  name: string,
  args: readonly string[],
  { environment, platform, ...options }: StartOptions,
): Promise<ChildProcess | NotStarted> {
  const place = findProgram(name, { environment, platform, directory: workingDirectory(), look: lookAtFile });
  if (place.path === null) return place;
  const spawning: SpawnOptions = { ...options, env: environment };
  if (platform !== 'win32') return spawn(place.path, args, { ...spawning, argv0: name });
  if (/\.(com|exe)$/i.test(place.path)) return spawn(place.path, args, spawning);
  const { default: spawnCommandFile } = await import('cross-spawn');
  return spawnCommandFile(place.path, [...args], spawning);
}
