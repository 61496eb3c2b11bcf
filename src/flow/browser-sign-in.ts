import type { FarBrowser } from '../browser/browser-place.js';
import type { LogtoClient } from '../client/logto-client.js';
import type { SignInChoices } from '../client/logto-parameters.js';
import type { Session } from '../client/session.js';
import { LogtoError } from '../errors.js';
import type { CallbackListener, CallbackResponse, FinalPage } from '../loopback/callback-listener.js';
import type { ServerTls } from '../loopback/server-tls.js';
import { randomValue } from '../oidc/pkce.js';
import { valueText } from '../output/plain-text.js';
import type { Runtime } from '../runtime.js';
import type { JourneyProgress } from './journey-event.js';
import { openPage, type PageToOpen } from './open-page.js';
import { beginPreflight } from './preflight.js';
import { signInTimeout } from './sign-in-timeout.js';
import { tellFarBrowser, tellOpenCallback } from './tell-far-browser.js';
import { waitForCallback } from './wait-for-callback.js';
import { type WaitingAid, whileAided } from './waiting-aid.js';

/** One sign-in in the person's browser. */
export interface BrowserSignIn {
  readonly client: LogtoClient;
  readonly options: SignInChoices;
  /** With port 0, the redirect URI gets the port that is found free. */
  readonly redirectUri: string;
  /** Where to listen, when that is not the redirect URI's port. */
  readonly port?: number;
  /** The address to listen on, where somebody chose one; what is not loopback opens the callback to other machines. */
  readonly address?: string;
  /** What the callback is answered over https with. */
  readonly tls?: ServerTls;
  /** Seconds to wait for the person. */
  readonly timeout: number;
  /** False: only print the address. */
  readonly useBrowser: boolean;
  /** Asks the provider first whether it can succeed, and opens no browser where it cannot. Default: no. */
  readonly preflight?: boolean;
  /** Whether the provider is Logto: what only Logto does may then be told. Default: not known. */
  readonly isLogto?: boolean;
  /** How a person may bring the response where the browser does not. Default: not. */
  readonly aid?: WaitingAid;
  readonly progress: JourneyProgress;
  /** Called when the tokens are stored, before the browser is told: what else must be remembered with them. */
  readonly onStored?: () => Promise<void>;
}

/**
 * Signs a person in: listens, opens the provider's page, takes the one true callback, has it validated and stored, and
 * only then tells the browser.
 *
 * @returns the session that was stored, whatever has become of it since
 * @throws LogtoError `port_in_use`, `sign_in_timeout`, `state_mismatch`, `interrupted`, and whatever the client throws;
 * the session before it stays as it was
 */
export async function browserSignIn(runtime: Runtime, journey: BrowserSignIn): Promise<Session> {
  const { client, options, progress, timeout } = journey;
  const over = new AbortController();
  const listening = runtime.listen({
    kind: 'sign-in',
    redirectUri: journey.redirectUri,
    ...(journey.port !== undefined && { port: journey.port }),
    ...(journey.address !== undefined && { address: journey.address }),
    ...(journey.tls && { tls: journey.tls }),
    onStranger: ({ reason, message }) => {
      if (reason !== 'other') progress.tell({ event: 'callback_unusable', message });
    },
    onUnusable: (message) => progress.tell({ event: 'callback_unusable', message }),
    ...(journey.isLogto && { emptyReturn: 'perhaps Cancel was pressed on the consent page' }),
  });
  try {
    const redirectUri = redirectUriOf(journey, listening);
    const preflight =
      journey.preflight && beginPreflight(runtime, { client, options, redirectUri, progress }, over.signal);
    const state = randomValue();
    const authorizationUrl = redirectUri.then((uri) =>
      client.signIn({ ...options, redirectUri: uri, state }),
    );
    // Told below, unless the listener has something worse to say.
    authorizationUrl.catch(() => {});
    const listener = await listening;
    const url = await authorizationUrl.catch(async (error: unknown) => {
      // It was pushed before it was known how the application has to authenticate.
      const isRefused = error instanceof LogtoError && error.code === 'client_rejected';
      if (!preflight || !isRefused || (await preflight.answer()).authentication === undefined) throw error;
      return client.signIn({ ...options, redirectUri: await redirectUri, state });
    });
    if (preflight) await preflight.answer();
    progress.tell({ event: 'listening', redirectUri: listener.redirectUri });
    tellOpenCallback(journey);
    const place = await runtime.farBrowser();
    const page = pageToOpen(runtime, place, listener, url);
    if (place !== null) tellFarBrowser(place, journey, listener);
    if (journey.tls) progress.tell({ event: 'secure_callback', redirectUri: listener.redirectUri });
    // Not awaited: a provider with a live session comes back before the browser is known to have started.
    void openPage(runtime, progress, page, journey.useBrowser);
    progress.tell({ event: 'waiting', seconds: timeout, redirectUri: listener.redirectUri });
    const response = await whileAided(runtime, journey, { listener, page }, () =>
      waitForCallback(runtime, listener, state, timeout),
    );
    if (response === null) {
      throw signInTimeout({
        seconds: timeout,
        redirectUri: listener.redirectUri,
        opensPage: journey.useBrowser,
        came: listener,
      });
    }
    progress.tell({ event: 'callback' });
    if (preflight) await preflight.lateAnswer();
    return await finish(runtime, journey, response);
  } finally {
    over.abort();
    await listening.then(
      (listener) => listener.close(),
      () => {},
    );
  }
}

/**
 * The page, as it is told and as it is opened. A browser of this machine is handed an address that works once: its arguments
 * stay in the list of processes, and whoever reads `state` there could finish the sign-in as themselves. A browser elsewhere
 * may not reach that one, and gets the whole. So it is with what is copied: other programs read clipboards, too.
 */
function pageToOpen(
  { environment }: Pick<Runtime, 'environment'>,
  place: FarBrowser | null,
  listener: CallbackListener,
  url: string,
): PageToOpen {
  const isRunHere = (place?.kind === 'ssh' || place?.kind === 'container') && !environment['BROWSER'];
  const isHere = place === null || isRunHere;
  const shortUrl = listener.shortAddress(url);
  return {
    url,
    shortUrl,
    ...(place === null && { copyUrl: shortUrl }),
    ...(isHere && { browserUrl: () => listener.redirectOnce(url) }),
  };
}

/** The redirect URI that will be sent: only where any port will do it has to wait for the one that is found. */
async function redirectUriOf(
  { redirectUri, port }: BrowserSignIn,
  listening: Promise<CallbackListener>,
): Promise<string> {
  const isAnyPort = port === 0 || (URL.canParse(redirectUri) && new URL(redirectUri).port === '0');
  return isAnyPort ? (await listening).redirectUri : redirectUri;
}

async function finish(
  runtime: Runtime,
  { client, onStored }: BrowserSignIn,
  response: CallbackResponse,
): Promise<Session> {
  let session: Session;
  try {
    session = await client.handleSignInCallback(response.url, {
      signal: runtime.interruption,
      receivedAt: runtime.now(),
    });
    // The browser may take two seconds to fetch its page: nothing may be lost that ends us meanwhile.
    await onStored?.();
  } catch (error) {
    await response.finish(failurePage(error));
    throw error;
  }
  const { claims, subject, appId } = session;
  const name = valueText(claims['name'] ?? claims['username'] ?? subject);
  await response.finish({ outcome: 'signed-in', subject: name, application: appId });
  return session;
}

/** What the browser is told of a failure. */
function failurePage(error: unknown): FinalPage {
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
