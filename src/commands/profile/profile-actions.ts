import { resolve } from 'node:path';
import { issuerOf, namedProvider, normalizeEndpoint, placeOf } from '../../client/logto-config.js';
import { tokenSetKey } from '../../client/token-set.js';
import { LogtoError } from '../../errors.js';
import { checkProvider } from '../../oidc/check-provider.js';
import { documentUrl } from '../../oidc/issuer-url.js';
import { fields } from '../../output/fields.js';
import { deleteAppSecret, writeAppSecret } from '../../profile/app-secret.js';
import {
  type Configuration,
  type Profile,
  profileNamed,
  readConfiguration,
  withoutProfile,
  withProfile,
} from '../../profile/config-file.js';
import { isPlaceholder } from '../../profile/placeholder.js';
import { bySetting, checkProfileName, defaultProfile, isProfileName } from '../../profile/profile-name.js';
import { resolveSettings } from '../../profile/settings.js';
import type { CommandContext } from '../../session/command-context.js';
import { changeConfiguration, profileUnknown, readSecret } from '../../session/connection.js';
import type { ConnectionFlags } from '../../session/connection-flags.js';
import { shellWord } from '../../shell-word.js';
import type { StorageKind } from '../../storage/storage.js';

/** `profile list`. */
export async function listProfiles({ runtime, output }: CommandContext): Promise<undefined> {
  const configuration = await readConfiguration(runtime.directories.config);
  const current = configuration.current ?? defaultProfile;
  const names = Object.keys(configuration.profiles).sort();
  output.result(
    { current, profiles: names.map((name) => ({ name, ...profileOf(configuration, name) })) },
    names.length === 0
      ? [
          'There is no profile yet. Make one: logto-cli init, or: logto-cli profile set default --endpoint <url> --app-id <App ID>',
        ]
      : fields(
          names.map((name) => [
            `${name === current ? '*' : ' '} ${name}`,
            summaryOf(profileOf(configuration, name)),
          ]),
        ),
  );
  return undefined;
}

/** `profile show`. */
export async function showProfile(
  { runtime, output, environments }: CommandContext,
  name?: string,
): Promise<undefined> {
  const configuration = await readConfiguration(runtime.directories.config);
  // Without a name: the one that any other command would use now.
  const chosen =
    name === undefined
      ? resolveSettings({}, environments, configuration).profile
      : checkProfileName(name, '');
  const profile = profileOf(configuration, chosen, name === undefined ? bySetting : '');
  output.result(
    { name: chosen, ...profile },
    fields([
      ['profile', chosen],
      ['endpoint', profile.endpoint ?? '-'],
      [
        'issuer',
        profile.issuer ?? (profile.endpoint === undefined ? '-' : issuerOf({ endpoint: profile.endpoint })),
      ],
      ...(profile.discoveryUrl === undefined ? [] : [['discovery document', profile.discoveryUrl] as const]),
      ['application', profile.appId ?? '-'],
      ['storage', profile.storage ?? 'keychain (default)'],
      ...(profile.caFile === undefined ? [] : [['CA file', profile.caFile] as const]),
      ...(profile.authMethod === undefined ? [] : [['authentication', profile.authMethod] as const]),
      ...(profile.clientKey === undefined ? [] : [['client key', profile.clientKey] as const]),
      ['session', profile.session === undefined ? 'none' : `in ${profile.session}`],
      ['app secret', profile.secret === undefined ? 'none of its own' : `in ${profile.secret}`],
    ]),
  );
  return undefined;
}

/** `profile set`: what is not given stays as it is. */
export async function setProfile(
  context: CommandContext,
  name: string,
  flags: ConnectionFlags,
): Promise<undefined> {
  const { runtime, output } = context;
  checkProfileName(name, '');
  const { authMethod } = flags;
  // Checks the flags against each other and their values.
  const { issuer, discoveryUrl, appId, corrections, ...settings } = resolveSettings(
    { ...flags, profile: name },
    [],
    {
      profiles: {},
    },
  );
  const endpoint = settings.endpoint === undefined ? undefined : normalizeEndpoint(settings.endpoint);
  const named = (endpoint ?? issuer) !== undefined;
  // A place that is set alone is that of the issuer that the profile has.
  const provider = { endpoint, issuer, discoveryUrl };
  const clientKey = flags.clientKey === undefined ? undefined : await checkedKeyPath(flags.clientKey);
  for (const correction of corrections) output.note(correction);
  for (const value of [endpoint, issuer, appId]) {
    if (value !== undefined && isPlaceholder(value))
      output.warn(`${JSON.stringify(value)} is a placeholder out of documentation: put your own there.`);
  }
  const secret = flags.appSecretStdin
    ? await readSecret(runtime, flags, '--app-secret-stdin', 'Application secret: ')
    : undefined;
  const change = {
    ...(named ? provider : discoveryUrl !== undefined && { discoveryUrl }),
    ...(appId !== undefined && { appId }),
    ...(flags.caFile !== undefined && { caFile: resolve(flags.caFile) }),
    ...(authMethod !== undefined && { authMethod }),
    ...(clientKey !== undefined && { clientKey }),
    ...(flags.storage !== undefined && { storage: settings.storage }),
    // From now on it is somebody's own choice.
    ...((endpoint ?? issuer ?? discoveryUrl ?? appId) !== undefined && { fromSignIn: undefined }),
  };
  if (Object.keys(change).length === 0 && secret === undefined) {
    throw new LogtoError(
      'usage_invalid',
      'Nothing to set.',
      `For example: logto-cli profile set ${shellWord(name)} --endpoint https://tenant.logto.app --app-id <App ID>`,
    );
  }
  const changed = (current: Configuration) => withUsualPlace(withProfile(current, name, change), name);
  const configuration = changed(await readConfiguration(runtime.directories.config));
  if (named || discoveryUrl !== undefined) checkStored(profileNamed(configuration, name) ?? {}, name);
  const stored =
    secret === undefined
      ? {}
      : { secret: await storeSecret(context, name, configuration, flags.storage, secret) };
  await changeConfiguration(runtime, (current) => withProfile(changed(current), name, stored));
  output.result({ name, ...configuration.profiles[name] }, [`The profile ${name} is set.`]);
  return undefined;
}

/** The configuration without the place of a document in the profile, where that is the one that its issuer says. */
function withUsualPlace(configuration: Configuration, name: string): Configuration {
  const { issuer, discoveryUrl } = profileNamed(configuration, name) ?? {};
  const isUsual = issuer !== undefined && discoveryUrl === documentUrl({ issuer });
  return isUsual ? withProfile(configuration, name, { discoveryUrl: undefined }) : configuration;
}

/** Refuses a provider that nobody could sign in to. @throws LogtoError `config_missing`, `config_invalid`, `issuer_insecure` */
function checkStored({ endpoint, issuer, discoveryUrl }: Profile, name: string): void {
  if ((endpoint ?? issuer) === undefined) {
    throw new LogtoError(
      'config_missing',
      'The place of a discovery document is that of an issuer, and the profile has none (--issuer).',
      `Give both: logto-cli profile set ${shellWord(name)} --issuer <url> --discovery-url ${shellWord(discoveryUrl ?? '')}`,
    );
  }
  checkProvider(placeOf({ endpoint, issuer, discoveryUrl }));
}

/** The path of a key that can be used, whatever directory a later command runs in. */
async function checkedKeyPath(path: string): Promise<string> {
  const [{ resolve }, { parseClientKey }, { readClientKey }] = await Promise.all([
    import('node:path'),
    import('../../oidc/client-key.js'),
    import('../../session/client-key.js'),
  ]);
  parseClientKey((await readClientKey({ clientKey: { value: path, mayBeText: false } })) ?? '');
  return resolve(path);
}

async function storeSecret(
  { runtime, environments }: CommandContext,
  name: string,
  configuration: Configuration,
  chosen: string | undefined,
  secret: string,
): Promise<StorageKind> {
  const stored = profileOf(configuration, name);
  const { appId, endpoint, issuer } = stored;
  if (appId === undefined || (endpoint === undefined && issuer === undefined)) {
    throw new LogtoError(
      'config_missing',
      'A secret belongs to one application at one provider, and the profile does not name both yet.',
      `Give them too: logto-cli profile set ${shellWord(name)} --endpoint <url> --app-id <App ID> --app-secret-stdin < secret.txt`,
    );
  }
  // Where a sign-in with this profile would keep its tokens now.
  const places = environments.map(({ LOGTO_CLI_STORAGE }) => ({ LOGTO_CLI_STORAGE }));
  const flags = { profile: name, ...(chosen !== undefined && { storage: chosen }) };
  const { storage } = resolveSettings(flags, places, configuration);
  const owner = { ...placeOf(namedProvider(stored)), appId };
  await writeAppSecret(await runtime.storage(storage, name), 'profile', owner, secret);
  return storage;
}

/** `profile use`. */
export async function useProfile({ runtime, output }: CommandContext, name: string): Promise<undefined> {
  checkProfileName(name, '');
  await changeConfiguration(runtime, (configuration) => {
    if (name !== defaultProfile) profileOf(configuration, name);
    return { ...configuration, current: name };
  });
  output.result({ current: name }, [`The profile ${name} is used from now on.`]);
  return undefined;
}

/** `profile remove`: its tokens and its secret go first, so that nothing is left that nobody knows of. */
export async function removeProfile({ runtime, output }: CommandContext, name: string): Promise<undefined> {
  const configuration = await readConfiguration(runtime.directories.config);
  const { session, secret } = profileOf(configuration, name);
  // What a file has of a name is there to be found, recorded or not: a sign-in may have failed to record it.
  const places = [session, secret, ...(isProfileName(name) ? (['file'] as const) : [])];
  await runtime.lock(name)(async () => {
    for (const kind of new Set(places.filter((place) => place !== undefined))) {
      const place = await runtime.storage(kind, name);
      await place.delete(tokenSetKey);
      await deleteAppSecret(place, 'profile');
      await deleteAppSecret(place, 'session');
    }
  });
  await changeConfiguration(runtime, (current) => withoutProfile(current, name));
  output.result({ removed: name }, [
    (session ?? secret) === undefined
      ? `The profile ${name} is removed. No session or secret of it was recorded.`
      : `The profile ${name}, its tokens and its secret are removed. Nothing was revoked.`,
  ]);
  return undefined;
}

function profileOf(configuration: Configuration, name: string, by = ''): Profile {
  const profile = profileNamed(configuration, name);
  if (profile === undefined) throw profileUnknown(checkProfileName(name, by), by);
  return profile;
}

function summaryOf({ appId, endpoint, issuer, session }: Profile): string {
  const where = endpoint ?? issuer;
  return [
    where === undefined ? 'not configured' : `${appId ?? '(no application)'} at ${where}`,
    session && 'signed in',
  ]
    .filter(Boolean)
    .join(', ');
}
