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
