import {
  type FirstScreen,
  firstScreens,
  type IdentifierType,
  identifierTypes,
  type SignInChoices,
} from '../../client/logto-parameters.js';
import { LogtoError } from '../../errors.js';
import { callbackUri } from '../../local-address.js';
import type { Settings } from '../../profile/settings.js';
import type { CommandContext } from '../../session/command-context.js';
import { readSecret, settingsOf, variableSecret } from '../../session/connection.js';
import { mayAsk } from '../../session/may-ask.js';
import type { ConfigureCommand, OutputFlags } from '../command.js';
import { Option } from '../commander.js';
import {
  addCallbackTlsOptions,
  addConnectionOptions,
  addOutputOptions,
  addProfileOptions,
  collect,
  collectWords,
  wholeNumber,
} from '../options.js';
import { addExpectOption, type ExpectFlags } from '../report/expect-option.js';
import {
  addCallbackOptions,
  addListenOption,
  addPersonOptions,
  addRequestOptions,
  callbackTls,
  chosenAddress,
  givenRedirectUri,
  nameAndValue,
  ownPort,
  type RedirectFlags,
  type RequestFlags,
  requestedGrant,
  requestedPrompt,
} from '../request-options.js';
import {
  addHeadlessOptions,
  checkHeadlessFlags,
  type HeadlessFlags,
  readHeadlessUser,
} from './headless-flags.js';
import { aidOf } from './person-aid.js';
import type { SignInRequest } from './sign-in-to-profile.js';

interface SignInFlags extends HeadlessFlags, RequestFlags, RedirectFlags, OutputFlags, ExpectFlags {
  readonly firstScreen?: FirstScreen;
  readonly identifier?: readonly string[];
  readonly loginHint?: string;
  readonly maxAge?: number;
  readonly acrValues?: string;
  readonly uiLocales?: string;
  readonly param?: readonly string[];
  readonly timeout?: number;
  readonly device?: boolean;
  readonly callbackStdin?: boolean;
  readonly listen?: string;
  /** False with `--no-browser`. */
  readonly browser: boolean;
  /** False with `--no-preflight`. */
  readonly preflight: boolean;
  readonly jsonEvents?: boolean;
}

/** `sign-in`: the authorization code flow with PKCE in the person's browser. */
export const configureSignIn: ConfigureCommand = (command, run) => {
  command.explainedBy({
    examples: [
      'logto-cli sign-in --endpoint https://tenant.logto.app --app-id abc123',
      'logto-cli sign-in --device',
      'logto-cli sign-in --resource https://api.example.com --scope read:things',
      'logto-cli sign-in --issuer https://id.example.com --app-id abc123',
      'logto-cli sign-in --headless --username alice --password-stdin < secret.txt',
      'logto-cli sign-in --profile web --app-secret-stdin < secret.txt',
    ],
  });
  command
    .optionsGroup('What the person sees:')
    .option('--sign-up', 'register, even where the browser is signed in')
    .addOption(new Option('--first-screen <screen>', firstScreens.join(', ')).choices(firstScreens))
    .option('--identifier <type>', `with identifier:*: ${identifierTypes.join(', ')}`, collectWords)
    .option('--login-hint <hint>', 'user name, e-mail or phone to fill in')
    .option('--direct-sign-in <target>', 'straight to social:<connector> or sso:<id>')
    .option('--one-time-token-stdin', "a magic link's token (or LOGTO_CLI_ONE_TIME_TOKEN)")
    .option('--ui-locales <locales>', 'languages of the pages, such as "fr en"');
  addRequestOptions(command.optionsGroup('What is asked for:'))
    .option('--max-age <seconds>', 'ask for a sign-in not older than this', wholeNumber(0, 2_147_483_647))
    .option('--acr-values <values>', 'authentication context classes')
    .option('--param <name=value>', 'further parameter of the request (repeatable)', collect);
  addListenOption(
    addCallbackTlsOptions(
      addCallbackOptions(
        command
          .optionsGroup('Browser and result:')
          .option('--device', 'finish on any device, by a code (RFC 8628)'),
      ),
    ),
  );
  addPersonOptions(command)
    .option('--callback-stdin', 'also take the callback address from stdin')
    .option('--no-preflight', 'do not ask the provider first if it can succeed')
    .option('--json-events', 'events as JSON lines on stderr; implies --json');
  addExpectOption(command);
  addHeadlessOptions(command);
  addOutputOptions(addProfileOptions(addConnectionOptions(command))).action((given: SignInFlags) => {
    const flags = given.jsonEvents ? { ...given, json: true } : given;
    return run(flags, (context) =>
      flags.jsonEvents ? signInWithEvents(context, flags) : signIn(context, flags),
    );
  });
};

async function signInWithEvents(context: CommandContext, flags: SignInFlags): Promise<number | undefined> {
  const { eventOutput, failedEvent } = await import('./event-output.js');
  const output = eventOutput(context.output, context.runtime.stderr);
  try {
    return await signIn({ ...context, output }, flags, ({ issuer, appId, subject }, profile) =>
      output.event({ event: 'signed_in', profile, issuer, appId, subject }),
    );
  } catch (error) {
    output.event(failedEvent(error, output));
    throw error;
  }
}

async function signIn(
  context: CommandContext,
  flags: SignInFlags,
  onSignedIn?: SignInRequest['onSignedIn'],
): Promise<number | undefined> {
  if (flags.device) (await import('./device-flags.js')).checkDeviceFlags(flags);
  checkHeadlessFlags(flags);
  const options = signInOptions(flags);
  const redirectUri = givenRedirectUri(flags) ?? callbackUri();
  const tls = await callbackTls(flags, { kind: 'sign-in', redirectUri }, context.runtime.now());
  const choice = { listen: flags.listen, flag: '--redirect-uri', uri: flags.redirectUri, flags } as const;
  const address = await chosenAddress(choice, context.runtime.environment);
  const settings = await settingsOf(context, flags);
  const oneTimeToken = await oneTimeTokenOf(context, settings, flags);
  const [{ signInToProfile }, { interruptible, sessionAware }] = await Promise.all([
    import('./sign-in-to-profile.js'),
    import('../../flow/interruptible.js'),
  ]);
  const request = {
    options: { ...options, ...(oneTimeToken !== undefined && { oneTimeToken }) },
    ...requestedGrant(flags),
    defaultScopes: flags.defaultScopes,
    ...(flags.organization !== undefined && { organization: flags.organization }),
    redirectUri,
    ...tls,
    ...address,
    ...ownPort(flags),
    ...(flags.timeout !== undefined && { timeout: flags.timeout }),
    device: flags.device === true,
    ...aidOf(context, flags),
    useBrowser: flags.browser,
    preflight: flags.preflight,
    expectations: flags.expect ?? [],
    ...(flags.headless && { headlessUser: () => readHeadlessUser(context, settings, flags) }),
    allowedOrigins: flags.allowOrigin ?? [],
    ...(onSignedIn && { onSignedIn }),
  };
  if (isGuided(context, settings, flags)) {
    const { signInGuided } = await import('../init/init-run.js');
    return signInGuided(context, settings, flags, request);
  }
  return sessionAware(context.runtime, settings.profile, () =>
    interruptible(context.runtime, () => signInToProfile(context, settings, flags, request)),
  );
}

/** Whether nothing is set, and somebody sits there who can say it. */
function isGuided({ runtime }: CommandContext, settings: Settings, flags: SignInFlags): boolean {
  const { endpoint, issuer, discoveryUrl, appId, profileKnown } = settings;
  const isUnset = (endpoint ?? issuer ?? discoveryUrl ?? appId) === undefined && profileKnown;
  const isForPrograms = flags.json || flags.quiet || flags.headless || flags.device || flags.callbackStdin;
  return isUnset && !isForPrograms && mayAsk(runtime, flags);
}

function signInOptions(flags: SignInFlags): SignInChoices {
  // Without a browser no page sees these: the user comes with them.
  const forPage = flags.headless !== true;
  const { signUp, firstScreen, identifier, loginHint, directSignIn, maxAge, acrValues, uiLocales } = flags;
  return {
    ...(signUp && forPage && { interactionMode: 'signUp' as const }),
    ...(firstScreen !== undefined && { firstScreen }),
    ...(identifier !== undefined && { identifiers: identifier as readonly IdentifierType[] }),
    ...(loginHint !== undefined && { loginHint }),
    ...(directSignIn !== undefined && { directSignIn: parseDirectSignIn(directSignIn) }),
    ...requestedPrompt(flags),
    ...(maxAge !== undefined && { maxAge }),
    ...(acrValues !== undefined && { acrValues }),
    ...(uiLocales !== undefined && { uiLocales }),
    ...(flags.param !== undefined && { extraParams: Object.fromEntries(flags.param.map(nameAndValue)) }),
  };
}

/** The token of a magic link for the page that the browser opens. */
async function oneTimeTokenOf(
  context: CommandContext,
  settings: Settings,
  flags: SignInFlags,
): Promise<string | undefined> {
  if (flags.headless || flags.device) return undefined;
  return flags.oneTimeTokenStdin
    ? readSecret(context.runtime, flags, '--one-time-token-stdin', 'one-time-token: ')
    : variableSecret(context, settings, 'LOGTO_CLI_ONE_TIME_TOKEN');
}

function parseDirectSignIn(value: string): NonNullable<SignInChoices['directSignIn']> {
  const [, method, target] = /^(social|sso):(.+)$/.exec(value) ?? [];
  if (method && target) return { method: method as 'social' | 'sso', target };
  throw new LogtoError(
    'config_invalid',
    `--direct-sign-in is ${JSON.stringify(value)}, which names no connector.`,
    'Use social:<connector target>, such as social:google, or sso:<connector id>.',
  );
}
