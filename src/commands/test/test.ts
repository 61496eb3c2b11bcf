import type { ConfigureCommand } from '../command.js';
import { InvalidArgumentError } from '../commander.js';
import { addConnectionOptions, addOutputOptions, addProfileOptions, wholeNumber } from '../options.js';
import { addChoiceOptions, addReportOptions } from '../report/check-options.js';
import { addGrantOptions, addRedirectOptions, addSignedOutOption } from '../request-options.js';
import { addProofOptions } from '../sign-in/headless-flags.js';
import { readShard } from './shard.js';
import type { TestFlags } from './test-flags.js';

/** `test`: whether the provider does as its specifications say, for this application. */
export const configureTest: ConfigureCommand = (command, run) => {
  command.explainedBy({
    examples: [
      'logto-cli test --endpoint https://tenant.logto.app --app-id abc123',
      'logto-cli test --only redirect-uri,pkce',
      'logto-cli test --reporter junit=sign-in.xml --reporter sarif=sign-in.sarif --reporter github',
      'logto-cli test --baseline known.json',
      'logto-cli test --as alice --endpoint http://localhost:4000 --app-id emulator-native',
      'logto-cli test sign-ins.json --endpoint https://tenant.logto.app --app-id abc123 --allow-remote',
      'logto-cli test sign-ins.json --shard 2/5 --reporter junit=sign-ins-2.xml',
    ],
    notes: [
      'Asks the provider, in some 60 requests, what an attacker or a program with a bug would ask it, and looks at how each is refused. It needs no user and is harmless: nobody is signed in, nothing is changed, codes and tokens are made up.',
      "With --as it signs a user in instead, without a browser, and looks at everything that follows. It never touches the profile's session, and ends every one of its own. Where the application has a Concurrent device limit, other sessions of that user may end: use a user who is there for tests.",
      'With a file, it signs users in as the file says, and checks what comes of each: logto-cli help scenarios.',
      'The exit code is 0 when nothing failed, 1 when a check did, 3 when one could not be run and none failed. A warning is no failure. In CI: logto-cli help ci.',
    ],
  });
  command.argument('[file]', 'scenarios of your own');
  addChoiceOptions(
    addRedirectOptions(command.optionsGroup('What to test:')).option(
      '--device',
      'the application is made for the device flow',
    ),
  )
    .option('--jobs <number>', 'with a file: how many sign in at once (default: 4)', wholeNumber(1, 100))
    .option('--shard <part>', 'with a file: this part of it alone, such as 2/5', readShard)
    .option(
      '--allow-variable <name>',
      'with a file: a variable that it may read beside LOGTO_CLI_… (repeatable)',
      collectVariable,
    )
    .option('--schema', 'print the JSON Schema of a file of scenarios')
    .optionsGroup('With a user (Logto only):')
    .option('--as <user>', 'username, e-mail address or +phone number');
  addProofOptions(command).option(
    '--allow-remote',
    'at a provider that is not on this machine, with a file too',
  );
  addReportOptions(addSignedOutOption(addGrantOptions(command)));
  addOutputOptions(addProfileOptions(addConnectionOptions(command))).action(
    (file: string | undefined, flags: TestFlags) =>
      run(flags, async (context) => {
        const { batteryWithoutUser, checkTestFlags, batteryWithUser } = await import('./test-batteries.js');
        checkTestFlags(flags, file);
        if (flags.schema || file !== undefined || flags.jobs !== undefined || flags.shard !== undefined) {
          return (await import('./test-scenarios.js')).testScenarios(context, flags, file);
        }
        const { runTest } = await import('./test-run.js');
        return flags.as === undefined
          ? runTest(context, flags, batteryWithoutUser)
          : runTest(context, flags, batteryWithUser);
      }),
  );
};

/** Collects names of variables; a pattern would allow what nobody thought of. */
function collectVariable(value: string, previous: readonly string[] = []): readonly string[] {
  if (/^[A-Za-z_]\w{0,200}$/.test(value)) return [...previous, value];
  throw new InvalidArgumentError('It takes the name of one variable, and no pattern.');
}
