import { LogtoError } from '../errors.js';
import { profileNamed, readConfiguration } from '../profile/config-file.js';
import { defaultProfile } from '../profile/profile-name.js';
import type { Runtime } from '../runtime.js';

/**
 * Runs work that the person may end at any moment: it is then left where it is, and the process is expected to end.
 *
 * @param grace milliseconds that the work has to end by itself, as it likes to, when it is interrupted. Default: none
 * @throws LogtoError `interrupted`, and whatever the work throws
 */
export async function interruptible<T>(
  { interruption }: Pick<Runtime, 'interruption'>,
  work: () => Promise<T>,
  grace = 0,
): Promise<T> {
  const over = new AbortController();
  const interrupted = new Promise<never>((_, reject) => {
    const end = () => reject(interruption.reason);
    const interrupt = () => (grace === 0 ? end() : setTimeout(end, grace).unref());
    if (interruption.aborted) interrupt();
    interruption.addEventListener('abort', interrupt, { once: true, signal: over.signal });
  });
  try {
    return await Promise.race([work(), interrupted]);
  } finally {
    over.abort();
  }
}

/**
 * Runs work that changes which session is stored: whoever interrupts it is told how to find out which one is now, unless
 * the profile is one that nobody has made, which has none.
 *
 * @param profile whose session it is
 * @throws LogtoError whatever the work throws
 */
export async function sessionAware<T>(
  runtime: Pick<Runtime, 'directories'>,
  profile: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LogtoError) || error.code !== 'interrupted') throw error;
    // The work may have made it meanwhile.
    if (!(await isMade(runtime, profile))) throw error;
    const { code, message, details } = error;
    throw new LogtoError(code, message, 'Which session is stored now: logto-cli whoami', details);
  }
}

async function isMade(runtime: Pick<Runtime, 'directories'>, profile: string): Promise<boolean> {
  if (profile === defaultProfile) return true;
  try {
    return profileNamed(await readConfiguration(runtime.directories.config), profile) !== undefined;
  } catch (error) {
    // What cannot be read now cannot be asked for its session either.
    if (error instanceof LogtoError) return false;
    throw error;
  }
}
