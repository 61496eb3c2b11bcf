import { type LogtoConfig, namedProvider, providerFlags } from '../../client/logto-config.js';
import { LogtoError } from '../../errors.js';
import { interruptible, sessionAware } from '../../flow/interruptible.js';
import { callbackUri } from '../../local-address.js';
import type { Settings } from '../../profile/settings.js';
import { providerOf } from '../../profile/source.js';
import { chooseStorage } from '../../session/choose-storage.js';
import type { CommandContext } from '../../session/command-context.js';
import { settingsOf } from '../../session/connection.js';
import type { ConnectionFlags } from '../../session/connection-flags.js';
import { mayAsk } from '../../session/may-ask.js';
import { requireApplication } from '../../session/required-application.js';
import { shellWord } from '../../shell-word.js';
import type { OutputFlags } from '../command.js';
import { givenRedirectUri, ownPort, type RedirectFlags } from '../request-options.js';
import { aidOf } from '../sign-in/person-aid.js';
import { keepAnswers } from '../sign-in/remember-sign-in.js';
import { type SignInRequest, signInToProfile } from '../sign-in/sign-in-to-profile.js';
import { type Guided, guide } from './guide.js';
import { nobodyToAsk } from './nobody-to-ask.js';
import { requireSecret } from './require-secret.js';

/** The flags of `init`. */
export interface InitFlags extends ConnectionFlags, RedirectFlags, OutputFlags {
  readonly timeout?: number;
  /** False with `--no-browser`. */
  readonly browser: boolean;
  readonly emulator?: boolean;
}

/** `init`: asks where somebody can be asked, else takes what is set. */
export async function runInit(context: CommandContext, flags: InitFlags): Promise<number | undefined> {
  const settings = await settingsOf(context, flags);
  const request: SignInRequest = {
    options: {},
    scopes: [],
    defaultScopes: true,
    resources: [],
    redirectUri: givenRedirectUri(flags) ?? callbackUri(),
    ...ownPort(flags),
    ...(flags.timeout !== undefined && { timeout: flags.timeout }),
    device: false,
    ...aidOf(context, flags),
    useBrowser: flags.browser,
    preflight: true,
    expectations: [],
  };
  if (mayAsk(context.runtime, flags)) return signInGuided(context, settings, flags, request);
  requireAnswers(settings);
  return sessionAware(context.runtime, settings.profile, () =>
    interruptible(context.runtime, async () => {
      await requireSecret(context, settings, request.redirectUri);
      return signInToProfile(context, settings, flags, { ...request, answered: {} });
    }),
  );
}

/**
 * Asks for what a sign-in needs, signs in, and keeps both together: whatever ends it before that leaves the profile and its
 * session as they were.
 *
 * @param request the sign-in, as far as flags said
 * @returns the exit code when that is not 0
 * @throws LogtoError whatever stopped it
 */
export function signInGuided(
  context: CommandContext,
  settings: Settings,
  flags: ConnectionFlags & OutputFlags,
  request: SignInRequest,
): Promise<number | undefined> {
  return sessionAware(context.runtime, settings.profile, () =>
    interruptible(context.runtime, async () => {
      const guided = await guide(context, settings, flags, request.redirectUri);
      const { way, typedSecret } = guided;
      const answered = { ...(typedSecret !== undefined && { typedSecret }) };
      if (!guided.signsIn) return keepOnly(context, guided, flags);
      let isStored = false;
      const onSignedIn: SignInRequest['onSignedIn'] = (session, profile) => {
        isStored = true;
        return request.onSignedIn?.(session, profile);
      };
      try {
        const journey = { ...request, answered, device: way === 'device', onSignedIn };
        return await signInToProfile(context, guided.settings, flags, journey);
      } catch (error) {
        if (!(error instanceof LogtoError) || error.code === 'interrupted' || isStored) throw error;
        context.output.note(`Nothing was kept. To go on with these answers: ${again(guided.settings)}`);
        throw error;
      }
    }),
  );
}

/** Keeps the profile, and leaves the sign-in for another time, or to nobody. */
async function keepOnly(
  context: CommandContext,
  { settings, typedSecret, way }: Guided,
  flags: ConnectionFlags,
): Promise<undefined> {
  const application = requireApplication(settings);
  const { kind } =
    typedSecret === undefined
      ? { kind: settings.storage }
      : await chooseStorage(context, settings, flags.input !== false);
  const answered = { ...(typedSecret !== undefined && { typedSecret }) };
  await keepAnswers(context, settings, { application, kind, answered });
  const provider = namedProvider(application);
  const { output } = context;
  output.result(
    { name: settings.profile, ...provider, appId: application.appId },
    [...nextLines(application, settings, way), ...orphanLines(settings)].map((line) =>
      output.pasteable(line),
    ),
  );
  return undefined;
}

function nextLines({ appId }: LogtoConfig, { profile }: Settings, way: Guided['way']): readonly string[] {
  const kept = `The profile ${profile} is set.`;
  if (way === 'machine') {
    return [
      kept,
      `${appId} is a machine-to-machine application: nobody signs in with it. It gets tokens for itself:`,
      'logto-cli token --client-credentials --resource <uri>',
    ];
  }
  return [
    kept,
    way === 'device' ? 'Sign in with: logto-cli sign-in --device' : 'Sign in with: logto-cli sign-in',
  ];
}

/** What becomes of the session that the profile had for another application. */
function orphanLines({ recordedSession, profile, appId, sources, ...now }: Settings): readonly string[] {
  const { connection = {} } = sources.at(-1) ?? {};
  const isOther = providerOf(connection) !== providerOf(now) || connection.appId !== appId;
  return recordedSession === undefined || !isOther
    ? []
    : [
        `The session that ${profile} had is of another application: it stays until the next sign-in replaces it.`,
      ];
}

/** The command that begins with the same answers. */
function again(settings: Settings): string {
  const { appId = '', profile } = settings;
  const provider = providerFlags(settings);
  const place = profile === 'default' ? [] : ['--profile', profile];
  return [
    'logto-cli',
    'init',
    ...[...provider, '--app-id', appId, ...place].map((word) => shellWord(word)),
  ].join(' ');
}

/** @throws LogtoError `config_missing`, with everything that nobody can be asked for */
function requireAnswers(settings: Settings): void {
  const { endpoint, issuer, appId } = settings;
  const missing = [
    ...((endpoint ?? issuer) === undefined
      ? ["the provider's address (--endpoint, LOGTO_ENDPOINT; or --issuer, LOGTO_CLI_ISSUER)"]
      : []),
    ...(appId === undefined ? ["the application's ID (--app-id, LOGTO_APP_ID)"] : []),
  ];
  if (missing.length === 0) return;
  const hint =
    'Give what is missing, and the secret of a confidential application with --app-secret-stdin or LOGTO_APP_SECRET; or run it at a terminal: logto-cli init';
  throw new LogtoError(
    'config_missing',
    nobodyToAsk(missing),
    missing.length === 1 ? hint : `${hint}. Without a provider: logto-cli init --emulator`,
  );
}
