import type { CommandContext, ConfigureCommand, OutputFlags } from './command.js';
import { settingsOf } from './connection.js';
import {
  addConnectionOptions,
  addOutputOptions,
  addProfileOptions,
  type ConnectionFlags,
} from './options.js';
import { sessionDocument, sessionLines } from './session-report.js';
import { requireSession } from './stored-session.js';

interface WhoamiFlags extends ConnectionFlags, OutputFlags {
  readonly remote?: boolean;
}

/** `whoami`: who is signed in, from the stored and verified ID token. */
export const configureWhoami: ConfigureCommand = (command, run) => {
  command.optionsGroup('Options:').option('--remote', "also ask the provider's UserInfo endpoint");
  addOutputOptions(addProfileOptions(addConnectionOptions(command)))
    .addHelpText(
      'after',
      `
Examples:
  $ logto-cli whoami
  $ logto-cli whoami --remote
  $ logto-cli whoami --json | jq .claims.sub`,
    )
    .action((flags: WhoamiFlags) => run(flags, (context) => whoami(context, flags)));
};

async function whoami(context: CommandContext, flags: WhoamiFlags): Promise<undefined> {
  const { runtime, output } = context;
  const settings = await settingsOf(context, flags);
  const stored = await requireSession(runtime, settings);
  const { session } = stored;
  const place = { profile: settings.profile, storage: settings.sessionStorage };
  let userInfo: Readonly<Record<string, unknown>> | undefined;
  if (flags.remote) {
    const { sessionClient } = await import('./session-client.js');
    userInfo = await (await sessionClient(runtime, settings, stored)).fetchUserInfo();
  }
  output.result(
    sessionDocument(session, place, userInfo),
    sessionLines(session, place, runtime.now(), output.paint, userInfo),
  );
  return undefined;
}
