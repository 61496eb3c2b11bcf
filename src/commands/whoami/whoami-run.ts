import type { CommandContext } from '../../session/command-context.js';
import { settingsOf } from '../../session/connection.js';
import type { ConnectionFlags } from '../../session/connection-flags.js';
import { ProfileSession } from '../../session/profile-session.js';
import type { OutputFlags } from '../command.js';
import type { ExpectFlags } from '../report/expect-option.js';
import { sessionDocument, sessionLines } from '../report/session-report.js';

/** The flags of `whoami`. */
export interface WhoamiFlags extends ConnectionFlags, OutputFlags, ExpectFlags {
  readonly remote?: boolean;
}

/** Tells who is signed in. */
export async function whoami(context: CommandContext, flags: WhoamiFlags): Promise<number | undefined> {
  const { runtime, output } = context;
  const settings = await settingsOf(context, flags);
  const signedIn = await ProfileSession.require(runtime, settings);
  const { session, place } = signedIn;
  const userInfo = flags.remote ? await (await signedIn.client()).fetchUserInfo() : undefined;
  const document = () => sessionDocument(session, place, userInfo);
  const lines = () => sessionLines(session, place, runtime.now(), output.paint, userInfo);
  if (flags.expect === undefined) {
    // Only what is shown is made.
    if (flags.json) output.result(document());
    else output.result(null, lines());
    return undefined;
  }
  const result = { document: document(), lines: lines() };
  const { sessionFacts, tellAsserted } = await import('../report/told-assertions.js');
  const facts = await sessionFacts(flags.expect, session, runtime.now(), {
    accessToken: async () => (await signedIn.client()).obtainAccessToken(),
    userInfo: async () => userInfo ?? (await signedIn.client()).fetchUserInfo(),
  });
  return tellAsserted(context, flags, result, flags.expect, facts);
}
