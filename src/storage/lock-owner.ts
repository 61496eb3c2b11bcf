import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { systemCode } from './file-error.js';

/** A process as another one can recognise it. */
export interface LockOwner {
  /**
   * The one running kernel and process id namespace that the process lives in, or `null` where that cannot be known:
   * elsewhere its id means nothing.
   */
  readonly world: string | null;
  readonly pid: number;
  /** When the process started, in a unit of the system's own: tells it from a later one with the same id. */
  readonly start: string;
}

/** What is known of a process. `unknown`: it lives in another world, is stopped, or this system does not tell. */
export type LockOwnerState = 'dead' | 'alive' | 'unknown';

/** This process, as others recognise it. Only Linux tells enough. */
export function currentOwner(): LockOwner {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
    const namespace = readlinkSync('/proc/self/ns/pid');
    const world = createHash('sha256').update(`${boot}${namespace}`).digest('hex').slice(0, 12);
    const { start } = parseStat(readFileSync('/proc/self/stat', 'utf8'));
    if (!/^\d+$/.test(start)) throw new Error('not the format of proc_pid_stat(5)');
    return { world, pid: process.pid, start };
  } catch {
    // No /proc (not Linux, or a sandbox): heart-beats alone tell who lives.
    return { world: null, pid: process.pid, start: '0' };
  }
}

/** Whether another process lives, as far as `self`, this process, can tell. */
export function stateOf(owner: LockOwner, self: LockOwner): LockOwnerState {
  if (owner.world === null || owner.world !== self.world) return 'unknown';
  try {
    process.kill(owner.pid, 0);
    const { state, start } = parseStat(readFileSync(`/proc/${owner.pid}/stat`, 'utf8'));
    if (start !== owner.start || ['Z', 'X'].includes(state)) return 'dead';
    return ['T', 't'].includes(state) ? 'unknown' : 'alive';
  } catch (error) {
    // Anything else, such as a /proc that hides other users' processes, proves nothing.
    return systemCode(error) === 'ESRCH' ? 'dead' : 'unknown';
  }
}

/** Fields 3 and 22 of proc_pid_stat(5); the second field is a name in parentheses that may hold anything. */
function parseStat(text: string): { state: string; start: string } {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', start: fields[19] ?? '' };
}
