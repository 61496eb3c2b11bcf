import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/**
 * Whether so many threads want a processor at this moment that everybody waits for a turn: somebody who does not answer
 * then need not be dead. Only Linux tells; elsewhere never.
 */
export function isMachineBusy(): boolean {
  try {
    // proc_loadavg(5): the fourth field is "runnable/existing".
    const [, , , counts] = readFileSync('/proc/loadavg', 'utf8').split(' ');
    return Number.parseInt(counts ?? '', 10) > 4 * availableParallelism();
  } catch {
    return false;
  }
}
