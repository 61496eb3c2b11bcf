import type { LogtoClient } from '../client/logto-client.js';
import type { SignOutReport } from '../client/sign-out.js';
import { LogtoError } from '../errors.js';
import type { CallbackListener, CallbackResponse } from '../loopback/callback-listener.js';
import { loopbackRedirect } from '../loopback/loopback-redirect.js';
import type { ServerTls } from '../loopback/server-tls.js';
import { randomValue } from '../oidc/pkce.js';
import type { Runtime } from '../runtime.js';
import { interruptible } from './interruptible.js';
import type { JourneyProgress } from './journey-event.js';
import { openPage } from './open-page.js';
import { tellOpenCallback } from './tell-far-browser.js';
import { waitForCallback } from './wait-for-callback.js';

/** One sign-out: here, at the provider, and in the browser. */
export interface BrowserSignOut {
  readonly client: LogtoClient;
  /** Where the provider sends the browser back to; its port is listened on. `null`: it is asked for no way back. */
  readonly postLogoutRedirectUri: string | null;
  /** Further parameters of the request. */
  readonly extraParams?: Readonly<Record<string, string>>;
  /** Where to listen, when that is not the URI's port. */
  readonly port?: number;
  /** The address to listen on, where somebody chose one; what is not loopback opens the way back to other machines. */
  readonly address?: string;
  /** What the way back is answered over https with. */
  readonly tls?: ServerTls;
  /** Seconds to wait for the browser to come back; 0 does not wait. */
  readonly timeout: number;
  /** False: only print the address, for somebody who opens it elsewhere. */
  readonly useBrowser: boolean;
  /** Whether the provider may insist on the ID token as a hint (any but Logto). */
  readonly idTokenHint: boolean;
  readonly progress: JourneyProgress;
  /** Called when the tokens are cleared, before the browser opens: what else must go with them. */
  readonly onCleared?: () => Promise<void>;
}

/** What became of a sign-out, part by part. */
export interface SignOutOutcome {
  readonly revocation: SignOutReport['revocation'];
  /** Why the revocation failed. */
  readonly failure: LogtoError | null;
  /** `returned`: the browser came back, without the state that would confirm it. */
  readonly endSession: 'confirmed' | 'returned' | 'opened' | 'skipped' | 'failed' | 'unsupported';
  /** Why nobody here could see the browser come back, though it was asked for a way back. */
  readonly unseen?: 'elsewhere' | 'not-listened';
  /** What ended the wait for the browser, when that was the person or the system. */
  readonly interruption?: LogtoError;
  readonly warnings: readonly string[];
}

/**
 * Signs out: revokes and forgets the tokens first, then ends the provider's session in the browser and waits for it to
 * come back as the confirmation. A busy port, a missing browser or an impatient person never make it fail.
 *
 * @throws LogtoError `not_signed_in`, storage codes; `interrupted` before the tokens are cleared
 */
export async function browserSignOut(runtime: Runtime, journey: BrowserSignOut): Promise<SignOutOutcome> {
  const { client, progress, extraParams } = journey;
  const warnings: string[] = [];
  const state = randomValue();
  const back = journey.postLogoutRedirectUri;
  const isElsewhere = back !== null && !isAnswerable(back, journey);
  const listener = back === null || isElsewhere ? null : await listen(runtime, back, journey, warnings);
  const unseen = isElsewhere ? 'elsewhere' : back !== null && listener === null ? 'not-listened' : undefined;
  try {
    const idTokenHint = journey.idTokenHint && listener !== null && journey.timeout > 0;
    const report = await interruptible(runtime, () =>
      client.signOutWithReport({
        ...(back !== null && { postLogoutRedirectUri: listener?.redirectUri ?? back, state }),
        ...(extraParams && { extraParams }),
        idTokenHint,
      }),
    );
    await clearRest(journey, warnings);
    progress.tell({ event: 'cleared' });
    const outcome = { revocation: report.revocation, failure: report.failure };
    if (report.endSessionUrl === null) {
      return { ...outcome, endSession: report.failure === null ? 'unsupported' : 'failed', warnings };
    }
    const url = idTokenHint && listener ? listener.redirectOnce(report.endSessionUrl) : report.endSessionUrl;
    if (listener !== null) tellOpenCallback(journey);
    if (listener !== null && journey.tls)
      progress.tell({ event: 'secure_callback', redirectUri: listener.redirectUri });
    const ending = await endInBrowser(runtime, journey, listener, state, url);
    return { ...outcome, ...ending, ...(unseen && { unseen }), warnings };
  } finally {
    await listener?.close();
  }
}

/** The tokens are gone by now: what else could not be cleared is worth a word, and no failure. */
export async function clearRest(
  { onCleared }: Pick<BrowserSignOut, 'onCleared'>,
  warnings: string[],
): Promise<void> {
  try {
    await onCleared?.();
  } catch (error) {
    if (!(error instanceof LogtoError)) throw error;
    warnings.push(`The tokens are cleared, but not everything that goes with them: ${error.message}`);
  }
}

async function endInBrowser(
  runtime: Runtime,
  journey: BrowserSignOut,
  listener: CallbackListener | null,
  state: string,
  url: string,
): Promise<Pick<SignOutOutcome, 'endSession' | 'interruption'>> {
  const { progress, useBrowser } = journey;
  /** `null`: it is being started. */
  let isOpened: boolean | null = false;
  /** It was not confirmed. */
  const unconfirmed = (): SignOutOutcome['endSession'] => {
    const isSkipped = isOpened === false && useBrowser;
    return isSkipped ? 'skipped' : 'opened';
  };
  try {
    runtime.interruption.throwIfAborted();
    isOpened = null;
    const opening = openPage(runtime, progress, { url }, useBrowser).then((opened) => {
      isOpened = opened;
      return opened;
    });
    const response = await interruptible(runtime, async () => {
      const come = listener === null ? null : await comeBack(runtime, journey, listener, state, opening);
      if (come === null) await opening;
      return come;
    });
    if (response === null) return { endSession: unconfirmed() };
    const { isConfirmed } = response;
    await response.finish({ outcome: isConfirmed ? 'signed-out' : 'returned' });
    return { endSession: isConfirmed ? 'confirmed' : 'returned' };
  } catch (error) {
    if (!(error instanceof LogtoError) || error.code !== 'interrupted') throw error;
    return { endSession: unconfirmed(), interruption: error };
  }
}

/** The browser's return; `null` when nobody comes in time, or will. */
async function comeBack(
  runtime: Runtime,
  { progress, useBrowser, timeout }: BrowserSignOut,
  listener: CallbackListener,
  state: string,
  opening: Promise<boolean>,
): Promise<CallbackResponse | null> {
  if (timeout > 0) progress.tell({ event: 'waiting_for_return', seconds: timeout });
  const waiting = waitForCallback(runtime, listener, state, timeout);
  // Where no browser could be started and nobody looks on, nobody will come back either.
  const somebody = opening.then((opened) =>
    opened || !useBrowser || runtime.stderr.isTerminal ? waiting : null,
  );
  return Promise.race([waiting, somebody]);
}

/** Whether a listener of this machine can be what the browser comes back to. */
function isAnswerable(redirectUri: string, { tls }: Pick<BrowserSignOut, 'tls'>): boolean {
  try {
    loopbackRedirect({ kind: 'sign-out', redirectUri, ...(tls && { tls }) });
    return true;
  } catch (error) {
    if (error instanceof LogtoError) return false;
    throw error;
  }
}

async function listen(
  runtime: Runtime,
  redirectUri: string,
  { port, address, tls }: Pick<BrowserSignOut, 'port' | 'address' | 'tls'>,
  warnings: string[],
): Promise<CallbackListener | null> {
  try {
    return await runtime.listen({
      kind: 'sign-out',
      redirectUri,
      ...(port !== undefined && { port }),
      ...(address !== undefined && { address }),
      ...(tls && { tls }),
    });
  } catch (error) {
    if (!(error instanceof LogtoError)) throw error;
    warnings.push(`${error.message} The end of the provider's session cannot be confirmed.`);
    return null;
  }
}
