import { tokenSetKey } from '../client/token-set.js';
import { LogtoError } from '../errors.js';
import type { SignOutOutcome } from '../flow/browser-sign-out.js';
import { interruptible } from '../flow/interruptible.js';
import { fields } from '../output/fields.js';
import type { Settings } from '../profile/settings.js';
import type { Runtime } from '../runtime.js';
import type { CommandContext, ConfigureCommand, OutputFlags } from './command.js';
import { settingsOf } from './connection.js';
import { forgetSession } from './forget-session.js';
import {
  addConnectionOptions,
  addOutputOptions,
  addProfileOptions,
  type ConnectionFlags,
  wholeNumber,
} from './options.js';
import { sessionClient } from './session-client.js';
import { requireSession, type StoredSession } from './stored-session.js';

interface SignOutFlags extends ConnectionFlags, OutputFlags {
  readonly local?: boolean;
  /** False with `--no-browser`. */
  readonly browser: boolean;
  readonly port?: number;
  readonly postLogoutRedirectUri?: string;
  readonly timeout: number;
}

/** `sign-out`: revokes, clears the storage, and ends the provider's session in the browser. */
export const configureSignOut: ConfigureCommand = (command, run) => {
  command
    .optionsGroup('Sign-out:')
    .option('--local', 'only forget the tokens here: no revocation, no browser')
    .option('--no-browser', "print the address that ends the provider's session instead of opening it")
    .option('--port <number>', 'port to come back to (default: that of the sign-in)', wholeNumber(0, 65_535))
    .option(
      '--post-logout-redirect-uri <uri>',
      'registered post sign-out URI (default: http://localhost:<port>/)',
    )
    .option(
      '--timeout <seconds>',
      'how long to wait for the browser to come back; 0 does not wait',
      wholeNumber(0, 86_400),
      60,
    );
  addOutputOptions(addProfileOptions(addConnectionOptions(command)))
    .addHelpText(
      'after',
      `
Examples:
  $ logto-cli sign-out
  $ logto-cli sign-out --no-browser --timeout 0
  $ logto-cli sign-out --local --profile alice`,
    )
    .action((flags: SignOutFlags) => run(flags, (context) => signOut(context, flags)));
};

async function signOut(context: CommandContext, flags: SignOutFlags): Promise<number | undefined> {
  const { output } = context;
  const settings = await settingsOf(context, flags);
  const outcome = flags.local
    ? await signOutHere(context, settings)
    : await interruptible(context.runtime, () => signOutEverywhere(context, settings, flags));
  for (const warning of outcome.warnings) output.warn(warning);
  output.result(
    {
      profile: settings.profile,
      tokens: 'cleared',
      revocation: outcome.revocation,
      endSession: outcome.endSession,
      warnings: outcome.warnings,
    },
    [
      `Signed out of the profile ${settings.profile}`,
      '',
      ...fields([
        ['tokens', 'cleared'],
        ['refresh token', revocationWords[outcome.revocation]],
        ["provider's session", endSessionWords[outcome.endSession]],
      ]),
    ],
  );
  return outcome.revocation === 'failed' ? 7 : undefined;
}

const revocationWords: Record<SignOutOutcome['revocation'], string> = {
  done: 'revoked',
  failed: 'could not be revoked: it may still work until it ends',
  skipped: 'not revoked',
  unsupported: 'not revoked: the provider does not do that',
};

const endSessionWords: Record<SignOutOutcome['endSession'], string> = {
  confirmed: 'ended, the browser came back',
  opened: 'not confirmed: the browser did not come back',
  skipped: 'left as it is',
  failed: 'left as it is: the provider could not be reached',
  unsupported: 'left as it is: the provider has no way to end it',
};

/** Forgets the tokens, also those that cannot be read any more. */
async function signOutHere({ runtime }: CommandContext, settings: Settings): Promise<SignOutOutcome> {
  const storage = await runtime.storage(settings.sessionStorage, settings.profile);
  try {
    await sessionToEnd(runtime, settings);
  } catch (error) {
    // What nobody can read is still there to be forgotten.
    const unreadable = ['storage_corrupt', 'storage_unavailable'];
    if (!(error instanceof LogtoError) || !unreadable.includes(error.code)) throw error;
  }
  await runtime.lock(settings.profile)(() => storage.delete(tokenSetKey));
  await forgetSession(runtime, settings, storage);
  return { revocation: 'skipped', failure: null, endSession: 'skipped', warnings: [] };
}

/** The session; where there is none, what a sign-out that died in the middle left of it is forgotten. */
async function sessionToEnd(runtime: Runtime, settings: Settings): Promise<StoredSession> {
  try {
    return await requireSession(runtime, settings);
  } catch (error) {
    const { profile, recordedSession, sessionStorage } = settings;
    if (!(error instanceof LogtoError) || error.code !== 'not_signed_in') throw error;
    if (recordedSession !== sessionStorage) throw error;
    const storage = await runtime.storage(sessionStorage, profile);
    // A sign-in may be storing its session at this moment.
    await runtime.lock(profile)(async () => {
      if ((await storage.get(tokenSetKey)) === null) await forgetSession(runtime, settings, storage);
    });
    throw error;
  }
}

async function signOutEverywhere(
  context: CommandContext,
  settings: Settings,
  flags: SignOutFlags,
): Promise<SignOutOutcome> {
  const { runtime, output } = context;
  const stored = await sessionToEnd(runtime, settings);
  const { session, storage } = stored;
  const { browserSignOut } = await import('../flow/browser-sign-out.js');
  const client = await sessionClient(runtime, settings, stored);
  const outcome = await browserSignOut(runtime, {
    client,
    postLogoutRedirectUri:
      flags.postLogoutRedirectUri ?? `http://localhost:${flags.port ?? portOf(session.redirectUri)}/`,
    ...(flags.postLogoutRedirectUri !== undefined && flags.port !== undefined && { port: flags.port }),
    timeout: flags.timeout,
    useBrowser: flags.browser,
    // Logto needs no hint; another provider may insist on one.
    idTokenHint: session.endpoint === undefined,
    progress: output,
    onCleared: () => forgetSession(runtime, settings, storage),
  });
  const { failure } = outcome;
  return failure === null
    ? outcome
    : { ...outcome, warnings: [...outcome.warnings, `${failure.message} (${failure.code})`] };
}

function portOf(redirectUri: string): string {
  return new URL(redirectUri).port || '80';
}
