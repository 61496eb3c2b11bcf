import { existsSync, readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileLock } from '../../src/storage/lock.js';
import { type ProgramOptions, type ProgramOutcome, RunningProgram } from './program.js';

/**
 * Runs the program many times at once. The lock of the profile is kept from all of them until they wait for it, or as
 * long as they can be expected to: so each has seen the session as it was before any of them changed it.
 */
export async function programsAtOnce(
  count: number,
  args: readonly string[],
  options: ProgramOptions,
): Promise<readonly ProgramOutcome[]> {
  const locks = join(options.home, 'locks');
  const waiting = () => (existsSync(locks) ? readdirSync(locks).length - 1 : 0);
  const programs = await withLeastPriority(() =>
    fileLock({ path: join(locks, 'default.lock') })(async () => {
      const started = Array.from({ length: count }, () => new RunningProgram(args, options));
      const began = performance.now();
      while (waiting() < count && performance.now() - began < 30_000) await sleep(50);
      return started;
    }),
  );
  return Promise.all(programs.map(({ ended }) => ended));
}

/**
 * What is started meanwhile leaves the processor to whoever has to answer it: a provider that a hundred processes
 * starve would not answer in time.
 */
async function withLeastPriority<T>(work: () => Promise<T>): Promise<T> {
  return work();
}
