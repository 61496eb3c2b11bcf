import type { Command } from 'commander';
import type { ConfigureCommand, RunCommand } from '../commands/command.js';
import { ProgramCommand } from '../commands/program-command.js';
import type { TextOutput } from '../output/text-output.js';
import { commandHelp } from './command-help.js';
import { type CommandName, commands } from './commands.js';
import { programPage, topicList } from './program-page.js';
import { textOutput } from './terminal.js';
import { version } from './version.js';

/** A command's file is loaded only when it is the one that runs. */
const loaders: Readonly<Record<CommandName, () => Promise<ConfigureCommand>>> = {
  'sign-in': async () => (await import('../commands/sign-in/sign-in.js')).configureSignIn,
  init: async () => (await import('../commands/init/init.js')).configureInit,
  whoami: async () => (await import('../commands/whoami/whoami.js')).configureWhoami,
  token: async () => (await import('../commands/token/token.js')).configureToken,
  verify: async () => (await import('../commands/verify/verify.js')).configureVerify,
  exec: async () => (await import('../commands/exec.js')).configureExec,
  doctor: async () => (await import('../commands/doctor/doctor.js')).configureDoctor,
  test: async () => (await import('../commands/test/test.js')).configureTest,
  'test-app': async () => (await import('../commands/test-app/test-app.js')).configureTestApp,
  'sign-out': async () => (await import('../commands/sign-out/sign-out.js')).configureSignOut,
  profile: async () => (await import('../commands/profile/profile.js')).configureProfile,
  config: async () => (await import('../commands/config/config.js')).configureConfig,
  emulator: async () => (await import('../commands/emulator.js')).configureEmulator,
  explain: async () => (await import('../commands/explain/explain.js')).configureExplain,
  demo: async () => (await import('../commands/demo.js')).configureDemo,
  completion: async () => (await import('../commands/completion/completion.js')).configureCompletion,
};

/**
 * The program, with one command fully configured.
 *
 * @param named the command's name or alias; another word, or none, configures none
 * @param run runs a command's work
 * @param stdout where help is printed
 */
export async function createProgram(
  named: string | undefined,
  run: RunCommand,
  stdout: TextOutput = textOutput(process.stdout, process.env),
): Promise<Command> {
  const program = new ProgramCommand('logto-cli')
    .description(programPage.description)
    .usage('<command> [options]')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .configureHelp({ formatHelp: (command) => commandHelp(command, stdout) })
    .exitOverride()
    // A command's flags are its own: --version behind one, or behind the program that exec runs, is not ours.
    .enablePositionalOptions()
    // What may have been meant is told by main, for words as well.
    .showSuggestionAfterError(false)
    .helpCommand(false)
    // Usage errors are reported like every other error, by main.
    .configureOutput({
      writeErr: () => {},
      // Nothing from outside stands in a help.
      writeOut: (text) => stdout.write(text.replace(/\n$/, '').split('\n')),
    })
    .explainedBy({ examples: programPage.examples, lists: [topicList] });
  for (const { name, alias, summary } of commands) {
    const command = program.command(name).description(summary);
    if (alias !== undefined) command.alias(alias);
    if (named !== undefined && (named === name || named === alias)) (await loaders[name]())(command, run);
  }
  return program;
}
