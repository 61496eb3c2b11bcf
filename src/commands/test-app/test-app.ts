import type { EmulatorIdTokenAlgorithm } from '../../emulator/seed.js';
import type { ConfigureCommand } from '../command.js';
import { InvalidArgumentError, Option } from '../commander.js';
import { addTlsOptions, collect, outputOption, wholeNumber } from '../options.js';
import { addChoiceOptions, addReportOptions } from '../report/check-options.js';
import type { TestAppFlags } from './test-app-flags.js';

/** Those of the emulator, whose seed knows them; its file would be loaded for the help, too. */
const algorithms = [
  'RS256',
  'PS256',
  'ES256',
  'ES384',
] as const satisfies readonly EmulatorIdTokenAlgorithm[];

/** `test-app`: whether an application signs people in, and nobody else. */
export const configureTestApp: ConfigureCommand = (command, run) => {
  command.explainedBy({
    examples: [
      'logto-cli test-app http://localhost:8080/ -- npm start',
      'logto-cli test-app http://localhost:8080/ --env AUTH_ISSUER={issuer} --env PORT=8080 -- npm start',
      'logto-cli test-app http://localhost:8080/ --sign-out /sign-out --back-channel-logout /backchannel-logout -- npm start',
      'logto-cli test-app http://localhost:8080/ --port 4000',
      'logto-cli test-app http://localhost:8080/ --only callback --reporter junit=app.xml -- npm start',
      'logto-cli test-app http://localhost:8080/ --baseline known.json -- npm start',
      'logto-cli test-app http://localhost:8080/ --tls-cert localhost.pem --tls-key localhost-key.pem -- npm start',
      'logto-cli test-app --list',
    ],
    notes: [
      'Starts a provider and your application, signs alice in once soundly, and then once for each thing that can go wrong: a callback of another browser, an error with markup in it, a state that is missing. The report says which wrong answers the application believed.',
      'The application finds LOGTO_ENDPOINT, LOGTO_APP_ID and LOGTO_APP_SECRET in its environment, the same as OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, and what --env says; it is ended with everything that it started. Without a command you start it yourself: the settings are printed, and it is waited for.',
      'How it is known who is signed in, and what can be told where that is not found: logto-cli help test-app.',
      'The exit code is 0 when nothing failed, 1 when a check did, 3 when one could not be run and none failed. A warning is no failure.',
    ],
  });
  command
    .argument('[url]', 'where a visitor of the application starts')
    .argument('[command...]', 'what starts the application, behind --')
    .usage('<url> [options] [-- <command> [arguments...]]')
    .optionsGroup('The application:')
    .option(
      '--env <NAME=text>',
      'a variable for it, with {issuer}, {endpoint}, {app-id}, {app-secret}, {app-url}, {ca-file} (repeatable)',
      collectVariable,
    )
    .option('--public', 'it has no secret')
    .option(
      '--redirect-uri <uri>',
      'its redirect URI (default: that of its first sign-in, on its own origin)',
    )
    .option('--sign-in <url>', 'what sends to the provider (default: found from the start)')
    .option('--signed-in <url>', 'the page that tells whether somebody is signed in (default: the start)')
    .option('--signed-in-text <text>', 'what only a signed-in page says (default: found by comparing)')
    .addOption(
      new Option('--id-token-algorithm <alg>', 'by what its ID tokens are signed')
        .choices(algorithms)
        .default('RS256'),
    )
    .option('--sign-up <url>', 'what sends to the provider to register; without it that is skipped')
    .option('--sign-out <url>', 'where it signs out; without it the checks of that are skipped')
    .option(
      '--back-channel-logout <url>',
      'where it takes logout tokens; without it the checks of that are skipped',
    )
    .option(
      '--return-parameter <name>',
      'the parameter of its start that says where to return to (default: the usual names)',
    )
    .optionsGroup('The provider:')
    .option('--port <number>', 'its port; 0 is any free one', wholeNumber(0, 65_535), 0);
  addTlsOptions(command)
    .option(
      '--ca-file <pem>',
      'the authority of that certificate, which the application is told to trust (NODE_EXTRA_CA_CERTS)',
    )
    .optionsGroup('The run:')
    .option(
      '--timeout <seconds>',
      'how long to wait for the application to answer (default: 60; 600 where you start it)',
      wholeNumber(1, 86_400),
    );
  addChoiceOptions(command).option('--jobs <number>', 'how many visits at once', wholeNumber(1, 32), 4);
  addReportOptions(command)
    .optionsGroup('Output:')
    .option(...outputOption.json)
    .option(...outputOption.verbose)
    .option(...outputOption.quiet)
    .action((url: string | undefined, words: readonly string[], flags: TestAppFlags) =>
      run(flags, async (context) => {
        const { testApp } = await import('./run-test-app.js');
        return testApp(context, url, words, flags);
      }),
    );
};

/** Collects variables: `NAME=text`. */
function collectVariable(value: string, previous: readonly string[] = []): string[] {
  if (/^[A-Za-z_]\w{0,200}=/.test(value)) return collect(value, previous);
  throw new InvalidArgumentError('It takes NAME=text.');
}
