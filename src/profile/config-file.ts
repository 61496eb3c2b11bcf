import { join } from 'node:path';
import { LogtoError } from '../errors.js';
import { NoSuchFile } from '../read-file.js';
import { textOf } from '../read-text.js';
import { believeDirectories, makeDirectories, NotBelieved, readOwnFile } from '../storage/ownership.js';
import { ownershipError } from '../storage/ownership-error.js';
import { type Lock, type StorageKind, storageKinds } from '../storage/storage.js';
import { checkNewName } from './profile-name.js';

/** What a profile remembers. Nothing here is secret. */
export interface Profile {
  readonly endpoint?: string;
  readonly issuer?: string;
  readonly discoveryUrl?: string;
  readonly appId?: string;
  /** Whether a sign-in by flags left them there: the next one may replace them, and they contradict no session. */
  readonly fromSignIn?: boolean;
  readonly storage?: StorageKind;
  readonly caFile?: string;
  /** How the application authenticates. */
  readonly authMethod?: string;
  /** The path of the file with the application's private key. */
  readonly clientKey?: string;
  /** Where the profile's session was put when it was made; absent after a sign-out. */
  readonly session?: StorageKind;
  /** Where the application's secret was put by `profile set`. */
  readonly secret?: StorageKind;
}

/** The configuration file: every profile, and the one in use. */
export interface Configuration {
  /** The profile chosen by `profile use`. */
  readonly current?: string;
  readonly profiles: Readonly<Record<string, Profile>>;
}

const fileName = 'config.json';
const abandonedName = /^config\.json\.[\da-f]{8}-[\da-f-]{27}(\.tmp)?$/;
const version = 1;

/** The path of the configuration file. */
export function configurationPath(directory: string): string {
  return join(directory, fileName);
}

/**
 * The configuration of this machine; an empty one when there is no file yet.
 *
 * @param directory where `config.json` is
 * @throws LogtoError `config_invalid` when the file is damaged, foreign, unreadable or newer than this program, or
 * another user could have written it
 */
export async function readConfiguration(directory: string): Promise<Configuration> {
  const path = configurationPath(directory);
  let text: string;
  try {
    if (!believeDirectories([directory])) return { profiles: {} };
    text = textOf(readOwnFile(path).bytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { profiles: {} };
    if (error instanceof NotBelieved) throw ownershipError(error, 'config_invalid');
    throw invalid(path, error instanceof NoSuchFile ? error.why : `cannot be read (${code})`);
  }
  return parseConfiguration(text, path);
}

/**
 * Changes the configuration file: read, change, written beside and renamed, under its lock.
 *
 * @throws LogtoError `config_invalid` when it cannot be read or written; `lock_timeout`
 */
export async function updateConfiguration(
  directory: string,
  lock: Lock,
  change: (configuration: Configuration) => Configuration,
): Promise<void> {
  const { removeFile, replaceFile } = await import('../storage/replace-file.js');
  const { readdirSync } = process.getBuiltinModule('node:fs');
  const path = configurationPath(directory);
  await lock(async () => {
    const before = await readConfiguration(directory);
    const after = change(before);
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    try {
      makeDirectories([directory]);
      // Whoever writes has the lock: these are of writers that died.
      const abandoned = readdirSync(directory).filter((name) => abandonedName.test(name));
      for (const name of abandoned) removeFile(join(directory, name));
      await replaceFile(path, `${JSON.stringify({ version, ...after }, null, 2)}\n`);
    } catch (error) {
      if (error instanceof NotBelieved) throw ownershipError(error, 'config_invalid');
      throw invalid(path, `cannot be written (${(error as NodeJS.ErrnoException).code})`);
    }
  });
}

/** The profile of this name. A name such as `constructor` finds nothing that nobody made. */
export function profileNamed({ profiles }: Configuration, name: string): Profile | undefined {
  return Object.hasOwn(profiles, name) ? profiles[name] : undefined;
}

/**
 * The configuration with one profile changed; fields that are `undefined` are removed, and so is an empty profile that
 * is not in use.
 *
 * @throws LogtoError `config_invalid` for a new name that cannot be told from another everywhere
 */
export function withProfile(
  configuration: Configuration,
  name: string,
  change: { readonly [Field in keyof Profile]?: Profile[Field] | undefined },
): Configuration {
  // A name that a setting gave was refused before.
  checkNewName(name, Object.keys(configuration.profiles), '');
  const { [name]: _, ...others } = configuration.profiles;
  const fields = Object.entries({ ...profileNamed(configuration, name), ...change }).filter(
    ([, value]) => value !== undefined,
  );
  const isKept = fields.length > 0 || name === configuration.current;
  const profile = isKept ? { [name]: Object.fromEntries(fields) } : {};
  return { ...configuration, profiles: { ...others, ...profile } };
}

/** The configuration without one profile; it is no longer the one in use either. */
export function withoutProfile({ current, profiles }: Configuration, name: string): Configuration {
  const { [name]: _, ...others } = profiles;
  return { ...(current !== undefined && current !== name && { current }), profiles: others };
}

function parseConfiguration(text: string, path: string): Configuration {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    throw invalid(path, 'is not JSON');
  }
  if (!isRecord(record) || !isRecord(record['profiles']))
    throw invalid(path, 'is not a configuration of this program');
  if (typeof record['version'] !== 'number' || record['version'] > version) {
    throw invalid(path, 'was written by a newer version of this program');
  }
  const current = record['current'];
  if (current !== undefined && typeof current !== 'string')
    throw invalid(path, 'has a current profile that is no name');
  const profiles: [string, Profile][] = Object.entries(record['profiles']).map(([name, profile]) => {
    if (!isProfile(profile)) throw invalid(path, `has a damaged profile ${JSON.stringify(name)}`);
    return [name, profile];
  });
  return {
    ...(current !== undefined && { current }),
    profiles: Object.fromEntries(profiles),
  };
}

function isProfile(profile: unknown): profile is Profile {
  return (
    isRecord(profile) &&
    ['endpoint', 'issuer', 'discoveryUrl', 'appId', 'caFile', 'authMethod', 'clientKey'].every((name) =>
      ['undefined', 'string'].includes(typeof profile[name]),
    ) &&
    ['storage', 'session', 'secret'].every(
      (name) => profile[name] === undefined || storageKinds.includes(profile[name] as StorageKind),
    ) &&
    ['undefined', 'boolean'].includes(typeof profile['fromSignIn'])
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(path: string, what: string): LogtoError {
  return new LogtoError(
    'config_invalid',
    `The configuration file ${path} ${what}.`,
    `Mend or remove ${path}, or choose another home with LOGTO_CLI_HOME.`,
  );
}
