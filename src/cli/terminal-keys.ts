import { createInterface } from 'node:readline';
import { StringDecoder } from 'node:string_decoder';
import type { ReadStream, WriteStream } from 'node:tty';
import { bracketsOff, bracketsOn, TerminalInput } from '../output/terminal-input.js';
import { terminalPlace } from '../program/terminal-place.js';
import type { KeyListener } from '../runtime.js';

/** Keys that mean a signal outside of raw mode, to every process of the group. */
const signals: Readonly<Record<string, NodeJS.Signals>> = { 'ctrl-c': 'SIGINT', 'ctrl-\\': 'SIGQUIT' };

/**
 * Takes what is typed, in raw mode, so that nothing of it is shown. The terminal is put back when the signal is aborted, when
 * the process is stopped (Ctrl-Z, SIGTSTP) and when it ends, however it does.
 *
 * @param screen where the terminal is told to mark pastes
 */
export function takeKeys(
  keyboard: ReadStream,
  screen: WriteStream,
  listener: KeyListener,
  signal: AbortSignal,
): void {
  if (signal.aborted) return;
  const decoder = new StringDecoder('utf8');
  const input = new TerminalInput();
  let isRaw = false;
  let lookAgain: NodeJS.Timeout | undefined;
  const take = () => {
    if (isRaw || signal.aborted) return;
    // In the background a terminal stops who changes it. Nobody says when a job that runs is taken back from there.
    if (terminalPlace() === 'background') {
      lookAgain ??= setInterval(take, 1000).unref();
      return;
    }
    clearInterval(lookAgain);
    lookAgain = undefined;
    isRaw = true;
    keyboard.setRawMode(true);
    if (screen.isTTY) screen.write(bracketsOn);
    keyboard.on('data', read).resume();
    listener.onResume();
  };
  const putBack = () => {
    if (!isRaw) return;
    isRaw = false;
    keyboard.off('data', read).pause();
    keyboard.setRawMode(false);
    if (screen.isTTY) screen.write(bracketsOff);
  };
  const leave = () => {
    if (isRaw) listener.onSuspend();
    putBack();
  };
  const suspend = () => {
    leave();
    process.kill(process.pid, 'SIGSTOP');
  };
  function read(chunk: Buffer): void {
    for (const typed of input.read(decoder.write(chunk))) {
      if (signal.aborted) return;
      const key = 'key' in typed ? typed.key : '';
      const meant = signals[key];
      if (meant !== undefined) {
        if (meant === 'SIGQUIT') putBack();
        process.kill(process.pid, meant);
      } else if (key === 'ctrl-z') {
        // Before the shell has the terminal. Every process of the job stops, as it would by the terminal itself.
        leave();
        process.kill(0, 'SIGTSTP');
      } else listener.onTyped(typed);
    }
  }
  process.on('SIGTSTP', suspend).on('SIGCONT', take).on('exit', putBack);
  signal.addEventListener(
    'abort',
    () => {
      clearInterval(lookAgain);
      putBack();
      process.off('SIGTSTP', suspend).off('SIGCONT', take).off('exit', putBack);
    },
    { once: true },
  );
  take();
}

/** The lines of a pipe as they come, until that is ended. */
export async function* linesOf(pipe: ReadStream, signal: AbortSignal): AsyncIterable<string> {
  const lines = createInterface({ input: pipe, signal });
  try {
    for await (const line of lines) yield line;
  } catch (error) {
    // A signal ends it, and so does a pipe that breaks.
    if (!signal.aborted) throw error;
  } finally {
    lines.close();
    // What nobody reads any more must not keep the process alive.
    pipe.destroy();
  }
}
