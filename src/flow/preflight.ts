import type { LogtoClient } from '../client/logto-client.js';
import type { SignInChoices } from '../client/logto-parameters.js';
import { LogtoError } from '../errors.js';
import type { ApplicationVerdict } from '../oidc/probe/application-check.js';
import { unknown } from '../oidc/probe/probe.js';
import type { Runtime } from '../runtime.js';
import type { JourneyProgress } from './journey-event.js';

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

/** A question that was put to the provider before the browser opens. */
export interface Preflight {
  /**
   * Waits for the answer, 1.5 seconds at most, and returns it.
   *
   * @throws LogtoError what the provider refuses
   */
  answer(): Promise<ApplicationVerdict>;
  /**
   * Waits for an answer that came too late for the browser, as long again: it may say how the application has to
   * authenticate, which is wanted when the browser is back. Throws nothing.
   */
  lateAnswer(): Promise<void>;
}

/**
 * Begins to ask the provider whether a sign-in can succeed, while it is prepared. What cannot be told stops nothing, and
 * neither does a network in trouble.
 *
 * @param over ends it
 */
export function beginPreflight(
  runtime: Pick<Runtime, 'sleep' | 'now'>,
  { client, options, redirectUri, progress }: PreflightSubject,
  over: AbortSignal,
): Preflight {
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
  const inTime = async (): Promise<ApplicationVerdict | null> => {
    const isOver = new AbortController();
    const late = runtime.sleep(patience, AbortSignal.any([isOver.signal, over])).then(() => null);
    try {
      return await Promise.race([verdict, late]);
    } finally {
      isOver.abort();
    }
  };
  /** Whether an answer is still on its way that may be of use. */
  let isLate = false;
  const wait = async (): Promise<ApplicationVerdict> => {
    const found = await inTime();
    isLate = found === null && (await client.mayAuthenticateOtherwise());
    if (!isLate) given.abort();
    const told = found ?? unknown(`the provider took more than ${patience} ms`);
    if (told.verdict === 'refused') throw told.error;
    tellAuthentication(told);
    progress.tell({ event: 'preflight', found: told });
    return told;
  };
  let answer: Promise<ApplicationVerdict> | undefined;
  return {
    answer: () => {
      answer ??= wait();
      return answer;
    },
    lateAnswer: async () => {
      const found = isLate ? await inTime().catch(() => null) : null;
      if (found !== null) tellAuthentication(found);
    },
  };

  function tellAuthentication({ authentication }: ApplicationVerdict): void {
    if (authentication !== undefined) progress.tell({ event: 'header_unread', authentication });
  }
}
