import { once } from 'node:events';
import { constants } from 'node:os';
import { LogtoError } from '../errors.js';
import { startProgram } from '../program/start-program.js';

const forwardedSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a command to its end on our own streams, without a shell.
 *
 * @returns its exit code, or 128 and the number of the signal that ended it
 * @throws LogtoError `usage_invalid`, with `details.reason` `not_found` or `not_started`
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const child = await startProgram(command, args, {
    environment,
    platform: process.platform,
    stdio: 'inherit',
  });
  if ('reason' in child) throw notRun(command, child.reason, null);
  const forward = (signal: NodeJS.Signals) => {
    // A terminal sends Ctrl-C to the command as well: once is enough.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of forwardedSignals) process.on(signal, forward);
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return code ?? 128 + (signal ? constants.signals[signal] : 0);
  } catch (error) {
    throw notRun(command, 'not_started', (error as NodeJS.ErrnoException).code ?? 'unknown');
  } finally {
    for (const signal of forwardedSignals) process.off(signal, forward);
  }
}

/** Nothing of the arguments is repeated: they may hold a secret. */
function notRun(command: string, reason: 'not_found' | 'not_started', code: string | null): LogtoError {
  return new LogtoError(
    'usage_invalid',
    reason === 'not_found'
      ? `The command ${JSON.stringify(command)} is not found.`
      : `The command ${JSON.stringify(command)} cannot be started${code === null ? ': it is no program, or not yours to run' : ` (${code})`}.`,
    reason === 'not_found'
      ? 'Give a program that is in PATH, or its path, such as ./tool: the working directory is not searched.'
      : 'Give the path of a program. What only a shell knows needs one, such as: sh -c <words>',
    { reason },
  );
}
