import type { ConfigureCommand } from '../command.js';
import { addConnectionOptions, addOutputOptions, addProfileOptions } from '../options.js';
import { addCallbackOptions, addPersonOptions } from '../request-options.js';
import type { InitFlags } from './init-run.js';

/** `init`: the guided way to the first profile and the first sign-in. */
export const configureInit: ConfigureCommand = (command, run) => {
  command.explainedBy({
    examples: [
      'logto-cli init',
      'logto-cli init --emulator',
      'logto-cli init --profile staging',
      'logto-cli init --endpoint https://tenant.logto.app --app-id abc123',
      'logto-cli init --issuer https://id.example.com',
    ],
    notes: [
      'It asks for the address of the provider (anything copied out of its pages or a browser will do), the ID of the application, and its secret if it has one; asks the provider at once whether each is right; shows which addresses to register and waits until they are; signs in, and keeps all of it as the profile.',
      'What flags, variables and the profile say is the default of each answer. Nothing is kept before the end: Ctrl-C leaves the profile and its session as they were. With --no-input, in CI and without a terminal nothing is asked, and whatever is missing is told (exit code 2).',
      'With --emulator nothing is asked: its first user signs in by itself (logto-cli help emulator).',
    ],
  });
  command.option('--emulator', 'sign in to the emulator, and ask nothing');
  addPersonOptions(addCallbackOptions(command.optionsGroup('Browser:')));
  addOutputOptions(addProfileOptions(addConnectionOptions(command))).action((flags: InitFlags) =>
    run(flags, async (context) =>
      flags.emulator
        ? (await import('./init-at-emulator.js')).initAtEmulator(context, flags)
        : (await import('./init-run.js')).runInit(context, flags),
    ),
  );
};
