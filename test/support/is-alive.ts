import { readFileSync } from 'node:fs';

/** Whether a process is there and runs: whoever has ended and nobody waits for stays in the list of processes. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
