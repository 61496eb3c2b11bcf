import type { LogtoClient } from '../client/logto-client.js';
import type { SignInChoices } from '../client/logto-parameters.js';
import { LogtoError } from '../errors.js';
import type { ApplicationVerdict } from '../oidc/application-check.js';
import { unknown } from '../oidc/probe.js';
import { unreadHeader } from '../oidc/unread-header.js';
import type { Runtime } from '../runtime.js';
import type { JourneyProgress } from './open-page.js';

/** How long a browser waits for it at most, in milliseconds. */
const patience = 1500;

/** A sign-in that is about to begin. */
export interface PreflightSubject {
  readonly client: LogtoClient;
  readonly options: SignInChoices;
  /** The one that will be sent. */
  readonly redirectUri: Promise<string>;
  readonly progress: JourneyProgress;
}

/**
 * Begins to ask the provider whether a sign-in can succeed, while it is prepared. What cannot be told stops nothing, and
 * neither does a network in trouble.
 *
 * @param over ends it
 * @returns waits for the answer, 1.5 seconds at most, and returns it; throws the `LogtoError` of what the provider refuses
 */
export function beginPreflight(
  runtime: Pick<Runtime, 'sleep' | 'now'>,
  { client, options, redirectUri, progress }: PreflightSubject,
  over: AbortSignal,
): () => Promise<ApplicationVerdict> {
  const given = new AbortController();
  const signal = AbortSignal.any([given.signal, over]);
  const verdict: Promise<ApplicationVerdict> = redirectUri
    .then((uri) => client.checkApplication({ ...options, redirectUri: uri }, signal))
    .catch((error: unknown) => {
      if (signal.aborted) return unknown('it was ended');
      if (error instanceof LogtoError) return unknown(error.message);
      throw error;
    });
  // Told to whoever waits for it, and to nobody when the sign-in fails before that.
  verdict.catch(() => {});
  const wait = async (): Promise<ApplicationVerdict> => {
    const late = runtime
      .sleep(patience, signal)
      .then((): ApplicationVerdict => unknown(`the provider took more than ${patience} ms`));
    const found = await Promise.race([verdict, late]);
    given.abort();
    if (found.verdict === 'refused') throw found.error;
    if (found.authentication !== undefined) {
      const { seen, hint } = unreadHeader(found.authentication);
      progress.warn(`${seen}: so does this session. ${hint}`);
    }
    progress.detail(
      found.verdict === 'accepted'
        ? 'Preflight: the provider accepts the application, its authentication and the redirect URI.'
        : `Preflight: cannot tell whether the provider accepts this sign-in: ${found.reason}`,
    );
    return found;
  };
  let answer: Promise<ApplicationVerdict> | undefined;
  return () => {
    answer ??= wait();
    return answer;
  };
}
