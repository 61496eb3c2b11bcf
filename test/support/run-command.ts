import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { countedProcesses } from './counted-processes.js';

/** How to run a command. */
export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** What comes on standard input. Default: nothing. */
  readonly input?: string;
}

/** How it ended. */
export interface CommandOutcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the system, or Node, to its end. */
export async function runCommand(
  file: string,
  args: readonly string[],
  { input = '', ...options }: CommandOptions = {},
): Promise<CommandOutcome> {
  const { ended } = await countedProcesses.start(() => {
    const child = spawn(file, args, options);
    const written = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        written[stream] += text;
      });
    }
    // It may end without having read its input.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    return { ended: once(child, 'close').then(([status]) => ({ status, ...written })) };
  });
  return await ended;
}

/** Makes a named pipe. */
export async function makeNamedPipe(path: string): Promise<void> {
  const { status, stderr } = await runCommand('mkfifo', ['-m', '600', path]);
  if (status !== 0) throw new Error(`no named pipe: ${stderr}`);
}
