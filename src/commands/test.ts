import type { ConfigureCommand, OutputFlags } from './command.js';
import { InvalidArgumentError } from './commander.js';
import {
  addConnectionOptions,
  addOutputOptions,
  addProfileOptions,
  type ConnectionFlags,
  collectWords,
  wholeNumber,
} from './options.js';

/** Where a report goes, beside the streams. */
export type Reporter = { readonly kind: 'junit'; readonly file: string } | { readonly kind: 'github' };

/** The flags of `test`. */
export interface TestFlags extends ConnectionFlags, OutputFlags {
  readonly redirectUri?: string;
  readonly port?: number;
  readonly device?: boolean;
  readonly only?: readonly string[];
  readonly list?: boolean;
  readonly reporter?: readonly Reporter[];
}

/** `test`: whether the provider does as its specifications say, for this application. */
export const configureTest: ConfigureCommand = (command, run) => {
  command
    .optionsGroup('What to test:')
    .option('--redirect-uri <uri>', 'a registered redirect URI (default: http://localhost:<port>/callback)')
    .option('--port <number>', 'the port of the redirect URI (default: 3000)', wholeNumber(1, 65_535))
    .option('--device', 'the application is made for the device flow: no browser is sent back to it')
    .option(
      '--only <check or group>',
      'only these checks and those that they need (repeatable; spaces and commas separate)',
      collectWords,
    )
    .option('--list', 'list the checks and what they stand on, and run none')
    .optionsGroup('Report:')
    .option('--reporter <kind>', 'also report as junit=<file> or github (repeatable)', collectReporter);
  addOutputOptions(addProfileOptions(addConnectionOptions(command)))
    .addHelpText(
      'after',
      `
It asks the provider, in some 60 requests, what an attacker or a program with a bug would ask it, and looks at how each
is refused. It needs no user and is harmless: nobody is signed in, nothing is changed, codes and tokens are made up.

A failure endangers sign-ins or misleads applications. A warning differs from its specification and does no harm by
itself; what Logto is known for is said to be that.

github annotates the job (on stderr), and adds a summary to the file that GITHUB_STEP_SUMMARY names.

Exit code: 0 when nothing failed, 1 when a check did, 3 when one could not be run and none failed.

Examples:
  $ logto-cli test
  $ logto-cli test --endpoint https://tenant.logto.app --app-id abc123 --reporter junit=sign-in.xml --reporter github
  $ logto-cli test --only redirect-uri,pkce
  $ logto-cli test --list`,
    )
    .action((flags: TestFlags) =>
      run(flags, async (context) => (await import('./test-run.js')).runTest(context, flags)),
    );
};

function collectReporter(value: string, previous: readonly Reporter[] = []): Reporter[] {
  const [, file] = /^junit=(.+)$/s.exec(value) ?? [];
  if (file !== undefined) return [...previous, { kind: 'junit', file }];
  if (value === 'github') return [...previous, { kind: 'github' }];
  throw new InvalidArgumentError('It takes junit=<file> or github.');
}
