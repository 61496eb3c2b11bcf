import { resolve } from 'node:path';
import { type LogtoConfig, normalizeEndpoint, placeOf } from '../../client/logto-config.js';
import { tokenSetKey } from '../../client/token-set.js';
import { LogtoError } from '../../errors.js';
import {
  deleteAppSecret,
  findAppSecret,
  type SecretOwner,
  writeAppSecret,
} from '../../profile/app-secret.js';
import { type Profile, profileNamed, withProfile } from '../../profile/config-file.js';
import type { Settings } from '../../profile/settings.js';
import { providerOf } from '../../profile/source.js';
import type { Runtime } from '../../runtime.js';
import type { CommandContext } from '../../session/command-context.js';
import { changeConfiguration } from '../../session/connection.js';
import type { Storage, StorageKind } from '../../storage/storage.js';

/** A session that was stored, and where. */
export interface StoredSignIn {
  readonly settings: Settings;
  readonly application: LogtoConfig;
  readonly kind: StorageKind;
  readonly storage: Storage;
  /** Somebody answered for the profile: what they said takes the place of what it had. */
  readonly answered?: AnsweredProfile;
}

/** What somebody said for a profile, beside its settings. */
export interface AnsweredProfile {
  /** The application's secret, where it was typed: it stays with the profile. */
  readonly typedSecret?: string;
}

/**
 * Keeps what the next command needs, and leaves no twin of the session in another storage. A provider and an application
 * that flags named become the configuration of a profile that has none, which is said; with memory, which keeps nothing,
 * nothing is kept but what somebody answered for the profile.
 */
export async function rememberSignIn(
  { runtime, output }: CommandContext,
  { settings, application, kind, storage, answered }: StoredSignIn,
): Promise<void> {
  if (kind === 'memory') {
    if (answered !== undefined)
      await keepAnswers({ runtime, output }, settings, { application, kind, answered });
    return;
  }
  const { profile, appSecret, recordedSession } = settings;
  const isChosen = settings.storageChosen || kind !== 'keychain';
  try {
    let words: string | null = null;
    if (answered !== undefined)
      await keepAnswers({ runtime, output }, settings, { application, kind, answered });
    await changeConfiguration(runtime, (configuration) => {
      const kept = keptConnection(settings, profileNamed(configuration, profile));
      words = kept?.words ?? null;
      return withProfile(configuration, profile, {
        session: kind,
        ...(isChosen && { storage: kind }),
        ...kept?.change,
      });
    });
    if (words !== null) output.note(words);
    if (appSecret !== undefined) await keepSecret(storage, application, appSecret);
    if (recordedSession !== undefined && recordedSession !== kind)
      await forgetTwin(runtime, profile, recordedSession);
  } catch (error) {
    if (!(error instanceof LogtoError)) throw error;
    output.warn(`Signed in, but not everything was remembered: ${error.message} ${error.hint}`);
  }
}

/**
 * Makes a profile what somebody answered: provider, application, and the secret that was typed, which memory does not
 * keep: that is said. A secret that it kept for another application goes.
 *
 * @param kept `kind`: where the secret is kept
 * @throws LogtoError `config_invalid`, `lock_timeout`; storage codes
 */
export async function keepAnswers(
  { runtime, output }: Pick<CommandContext, 'runtime' | 'output'>,
  settings: Settings,
  { application, kind, answered }: Pick<StoredSignIn, 'application' | 'kind'> & { answered: AnsweredProfile },
): Promise<void> {
  const { profile, secretStorage } = settings;
  const { typedSecret } = answered;
  const owner = { ...placeOf(application), appId: application.appId };
  const isKept = typedSecret !== undefined && kind !== 'memory';
  if (isKept) await writeAppSecret(await runtime.storage(kind, profile), 'profile', owner, typedSecret);
  const stays = !isKept && (await isSecretOf(runtime, settings, owner));
  if (secretStorage !== undefined && !stays && (!isKept || secretStorage !== kind))
    await deleteAppSecret(await runtime.storage(secretStorage, profile), 'profile');
  let words: string | undefined;
  await changeConfiguration(runtime, (configuration) => {
    const kept = keptConnection(settings, profileNamed(configuration, profile), true);
    words = kept?.words;
    return withProfile(configuration, profile, {
      ...kept?.change,
      ...(!stays && { secret: isKept ? kind : undefined }),
      ...((settings.storageChosen || kind !== 'keychain') && { storage: kind }),
    });
  });
  if (words !== undefined) output.note(words);
  if (typedSecret !== undefined && !isKept) {
    output.note(
      `The secret that was typed is not kept (--storage memory)${stays ? ': the profile has the one of before' : ''}. Give it to the next command with LOGTO_APP_SECRET or --app-secret-stdin.`,
    );
  }
}

/** Whether the profile keeps a secret of this application. */
async function isSecretOf(
  runtime: Runtime,
  { profile, secretStorage }: Settings,
  owner: SecretOwner,
): Promise<boolean> {
  if (secretStorage === undefined) return false;
  return (await findAppSecret(await runtime.storage(secretStorage, profile), owner)) !== null;
}

/** What a profile takes over, and what is said of it. */
interface KeptConnection {
  readonly change: { readonly [Field in keyof Profile]?: Profile[Field] | undefined };
  readonly words: string;
}

/**
 * What a sign-in by flags leaves in its profile; `null` where that has a configuration of its own. One that an earlier
 * sign-in left there gives way.
 *
 * @param isAnswered somebody said so on purpose: whatever there was gives way
 */
function keptConnection(settings: Settings, stored: Profile = {}, isAnswered = false): KeptConnection | null {
  const [flags] = settings.sources;
  if (flags === undefined || !Object.values(flags.connection).some((value) => value !== undefined))
    return null;
  const { endpoint, issuer, discoveryUrl, appId, profile } = settings;
  const [own, now] = [providerOf(stored), providerOf(settings)];
  const isSame = (own ?? now) === now && (stored.appId ?? appId) === appId;
  const isWhole = own !== undefined && stored.appId !== undefined;
  // What a person has set stays.
  if (!isAnswered && ((isSame && isWhole) || (!isSame && !stored.fromSignIn))) return null;
  const isNew = (own ?? stored.appId) === undefined;
  const before = isSame ? '' : ` instead of ${stored.appId} at ${stored.endpoint ?? stored.issuer}`;
  return {
    change: {
      endpoint: endpoint === undefined ? undefined : normalizeEndpoint(endpoint),
      issuer,
      discoveryUrl,
      appId,
      ...(isAnswered ? { fromSignIn: undefined } : isNew || !isSame ? { fromSignIn: true } : {}),
      ...(flags.caFile !== undefined && { caFile: resolve(flags.caFile) }),
      // How the application before authenticated says nothing of this one.
      ...((flags.authMethod !== undefined || !isSame) && { authMethod: flags.authMethod }),
      ...((flags.clientKey !== undefined || !isSame) && {
        clientKey: flags.clientKey === undefined ? undefined : resolve(flags.clientKey),
      }),
    },
    words: `The profile ${profile} keeps ${appId} at ${endpoint ?? issuer}${before}: the next command needs no flags for it.`,
  };
}

async function keepSecret(storage: Storage, application: LogtoConfig, secret: string): Promise<void> {
  const owner = { ...placeOf(application), appId: application.appId };
  if ((await findAppSecret(storage, owner)) !== secret)
    await writeAppSecret(storage, 'session', owner, secret);
}

/** Removes the session that the profile had in another storage. */
async function forgetTwin(runtime: Runtime, profile: string, kind: StorageKind): Promise<void> {
  const storage = await runtime.storage(kind, profile);
  await storage.delete(tokenSetKey);
  await deleteAppSecret(storage, 'session');
}
