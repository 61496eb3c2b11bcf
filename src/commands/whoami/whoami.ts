import type { CommandContext } from '../../session/command-context.js';
import { settingsOf } from '../../session/connection.js';
import type { ConnectionFlags } from '../../session/connection-flags.js';
import { ProfileSession } from '../../session/profile-session.js';
import type { ConfigureCommand, OutputFlags } from '../command.js';
import { addConnectionOptions, addOutputOptions, addProfileOptions } from '../options.js';
import { addExpectOption, type ExpectFlags } from '../report/expect-option.js';
import { sessionDocument, sessionLines } from '../report/session-report.js';

interface WhoamiFlags extends ConnectionFlags, OutputFlags, ExpectFlags {
  readonly remote?: boolean;
}

/** `whoami`: who is signed in, from the stored and verified ID token. */
export const configureWhoami: ConfigureCommand = (command, run) => {
  command.explainedBy({
    examples: [
      'logto-cli whoami',
      'logto-cli whoami --remote',
      'logto-cli whoami --json | jq .claims.sub',
      "logto-cli whoami --expect 'roles[]=admin' --expect userinfo.custom_data.tier=gold",
    ],
  });
  command.optionsGroup('Options:').option('--remote', "also ask the provider's UserInfo endpoint");
  addExpectOption(command);
  addOutputOptions(addProfileOptions(addConnectionOptions(command))).action((flags: WhoamiFlags) =>
    run(flags, (context) => whoami(context, flags)),
  );
};

async function whoami(context: CommandContext, flags: WhoamiFlags): Promise<number | undefined> {
  const { runtime, output } = context;
  const settings = await settingsOf(context, flags);
  const signedIn = await ProfileSession.require(runtime, settings);
  const { session, place } = signedIn;
  const userInfo = flags.remote ? await (await signedIn.client()).fetchUserInfo() : undefined;
  const result = {
    document: sessionDocument(session, place, userInfo),
    lines: sessionLines(session, place, runtime.now(), output.paint, userInfo),
  };
  if (flags.expect === undefined) {
    output.result(result.document, result.lines);
    return undefined;
  }
  const { sessionFacts, tellAsserted } = await import('../report/told-assertions.js');
  const facts = await sessionFacts(flags.expect, session, runtime.now(), {
    accessToken: async () => (await signedIn.client()).obtainAccessToken(),
    userInfo: async () => userInfo ?? (await signedIn.client()).fetchUserInfo(),
  });
  return tellAsserted(context, flags, result, flags.expect, facts);
}
