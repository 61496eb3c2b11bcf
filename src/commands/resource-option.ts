import { assertResource } from '../client/access-token.js';
import { LogtoError } from '../errors.js';
import { unwrapped } from '../profile/pasted-text.js';

/** Collects the values of `--resource`, and refuses what no provider takes for one. */
export function collectResource(value: string, previous: readonly string[] = []): string[] {
  try {
    return [...previous, assertResource(unwrapped(value).value)];
  } catch (error) {
    if (!(error instanceof LogtoError)) throw error;
    throw new LogtoError(error.code, `--resource: ${error.message}`, error.hint);
  }
}
