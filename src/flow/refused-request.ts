import type { LogtoClient } from '../client/logto-client.js';
import type { SignInOptions } from '../client/logto-parameters.js';
import { type ErrorCode, LogtoError } from '../errors.js';

/** What the authorization endpoint says to an application of the wrong type too: it has no redirect URIs at all. */
const ambiguous: readonly ErrorCode[] = ['redirect_uri_not_registered', 'authorization_error'];

/**
 * Finds out what is behind a refusal of an authorization request that may have another cause: only the token endpoint
 * tells an application that signs nobody in from one whose redirect URI is not registered.
 *
 * @returns what to throw: the refusal itself where nothing truer is found
 * @throws LogtoError the reason of the signal
 */
export async function causeOfRefusal(
  error: unknown,
  client: LogtoClient,
  options: SignInOptions,
  signal: AbortSignal,
): Promise<unknown> {
  if (!(error instanceof LogtoError) || !ambiguous.includes(error.code)) return error;
  try {
    const found = await client.checkApplication(options, signal);
    // The same, where it is the same, in words for the provider as it is set.
    const isTruer =
      found.verdict === 'refused' && ['grant_type_not_allowed', error.code].includes(found.error.code);
    return isTruer ? found.error : error;
  } catch {
    signal.throwIfAborted();
    // What was refused is what has to be told.
    return error;
  }
}
