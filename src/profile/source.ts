import { documentUrl } from '../oidc/issuer-url.js';
import type { Profile } from './config-file.js';
import { unwrapped } from './pasted-text.js';
import { type Typed, typedAppId, typedDiscoveryUrl, typedEndpoint, typedIssuer } from './typed-address.js';

/** What the flags of a command say about the connection. */
export interface SettingFlags {
  readonly endpoint?: string;
  readonly issuer?: string;
  readonly discoveryUrl?: string;
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

/** The provider and the application that a source names. */
export interface NamedConnection {
  readonly endpoint?: string | undefined;
  readonly issuer?: string | undefined;
  /** Where the document of that issuer is, if not behind it. */
  readonly discoveryUrl?: string | undefined;
  readonly appId?: string | undefined;
}

/** Where settings come from, strongest first. */
export type SourceKind = 'flag' | 'environment' | 'dotenv' | 'profile';

/** Somewhere that settings and secrets come from. */
export interface Source {
  /** Absent for a file that a command reads beside these. */
  readonly kind?: SourceKind;
  /** For a person: `the environment`. */
  readonly title: string;
  /** How it calls a setting: `--endpoint`, `LOGTO_ENDPOINT`. */
  readonly names: Readonly<Record<keyof NamedConnection | 'storage', string>>;
  /** Who says what it says, where that is not told by the name of the setting. */
  readonly speaker?: string;
  /** How it calls a secret. */
  readonly secretName: (variable: string) => string;
  readonly profile?: string | undefined;
  readonly storage?: string | undefined;
  readonly caFile?: string | undefined;
  /** Whether whom to trust is its to say for the provider that it names itself, and for no other. */
  readonly isTrustedForOwn?: boolean;
  readonly authMethod?: string | undefined;
  readonly clientKey?: string | undefined;
  /** As it is understood. */
  readonly connection: NamedConnection;
  /** What was put right in it, in sentences. */
  readonly corrections: readonly Correction[];
  readonly secrets: Variables;
}

/** Something that was understood though it was not typed so. */
interface Correction {
  readonly of: keyof NamedConnection;
  readonly words: string;
}

const flagNames = {
  endpoint: '--endpoint',
  issuer: '--issuer',
  discoveryUrl: '--discovery-url',
  appId: '--app-id',
  storage: '--storage',
};
const variableNames = {
  endpoint: 'LOGTO_ENDPOINT',
  issuer: 'LOGTO_CLI_ISSUER',
  discoveryUrl: 'LOGTO_CLI_DISCOVERY_URL',
  appId: 'LOGTO_APP_ID',
  storage: 'LOGTO_CLI_STORAGE',
};

/** The command line, with the secrets that it reads from standard input. */
export function flagSource(flags: SettingFlags, secrets: Source['secrets'] = {}): Source {
  return {
    kind: 'flag',
    title: 'the command line',
    names: flagNames,
    secretName: (variable) => variable,
    profile: flags.profile,
    storage: flags.storage?.trim(),
    caFile: flags.caFile,
    authMethod: flags.authMethod,
    clientKey: flags.clientKey,
    ...understood(flags, flagNames),
    secrets,
  };
}

/** Variables. An empty one is one that is not set, as everywhere. */
export function variableSource(variables: Variables, kind: 'environment' | 'dotenv'): Source {
  const value = (name: string) => variables[name]?.trim() || undefined;
  const isFile = kind === 'dotenv';
  const typed = {
    endpoint: variables[variableNames.endpoint],
    issuer: variables[variableNames.issuer],
    discoveryUrl: variables[variableNames.discoveryUrl],
    appId: variables[variableNames.appId],
  };
  return {
    kind,
    title: isFile ? 'the file of --dotenv' : 'the environment',
    names: variableNames,
    ...(isFile && { speaker: 'the file of --dotenv' }),
    secretName: (variable) => (isFile ? `${variable} of the file of --dotenv` : variable),
    profile: value('LOGTO_CLI_PROFILE'),
    storage: value(variableNames.storage),
    authMethod: value('LOGTO_CLI_AUTH_METHOD'),
    clientKey: value('LOGTO_CLI_CLIENT_KEY'),
    // Node has read that of the environment already.
    caFile: isFile ? value('NODE_EXTRA_CA_CERTS') : undefined,
    isTrustedForOwn: isFile,
    ...understood(withoutEmpty(typed), variableNames),
    secrets: variables,
  };
}

/** A profile of the configuration file. Its secret is in its storage. */
export function profileSource(name: string, profile: Profile | undefined): Source {
  return {
    ...writtenSource(`the profile ${name}`, profile ?? {}),
    kind: 'profile',
    storage: profile?.storage,
    caFile: profile?.caFile,
  };
}

/** What settings are called in a file of ours. */
const writtenNames = {
  endpoint: 'endpoint',
  issuer: 'issuer',
  discoveryUrl: 'discoveryUrl',
  appId: 'appId',
  storage: 'storage',
};

/** Settings that stand in a file of ours, under their own names. */
export function writtenSource(
  title: string,
  connection: NamedConnection & { readonly profile?: string },
  secrets: Source['secrets'] = {},
): Source {
  const ofTitle = (name: string) => `${name} of ${title}`;
  const { endpoint, issuer, discoveryUrl, appId } = writtenNames;
  const spelled = {
    endpoint: ofTitle(endpoint),
    issuer: ofTitle(issuer),
    discoveryUrl: ofTitle(discoveryUrl),
    appId: ofTitle(appId),
  };
  return {
    title,
    names: writtenNames,
    speaker: title,
    secretName: (variable) => `${variable} of ${title}`,
    profile: connection.profile,
    ...understood(connection, spelled),
    secrets,
  };
}

/**
 * A name for the provider that sources can be compared by. Where its document is belongs to it: whoever says that says
 * where secrets go.
 */
export function providerOf({ endpoint, issuer, discoveryUrl }: NamedConnection): string | undefined {
  const name = (issuer ?? (endpoint && `${endpoint.replace(/\/+$/, '')}/oidc`))?.replace(/\/$/, '');
  return discoveryUrl === undefined ? name : `${name ?? ''} ${discoveryUrl}`;
}

/** What is empty once blanks and quotes around it are left out, as `docker --env-file` keeps them, is not set. */
function withoutEmpty(typed: NamedConnection): NamedConnection {
  return Object.fromEntries(Object.entries(typed).filter(([, text]) => unwrapped(text ?? '').value !== ''));
}

function understood(
  { endpoint, issuer, discoveryUrl, appId }: NamedConnection,
  names: Readonly<Record<keyof NamedConnection, string>>,
): Pick<Source, 'connection' | 'corrections'> {
  const typed: Readonly<Record<keyof NamedConnection, Typed | undefined>> = {
    endpoint: endpoint === undefined ? undefined : typedEndpoint(endpoint),
    issuer: issuer === undefined ? undefined : typedIssuer(issuer),
    discoveryUrl: discoveryUrl === undefined ? undefined : typedDiscoveryUrl(discoveryUrl),
    appId: appId === undefined ? undefined : typedAppId(appId),
  };
  const corrections: Correction[] = [];
  for (const of of ['endpoint', 'issuer', 'discoveryUrl', 'appId'] as const) {
    const { value, reasons = [] } = typed[of] ?? {};
    if (reasons.length > 0) {
      corrections.push({ of, words: `${names[of]} is taken as ${value} (${reasons.join(', ')}).` });
    }
  }
  const place = typed.discoveryUrl?.value;
  const isUsual = typed.issuer !== undefined && place === documentUrl({ issuer: typed.issuer.value });
  return {
    connection: {
      endpoint: typed.endpoint?.value,
      issuer: typed.issuer?.value,
      discoveryUrl: isUsual ? undefined : place,
      appId: typed.appId?.value,
    },
    corrections,
  };
}
