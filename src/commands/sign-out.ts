import type { Session } from '../client/session.js';
import type { SignOutOutcome } from '../flow/browser-sign-out.js';
import { fields } from '../output/fields.js';
import { readAppSecret } from '../profile/app-secret.js';
import type { Settings } from '../profile/settings.js';
import type { Storage } from '../storage/storage.js';
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
import { requireSession } from './stored-session.js';

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
    : await signOutEverywhere(context, settings, flags);
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
  const { tokenSetKey } = await import('../client/token-set.js');
  const storage = await runtime.storage(settings.sessionStorage, settings.profile);
  if ((await storage.get(tokenSetKey)) === null) await requireSession(runtime, settings);
  await runtime.lock(settings.profile)(() => storage.delete(tokenSetKey));
  await forgetSession(runtime, settings, storage);
  return { revocation: 'skipped', failure: null, endSession: 'skipped', warnings: [] };
}

async function signOutEverywhere(
  context: CommandContext,
  settings: Settings,
  flags: SignOutFlags,
): Promise<SignOutOutcome> {
  const { runtime, output } = context;
  const { session, storage } = await requireSession(runtime, settings);
  const [{ LogtoClient }, { browserSignOut }] = await Promise.all([
    import('../client/logto-client.js'),
    import('../flow/browser-sign-out.js'),
  ]);
  const { endpoint, issuer, appId } = session;
  const appSecret = await secretFor(settings, storage, session);
  const client = new LogtoClient(
    { ...(endpoint ? { endpoint } : { issuer }), appId, ...(appSecret !== undefined && { appSecret }) },
    { storage, lock: runtime.lock(settings.profile), fetch: await runtime.fetch(settings), now: runtime.now },
  );
  const outcome = await browserSignOut(runtime, {
    client,
    postLogoutRedirectUri:
      flags.postLogoutRedirectUri ?? `http://localhost:${flags.port ?? portOf(session.redirectUri)}/`,
    ...(flags.postLogoutRedirectUri !== undefined && flags.port !== undefined && { port: flags.port }),
    timeout: flags.timeout,
    useBrowser: flags.browser,
    // Logto needs no hint; another provider may insist on one.
    idTokenHint: endpoint === undefined,
    progress: output,
    onCleared: () => forgetSession(runtime, settings, storage),
  });
  const { failure } = outcome;
  return failure === null
    ? outcome
    : { ...outcome, warnings: [...outcome.warnings, `${failure.message} (${failure.code})`] };
}

/** The application's secret: given now, or kept for exactly this application. */
async function secretFor(
  settings: Settings,
  storage: Storage,
  session: Session,
): Promise<string | undefined> {
  if (settings.appSecret !== undefined) return settings.appSecret;
  const stored = await readAppSecret(storage);
  return stored?.issuer === session.issuer && stored.appId === session.appId ? stored.secret : undefined;
}

function portOf(redirectUri: string): string {
  return new URL(redirectUri).port || '80';
}
