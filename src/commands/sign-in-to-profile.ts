import { LogtoClient } from '../client/logto-client.js';
import { issuerOf, type LogtoConfig } from '../client/logto-config.js';
import type { SignInOptions } from '../client/logto-parameters.js';
import { tokenSetKey } from '../client/token-set.js';
import { LogtoError } from '../errors.js';
import { browserSignIn } from '../flow/browser-sign-in.js';
import { readAppSecret, writeAppSecret } from '../profile/app-secret.js';
import type { Settings } from '../profile/settings.js';
import type { Runtime } from '../runtime.js';
import { MemoryStorage } from '../storage/memory-storage.js';
import type { Storage, StorageKind } from '../storage/storage.js';
import { chooseStorage } from './choose-storage.js';
import type { CommandContext } from './command.js';
import { recordSession, requireApplication, settingsOf } from './connection.js';
import { forgetSessionSecret } from './forget-session.js';
import type { ConnectionFlags } from './options.js';
import { sessionDocument, sessionLines } from './session-report.js';

/** What a sign-in asks for, whatever flags said so. */
export interface SignInRequest {
  readonly options: Omit<SignInOptions, 'redirectUri' | 'state'>;
  readonly scopes: readonly string[];
  readonly defaultScopes: boolean;
  readonly resources: readonly string[];
  readonly redirectUri: string;
  readonly port?: number;
  /** Seconds. */
  readonly timeout: number;
  readonly useBrowser: boolean;
}

/**
 * Signs in to a profile and tells the result: settings, storage proved writable, the journey, what is remembered.
 *
 * @throws LogtoError whatever stopped it; the profile's session before it stays as it was
 */
export async function signInToProfile(
  context: CommandContext,
  flags: ConnectionFlags,
  request: SignInRequest,
): Promise<void> {
  const { runtime, output } = context;
  const settings = await settingsOf(context, flags);
  const application = requireApplication(settings);
  const { kind, storage } = await chooseStorage(context, settings, flags.input !== false);
  const secret = settings.appSecret ?? (await storedSecret(storage, application));
  const client = new LogtoClient(
    {
      ...application,
      ...(secret !== undefined && { appSecret: secret }),
      scopes: request.scopes,
      defaultScopes: request.defaultScopes,
      resources: request.resources,
    },
    {
      storage,
      // The process that starts this sign-in is the one that ends it: the verifier need not outlive it.
      signInStorage: new MemoryStorage(),
      lock: runtime.lock(settings.profile),
      fetch: await runtime.fetch(settings),
      now: runtime.now,
    },
  );
  await browserSignIn(runtime, { ...request, client, progress: output });
  await remember(context, settings, kind, storage, application);
  const session = await client.getSession();
  if (session === null) throw new Error('a session was stored and is gone');
  const place = { profile: settings.profile, storage: kind };
  if (!session.hasRefreshToken) {
    output.note(
      'No refresh token came: the session ends with its access token. ' +
        (application.endpoint === undefined
          ? 'Ask for one with --prompt consent --scope offline_access.'
          : 'Ask for one with --prompt consent.'),
    );
  }
  if (kind === 'memory')
    output.note('The tokens were kept in memory only and are gone now (--storage memory).');
  output.result(sessionDocument(session, place), sessionLines(session, place, runtime.now(), output.paint));
}

/** The secret that was stored for exactly this application. */
async function storedSecret(storage: Storage, application: LogtoConfig): Promise<string | undefined> {
  const stored = await readAppSecret(storage);
  const fits = stored?.issuer === issuerOf(application) && stored.appId === application.appId;
  return fits ? stored.secret : undefined;
}

/** Keeps what the next command needs, and leaves no twin of the session in another storage. */
async function remember(
  { runtime, output }: CommandContext,
  settings: Settings,
  kind: StorageKind,
  storage: Storage,
  application: LogtoConfig,
): Promise<void> {
  if (kind === 'memory') return;
  const { profile, appSecret, recordedSession } = settings;
  try {
    if (appSecret !== undefined) await keepSecret(storage, application, appSecret);
    await recordSession(
      runtime,
      profile,
      kind,
      settings.storageChosen || kind !== 'keychain' ? kind : undefined,
    );
    if (recordedSession !== undefined && recordedSession !== kind)
      await forgetTwin(runtime, profile, recordedSession);
  } catch (error) {
    if (!(error instanceof LogtoError)) throw error;
    output.warn(`Signed in, but not everything was remembered: ${error.message} ${error.hint}`);
  }
}

async function keepSecret(storage: Storage, application: LogtoConfig, secret: string): Promise<void> {
  const { appId } = application;
  const issuer = issuerOf(application);
  const before = await readAppSecret(storage);
  const same = before?.issuer === issuer && before.appId === appId;
  if (same && before.secret === secret) return;
  await writeAppSecret(storage, { issuer, appId, secret, keep: same ? before.keep : 'session' });
}

/** Removes the session that the profile had in another storage. */
async function forgetTwin(runtime: Runtime, profile: string, kind: StorageKind): Promise<void> {
  const storage = await runtime.storage(kind, profile);
  await storage.delete(tokenSetKey);
  await forgetSessionSecret(storage);
}
