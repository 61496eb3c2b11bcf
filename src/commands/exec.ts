import type { CommandContext } from '../session/command-context.js';
import type { ConnectionFlags } from '../session/connection-flags.js';
import type { ConfigureCommand, OutputFlags } from './command.js';
import { addConnectionOptions, addProfileOptions, outputOption } from './options.js';
import { addTokenChoiceOptions, type TokenChoiceFlags } from './request-options.js';

type ExecFlags = ConnectionFlags & TokenChoiceFlags & OutputFlags;

/** `exec`: runs one command with an access token in its environment. */
export const configureExec: ConfigureCommand = (command, run) => {
  command.explainedBy({
    examples: [
      'logto-cli exec --resource https://api.example.com -- npm run test:api',
      'logto-cli exec -- printenv LOGTO_ACCESS_TOKEN',
    ],
    notes: [
      'The command finds the token in LOGTO_ACCESS_TOKEN. Its exit code is ours, and signals reach it.',
    ],
  });
  command
    .argument('<command...>', 'the command and its arguments; our own flags come before it')
    .usage('[options] [--] <command> [arguments...]');
  addTokenChoiceOptions(command.optionsGroup('Which token:'));
  addProfileOptions(addConnectionOptions(command))
    .optionsGroup('Output:')
    .option(...outputOption.verbose)
    .option(...outputOption.quiet)
    .option(...outputOption.trace)
    .option(...outputOption.dotenv)
    .action((words: readonly string[], flags: ExecFlags) =>
      run(flags, (context) => exec(context, words, flags)),
    );
};

async function exec(context: CommandContext, words: readonly string[], flags: ExecFlags): Promise<number> {
  const { checkSingleResource } = await import('./token/token-flags.js');
  checkSingleResource(flags.resource);
  const [{ obtainSessionToken }, { warnOfEmptyScope }] = await Promise.all([
    import('./token/obtain-token.js'),
    import('./token/empty-scope.js'),
  ]);
  const token = await obtainSessionToken(context, flags);
  warnOfEmptyScope(context.output, token, 'user');
  const [program = '', ...rest] = words;
  return context.runtime.run(program, rest, { LOGTO_ACCESS_TOKEN: token.accessToken });
}
