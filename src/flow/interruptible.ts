import type { Runtime } from '../runtime.js';

/**
 * Runs work that the person may end at any moment: it is then left where it is, and the process is expected to end.
 *
 * @throws LogtoError `interrupted`, and whatever the work throws
 */
export async function interruptible<T>(
  { interruption }: Pick<Runtime, 'interruption'>,
  work: () => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const interrupted = new Promise<never>((_, reject) => {
    const interrupt = () => reject(interruption.reason);
    if (interruption.aborted) interrupt();
    interruption.addEventListener('abort', interrupt, { once: true, signal: over.signal });
  });
  try {
    return await Promise.race([work(), interrupted]);
  } finally {
    over.abort();
  }
}
