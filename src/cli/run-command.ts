import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { LogtoError } from '../errors.js';

const forwardedSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a command to its end on our own streams, without a shell.
 *
 * @returns its exit code, or 128 and the number of the signal that ended it
 * @throws LogtoError `usage_invalid` when it cannot be started
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const child = spawn(command, args, { stdio: 'inherit', env: environment });
  const forward = (signal: NodeJS.Signals) => {
    // A terminal sends Ctrl-C to the command as well: once is enough.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of forwardedSignals) process.on(signal, forward);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new LogtoError(
      'usage_invalid',
      `The command ${JSON.stringify(command)} cannot be started (${code ?? 'unknown'}).`,
      'Give a program of this machine after --, such as: logto-cli exec -- curl …',
    );
  } finally {
    for (const signal of forwardedSignals) process.off(signal, forward);
  }
}
