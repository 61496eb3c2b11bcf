import { exitCodeOf, LogtoError } from '../../errors.js';
import type { BrowserSignOut, SignOutOutcome } from '../../flow/browser-sign-out.js';
import { interruptible, sessionAware } from '../../flow/interruptible.js';
import { fields } from '../../output/fields.js';
import type { Settings } from '../../profile/settings.js';
import type { CommandContext } from '../../session/command-context.js';
import { settingsOf, tellSetAside } from '../../session/connection.js';
import { ProfileSession } from '../../session/profile-session.js';
import type { ConfigureCommand } from '../command.js';
import {
  addCallbackTlsOptions,
  addConnectionOptions,
  addOutputOptions,
  addProfileOptions,
  collect,
  wholeNumber,
} from '../options.js';
import { journeyProgress } from '../report/journey-words.js';
import {
  addListenOption,
  addSignedOutOption,
  callbackTls,
  chosenAddress,
  hasTls,
  nameAndValue,
} from '../request-options.js';
import { checkEffects, checkWayBack, type SignOutFlags, wayBack } from './sign-out-flags.js';

/** `sign-out`: revokes, clears the storage, and ends the provider's session in the browser. */
export const configureSignOut: ConfigureCommand = (command, run) => {
  command.explainedBy({
    examples: [
      'logto-cli sign-out',
      'logto-cli sign-out --no-browser --timeout 0',
      'logto-cli sign-out --local --profile alice',
      'logto-cli sign-out --param logout_uri=https://example.com/',
      'logto-cli sign-out --post-logout-redirect-uri none',
    ],
  });
  addListenOption(
    addCallbackTlsOptions(
      addSignedOutOption(
        command
          .optionsGroup('Sign-out:')
          .option('--local', 'only forget the tokens here: no revocation, no browser')
          .option('--no-browser', "print the address that ends the provider's session instead of opening it")
          .option(
            '--port <number>',
            'port to come back to (default: that of the sign-in)',
            wholeNumber(0, 65_535),
          ),
        true,
      ),
    ),
  )
    .option(
      '--param <name=value>',
      'further parameter of the request that ends the session (repeatable)',
      collect,
    )
    .option(
      '--timeout <seconds>',
      'how long to wait for the browser to come back; 0 does not wait',
      wholeNumber(0, 86_400),
      60,
    );
  addOutputOptions(addProfileOptions(addConnectionOptions(command))).action((flags: SignOutFlags) =>
    run(flags, (context) => signOut(context, flags)),
  );
};

async function signOut(context: CommandContext, flags: SignOutFlags): Promise<number | undefined> {
  const { output } = context;
  const extraParams = Object.fromEntries((flags.param ?? []).map(nameAndValue));
  checkEffects(flags);
  checkWayBack(flags);
  const { listen, postLogoutRedirectUri: uri } = flags;
  const choice = { listen, flag: '--post-logout-redirect-uri', uri, flags } as const;
  const address = await chosenAddress(choice, context.runtime.environment);
  const settings = await settingsOf(context, flags);
  const outcome = flags.local
    ? await signOutHere(context, settings)
    : await sessionAware(context.runtime, settings.profile, () =>
        signOutEverywhere(context, settings, flags, { extraParams, ...address }),
      );
  const nobody = `Nobody is signed in as the profile ${settings.profile}: there was nothing to sign out of.`;
  if (outcome.wasNobody && flags.json) output.note(nobody);
  for (const warning of outcome.warnings) output.warn(warning);
  output.result(
    {
      profile: settings.profile,
      tokens: 'cleared',
      revocation: outcome.revocation,
      endSession: outcome.endSession,
      warnings: outcome.warnings,
    },
    outcome.wasNobody
      ? [nobody]
      : [
          `Signed out of the profile ${settings.profile}`,
          '',
          ...fields([
            ['tokens', 'cleared'],
            ['refresh token', revocationWords[outcome.revocation]],
            ["provider's session", wordsOfEnd(outcome, flags)],
          ]),
        ],
  );
  if (outcome.interruption !== undefined) return exitCodeOf(outcome.interruption);
  return outcome.revocation === 'failed' ? 7 : undefined;
}

/** What became of the command. */
interface Outcome extends SignOutOutcome {
  /** There was no session to end. */
  readonly wasNobody?: boolean;
}

const nothingDone: Outcome = {
  revocation: 'skipped',
  failure: null,
  endSession: 'skipped',
  warnings: [],
};

const oneWayWords = 'not confirmed: no way back was asked for';

const unwaitedWords = 'not confirmed: nobody waited for the browser (--timeout 0)';

const revocationWords: Record<SignOutOutcome['revocation'], string> = {
  done: 'revoked',
  failed: 'could not be revoked: it may still work until it ends',
  skipped: 'not revoked',
  unsupported: 'not revoked: the provider lists no way to do that',
};

const endSessionWords: Record<SignOutOutcome['endSession'], string> = {
  confirmed: 'ended, the browser came back',
  returned: 'not confirmed: the browser came back, but not with what was sent along',
  opened: 'not confirmed: the browser did not come back',
  skipped: 'left as it is',
  failed: 'left as it is: the provider could not be reached',
  unsupported: 'left as it is: the provider lists no way to end it',
};

function wordsOfEnd(
  { endSession, unseen }: Pick<Outcome, 'endSession' | 'unseen'>,
  { postLogoutRedirectUri: uri, timeout }: SignOutFlags,
): string {
  if (endSession !== 'opened') return endSessionWords[endSession];
  if (uri === 'none') return oneWayWords;
  if (unseen === 'elsewhere')
    return `not confirmed: the browser goes on to ${uri}, which is not seen from here`;
  if (unseen === 'not-listened') return 'not confirmed: nothing could listen for the browser here';
  return timeout === 0 ? unwaitedWords : endSessionWords.opened;
}

/** Forgets the tokens, also those that cannot be read any more. */
async function signOutHere({ runtime }: CommandContext, settings: Settings): Promise<Outcome> {
  try {
    if ((await ProfileSession.findToEnd(runtime, settings)) === null)
      return { ...nothingDone, wasNobody: true };
  } catch (error) {
    // What nobody can read is still there to be forgotten.
    const unreadable = ['storage_corrupt', 'storage_unavailable'];
    if (!(error instanceof LogtoError) || !unreadable.includes(error.code)) throw error;
  }
  const { clearRest } = await import('../../flow/browser-sign-out.js');
  const onCleared = await ProfileSession.forget(runtime, settings);
  const warnings: string[] = [];
  await clearRest({ onCleared }, warnings);
  return { ...nothingDone, warnings };
}

async function signOutEverywhere(
  context: CommandContext,
  settings: Settings,
  flags: SignOutFlags,
  given: Pick<BrowserSignOut, 'extraParams' | 'address'>,
): Promise<Outcome> {
  const { runtime, output } = context;
  // Later an interruption only ends the wait for the browser.
  const signedIn = await interruptible(runtime, () => ProfileSession.findToEnd(runtime, settings));
  if (signedIn === null) return { ...nothingDone, wasNobody: true };
  const { session } = signedIn;
  const [{ browserSignOut }, { deviceSignOut }] = await Promise.all([
    import('../../flow/browser-sign-out.js'),
    import('../../flow/device-sign-out.js'),
  ]);
  const client = await interruptible(runtime, () => signedIn.client((line) => tellSetAside(output, line)));
  const isElsewhere =
    session.redirectUri === undefined &&
    (flags.postLogoutRedirectUri ?? flags.port) === undefined &&
    !hasTls(flags);
  const back = wayBack(session, settings, flags);
  const tls =
    back === null ? {} : await callbackTls(flags, { kind: 'sign-out', redirectUri: back }, runtime.now());
  const ending = {
    client,
    progress: journeyProgress(output),
    onCleared: () => signedIn.forgetRest(),
  };
  let outcome: SignOutOutcome;
  try {
    outcome = isElsewhere
      ? await deviceSignOut(runtime, ending)
      : await browserSignOut(runtime, {
          ...ending,
          postLogoutRedirectUri: back,
          ...tls,
          ...given,
          ...(flags.postLogoutRedirectUri !== undefined && flags.port !== undefined && { port: flags.port }),
          timeout: flags.timeout,
          useBrowser: flags.browser,
          // Logto needs no hint; another provider may insist on one.
          idTokenHint: session.endpoint === undefined,
        });
  } catch (error) {
    if (!(error instanceof LogtoError) || error.code !== 'not_signed_in') throw error;
    // Another process has ended it meanwhile, or somebody else is signed in now.
    if ((await ProfileSession.findToEnd(runtime, settings)) !== null) throw error;
    return { ...nothingDone, wasNobody: true };
  }
  const { failure } = outcome;
  return failure === null
    ? outcome
    : { ...outcome, warnings: [...outcome.warnings, `${failure.message} (${failure.code})`] };
}
