import { randomBytes } from 'node:crypto';
import { organizationsResource } from './organization-names.js';
import { oneTimeToken, signInExperience } from './parse-sign-in-experience.js';
import {
  applicationTypes,
  defaultSeed,
  type EmulatorApplication,
  type EmulatorOrganization,
  type EmulatorResource,
  type EmulatorSeed,
  type EmulatorUser,
  hasRedirects,
} from './seed.js';
import {
  base32,
  flag,
  list,
  oneOf,
  phone,
  printable,
  record,
  refuse,
  scope,
  text,
  unique,
  uri,
  wholeNumber,
} from './seed-values.js';

/**
 * Reads a seed in the shape that `emulator --json` prints. `endpoint` and `issuer` are allowed and ignored; a list that
 * is absent is the default seed's; users and organizations without `id` get one.
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
  const lists = ['applications', 'users', 'resources', 'organizations'] as const;
  const seed = record(value, '$', ['endpoint', 'issuer', ...lists, 'signInExperience', 'oneTimeTokens']);
  const defaults = defaultSeed();
  const given = <T>(name: (typeof lists)[number], item: (value: unknown, path: string) => T) =>
    seed[name] === undefined ? null : list(seed[name], `$.${name}`, item);
  const applications = given('applications', application) ?? defaults.applications;
  const users = given('users', user) ?? defaults.users;
  const resources = given('resources', resource) ?? defaults.resources;
  const usernames = new Set(users.map(({ username }) => username));
  const organizations =
    given('organizations', (entry, path) => organization(entry, path, usernames)) ??
    defaults.organizations.map((entry) => ({
      ...entry,
      members: entry.members.filter((name) => usernames.has(name)),
    }));
  unique(applications, 'appId', '$.applications');
  unique(users, 'username', '$.users');
  unique(users, 'id', '$.users');
  unique(users, 'email', '$.users');
  unique(users, 'phone', '$.users');
  unique(resources, 'indicator', '$.resources');
  unique(organizations, 'id', '$.organizations');
  return {
    applications,
    users,
    resources,
    organizations,
    ...(seed['signInExperience'] !== undefined && {
      signInExperience: signInExperience(seed['signInExperience'], '$.signInExperience'),
    }),
    ...(seed['oneTimeTokens'] !== undefined && {
      oneTimeTokens: list(seed['oneTimeTokens'], '$.oneTimeTokens', oneTimeToken),
    }),
  };
}

function application(value: unknown, path: string): EmulatorApplication {
  const entry = record(value, path, [
    'type',
    'deviceFlow',
    'thirdParty',
    'maxAllowedGrants',
    'appId',
    'appSecret',
    'redirectUris',
    'postLogoutRedirectUris',
  ]);
  const type = oneOf(entry['type'], `${path}.type`, applicationTypes);
  const appId = printable(entry['appId'], `${path}.appId`);
  const isConfidential = type === 'Traditional' || type === 'MachineToMachine';
  if (!isConfidential && entry['appSecret'] !== undefined) {
    throw refuse(`${path}.appSecret`, `is not for a ${type} application, which is a public client`);
  }
  const deviceFlow = flag(entry['deviceFlow'], `${path}.deviceFlow`);
  const thirdParty = flag(entry['thirdParty'], `${path}.thirdParty`);
  if (deviceFlow && type !== 'Native') throw refuse(`${path}.deviceFlow`, 'is for Native applications only');
  const { maxAllowedGrants: most } = entry;
  const uris = (key: string) => list(entry[key] ?? [], `${path}.${key}`, uri);
  const read = {
    type,
    ...(deviceFlow && { deviceFlow }),
    ...(thirdParty && { thirdParty }),
    ...(most !== undefined && {
      maxAllowedGrants: wholeNumber(most, `${path}.maxAllowedGrants`, 1, 10_000),
    }),
    appId,
    ...(isConfidential ? { appSecret: printable(entry['appSecret'], `${path}.appSecret`) } : {}),
    redirectUris: uris('redirectUris'),
    postLogoutRedirectUris: uris('postLogoutRedirectUris'),
  };
  if (hasRedirects(read)) {
    if (read.redirectUris.length === 0) throw refuse(`${path}.redirectUris`, 'needs at least one');
  } else if (read.redirectUris.length + read.postLogoutRedirectUris.length > 0) {
    throw refuse(`${path}.redirectUris`, 'is not for an application to which no browser is sent back');
  }
  return read;
}

function user(value: unknown, path: string): EmulatorUser {
  const entry = record(value, path, [
    'id',
    'username',
    'password',
    'name',
    'email',
    'phone',
    'picture',
    'roles',
    'customData',
    'suspended',
    'passwordExpired',
    'totpSecret',
    'backupCodes',
  ]);
  const optional = <T>(key: string, read: (value: unknown, path: string) => T) =>
    entry[key] === undefined ? {} : { [key]: read(entry[key], `${path}.${key}`) };
  const texts = (given: unknown, place: string) => list(given, place, text);
  return {
    id: entry['id'] === undefined ? newId() : text(entry['id'], `${path}.id`),
    username: text(entry['username'], `${path}.username`),
    password: text(entry['password'], `${path}.password`),
    ...optional('name', text),
    ...optional('email', text),
    ...optional('phone', phone),
    ...optional('picture', text),
    ...optional('roles', texts),
    ...optional('customData', (given, place) => record(given, place)),
    ...(flag(entry['suspended'], `${path}.suspended`) && { suspended: true }),
    ...(flag(entry['passwordExpired'], `${path}.passwordExpired`) && { passwordExpired: true }),
    ...optional('totpSecret', base32),
    ...optional('backupCodes', texts),
  };
}

function resource(value: unknown, path: string): EmulatorResource {
  const entry = record(value, path, ['indicator', 'scopes']);
  const indicator = uri(entry['indicator'], `${path}.indicator`);
  if (indicator === organizationsResource) throw refuse(`${path}.indicator`, 'is reserved');
  return { indicator, scopes: list(entry['scopes'] ?? [], `${path}.scopes`, scope) };
}

function organization(value: unknown, path: string, usernames: ReadonlySet<string>): EmulatorOrganization {
  const entry = record(value, path, ['id', 'name', 'scopes', 'members']);
  return {
    id: entry['id'] === undefined ? newId() : printable(entry['id'], `${path}.id`),
    name: text(entry['name'], `${path}.name`),
    ...(entry['scopes'] === undefined ? {} : { scopes: list(entry['scopes'], `${path}.scopes`, scope) }),
    members: list(entry['members'] ?? [], `${path}.members`, (name, place) => {
      if (!usernames.has(text(name, place))) throw refuse(place, 'is not the username of a user');
      return text(name, place);
    }),
  };
}

/** A new identifier (`sub`, organization): 12 characters, as Logto's are. */
export function newId(): string {
  return randomBytes(6).toString('hex');
}
