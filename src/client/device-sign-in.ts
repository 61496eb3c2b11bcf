import { LogtoError } from '../errors.js';
import type { Provider } from '../oidc/provider.js';
import type { DeviceAuthorization, TokenResponse } from '../oidc/request.js';
import { type LogtoConfig, placeOf } from './logto-config.js';
import { extraParameters } from './logto-parameters.js';
import type { Session } from './session.js';
import type { SessionStore } from './session-store.js';
import { checkConfiguration, targetOf, tokenSetOf } from './sign-in.js';

/** What a sign-in on another device asks for. */
export interface DeviceSignInOptions {
  /** Further parameters of the device authorization request, such as the `audience` of Auth0. */
  readonly extraParams?: Readonly<Record<string, string>>;
  /** Ends the request with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** How to wait for the other device. */
export interface DeviceWaitOptions {
  /** Ends the wait with its reason, until the tokens are stored. */
  readonly signal?: AbortSignal | undefined;
  /** Seconds to wait for the person. Default: as long as the code can be used. */
  readonly timeout?: number | undefined;
  /** Resolves after that many milliseconds, or when the signal is aborted. Default: a timer. */
  readonly sleep?: ((milliseconds: number, signal?: AbortSignal) => Promise<void>) | undefined;
  /** Is told why a question was not answered, and in how many seconds it is asked again. */
  readonly onTrouble?: ((error: LogtoError, seconds: number) => void) | undefined;
}

/** A sign-in that a person is to finish on another device (RFC 8628). Nothing in it is secret but for a while. */
export interface DeviceSignIn {
  /** What the person types there. */
  readonly userCode: string;
  /** Where they type it. */
  readonly verificationUri: string;
  /** The same address with the code in it, for a link or a QR code; absent where the provider gives none. */
  readonly verificationUriComplete?: string;
  /** Until when it can be finished, in milliseconds since 1970. */
  readonly expiresAt: number;
  /**
   * Waits until it is finished there: asks as often as the provider allows, validates every token, and stores them as one
   * record. Returns the session. To be called once: to ask again after that revokes the tokens.
   *
   * @throws LogtoError `sign_in_timeout`, `access_denied`, and the codes of `handleSignInCallback`
   */
  session(options?: DeviceWaitOptions): Promise<Session>;
}

/** What it takes to begin one. */
export interface DeviceSignInContext {
  readonly config: LogtoConfig;
  readonly discover: () => Promise<Provider>;
  readonly now: () => number;
  readonly sessions: SessionStore;
}

/** See `LogtoClient.signInOnDevice`. */
export async function startDeviceSignIn(
  { config, discover, now, sessions }: DeviceSignInContext,
  { extraParams = {}, signal }: DeviceSignInOptions,
): Promise<DeviceSignIn> {
  checkConfiguration(config);
  const parameters = extraParameters(extraParams);
  const provider = await discover();
  const { scopes, resources } = targetOf(config, provider);
  const device = await provider.authorizeDevice({ scopes, resources, parameters, signal });
  const { userCode, verificationUri, verificationUriComplete, expiresAt } = device;
  return {
    userCode,
    verificationUri,
    ...(verificationUriComplete !== null && { verificationUriComplete }),
    expiresAt,
    async session(options = {}) {
      const ask = () =>
        provider.exchangeDeviceCode({
          deviceCode: device.deviceCode,
          scopes,
          resources,
          signal: options.signal,
        });
      const response = await finished(ask, device, now, options);
      const request = { ...placeOf(config), appId: config.appId, resources };
      const { authentication } = provider;
      const tokenSet = tokenSetOf(config, request, response, { now: now(), authentication });
      return sessions.begin(tokenSet, options.signal);
    },
  };
}

/** Seconds by which every poll gets slower from then on (RFC 8628, section 3.5). */
const slower = 5;

async function finished(
  ask: () => ReturnType<Provider['exchangeDeviceCode']>,
  { expiresAt, interval: least }: DeviceAuthorization,
  now: () => number,
  { signal, timeout = Number.POSITIVE_INFINITY, sleep = defaultSleep, onTrouble }: DeviceWaitOptions,
): Promise<TokenResponse> {
  const started = now();
  const end = Math.min(expiresAt, started + timeout * 1000);
  let interval = least;
  /** Why the last question was not answered. */
  let trouble: LogtoError | null = null;
  for (;;) {
    const wait = Math.min(interval * 1000, end - now());
    await sleep(Math.max(0, wait), signal);
    signal?.throwIfAborted();
    // Earlier than it allows the provider must not be asked, and later the code is of no use.
    if (wait < interval * 1000) throw trouble ?? unfinished(expiresAt - started, timeout * 1000);
    try {
      const answer = await ask();
      if (typeof answer !== 'string') return answer;
      if (answer === 'slow_down') interval += slower;
      trouble = null;
    } catch (error) {
      if (!(error instanceof LogtoError) || !mayPass(error)) throw error;
      signal?.throwIfAborted();
      // Exponential backoff (RFC 8628, section 3.5).
      interval = Math.max(interval * 2, Number(error.details?.['retryAfter'] ?? 0));
      trouble = error;
      onTrouble?.(error, interval);
    }
  }
}

/** Whether a provider that could not be asked may be back in a moment. */
function mayPass({ code, details }: LogtoError): boolean {
  if (code === 'network_unreachable' || code === 'request_timeout') return true;
  const status = Number(details?.['status'] ?? 0);
  return code === 'provider_error' && (status === 429 || status >= 500);
}

function unfinished(lifetime: number, patience: number): LogtoError {
  const isExpired = lifetime <= patience;
  const seconds = Math.round(Math.min(lifetime, patience) / 1000);
  return new LogtoError(
    'sign_in_timeout',
    isExpired
      ? `Nobody finished the sign-in on another device within the ${seconds} s that its code could be used.`
      : `Nobody finished the sign-in on another device within ${seconds} s.`,
    isExpired
      ? 'Run the command again for a new code.'
      : 'Run the command again for a new code, or give more time with --timeout <seconds>.',
  );
}

async function defaultSleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  const { setTimeout: delay } = await import('node:timers/promises');
  // An aborted sleep is a sleep that is over.
  await delay(milliseconds, undefined, signal && { signal }).catch(() => {});
}
