import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FileLockOptions } from '../../src/storage/lock.js';
import { built } from './built.js';

/** What another process does with a lock. */
export type LockWork = {
  readonly options: Omit<FileLockOptions, 'onLost'>;
} & (
  | {
      /** Takes it, writes `held`, keeps it until stdin ends, writes `released`; `lost` when it is taken away. */
      readonly work: 'hold';
    }
  | {
      /** Takes it so many times, and each time adds one to the counter and notes in the log when it came and went. */
      readonly work: 'count';
      readonly times: number;
      readonly counter: string;
      readonly log: string;
    }
);

/** Starts the process. */
export function startLockProcess(work: LockWork) {
  const worker = fileURLToPath(new URL('./lock-worker.js', import.meta.url));
  const complete = { module: built('storage/lock.js'), ...work };
  return spawn(process.execPath, [worker, JSON.stringify(complete)], { stdio: ['pipe', 'pipe', 'inherit'] });
}
