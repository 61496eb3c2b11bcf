import type { ConfigureCommand } from '../command.js';
import { addConnectionOptions, addOutputOptions, addProfileOptions } from '../options.js';
import { addExpectOption } from '../report/expect-option.js';
import { type WhoamiFlags, whoami } from './whoami-run.js';

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
