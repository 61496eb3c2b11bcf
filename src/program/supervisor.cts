/**
 * Stands between us and a program that must not outlive us. It reads one line of JSON from stdin: what to start. The
 * program gets our output, and a process group of its own. When stdin ends, since whoever started us closed it or is gone
 * however that happened, the whole group is ended: politely, and after a while by force. So is what the program leaves
 * behind when it ends by itself. On Linux, what has left the group is known by a variable that it has inherited.
 */
import childProcess = require('node:child_process');
import crypto = require('node:crypto');
import fs = require('node:fs');
import readline = require('node:readline');

interface Program {
  readonly argv0: string;
  readonly file: string;
  readonly args: readonly string[];
  /** All of its environment: not ours, which could keep us from working. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Milliseconds between asking and forcing. */
const grace = 2000;
const isWindows = process.platform === 'win32';
/** What everything has in its environment that the program starts, unless it takes care not to. */
const mark = `LOGTO_CLI_SUPERVISED=${crypto.randomUUID()}`;

readline.createInterface({ input: process.stdin }).once('line', (line) => {
  const { argv0, file, args, environment } = JSON.parse(line) as Program;
  // Windows runs .cmd files by cmd.exe only, which reads arguments in a way of its own.
  const spawn = isWindows ? (require('cross-spawn') as typeof childProcess.spawn) : childProcess.spawn;
  const child = spawn(file, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...environment, ...Object.fromEntries([mark.split('=')]) },
    detached: !isWindows,
    windowsHide: true,
    ...(!isWindows && { argv0 }),
  });
  let isEnding = false;
  const end = () => {
    if (isEnding) return;
    isEnding = true;
    if (isWindows) {
      childProcess
        .spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true })
        .once('error', () => child.kill());
      return;
    }
    signalGroup(child.pid, 'SIGTERM');
    setTimeout(() => {
      endFamily(child.pid);
      // We end when it has: until then it holds its port, and its name among the processes.
      setTimeout(() => process.exit(0), grace);
    }, grace);
  };
  process.stdin.once('end', end).once('error', end).resume();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  child.once('error', ({ code, message }: NodeJS.ErrnoException) => {
    process.stderr.write(`${code ?? message}\n`);
    process.exit(126);
  });
  child.once('exit', (code, signal) => {
    // What it started may hold its port, and our output.
    if (!isWindows) endFamily(child.pid);
    if (signal === null || isEnding) process.exit(code ?? 0);
    // Whoever looks at how we ended sees how it did.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
});

/** Ends by force whatever is left of the program. */
function endFamily(leader: number | undefined): void {
  signalGroup(leader, 'SIGKILL');
  if (process.platform !== 'linux') return;
  // One that is just being started is found the next time.
  for (let found = -1, round = 0; found !== 0 && round < 10; round += 1) {
    const marked = markedProcesses();
    found = marked.length;
    for (const pid of marked) signalProcess(pid, 'SIGKILL');
  }
}

function markedProcesses(): number[] {
  return fs.readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const variables = fs.readFileSync(`/proc/${name}/environ`, 'latin1').split('\0');
      return variables.includes(mark) ? [Number(name)] : [];
    } catch {
      // It is somebody else's, or has ended.
      return [];
    }
  });
}

function signalGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  if (leader !== undefined) signalProcess(-leader, signal);
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Nobody is left there.
  }
}
