import type { ConnectionFlags } from '../../session/connection-flags.js';
import type { ConfigureCommand, OutputFlags } from '../command.js';
import { addConnectionOptions, addOutputOptions } from '../options.js';

/** `profile`: named configurations. */
export const configureProfile: ConfigureCommand = (command, run) => {
  command.explainedBy({
    examples: [
      'logto-cli profile set default --endpoint https://tenant.logto.app --app-id abc123',
      'logto-cli profile set web --app-secret-stdin < secret.txt',
      'logto-cli profile use web',
      'logto-cli profile list',
    ],
  });
  command;
  addOutputOptions(command.command('list').description('every profile, and the one in use')).action(
    (flags: OutputFlags) =>
      run(flags, async (context) => (await import('./profile-actions.js')).listProfiles(context)),
  );
  addOutputOptions(
    command
      .command('show')
      .description('the settings of a profile')
      .argument('[name]', 'default: the one in use'),
  ).action((name: string | undefined, flags: OutputFlags) =>
    run(flags, async (context) => (await import('./profile-actions.js')).showProfile(context, name)),
  );
  const set = command
    .command('set')
    .description('make a profile, or change it')
    .argument('<name>')
    .explainedBy({
      explainsSharedFlags: true,
      notes: [
        'What is not given stays as it is. The provider is one setting: --issuer, given again without --discovery-url, drops the place that was kept beside it.',
      ],
      examples: [
        'logto-cli profile set default --endpoint https://tenant.logto.app --app-id abc123',
        'logto-cli profile set web --app-secret-stdin < secret.txt',
      ],
    });
  addOutputOptions(
    addConnectionOptions(set).option(
      '--storage <kind>',
      'where its tokens are kept: keychain, file or memory',
    ),
  ).action((name: string, flags: ConnectionFlags & OutputFlags) =>
    run(flags, async (context) => (await import('./profile-actions.js')).setProfile(context, name, flags)),
  );
  addOutputOptions(
    command
      .command('use')
      .description('choose the profile that is used when none is named')
      .argument('<name>'),
  ).action((name: string, flags: OutputFlags) =>
    run(flags, async (context) => (await import('./profile-actions.js')).useProfile(context, name)),
  );
  addOutputOptions(
    command.command('remove').description('remove a profile, its tokens and its secret').argument('<name>'),
  ).action((name: string, flags: OutputFlags) =>
    run(flags, async (context) => (await import('./profile-actions.js')).removeProfile(context, name)),
  );
};
