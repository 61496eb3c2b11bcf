import type { DeviceSignInOptions } from '../client/device-sign-in.js';
import type { LogtoClient } from '../client/logto-client.js';
import type { Session } from '../client/session.js';
import { isoTime } from '../output/moments.js';
import type { Runtime } from '../runtime.js';
import type { JourneyProgress } from './journey-event.js';
import { openAgain } from './open-page.js';

/** One sign-in that a person finishes in a browser that need not reach this machine (RFC 8628). */
export interface DeviceSignInJourney {
  readonly client: LogtoClient;
  readonly options: Pick<DeviceSignInOptions, 'extraParams'>;
  /** Seconds to wait for the person. Default: as long as the code can be used. */
  readonly timeout?: number;
  /** False: only show the code and the address. */
  readonly useBrowser: boolean;
  /** Keys at the terminal: to open the page again, to copy its address, to show it. Default: none. */
  readonly hasKeys?: boolean;
  readonly progress: JourneyProgress;
  /** Called when the tokens are stored: what else must be remembered with them. */
  readonly onStored?: () => Promise<void>;
}

/**
 * Signs a person in on another device: shows the code and where to enter it, opens that page here too where there is a
 * browser, and asks the provider until it is finished. From the tokens on it is the sign-in that it is with a browser.
 *
 * @returns the session that was stored
 * @throws LogtoError `device_flow_disabled`, `sign_in_timeout`, `access_denied`, `interrupted`, and whatever the client
 * throws; the session before it stays as it was
 */
export async function deviceSignIn(
  runtime: Pick<Runtime, 'browser' | 'sleep' | 'now' | 'interruption' | 'stdin' | 'stderr' | 'copy'>,
  { client, options, timeout, useBrowser, hasKeys = false, progress, onStored }: DeviceSignInJourney,
): Promise<Session> {
  const { interruption: signal, sleep, browser, now } = runtime;
  const device = await client.signInOnDevice({ ...options, signal });
  const { userCode, verificationUri, verificationUriComplete, expiresAt } = device;
  progress.tell({
    event: 'device_code',
    userCode,
    verificationUri,
    ...(verificationUriComplete !== undefined && { verificationUriComplete }),
    expiresAt: isoTime(expiresAt),
  });
  const page = verificationUriComplete ?? verificationUri;
  const inBrowser = useBrowser && browser.available();
  if (inBrowser) {
    // Not awaited: the person may be quicker on the phone.
    void browser.open(page).then((isStarted) => {
      if (!isStarted) progress.tell({ event: 'browser_not_started' });
    });
  }
  const left = Math.max(0, Math.round((expiresAt - now()) / 1000));
  const seconds = Math.min(left, timeout ?? left);
  progress.tell({ event: 'waiting_for_device', seconds, inBrowser });
  const open = () => openAgain(runtime, progress, { url: page });
  const end = hasKeys
    ? (await import('./waiting-keys.js')).listenToKeys(runtime, { address: page, seconds, open, progress })
    : () => {};
  const session = await device
    .session({
      signal,
      sleep,
      ...(timeout !== undefined && { timeout }),
      onTrouble: ({ message }, inSeconds) =>
        progress.tell({ event: 'not_answered', message, seconds: Math.round(inSeconds) }),
    })
    .finally(end);
  await onStored?.();
  return session;
}
