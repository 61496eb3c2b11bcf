import type { LogtoClient } from '../client/logto-client.js';
import type { SignInChoices } from '../client/logto-parameters.js';
import { LogtoError } from '../errors.js';
import type { CallbackResponse, FinalPage } from '../loopback/callback-listener.js';
import { randomValue } from '../oidc/pkce.js';
import type { Runtime } from '../runtime.js';
import { type JourneyProgress, openPage } from './open-page.js';
import { timedOut, waitForCallback } from './wait-for-callback.js';

/** One sign-in in the person's browser. */
export interface BrowserSignIn {
  readonly client: LogtoClient;
  readonly options: SignInChoices;
  /** With port 0, the redirect URI gets the port that is found free. */
  readonly redirectUri: string;
  /** Where to listen, when that is not the redirect URI's port. */
  readonly port?: number;
  /** Seconds to wait for the person. */
  readonly timeout: number;
  /** False: only print the address. */
  readonly useBrowser: boolean;
  readonly progress: JourneyProgress;
}

/**
 * Signs a person in: listens, opens the provider's page, takes the one true callback, has it validated and stored, and
 * only then tells the browser.
 *
 * @throws LogtoError `port_in_use`, `sign_in_timeout`, `state_mismatch`, `interrupted`, and whatever the client throws;
 * the session before it stays as it was
 */
export async function browserSignIn(runtime: Runtime, journey: BrowserSignIn): Promise<void> {
  const { client, progress, timeout } = journey;
  let wrongStates = 0;
  const listener = await runtime.listen({
    kind: 'sign-in',
    redirectUri: journey.redirectUri,
    ...(journey.port !== undefined && { port: journey.port }),
    onStranger: ({ reason, message }) => {
      if (reason === 'wrong_state') wrongStates += 1;
      if (reason !== 'other') progress.warn(message);
    },
  });
  try {
    const state = randomValue();
    const url = await client.signIn({ ...journey.options, redirectUri: listener.redirectUri, state });
    // Not awaited: a provider with a live session comes back before the browser is known to have started.
    void openPage(runtime, progress, url, journey.useBrowser);
    progress.note(
      `Waiting up to ${timeout} s for the sign-in to come back to ${listener.redirectUri} (Ctrl-C ends it).`,
    );
    const response = await waitForCallback(runtime, listener, state, timeout);
    if (response === null) throw timedOut(timeout, wrongStates);
    await finish(runtime, client, response);
  } finally {
    await listener.close();
  }
}

async function finish(runtime: Runtime, client: LogtoClient, response: CallbackResponse): Promise<void> {
  let page: FinalPage;
  try {
    await client.handleSignInCallback(response.url, { signal: runtime.interruption });
    const session = await client.getSession();
    const name = session?.claims['name'] ?? session?.claims['username'] ?? session?.subject;
    page = { outcome: 'signed-in', subject: String(name), application: session?.appId ?? '' };
  } catch (error) {
    await response.finish(failurePage(error));
    throw error;
  }
  await response.finish(page);
}

/** What the browser is told of a failure. */
export function failurePage(error: unknown): FinalPage {
  if (error instanceof LogtoError) {
    return { outcome: 'failed', code: error.code, message: error.message, hint: error.hint };
  }
  return {
    outcome: 'failed',
    code: 'internal_error',
    message: 'Something went wrong inside logto-cli.',
    hint: 'The terminal says more.',
  };
}
