import type { LogtoClient } from '../client/logto-client.js';
import { placeOf, providerFlags } from '../client/logto-config.js';
import { readSession } from '../client/read-session.js';
import { type Session, sessionPlace, sessionProvider } from '../client/session.js';
import { tokenSetKey } from '../client/token-set.js';
import { LogtoError } from '../errors.js';
import { inWords, isSamePlace, type ProviderPlace } from '../oidc/issuer-url.js';
import { deleteAppSecret } from '../profile/app-secret.js';
import { profileNamed, withProfile } from '../profile/config-file.js';
import { defaultProfile } from '../profile/profile-name.js';
import type { Settings } from '../profile/settings.js';
import type { Runtime } from '../runtime.js';
import { shellWords } from '../shell-word.js';
import { readOnce } from '../storage/read-once.js';
import type { Lock, Storage } from '../storage/storage.js';
import { changeConfiguration, profileUnknown } from './connection.js';

/** The session of a profile, as a command comes to it, and the signed-in client for it. */
export class ProfileSession {
  readonly #runtime: Runtime;
  readonly #settings: Settings;
  /** Reads the session no second time before the lock is taken. */
  readonly #stored: { readonly storage: Storage; readonly lock: Lock };
  readonly session: Session;

  private constructor(
    runtime: Runtime,
    settings: Settings,
    stored: ReturnType<typeof readOnce>,
    session: Session,
  ) {
    this.#runtime = runtime;
    this.#settings = settings;
    this.#stored = stored;
    this.session = session;
  }

  /**
   * The profile's session.
   *
   * @throws LogtoError `not_signed_in` when there is none, or it is another application's than the one that is set;
   * `profile_unknown`; storage codes
   */
  static async require(runtime: Runtime, settings: Settings): Promise<ProfileSession> {
    const found = await ProfileSession.find(runtime, settings);
    if (found === null) throw await notSignedIn(settings);
    return found;
  }

  /**
   * The profile's session; `null` when there is none in this storage.
   *
   * @throws LogtoError `not_signed_in` when it is another application's than the one that is set; `profile_unknown`;
   * storage codes
   */
  static async find(runtime: Runtime, settings: Settings): Promise<ProfileSession | null> {
    const { profile, sessionStorage, set } = settings;
    const named = settings.appId !== undefined && (settings.endpoint ?? settings.issuer) !== undefined;
    if (!settings.profileKnown && !named) throw profileUnknown(profile);
    const stored = readOnce(
      await runtime.storage(sessionStorage, profile),
      runtime.lock(profile, sessionStorage),
    );
    const session = await readSession(stored.storage);
    if (session === null) return null;
    const own = sessionPlace(session);
    const place = setPlace(set, own);
    const appId = set.appId ?? session.appId;
    if (!isSamePlace(own, place) || session.appId !== appId) {
      await checkForSignIn(settings);
      throw new LogtoError(
        'not_signed_in',
        `The profile ${profile} is signed in to ${session.appId} at ${inWords(own)}, and ${appId} at ${inWords(place)} is set.`,
        `Sign in to that application with: ${['logto-cli sign-in', ...missingFlags(settings)].join(' ')}. ${wayBack(settings, session, place)}`,
        { issuer: session.issuer, appId: session.appId },
      );
    }
    return new ProfileSession(runtime, settings, stored, session);
  }

  /**
   * The session that a sign-out is about; `null` where there is none, and what a sign-out that died in the middle left of
   * it is forgotten.
   *
   * @throws LogtoError `not_signed_in` for a session of another application, or in another storage; as `find`
   */
  static async findToEnd(runtime: Runtime, settings: Settings): Promise<ProfileSession | null> {
    const found = await ProfileSession.find(runtime, settings);
    const { profile, recordedSession, sessionStorage } = settings;
    if (found !== null || recordedSession === undefined) return found;
    if (recordedSession !== sessionStorage) throw await notSignedIn(settings);
    const storage = await runtime.storage(sessionStorage, profile);
    // A sign-in may be storing its session at this moment.
    await runtime.lock(profile)(async () => {
      if ((await storage.get(tokenSetKey)) === null) await forgetRest(runtime, settings, storage);
    });
    return null;
  }

  /**
   * Forgets whatever tokens there are, also those that cannot be read.
   *
   * @returns forgets what goes with them
   */
  static async forget(runtime: Runtime, settings: Settings): Promise<() => Promise<void>> {
    const { profile, sessionStorage } = settings;
    const storage = await runtime.storage(sessionStorage, profile);
    await runtime.lock(profile)(() => storage.delete(tokenSetKey));
    return () => forgetRest(runtime, settings, storage);
  }

  /** Forgets what goes with the session, when its tokens are gone. */
  forgetRest(): Promise<void> {
    return forgetRest(this.#runtime, this.#settings, this.#stored.storage);
  }

  /** Under which profile it is kept, and where. */
  get place(): Pick<Settings, 'profile'> & { readonly storage: Settings['sessionStorage'] } {
    return { profile: this.#settings.profile, storage: this.#settings.sessionStorage };
  }

  /**
   * A client for it: of its provider and application, with the secret that belongs to them. A token that is still good
   * needs neither the network nor the secret, and both take time: they are got when they are used.
   *
   * @param tell is told of a secret that the profile keeps for another application
   */
  async client(tell?: (line: string) => void): Promise<LogtoClient> {
    const [{ LogtoClient }, { applicationKey, applicationSecret }] = await Promise.all([
      import('../client/logto-client.js'),
      import('./with-secret.js'),
    ]);
    const [runtime, settings] = [this.#runtime, this.#settings];
    const application = {
      ...sessionProvider(this.session),
      appId: this.session.appId,
      ...(settings.authMethod !== undefined && { authMethod: settings.authMethod }),
    };
    return new LogtoClient(application, {
      ...this.#stored,
      fetch: async (url, init) => (await runtime.fetch(settings))(url, init),
      findClientKey: () => applicationKey(settings, this.session),
      findAppSecret: () => applicationSecret(runtime, settings, application, settings.sessionStorage, tell),
      now: runtime.now,
      observe: runtime.observe,
      cache: await runtime.cache(),
    });
  }
}

/** The provider that is set; what is not said of it is that of the session. */
function setPlace({ endpoint, issuer, discoveryUrl }: Settings['set'], own: ProviderPlace): ProviderPlace {
  if ((endpoint ?? issuer) !== undefined) return placeOf({ endpoint, issuer, discoveryUrl });
  return discoveryUrl === undefined ? own : placeOf({ issuer: own.issuer, discoveryUrl });
}

/** How the session is used as it is, whoever set another application than its own. */
function wayBack({ sources, profile }: Settings, session: Session, place: ProviderPlace): string {
  // The last one is the profile.
  const isGiven = sources
    .slice(0, -1)
    .some(({ connection }) => Object.values(connection).some((value) => value !== undefined));
  if (!isGiven) {
    const flags = [...providerFlags(sessionProvider(session)), '--app-id', session.appId];
    return `Or have the profile as it was, to use the session: logto-cli ${shellWords(['profile', 'set', profile, ...flags])}`;
  }
  const isElsewhere = sessionPlace(session).discoveryUrl !== place.discoveryUrl;
  const flags = ['--endpoint', '--issuer', ...(isElsewhere ? ['--discovery-url'] : [])];
  const variables = [
    'LOGTO_ENDPOINT',
    'LOGTO_CLI_ISSUER',
    ...(isElsewhere ? ['LOGTO_CLI_DISCOVERY_URL'] : []),
  ];
  return (
    `Or leave out ${flags.join(', ')} and --app-id ` +
    `(${variables.join(', ')}, LOGTO_APP_ID) to use the session as it is.`
  );
}

/** What goes with a session beside its tokens: the secret that came with the sign-in, and where it was kept. */
async function forgetRest(runtime: Runtime, settings: Settings, storage: Storage): Promise<void> {
  const { profile, recordedSession, sessionStorage } = settings;
  await deleteAppSecret(storage, 'session');
  if (recordedSession !== sessionStorage) return;
  await changeConfiguration(runtime, (configuration) =>
    profileNamed(configuration, profile) === undefined
      ? configuration
      : withProfile(configuration, profile, { session: undefined }),
  );
}

/**
 * Refuses a provider and an application that no sign-in would take: the one that comes next would be in vain.
 *
 * @throws LogtoError `config_invalid`, `issuer_insecure`
 */
async function checkForSignIn(settings: Settings): Promise<void> {
  const [{ checkProvider }, { placeholderIn }] = await Promise.all([
    import('../oidc/check-provider.js'),
    import('./required-application.js'),
  ]);
  const { endpoint, issuer, discoveryUrl } = settings;
  const failure = placeholderIn(settings);
  if (failure !== null) throw failure;
  if ((endpoint ?? issuer) !== undefined) checkProvider(placeOf({ endpoint, issuer, discoveryUrl }));
}

/** What a sign-in needs beside what is set; nothing where nothing is set, since it asks for both then. */
function missingFlags({ endpoint, issuer, discoveryUrl, appId }: Settings): readonly string[] {
  if ((endpoint ?? issuer) === undefined && discoveryUrl !== undefined)
    return ['--issuer <url>', ...(appId === undefined ? ['--app-id <client ID>'] : [])];
  if ((endpoint ?? issuer) === undefined) return appId === undefined ? [] : ['--endpoint <url>'];
  if (appId !== undefined) return [];
  return [endpoint === undefined ? '--app-id <client ID>' : '--app-id <App ID>'];
}

/** @throws LogtoError as {@link checkForSignIn} */
async function notSignedIn(settings: Settings): Promise<LogtoError> {
  await checkForSignIn(settings);
  const { profile, sessionStorage, recordedSession } = settings;
  const flags = profile === defaultProfile ? [] : ['--profile', profile];
  const command = [`logto-cli ${shellWords(['sign-in', ...flags])}`, ...missingFlags(settings)].join(' ');
  const elsewhere = recordedSession !== undefined && recordedSession !== sessionStorage;
  return new LogtoError(
    'not_signed_in',
    `Nobody is signed in as the profile ${profile} (looked in: ${sessionStorage}).`,
    sessionStorage === 'memory'
      ? 'What is kept in memory ends with its command: leave out --storage and LOGTO_CLI_STORAGE.'
      : elsewhere
        ? `Its last session was put into ${recordedSession}: leave out --storage and LOGTO_CLI_STORAGE, or sign in again.`
        : `Sign in first: ${command}`,
  );
}
