import type { ConfigureCommand } from '../command.js';
import { InvalidArgumentError } from '../commander.js';
import {
  addConnectionOptions,
  addOutputOptions,
  addProfileOptions,
  collectWords,
  wholeNumber,
} from '../options.js';
import { addGrantOptions, addRedirectOptions, addSignedOutOption } from '../request-options.js';
import { addProofOptions } from '../sign-in/headless-flags.js';
import type { Reporter, TestFlags } from './test-flags.js';

/** `test`: whether the provider does as its specifications say, for this application. */
export const configureTest: ConfigureCommand = (command, run) => {
  command.argument('[file]', 'scenarios of your own: sign-ins without a browser, and what must come of each');
  addRedirectOptions(command.optionsGroup('What to test:'))
    .option('--device', 'the application is made for the device flow: no browser is sent back to it')
    .option(
      '--only <check or group>',
      'only these checks and those that they need (repeatable; spaces and commas separate)',
      collectWords,
    )
    .option('--list', 'list the checks and what they stand on, and run none')
    .option('--jobs <number>', 'with a file: how many sign in at once (default: 4)', wholeNumber(1, 100))
    .option('--schema', 'print the JSON Schema of a file of scenarios, and test nothing')
    .optionsGroup('The checks that sign a user in, instead (Logto only):')
    .option('--as <user>', 'username, e-mail address or +phone number of a user who is there for tests');
  addProofOptions(command).option('--allow-remote', 'sign in at a provider that is not on this machine');
  addSignedOutOption(addGrantOptions(command))
    .optionsGroup('Report:')
    .option('--reporter <kind>', 'also report as junit=<file> or github (repeatable)', collectReporter);
  addOutputOptions(addProfileOptions(addConnectionOptions(command)))
    .addHelpText(
      'after',
      `
It asks the provider, in some 60 requests, what an attacker or a program with a bug would ask it, and looks at how each
is refused. It needs no user and is harmless: nobody is signed in, nothing is changed, codes and tokens are made up.

With --as it signs a user in instead, seven times, one after the other and without a browser, and looks at everything
that follows: the ID token clause by clause, codes and refresh tokens that are used wrongly or twice, scopes, resources, organizations,
UserInfo, revocation, the session and its end. It takes some 5 seconds, for a refresh token to become old. It never
touches the profile's session, and ends every one of its own. In an application with a Concurrent device limit other
sessions of that user may end: use a user who is there for tests. A user with an authenticator signs in once.

A failure endangers sign-ins or misleads applications. A warning differs from its specification and does no harm by
itself; what Logto is known for is said to be that.

github annotates the job (on stderr), and adds a summary to the file that GITHUB_STEP_SUMMARY names.

With a file, it signs real users in as the file says, several at once, and reports each scenario as a check: name, user,
scopes, resources, organization, expect (as --expect), expectError. Passwords are in variables, whose names are in the
file. The sessions are their own and are ended; those of profiles are not touched. With a Concurrent device limit in the
application one user's scenarios end each other: use --jobs 1.

Exit code: 0 when nothing failed, 1 when a check did, 3 when one could not be run and none failed.

Examples:
  $ logto-cli test
  $ logto-cli test --endpoint https://tenant.logto.app --app-id abc123 --reporter junit=sign-in.xml --reporter github
  $ logto-cli test --only redirect-uri,pkce
  $ logto-cli test --as alice --endpoint http://localhost:4000 --app-id emulator-native
  $ logto-cli test --as tester --allow-remote --resource https://api.example.com --scope read:things
  $ logto-cli test --list
  $ logto-cli test sign-ins.json --jobs 8 --reporter junit=sign-in.xml`,
    )
    .action((file: string | undefined, flags: TestFlags) =>
      run(flags, async (context) => {
        const { batteryWithoutUser, checkTestFlags, batteryWithUser } = await import('./test-batteries.js');
        checkTestFlags(flags, file);
        if (flags.schema || file !== undefined || flags.jobs !== undefined) {
          return (await import('./test-scenarios.js')).testScenarios(context, flags, file);
        }
        const { runTest } = await import('./test-run.js');
        return flags.as === undefined
          ? runTest(context, flags, batteryWithoutUser)
          : runTest(context, flags, batteryWithUser);
      }),
    );
};

function collectReporter(value: string, previous: readonly Reporter[] = []): Reporter[] {
  const [, file] = /^junit=(.+)$/s.exec(value) ?? [];
  if (file !== undefined) return [...previous, { kind: 'junit', file }];
  if (value === 'github') return [...previous, { kind: 'github' }];
  throw new InvalidArgumentError('It takes junit=<file> or github.');
}
