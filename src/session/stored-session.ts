import { issuerOf } from '../client/logto-config.js';
import { readSession } from '../client/read-session.js';
import type { Session } from '../client/session.js';
import { LogtoError } from '../errors.js';
import type { Settings } from '../profile/settings.js';
import type { Runtime } from '../runtime.js';
import { shellWords } from '../shell-word.js';
import { readOnce } from '../storage/read-once.js';
import type { Lock, Storage } from '../storage/storage.js';
import { profileUnknown } from './connection.js';

/** The session of a profile, the storage that it is in, and the lock under which it is written. */
export interface StoredSession {
  readonly session: Session;
  /** Reads the session no second time before the lock is taken. */
  readonly storage: Storage;
  readonly lock: Lock;
}

/**
 * The profile's session.
 *
 * @throws LogtoError `not_signed_in` when there is none, or it is another application's than the one that is set;
 * `profile_unknown`; storage codes
 */
export async function requireSession(runtime: Runtime, settings: Settings): Promise<StoredSession> {
  const stored = await findSession(runtime, settings);
  if (stored === null) throw notSignedIn(settings);
  return stored;
}

/**
 * The profile's session; `null` when there is none in this storage.
 *
 * @throws LogtoError `not_signed_in` when it is another application's than the one that is set; `profile_unknown`;
 * storage codes
 */
export async function findSession(runtime: Runtime, settings: Settings): Promise<StoredSession | null> {
  const { profile, sessionStorage } = settings;
  const named = settings.appId !== undefined && (settings.endpoint ?? settings.issuer) !== undefined;
  if (!settings.profileKnown && !named) throw profileUnknown(profile);
  const { storage, lock } = readOnce(
    await runtime.storage(sessionStorage, profile),
    runtime.lock(profile, sessionStorage),
  );
  const session = await readSession(storage);
  if (session === null) return null;
  const { set } = settings;
  const issuer = (set.endpoint ?? set.issuer) === undefined ? session.issuer : issuerOf(set);
  const appId = set.appId ?? session.appId;
  if (session.issuer !== issuer || session.appId !== appId) {
    throw new LogtoError(
      'not_signed_in',
      `The profile ${profile} is signed in to ${session.appId} at ${session.issuer}, and ${appId} at ${issuer} is set.`,
      'Sign in to that application with: logto-cli sign-in. Or leave out --endpoint, --issuer and --app-id ' +
        '(LOGTO_ENDPOINT, LOGTO_CLI_ISSUER, LOGTO_APP_ID) to use the session as it is.',
      { issuer: session.issuer, appId: session.appId },
    );
  }
  return { session, storage, lock };
}

function notSignedIn({ profile, sessionStorage, recordedSession }: Settings): LogtoError {
  const flags = profile === 'default' ? [] : ['--profile', profile];
  const elsewhere = recordedSession !== undefined && recordedSession !== sessionStorage;
  return new LogtoError(
    'not_signed_in',
    `Nobody is signed in as the profile ${profile} (looked in: ${sessionStorage}).`,
    sessionStorage === 'memory'
      ? 'What is kept in memory ends with its command: leave out --storage and LOGTO_CLI_STORAGE.'
      : elsewhere
        ? `Its last session was put into ${recordedSession}: leave out --storage and LOGTO_CLI_STORAGE, or sign in again.`
        : `Sign in first: logto-cli ${shellWords(['sign-in', ...flags])}`,
  );
}
