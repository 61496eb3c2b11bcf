import type { LogtoClient } from '../client/logto-client.js';
import type { SignInChoices } from '../client/logto-parameters.js';
import type { Session } from '../client/session.js';
import { signInThroughExperience } from '../headless/experience-sign-in.js';
import type { ExperienceUser } from '../headless/experience-user.js';
import type { Fetch } from '../network/fetch.js';
import type { Runtime } from '../runtime.js';
import type { NamedBy } from '../wording.js';
import { causeOfRefusal } from './refused-request.js';

/** One sign-in, or registration, without a browser. */
export interface HeadlessSignIn {
  readonly client: LogtoClient;
  readonly options: SignInChoices;
  /** Registered for the application. Nobody listens there, so that it may be anywhere. */
  readonly redirectUri: string;
  /** The origins that credentials may be sent to: see `credentialOrigins`. */
  readonly origins: readonly string[];
  readonly namedBy?: NamedBy;
  readonly user: ExperienceUser;
  readonly fetch: Fetch;
}

/**
 * Signs a user in at Logto without a browser and a listener. From the authorization response on it is the sign-in that
 * it is with a browser.
 *
 * @returns the session that was stored
 * @throws LogtoError the codes of headless sign-ins, and whatever the client throws; the session before it stays as it
 * was
 */
export async function headlessSignIn(
  { now, interruption: signal }: Pick<Runtime, 'now' | 'interruption'>,
  { client, options, redirectUri, ...request }: HeadlessSignIn,
): Promise<Session> {
  const authorizationUrl = await client.signIn({ ...options, redirectUri });
  const journey = { authorizationUrl, redirectUri, ...request, now, signal };
  const callback = await signInThroughExperience(journey).catch(async (error: unknown) => {
    throw await causeOfRefusal(error, client, { ...options, redirectUri }, signal);
  });
  return client.handleSignInCallback(callback, { signal });
}
