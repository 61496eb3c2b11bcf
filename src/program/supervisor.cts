/**
 * Stands between us and a program that must not outlive us. It reads one line of JSON from stdin: what to start. The
 * program gets our output, and a process group of its own. When stdin ends, since whoever started us closed it or is gone
 * however that happened, the whole group is ended: politely, and after a while by force. So is what the program leaves
 * behind when it ends by itself.
 */
import childProcess = require('node:child_process');
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

readline.createInterface({ input: process.stdin }).once('line', (line) => {
  const { argv0, file, args, environment } = JSON.parse(line) as Program;
  // Windows runs .cmd files by cmd.exe only, which reads arguments in a way of its own.
  const spawn = isWindows ? (require('cross-spawn') as typeof childProcess.spawn) : childProcess.spawn;
  const child = spawn(file, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: environment,
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
      signalGroup(child.pid, 'SIGKILL');
      process.exit(0);
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
    if (!isWindows) signalGroup(child.pid, 'SIGKILL');
    if (signal === null || isEnding) process.exit(code ?? 0);
    // Whoever looks at how we ended sees how it did.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
});

function signalGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (leader !== undefined) process.kill(-leader, signal);
  } catch {
    // Nobody is left in it.
  }
}
