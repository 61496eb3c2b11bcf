import { defaultSeed, type EmulatorUser } from '../../emulator/seed.js';
import { exitCodeOf, LogtoError } from '../../errors.js';
import { interruptible, sessionAware } from '../../flow/interruptible.js';
import { callbackUri, portOf } from '../../local-address.js';
import { isLoopbackHost } from '../../oidc/issuer-url.js';
import type { Settings, Variables } from '../../profile/settings.js';
import { providerOf } from '../../profile/source.js';
import { typedEndpoint } from '../../profile/typed-address.js';
import { chooseStorage } from '../../session/choose-storage.js';
import type { CommandContext } from '../../session/command-context.js';
import { settingsOf } from '../../session/connection.js';
import { requireApplication } from '../../session/required-application.js';
import { shellWord } from '../../shell-word.js';
import { keepAnswers } from '../sign-in/remember-sign-in.js';
import { type SignInRequest, signInToProfile } from '../sign-in/sign-in-to-profile.js';
import { emulatorApplication, emulatorEndpoint } from './emulator-names.js';
import { findProvider } from './find-provider.js';
import type { InitFlags } from './init-run.js';

/**
 * `init --emulator`: signs the first user of the default seed in at an emulator, by itself, and makes the profile that of
 * the emulator. Nobody is asked anything. Where none runs, one does for as long as this takes: the profile is kept then
 * and no session, since that would end with it.
 *
 * @returns the exit code when that is not 0
 * @throws LogtoError `usage_invalid` for a flag that has no effect here; `config_invalid` where the profile is of another
 * provider, or something else answers at the address; whatever a sign-in throws
 */
export async function initAtEmulator(given: CommandContext, flags: InitFlags): Promise<number | undefined> {
  checkFlags(flags);
  const endpoint = endpointOf(flags.endpoint ?? emulatorEndpoint);
  const context = { ...given, environments: given.environments.map(placesIn) };
  const chosen = {
    ...flags,
    endpoint,
    appId: flags.appId ?? emulatorApplication,
    isAppGiven: flags.appId !== undefined,
    input: false,
  };
  const settings = await settingsOf(context, chosen);
  checkProfile(settings);
  tellStronger(given);
  return sessionAware(context.runtime, settings.profile, () =>
    interruptible(context.runtime, async () =>
      (await runsAt(context, settings, endpoint))
        ? signInAtRunning(context, settings, chosen)
        : signInAtOwn(context, settings, chosen, endpoint),
    ),
  );
}

/** The flags, with the application that is meant. */
interface EmulatorFlags extends InitFlags {
  /** Whether somebody named it. */
  readonly isAppGiven: boolean;
}

/** Each with the reason for which it has no effect there. */
const without: readonly (readonly [flag: string, isGiven: (flags: InitFlags) => boolean, why: string])[] = [
  ['--issuer', ({ issuer }) => issuer !== undefined, 'an emulator is named by its endpoint'],
  [
    '--discovery-url',
    ({ discoveryUrl }) => discoveryUrl !== undefined,
    'an emulator is named by its endpoint',
  ],
  ['--port', ({ port }) => port !== undefined, 'no browser comes back from it'],
  ['--redirect-uri', ({ redirectUri }) => redirectUri !== undefined, 'no browser comes back from it'],
  ['--timeout', ({ timeout }) => timeout !== undefined, 'nobody is waited for'],
];

function checkFlags(flags: InitFlags): void {
  const [flag, , why] = without.find(([, isGiven]) => isGiven(flags)) ?? [];
  if (flag === undefined) return;
  throw new LogtoError(
    'usage_invalid',
    `${flag} does not go with --emulator: ${why}.`,
    `Leave out ${flag}. Another emulator than the one at ${emulatorEndpoint} is named by --endpoint.`,
  );
}

/** @throws LogtoError `config_invalid` for an address that no emulator has: its passwords are for this machine alone */
function endpointOf(typed: string): string {
  const { value } = typedEndpoint(typed);
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && isLoopbackHost(url.hostname)) return url.origin;
  throw new LogtoError(
    'config_invalid',
    'An emulator is on this machine alone (--endpoint).',
    `Name the address that it printed when it began, such as --endpoint ${shellWord(emulatorEndpoint)}; or leave out --emulator.`,
  );
}

/** What of the environment is about places. All else in it is of somebody's own provider. */
function placesIn({ LOGTO_CLI_PROFILE, LOGTO_CLI_STORAGE, NODE_EXTRA_CA_CERTS }: Variables): Variables {
  return { LOGTO_CLI_PROFILE, LOGTO_CLI_STORAGE, NODE_EXTRA_CA_CERTS };
}

/** Says which variables the next commands would go by instead of the profile. */
function tellStronger({ environments, output }: CommandContext): void {
  const names = ['LOGTO_ENDPOINT', 'LOGTO_CLI_ISSUER', 'LOGTO_CLI_DISCOVERY_URL', 'LOGTO_APP_ID'];
  const stronger = names.filter((name) => environments.some((variables) => variables[name]?.trim()));
  if (stronger.length === 0) return;
  output.warn(
    `${stronger.join(' and ')} of the environment ${stronger.length === 1 ? 'is' : 'are'} not used here, and stronger than a profile: unset before the next command.`,
  );
}

/** @throws LogtoError `config_invalid` where the profile has anything that is not of this emulator: nobody is asked */
function checkProfile({ sources, profile, recordedSession, ...now }: Settings): void {
  const { endpoint, issuer, discoveryUrl, appId } = sources.at(-1)?.connection ?? {};
  const provider = providerOf({ endpoint, issuer, discoveryUrl });
  const own = [appId, (endpoint ?? issuer) && `at ${endpoint ?? issuer}`].filter(Boolean);
  const isSame =
    own.length === 0
      ? recordedSession === undefined
      : (provider ?? providerOf(now)) === providerOf(now) && (appId ?? now.appId) === now.appId;
  if (isSame) return;
  const what = own.length === 0 ? 'has a session of another provider' : `is set to ${own.join(' ')}`;
  const free = profile === 'emulator' ? 'emulator-2' : 'emulator';
  throw new LogtoError(
    'config_invalid',
    `The profile ${profile} ${what}, and --emulator, which asks nothing, replaces nothing.`,
    `Give the emulator a profile of its own: logto-cli init --emulator --profile ${shellWord(free)}`,
  );
}

/** @throws LogtoError `config_invalid` where something else answers there */
async function runsAt({ runtime }: CommandContext, settings: Settings, endpoint: string): Promise<boolean> {
  try {
    const { named } = await findProvider({ runtime, fetch: await runtime.fetch(settings) }, [
      { issuer: `${endpoint}/oidc` },
    ]);
    if ('endpoint' in named) return true;
  } catch (error) {
    if (!(error instanceof LogtoError) || error.code === 'interrupted') throw error;
    if (error.code === 'network_unreachable') return false;
    if (error.code === 'tls_untrusted') throw error;
  }
  const next = `http://localhost:${Number(portOf(endpoint)) + 1}`;
  throw new LogtoError(
    'config_invalid',
    `What answers at ${endpoint} is no emulator.`,
    `End it, or take another port for the emulator: logto-cli init --emulator --endpoint ${shellWord(next)}`,
  );
}

/** Signs in at an emulator that goes on running, and keeps the session as any other. */
async function signInAtRunning(
  context: CommandContext,
  settings: Settings,
  flags: EmulatorFlags,
): Promise<number | undefined> {
  const user = firstUser();
  context.output.note(`An emulator runs at ${settings.endpoint}: ${user.username} signs in there.`);
  const request = { ...requestOf(user), answered: {} };
  try {
    return await signInToProfile(context, await withStorage(context, settings), flags, request);
  } catch (error) {
    if (!(error instanceof LogtoError) || !ofAnotherSeed.has(error.code)) throw error;
    throw new LogtoError(
      error.code,
      `The emulator at ${settings.endpoint} does not have what --emulator signs in with: ${error.message}`,
      // A command would carry the very application that is refused.
      flags.isAppGiven && error.code !== 'credentials_rejected'
        ? 'Leave out --app-id, or give one of the applications that it printed when it began.'
        : `It was started with a seed or addresses of its own. Take what it printed when it began: logto-cli sign-in --endpoint ${shellWord(settings.endpoint ?? '')} --app-id <App ID>`,
      error.details,
    );
  }
}

/** What an emulator says that has another application, user or address than that of the default seed. */
const ofAnotherSeed: ReadonlySet<string> = new Set([
  'client_unknown',
  'client_secret_missing',
  'redirect_uri_not_registered',
  'credentials_rejected',
]);

/** Runs an emulator of its own for one sign-in. */
async function signInAtOwn(
  context: CommandContext,
  given: Settings,
  flags: EmulatorFlags,
  endpoint: string,
): Promise<number | undefined> {
  const { output } = context;
  const port = portOf(endpoint);
  const start =
    port === portOf(emulatorEndpoint) ? 'logto-cli emulator' : `logto-cli emulator --port ${shellWord(port)}`;
  if (endpoint.startsWith('https:')) {
    throw new LogtoError(
      'network_unreachable',
      `No emulator runs at ${endpoint}, and one that speaks https needs its certificate.`,
      `Start it first: ${start} --tls-cert <pem> --tls-key <pem>`,
    );
  }
  // Where the next sign-in keeps its session is found out now: then it, too, asks nothing.
  const settings = await withStorage(context, given);
  const application = requireApplication(settings);
  const { storage: kind } = settings;
  const { startEmulator } = await import('../../emulator/emulator.js');
  const emulator = await startEmulator({ port: Number(port) });
  try {
    output.note(`No emulator runs at ${endpoint}: one does for this sign-in.`);
    const inMemory = { ...settings, storage: 'memory', storageChosen: true } as const;
    const exitCode = await signInToProfile(context, inMemory, flags, {
      ...requestOf(firstUser()),
      onSignedIn: () => keepAnswers(context, settings, { application, kind, answered: {} }),
      lostWith: 'The emulator ends with this command, and so does the session.',
    }).catch((error: unknown) => {
      throw flags.isAppGiven ? ofOwnApplications(error) : error;
    });
    output.note('To go on, start an emulator in another terminal, and sign in:');
    for (const command of [start, 'logto-cli sign-in']) output.note(command);
    return exitCode;
  } finally {
    await emulator.close();
  }
}

/** What an emulator says of an application that it has not, or that needs more than a name, with those that it has. */
function ofOwnApplications(error: unknown): unknown {
  if (!(error instanceof LogtoError) || exitCodeOf(error) !== exitCodeOf('client_unknown')) return error;
  const names = defaultSeed()
    .applications.filter(({ type, deviceFlow }) => (type === 'Native' || type === 'SPA') && !deviceFlow)
    .map(({ appId }) => appId);
  return new LogtoError(
    error.code,
    error.message,
    `Leave out --app-id, or give one of the emulator's that signs in so: ${names.join(' or ')}.`,
    error.details,
  );
}

/** The first user of the default seed. */
function firstUser(): EmulatorUser {
  const [user] = defaultSeed().users;
  if (user === undefined) throw new TypeError('the default seed has no user');
  return user;
}

function requestOf({ username, password }: EmulatorUser): SignInRequest {
  return {
    options: {},
    scopes: [],
    defaultScopes: true,
    resources: [],
    redirectUri: callbackUri(),
    device: false,
    useBrowser: false,
    preflight: true,
    expectations: [],
    headlessUser: async () => ({ identifier: { type: 'username', value: username }, password }),
  };
}

/** Settings whose storage can be used. Tokens of an emulator may go into a file unasked: its passwords are public. */
async function withStorage(context: CommandContext, settings: Settings): Promise<Settings> {
  try {
    await chooseStorage(context, settings, false);
    return settings;
  } catch (error) {
    const isUnchosen =
      error instanceof LogtoError && error.code === 'storage_unavailable' && !settings.storageChosen;
    if (!isUnchosen) throw error;
    context.output.note(
      "There is no usable keychain here: the emulator's tokens, which are no secrets, go into a file.",
    );
    return { ...settings, storage: 'file', storageChosen: true };
  }
}
