import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileLock } from '../../src/storage/lock.js';
import { type ProgramOptions, type ProgramOutcome, RunningProgram } from './program.js';

/**
 * Runs the program many times at once. The lock of the profile is kept from all of them until they wait for it, or as
 * long as they have the patience: each has then seen the session as it was before any of them changed it, and a machine
 * that is busy with their start has nothing else to do.
 */
export async function programsAtOnce(
  count: number,
  args: readonly string[],
  options: ProgramOptions,
): Promise<readonly ProgramOutcome[]> {
  const locks = join(options.home, 'locks');
  const waiting = () => (existsSync(locks) ? readdirSync(locks).length - 1 : 0);
  const programs = await fileLock({ path: join(locks, 'default.lock') })(async () => {
    const started = Array.from({ length: count }, () => new RunningProgram(args, options));
    const began = performance.now();
    while (waiting() < count && performance.now() - began < 35_000) await sleep(50);
    return started;
  });
  return Promise.all(programs.map(({ ended }) => ended));
}
