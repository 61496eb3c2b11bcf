import { LogtoError } from '../errors.js';
import { type StorageKind, storageKinds } from '../storage/storage.js';
import { type AuthenticationSettings, authenticationSettings } from './authentication-settings.js';
import { type Configuration, type Profile, profileNamed } from './config-file.js';
import { checkNewName, checkProfileName, defaultProfile } from './profile-name.js';

/** What the flags of a command say about the connection. */
export interface SettingFlags {
  readonly endpoint?: string;
  readonly issuer?: string;
  readonly appId?: string;
  readonly profile?: string;
  readonly storage?: string;
  readonly caFile?: string;
  readonly authMethod?: string;
  /** A path. */
  readonly clientKey?: string;
}

/** Variables of the environment, or of the file that `--dotenv` names. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The settings of one run: flag, environment, profile, default, in that order. */
export interface Settings extends AuthenticationSettings {
  readonly profile: string;
  /** Whether the configuration file knows the profile, or it is the default one. */
  readonly profileKnown: boolean;
  readonly endpoint?: string;
  readonly issuer?: string;
  readonly appId?: string;
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
}

interface Level {
  readonly endpoint?: string | undefined;
  readonly issuer?: string | undefined;
  readonly appId?: string | undefined;
  readonly storage?: string | undefined;
  readonly caFile?: string | undefined;
  readonly appSecret?: string | undefined;
  readonly authMethod?: string | undefined;
  readonly clientKey?: string | undefined;
  readonly names: { readonly endpoint: string; readonly issuer: string; readonly storage: string };
}

const flagNames = { endpoint: '--endpoint', issuer: '--issuer', storage: '--storage' };
const variableNames = {
  endpoint: 'LOGTO_ENDPOINT',
  issuer: 'LOGTO_CLI_ISSUER',
  storage: 'LOGTO_CLI_STORAGE',
};

/**
 * Works out the settings of one run.
 *
 * @param flags what the command line says
 * @param environments the environment, then weaker ones (the file of `--dotenv`)
 * @param configuration the configuration file
 * @param secretFromInput the application secret read from standard input
 * @throws LogtoError `config_invalid` when one level sets both endpoint and issuer, or a storage of no known kind
 */
export function resolveSettings(
  flags: SettingFlags,
  environments: readonly Variables[],
  configuration: Configuration,
  secretFromInput?: string,
): Settings {
  const profile = checkProfileName(
    flags.profile ?? firstOf(environments, 'LOGTO_CLI_PROFILE') ?? configuration.current ?? defaultProfile,
  );
  checkNewName(profile, Object.keys(configuration.profiles));
  const stored = profileNamed(configuration, profile);
  const levels: Level[] = [
    { ...flags, appSecret: secretFromInput, names: flagNames },
    ...environments.map((variables, index) => environmentLevel(variables, index > 0)),
    { ...stored, names: { endpoint: 'endpoint', issuer: 'issuer', storage: 'storage' } },
  ];
  for (const level of levels) checkLevel(level);
  const resolved = merge(levels);
  const byHand = levels.slice(0, -1).find(({ storage }) => storage !== undefined)?.storage as
    | StorageKind
    | undefined;
  const chosen = byHand ?? stored?.storage;
  const recordedSession = stored?.session;
  const appSecret = secretOf(levels, resolved);
  return {
    profile,
    profileKnown: stored !== undefined || profile === defaultProfile,
    ...resolved,
    storage: chosen ?? 'keychain',
    storageChosen: chosen !== undefined,
    sessionStorage: byHand ?? recordedSession ?? chosen ?? 'keychain',
    ...(recordedSession !== undefined && { recordedSession }),
    ...(stored?.secret !== undefined && { secretStorage: stored.secret }),
    ...(appSecret !== undefined && { appSecret }),
    ...authenticationSettings(levels.slice(0, -1), isOf(stored, resolved) ? stored : undefined, appSecret),
  };
}

/** A name for the provider that two levels can be compared by. */
function providerOf(level: {
  readonly endpoint?: string | undefined;
  readonly issuer?: string | undefined;
}): string | undefined {
  return level.issuer ?? (level.endpoint && `${level.endpoint.replace(/\/+$/, '')}/oidc`);
}

/** @param isFile whether Node has not read the variables already, as it has the environment's */
function environmentLevel(variables: Variables, isFile: boolean): Level {
  return {
    endpoint: variable(variables, 'LOGTO_ENDPOINT'),
    issuer: variable(variables, 'LOGTO_CLI_ISSUER'),
    appId: variable(variables, 'LOGTO_APP_ID'),
    storage: variable(variables, 'LOGTO_CLI_STORAGE'),
    appSecret: variable(variables, 'LOGTO_APP_SECRET'),
    authMethod: variable(variables, 'LOGTO_CLI_AUTH_METHOD'),
    clientKey: variable(variables, 'LOGTO_CLI_CLIENT_KEY'),
    caFile: isFile ? variable(variables, 'NODE_EXTRA_CA_CERTS') : undefined,
    names: variableNames,
  };
}

/** An empty variable is one that is not set, as everywhere. */
function variable(variables: Variables, name: string): string | undefined {
  return variables[name] || undefined;
}

function firstOf(environments: readonly Variables[], name: string): string | undefined {
  for (const variables of environments) {
    const value = variable(variables, name);
    if (value !== undefined) return value;
  }
  return undefined;
}

type Connection = Pick<Settings, 'endpoint' | 'issuer' | 'appId' | 'caFile'>;

function merge(levels: readonly Level[]): Connection {
  // Endpoint and issuer are one setting: the strongest level that has either replaces both.
  const provider = levels.find(({ endpoint, issuer }) => endpoint !== undefined || issuer !== undefined);
  const appId = levels.find((level) => level.appId !== undefined)?.appId;
  const caFile = levels.find((level) => level.caFile !== undefined)?.caFile;
  return {
    ...(provider?.endpoint !== undefined && { endpoint: provider.endpoint }),
    ...(provider?.issuer !== undefined && { issuer: provider.issuer }),
    ...(appId !== undefined && { appId }),
    ...(caFile !== undefined && { caFile }),
  };
}

/** Whether what the profile says is said of the application that these settings name. */
function isOf(stored: Profile | undefined, { appId, ...provider }: Connection): boolean {
  const own = providerOf(stored ?? {});
  return (
    (own === undefined || own === providerOf(provider)) &&
    (stored?.appId === undefined || stored.appId === appId)
  );
}

/** The strongest secret that no stronger level takes away from the provider and application it was given for. */
function secretOf(levels: readonly Level[], resolved: Connection): string | undefined {
  for (const [index, { appSecret }] of levels.entries()) {
    if (appSecret === undefined) continue;
    const own = merge(levels.slice(index));
    const sameProvider = providerOf(own) === undefined || providerOf(own) === providerOf(resolved);
    const sameApplication = own.appId === undefined || own.appId === resolved.appId;
    if (sameProvider && sameApplication) return appSecret;
  }
  return undefined;
}

function checkLevel({ endpoint, issuer, storage, names }: Level): void {
  if (endpoint !== undefined && issuer !== undefined) {
    throw new LogtoError(
      'config_invalid',
      `${names.endpoint} and ${names.issuer} are both set, and they are one setting.`,
      `Keep ${names.endpoint} for Logto, or ${names.issuer} for any other OpenID Provider.`,
    );
  }
  if (storage !== undefined && !storageKinds.includes(storage as StorageKind)) {
    throw new LogtoError(
      'config_invalid',
      `${names.storage} is ${JSON.stringify(storage)}, which is no kind of storage.`,
      `Use one of ${storageKinds.join(', ')}.`,
    );
  }
}
