import { LogtoError } from '../errors.js';
import type { CallbackListener, CallbackResponse } from '../loopback/callback-listener.js';
import type { Runtime } from '../runtime.js';
import { interruptible } from './interruptible.js';

/**
 * Waits for the browser to come back with our state.
 *
 * @param seconds how long to wait for the person
 * @returns the response, or `null` when nobody came in time
 * @throws LogtoError `interrupted`
 */
export async function waitForCallback(
  runtime: Pick<Runtime, 'sleep' | 'interruption'>,
  listener: CallbackListener,
  state: string,
  seconds: number,
): Promise<CallbackResponse | null> {
  const over = new AbortController();
  try {
    return await interruptible(runtime, () =>
      Promise.race([listener.response(state), runtime.sleep(seconds * 1000, over.signal).then(() => null)]),
    );
  } finally {
    over.abort();
  }
}

/** The failure of a browser journey that nobody finished in time. */
export function timedOut(seconds: number, wrongStates: number): LogtoError {
  if (wrongStates > 0) {
    return new LogtoError(
      'state_mismatch',
      `No callback of this sign-in came within ${seconds} s; ${wrongStates} came with a state of another one.`,
      'Close old tabs of earlier sign-ins, run the command again and use only the page that it opens.',
      { wrongStates },
    );
  }
  return new LogtoError(
    'sign_in_timeout',
    `Nobody finished the sign-in within ${seconds} s.`,
    'Run the command again, finish on the page that opens, or give more time with --timeout <seconds>. ' +
      'If the page showed an error instead of the sign-in, it names what is wrong with the application.',
  );
}
