import { randomBytes } from 'node:crypto';
import { LogtoError } from '../errors.js';
import type { EmulatorApplication, EmulatorSeed, EmulatorUser } from './seed.js';
import { applicationTypes, defaultSeed } from './seed.js';

/**
 * Reads a seed in the shape that `emulator --json` prints. `endpoint` and `issuer` are allowed and ignored; a list that
 * is absent is the default seed's; a user without `id` gets one.
 *
 * @throws LogtoError `config_invalid`, whose message begins with the place: `$.users[1].password`
 */
export function parseSeed(json: string): EmulatorSeed {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw refuse('$', 'the seed is not JSON');
  }
  return checkSeed(value);
}

/**
 * Checks that a value is a seed, and fills in what may be left out.
 *
 * @throws LogtoError `config_invalid`
 */
export function checkSeed(value: unknown): EmulatorSeed {
  const seed = record(value, '$', ['endpoint', 'issuer', 'applications', 'users']);
  const defaults = defaultSeed();
  const applications =
    seed['applications'] === undefined
      ? defaults.applications
      : list(seed['applications'], '$.applications', application);
  const users = seed['users'] === undefined ? defaults.users : list(seed['users'], '$.users', user);
  unique(applications, 'appId', '$.applications');
  unique(users, 'username', '$.users');
  unique(users, 'id', '$.users');
  return { applications, users };
}

function application(value: unknown, path: string): EmulatorApplication {
  const entry = record(value, path, ['type', 'appId', 'appSecret', 'redirectUris', 'postLogoutRedirectUris']);
  const type = applicationTypes.find((known) => known === entry['type']);
  if (!type) throw refuse(`${path}.type`, `must be one of ${applicationTypes.join(', ')}`);
  const appId = printable(entry['appId'], `${path}.appId`);
  const redirectUris = list(entry['redirectUris'], `${path}.redirectUris`, uri);
  if (redirectUris.length === 0) throw refuse(`${path}.redirectUris`, 'needs at least one');
  const postLogoutRedirectUris = list(
    entry['postLogoutRedirectUris'] ?? [],
    `${path}.postLogoutRedirectUris`,
    uri,
  );
  if (type === 'Traditional') {
    const appSecret = printable(entry['appSecret'], `${path}.appSecret`);
    return { type, appId, appSecret, redirectUris, postLogoutRedirectUris };
  }
  if (entry['appSecret'] !== undefined) {
    throw refuse(`${path}.appSecret`, `is not for a ${type} application, which is a public client`);
  }
  return { type, appId, redirectUris, postLogoutRedirectUris };
}

function user(value: unknown, path: string): EmulatorUser {
  const entry = record(value, path, [
    'id',
    'username',
    'password',
    'name',
    'email',
    'picture',
    'roles',
    'customData',
  ]);
  const optional = (key: string) =>
    entry[key] === undefined ? {} : { [key]: text(entry[key], `${path}.${key}`) };
  return {
    id: entry['id'] === undefined ? newUserId() : text(entry['id'], `${path}.id`),
    username: text(entry['username'], `${path}.username`),
    password: text(entry['password'], `${path}.password`),
    ...optional('name'),
    ...optional('email'),
    ...optional('picture'),
    ...(entry['roles'] === undefined ? {} : { roles: list(entry['roles'], `${path}.roles`, text) }),
    ...(entry['customData'] === undefined
      ? {}
      : { customData: record(entry['customData'], `${path}.customData`) }),
  };
}

/** A new `sub`: 12 characters, as Logto's are. */
export function newUserId(): string {
  return randomBytes(6).toString('hex');
}

function record(value: unknown, path: string, keys?: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refuse(path, 'must be an object');
  }
  const unknown = keys && Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw refuse(`${path}.${unknown}`, 'is not known');
  return { ...value };
}

function list<T>(value: unknown, path: string, item: (value: unknown, path: string) => T): T[] {
  if (!Array.isArray(value)) throw refuse(path, 'must be a list');
  return value.map((entry, index) => item(entry, `${path}[${index}]`));
}

function text(value: unknown, path: string): string {
  if (typeof value !== 'string' || value === '') throw refuse(path, 'must be a text that is not empty');
  return value;
}

/** RFC 6749, appendix A: client identifiers and secrets are printable ASCII. */
function printable(value: unknown, path: string): string {
  const result = text(value, path);
  if (!/^[\x20-\x7e]+$/.test(result)) throw refuse(path, 'must be printable ASCII');
  return result;
}

function uri(value: unknown, path: string): string {
  const result = text(value, path);
  if (!URL.canParse(result)) throw refuse(path, 'must be an absolute URI');
  if (result.includes('#')) throw refuse(path, 'must not have a fragment');
  return result;
}

function unique<T>(entries: readonly T[], key: keyof T & string, path: string): void {
  const seen = new Set<unknown>();
  for (const [index, entry] of entries.entries()) {
    if (seen.has(entry[key])) throw refuse(`${path}[${index}].${key}`, 'is there twice');
    seen.add(entry[key]);
  }
}

function refuse(path: string, problem: string): LogtoError {
  return new LogtoError(
    'config_invalid',
    `${path}: ${problem}`,
    'Correct the seed; `logto-cli emulator --json` prints one that works.',
    { path },
  );
}
