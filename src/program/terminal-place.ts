import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Where this process stands to the terminal that it was started from. */
export type TerminalPlace =
  /** It has none, or no longer. */
  | 'none'
  /** In the group that the terminal sends its signals to: all processes of it get them. */
  | 'foreground'
  | 'background';

/** Where this process stands now; `none` where that cannot be found out. */
export function terminalPlace(): TerminalPlace {
  // Windows sends what is typed to every process of the console, and knows no groups.
  if (process.platform === 'win32') return 'foreground';
  const [group, foreground] = groups();
  if (group === undefined || foreground === undefined || foreground <= 0) return 'none';
  return group === foreground ? 'foreground' : 'background';
}

/** The group of this process, and the one in the foreground of its terminal. */
function groups(): readonly number[] {
  try {
    if (process.platform !== 'linux') return groupsByPs();
    // The name, in brackets, may have anything in it: state, parent, group, session, terminal, group in the foreground.
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [Number(group), Number(foreground)];
  } catch {
    return [];
  }
}

function groupsByPs(): readonly number[] {
  const columns = ['-o', 'pgid=', '-o', 'tpgid=', '-p', String(process.pid)];
  const line = execFileSync('/bin/ps', columns, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return line.trim().split(/\s+/).map(Number);
}
