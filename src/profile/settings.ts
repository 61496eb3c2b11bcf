import { LogtoError } from '../errors.js';
import type { StorageKind } from '../storage/storage.js';
import { type AuthenticationSettings, authenticationSettings } from './authentication-settings.js';
import { checkSource, checkWritten } from './check-source.js';
import { type Configuration, type Profile, profileNamed } from './config-file.js';
import { checkNewName, checkProfileName, defaultProfile, isProfileName } from './profile-name.js';
import { findSecret, type Target, withOwnKeys } from './secret-home.js';
import {
  flagSource,
  type NamedConnection,
  profileSource,
  providerOf,
  type SettingFlags,
  type Source,
  type Variables,
  variableSource,
} from './source.js';

export type { SettingFlags, Variables } from './source.js';

/** The settings of one run: flag, environment, profile, default, in that order. */
export interface Settings extends AuthenticationSettings {
  readonly profile: string;
  /** Whether the configuration file knows the profile, or it is the default one. */
  readonly profileKnown: boolean;
  readonly endpoint?: string;
  readonly issuer?: string;
  /** Where the document of that issuer is, if not behind it. */
  readonly discoveryUrl?: string;
  readonly appId?: string;
  /** Who names the provider and the application. */
  readonly saidBy: Target['saidBy'];
  /** The provider and the application as anybody set them on purpose: not by signing in to them. */
  readonly set: Pick<Settings, 'endpoint' | 'issuer' | 'discoveryUrl' | 'appId'>;
  /** Where a new session goes. */
  readonly storage: StorageKind;
  /** Whether anybody chose the storage: of a mere default a person may be asked about another. */
  readonly storageChosen: boolean;
  /** Where to look for the session that there is. */
  readonly sessionStorage: StorageKind;
  /** Where the last sign-in put the session, when there should be one. */
  readonly recordedSession?: StorageKind;
  /** Where `profile set` put the application's secret. */
  readonly secretStorage?: StorageKind;
  readonly caFile?: string;
  /** From standard input or the environment. The profile's own secret is in its storage. */
  readonly appSecret?: string;
  /** What settings and secrets came from, strongest first; the profile is the last one. */
  readonly sources: readonly Source[];
  /** What of the provider and the application was understood though it was not typed so, in sentences. */
  readonly corrections: readonly string[];
  /** What was found and is not used, since it belongs elsewhere: secrets of the application, whom to trust; in sentences. */
  readonly setAside: readonly string[];
}

/**
 * Works out the settings of one run.
 *
 * @param flags what the command line says
 * @param environments the environment, then weaker ones (the file of `--dotenv`)
 * @param configuration the configuration file
 * @param secretFromInput the application secret read from standard input
 * @throws LogtoError as {@link settingsFrom}
 */
export function resolveSettings(
  flags: SettingFlags,
  environments: readonly Variables[],
  configuration: Configuration,
  secretFromInput?: string,
): Settings {
  const sources = [
    flagSource(flags, { LOGTO_APP_SECRET: secretFromInput }),
    ...environments.map((variables, index) =>
      variableSource(variables, index > 0 ? 'dotenv' : 'environment'),
    ),
  ];
  return settingsFrom(sources, configuration);
}

/**
 * The settings that these sources make, with the profile that they choose as the last of them.
 *
 * @param given strongest first
 * @throws LogtoError `config_invalid` when one source sets both endpoint and issuer, or the place of a document beside an
 * endpoint; for a storage of no known kind, and
 * for a secret that can be none
 */
export function settingsFrom(given: readonly Source[], configuration: Configuration): Settings {
  const profile = chosenProfile(given, configuration);
  checkNewName(profile, Object.keys(configuration.profiles));
  const stored = profileNamed(configuration, profile);
  const sources = [...given, profileSource(profile, stored)];
  checkWritten(profile, stored);
  for (const source of sources) checkSource(source, profile);
  const connection = { ...connectionOf(sources), ...wordsOf(sources) };
  const { secret, setAside } = findSecret(sources, connection, 'LOGTO_APP_SECRET');
  const keys = withOwnKeys(given, connection);
  const trust = trustOf(sources);
  return {
    profile,
    profileKnown: stored !== undefined || profile === defaultProfile,
    ...connection,
    set: connectionOf(stored?.fromSignIn ? given : sources),
    ...storageOf(given, stored),
    ...(stored?.secret !== undefined && { secretStorage: stored.secret }),
    ...(trust.caFile !== undefined && { caFile: trust.caFile }),
    ...(secret !== undefined && { appSecret: secret }),
    ...authenticationSettings(keys.sources, isOf(stored, connection) ? stored : undefined, secret),
    sources,
    setAside: [...setAside, ...keys.setAside, ...trust.setAside, ...lonePlaces(sources)],
  };
}

/**
 * Whom to trust. A file that comes with a project may say so of the provider that it names, which is the one that is
 * asked; for any other whoever writes it could read what is sent there.
 */
function trustOf(sources: readonly Source[]): {
  readonly caFile?: string;
  readonly setAside: readonly string[];
} {
  const { provider } = strongest(sources);
  const setAside: string[] = [];
  for (const source of sources) {
    if (source.caFile === undefined) continue;
    if (!source.isTrustedForOwn || source === provider) return { caFile: source.caFile, setAside };
    const namer = provider === undefined ? 'nobody' : (provider.speaker ?? provider.title);
    setAside.push(
      `NODE_EXTRA_CA_CERTS of ${source.title} is not used: such a file says whom to trust for a provider that it names ` +
        `itself, and here ${namer} names one. To trust it all the same, name it with --ca-file.`,
    );
  }
  return { setAside };
}

function storageOf(
  given: readonly Source[],
  stored: Profile | undefined,
): Pick<Settings, 'storage' | 'storageChosen' | 'sessionStorage' | 'recordedSession'> {
  const byHand = given.find(({ storage }) => storage !== undefined)?.storage as StorageKind | undefined;
  const chosen = byHand ?? stored?.storage;
  const recordedSession = stored?.session;
  return {
    storage: chosen ?? 'keychain',
    storageChosen: chosen !== undefined,
    sessionStorage: byHand ?? recordedSession ?? chosen ?? 'keychain',
    ...(recordedSession !== undefined && { recordedSession }),
  };
}

type Connection = Settings['set'];

function connectionOf(sources: readonly Source[]): Connection {
  const { provider, app } = strongest(sources);
  const { endpoint, issuer, discoveryUrl } = provider?.connection ?? {};
  const appId = app?.connection.appId;
  return {
    ...(endpoint !== undefined && { endpoint }),
    ...(issuer !== undefined && { issuer }),
    ...(discoveryUrl !== undefined && { discoveryUrl }),
    ...(appId !== undefined && { appId }),
  };
}

/**
 * Who says what of the connection. Endpoint, issuer and the place of its document are one setting: who has any of them
 * replaces all. The place alone does not move the issuer that somebody else names: who could do that would be trusted
 * for it.
 */
export function strongest(sources: readonly Source[]): { readonly provider?: Source; readonly app?: Source } {
  const provider = sources.find(({ connection: { endpoint, issuer, discoveryUrl } }) =>
    [endpoint, issuer, discoveryUrl].some((value) => value !== undefined),
  );
  const app = sources.find(({ connection }) => connection.appId !== undefined);
  return { ...(provider && { provider }), ...(app && { app }) };
}

/** The places of documents that nobody uses, since an issuer is named without them, in sentences. */
function lonePlaces(sources: readonly Source[]): string[] {
  const { provider } = strongest(sources);
  return sources.flatMap(({ connection: { issuer, discoveryUrl }, names, speaker }, index) => {
    const isLone = discoveryUrl !== undefined && issuer === undefined;
    if (!isLone || provider === undefined || index <= sources.indexOf(provider)) return [];
    const name = speaker === undefined ? names.discoveryUrl : `${names.discoveryUrl} of ${speaker}`;
    return [
      `${name} is set without an issuer, and ${saidBy(provider)} names the provider: it is not used. The two are one ` +
        'setting, of one place: give --discovery-url with --issuer.',
    ];
  });
}

/** How a source calls what it names the provider by. */
function saidBy(provider: Source | undefined): string {
  if (provider === undefined) return 'nobody';
  return provider.speaker ?? provider.names[namingOf(provider)];
}

/** What a source names the provider by. */
function namingOf({ connection }: Source): 'endpoint' | 'issuer' | 'discoveryUrl' {
  return (['endpoint', 'issuer'] as const).find((name) => connection[name] !== undefined) ?? 'discoveryUrl';
}

function wordsOf(sources: readonly Source[]): Pick<Settings, 'saidBy' | 'corrections'> {
  const { provider, app } = strongest(sources);
  const corrected = (source: Source | undefined, of: keyof NamedConnection) =>
    (source?.corrections ?? []).filter((correction) => correction.of === of).map(({ words }) => words);
  return {
    saidBy: {
      provider: saidBy(provider),
      appId: app?.speaker ?? app?.names.appId ?? 'nobody',
    },
    corrections: [
      ...(['endpoint', 'issuer', 'discoveryUrl'] as const).flatMap((name) => corrected(provider, name)),
      ...corrected(app, 'appId'),
    ],
  };
}

/** Whether what the profile says is said of the application that these settings name. */
function isOf(stored: Profile | undefined, { appId, ...provider }: NamedConnection): boolean {
  const own = providerOf(stored ?? {});
  return (
    (own === undefined || own === providerOf(provider)) &&
    (stored?.appId === undefined || stored.appId === appId)
  );
}

/** @throws LogtoError `config_invalid` for what can be no name */
function chosenProfile(given: readonly Source[], { current = defaultProfile }: Configuration): string {
  const named = given.find((source) => source.profile !== undefined)?.profile;
  if (named !== undefined) return checkProfileName(named);
  if (isProfileName(current)) return current;
  throw new LogtoError(
    'config_invalid',
    `${JSON.stringify(current)} cannot be the name of a profile, and stands in the configuration file as the one in use.`,
    'Choose another with: logto-cli profile use <name>',
  );
}
