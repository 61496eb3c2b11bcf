import type { ConnectionFlags } from '../../session/connection-flags.js';
import type { ConfigureCommand, OutputFlags } from '../command.js';
import { addConnectionOptions, addOutputOptions, addProfileOptions } from '../options.js';

/** `config`: what is set, who set it, and where it is kept. */
export const configureConfig: ConfigureCommand = (command, run) => {
  command.explainedBy({
    examples: [
      'logto-cli config show',
      'logto-cli config show --profile web --json',
      'logto-cli config path',
    ],
    notes: [
      'Nothing is asked of anybody: no provider, no keychain. To change a profile: logto-cli profile set <name>, with flags',
    ],
  });
  const show = command
    .command('show')
    .description('every setting, with the source that it comes from and those that this overrides');
  addOutputOptions(addProfileOptions(addConnectionOptions(show))).action(
    (flags: ConnectionFlags & OutputFlags) =>
      run(flags, async (context) => (await import('./config-actions.js')).showConfig(context, flags)),
  );
  addOutputOptions(
    command.command('path').description('the path of the configuration file; with --json all directories'),
  ).action((flags: OutputFlags) =>
    run(flags, async (context) => (await import('./config-actions.js')).showPath(context)),
  );
};
