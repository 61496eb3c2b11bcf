import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { isatty } from 'node:tty';
import { LogtoError } from '../errors.js';
import { startProgram } from '../program/start-program.js';
import { type TerminalPlace, terminalPlace } from '../program/terminal-place.js';

/** What ends a program that has not begun. */
const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
const forwardedSignals = [...endingSignals, 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const;
type ForwardedSignal = (typeof forwardedSignals)[number];

/** What a terminal sends to every process of the group in its foreground. */
const typed: readonly string[] = ['SIGINT', 'SIGQUIT', 'SIGWINCH'];

/** How a command is run. */
export interface RunOptions {
  /** All of its environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Awaited when signals are the command's already, and it has not begun. */
  readonly beforeStart?: () => Promise<void>;
}

/**
 * Runs a command to its end on our own streams, without a shell. Signals are passed on to it, but for those that reach it
 * by the terminal: twice would be one too many. One that comes before it has begun, and would end it, keeps it from that.
 *
 * @returns its exit code, or 128 and the number of the signal that ended it
 * @throws LogtoError `usage_invalid`, with `details.reason` `not_found` or `not_started`
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  { environment, beforeStart }: RunOptions,
): Promise<number> {
  const placeAtStart = terminalPlace();
  const early: ForwardedSignal[] = [];
  let child: ChildProcess | null = null;
  const forward = (signal: ForwardedSignal) => {
    if (child === null) early.push(signal);
    else if (!isSentByTerminal(signal, placeAtStart)) child.kill(signal);
  };
  const listeners = forwardedSignals
    .filter((signal) => signal in constants.signals)
    .map((signal) => [signal, () => forward(signal)] as const);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  try {
    await beforeStart?.();
    // Node tells of a signal when it looks for events, which the second of two turns is sure to come after.
    for (let turn = 0; turn < 2; turn += 1) await new Promise((done) => setImmediate(done));
    const ending = early.find((signal) => endingSignals.some((other) => other === signal));
    if (ending !== undefined) return 128 + constants.signals[ending];
    const started = await startProgram(command, args, {
      environment,
      platform: process.platform,
      stdio: 'inherit',
    });
    if ('reason' in started) throw notRun(command, started.reason, null);
    child = started;
    for (const signal of early) child.kill(signal);
    const [code, signal] = (await once(child, 'exit').catch((error: NodeJS.ErrnoException) => {
      throw notRun(command, 'not_started', error.code ?? 'unknown');
    })) as [number | null, NodeJS.Signals | null];
    return code ?? 128 + (signal ? constants.signals[signal] : 0);
  } finally {
    for (const [signal, listener] of listeners) process.off(signal, listener);
  }
}

/**
 * Whether the terminal has sent this, and so to the command as well. Nobody tells who sent a signal: in the foreground of a
 * terminal that we read or write it is taken for typed, and where a program has our streams it is that program's.
 */
function isSentByTerminal(signal: ForwardedSignal, placeAtStart: TerminalPlace): boolean {
  const place = terminalPlace();
  // A terminal that hangs up is gone afterwards.
  if (signal === 'SIGHUP')
    return placeAtStart !== 'none' && (place === 'none' || process.platform === 'win32');
  return typed.includes(signal) && place === 'foreground' && [0, 1, 2].some((stream) => isatty(stream));
}

/** The failure of a command that cannot be run. Nothing of the arguments is repeated: they may hold a secret. */
export function notRun(
  command: string,
  reason: 'not_found' | 'not_started',
  code: string | null,
): LogtoError {
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
