import type { CommandContext, ConfigureCommand, OutputFlags } from './command.js';
import {
  addConnectionOptions,
  addProfileOptions,
  type ConnectionFlags,
  collectResource,
  traceOption,
  wholeNumber,
} from './options.js';

interface ExecFlags extends ConnectionFlags, OutputFlags {
  readonly resource?: readonly string[];
  readonly organization?: string;
  readonly minTtl?: number;
}

/** `exec`: runs one command with an access token in its environment. */
export const configureExec: ConfigureCommand = (command, run) => {
  command
    .argument('<command...>', 'the command and its arguments; our own flags come before it')
    .usage('[options] [--] <command> [arguments...]')
    .optionsGroup('Which token:')
    .option('--resource <uri>', 'access token for this API resource', collectResource)
    .option(
      '--organization <id>',
      'access token for this organization; with --resource, for the resource within it',
    )
    .option(
      '--min-ttl <seconds>',
      'refresh when less than this is left (default: 30)',
      wholeNumber(0, 31_536_000),
    );
  addProfileOptions(addConnectionOptions(command))
    .optionsGroup('Output:')
    .option('-v, --verbose', 'more on stderr')
    .option('-q, --quiet', 'less on stderr')
    .option('--dotenv <path>', 'read variables from this file, weaker than the environment')
    .option(...traceOption)
    .addHelpText(
      'after',
      `
The command finds the token in LOGTO_ACCESS_TOKEN. Its exit code is ours, and signals reach it.

Examples:
  $ logto-cli exec --resource https://api.example.com -- npm run test:api
  $ logto-cli exec -- sh -c 'curl -H "Authorization: Bearer $LOGTO_ACCESS_TOKEN" https://tenant.logto.app/oidc/me'`,
    )
    .action((words: readonly string[], flags: ExecFlags) =>
      run(flags, (context) => exec(context, words, flags)),
    );
};

async function exec(context: CommandContext, words: readonly string[], flags: ExecFlags): Promise<number> {
  const { checkSingleResource } = await import('./token-flags.js');
  checkSingleResource(flags.resource);
  const [{ obtainSessionToken }, { warnOfEmptyScope }] = await Promise.all([
    import('./obtain-token.js'),
    import('./empty-scope.js'),
  ]);
  const token = await obtainSessionToken(context, flags);
  warnOfEmptyScope(context.output, token, 'user');
  const [program = '', ...rest] = words;
  return context.runtime.run(program, rest, { LOGTO_ACCESS_TOKEN: token.accessToken });
}
