import type * as z from 'zod/mini';
import { LogtoError } from '../errors.js';
import { schemaFault } from '../schema/schema-fault.js';
import { newId } from './new-id.js';
import { defaultSeed, type EmulatorSeed } from './seed.js';
import { seedSchema } from './seed-schema.js';

/**
 * Reads a seed in the shape that `emulator --json` prints. `endpoint`, `issuer` and `control` are allowed and ignored; a list that
 * is absent is the default seed's; users and organizations without `id` get one.
 *
 * @throws LogtoError `config_invalid`, whose message begins with the place: `$.users[1].password`
 *
 * @example
 * ```ts
 * const emulator = await startEmulator({ seed: parseSeed(await readFile('seed.json', 'utf8')) });
 * ```
 */
export function parseSeed(json: string): EmulatorSeed {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw refuse('', 'the seed is not JSON');
  }
  return checkSeed(value);
}

/**
 * Checks that a value is a seed, and fills in what may be left out.
 *
 * @throws LogtoError `config_invalid`
 */
export function checkSeed(value: unknown): EmulatorSeed {
  const schema = seedSchema();
  const fault = schemaFault(value, schema);
  if (fault !== null) throw refuse(fault.path, fault.problem);
  const { signInExperience, oneTimeTokens, ...given } = value as z.infer<typeof schema>;
  const defaults = defaultSeed();
  const applications = given.applications?.map((application) =>
    said({
      ...application,
      accessControl: application.accessControl && said(application.accessControl),
      redirectUris: (application.redirectUris ?? []) as string[],
      postLogoutRedirectUris: (application.postLogoutRedirectUris ?? []) as string[],
    }),
  );
  const users =
    given.users?.map(({ personalAccessTokens: tokens, ...user }) => ({
      ...said({ ...user, id: user.id ?? newId() }),
      ...(tokens && { personalAccessTokens: tokens.map(said) }),
    })) ?? defaults.users;
  const usernames = new Set(users.map(({ username }) => username));
  const organizations =
    given.organizations?.map((organization) =>
      said({
        ...organization,
        id: organization.id ?? newId(),
        members: organization.members ?? [],
      }),
    ) ??
    defaults.organizations.map((organization) => ({
      ...organization,
      members: organization.members.filter((name) => usernames.has(name)),
    }));
  const seed = {
    applications: applications ?? defaults.applications,
    users,
    resources:
      given.resources?.map(({ indicator, scopes = [] }) => ({ indicator, scopes })) ?? defaults.resources,
    organizations,
  };
  checkReferences(seed);
  return {
    ...seed,
    ...(signInExperience && {
      signInExperience: said({
        ...signInExperience,
        passwordPolicy: signInExperience.passwordPolicy && said(signInExperience.passwordPolicy),
        mfa: signInExperience.mfa && said(signInExperience.mfa),
      }),
    }),
    ...(oneTimeTokens && { oneTimeTokens: oneTimeTokens.map(said) }),
  };
}

/** What names something must name one thing, and what refers to something must find it. */
function checkReferences({ applications, users, resources, organizations }: EmulatorSeed): void {
  unique(applications, 'appId', 'applications');
  for (const key of ['username', 'id', 'email', 'phone'] as const) unique(users, key, 'users');
  for (const [index, { thirdParty, allowTokenExchange }] of applications.entries()) {
    if (thirdParty && allowTokenExchange)
      throw refuse(`applications[${index}].allowTokenExchange`, 'is not for a third-party application');
  }
  const values = new Set<string>();
  for (const [index, { personalAccessTokens: tokens = [] }] of users.entries()) {
    const place = `users[${index}].personalAccessTokens`;
    unique(tokens, 'name', place);
    unique(tokens, 'value', place);
    const known = tokens.findIndex(({ value }) => values.has(value));
    if (known !== -1) throw refuse(`${place}[${known}].value`, 'is there twice');
    for (const { value } of tokens) values.add(value);
  }
  unique(resources, 'indicator', 'resources');
  unique(organizations, 'id', 'organizations');
  const usernames = new Set(users.map(({ username }) => username));
  const known = (names: readonly string[], place: string) => {
    const stranger = names.findIndex((name) => !usernames.has(name));
    if (stranger !== -1) throw refuse(`${place}[${stranger}]`, 'is not the username of a user');
  };
  for (const [index, { members }] of organizations.entries()) {
    known(members, `organizations[${index}].members`);
  }
  for (const [index, { accessControl }] of applications.entries()) {
    known(accessControl?.users ?? [], `applications[${index}].accessControl.users`);
  }
}

/** Refuses a list in which two entries have the same value under this key. Without one there is nothing to compare. */
function unique<T>(entries: readonly T[], key: keyof T & string, path: string): void {
  const seen = new Set<unknown>();
  for (const [index, entry] of entries.entries()) {
    if (entry[key] === undefined) continue;
    if (seen.has(entry[key])) throw refuse(`${path}[${index}].${key}`, 'is there twice');
    seen.add(entry[key]);
  }
}

type Said<Entry> = { [Key in keyof Entry]: Exclude<Entry[Key], undefined | false> };

/** A copy without what is absent, or false as it is by default. */
function said<Entry extends object>(entry: Entry): Said<Entry> {
  const members = Object.entries(entry).filter(([, value]) => value !== undefined && value !== false);
  return Object.fromEntries(members) as Said<Entry>;
}

/** The failure of a seed at this place. It never repeats the value: that may be a secret. */
function refuse(path: string, problem: string): LogtoError {
  const place = path === '' ? '$' : `$.${path}`;
  return new LogtoError(
    'config_invalid',
    `${place}: ${problem}`,
    'Correct the seed; `logto-cli emulator --json` prints one that works, and `logto-cli emulator --schema` what is possible.',
    { path: place },
  );
}
