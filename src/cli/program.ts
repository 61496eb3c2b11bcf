import type { Command } from 'commander';
import type { RunCommand } from '../commands/command.js';
import { ProgramCommand } from '../commands/program-command.js';
import type { TextOutput } from '../output/text-output.js';
import { commandHelp } from './command-help.js';
import { commands } from './commands.js';
import { programPage, topicList } from './program-page.js';
import { textOutput } from './terminal.js';
import { version } from './version.js';

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
  for (const { name, alias, summary, load } of commands) {
    const command = program.command(name).description(summary);
    if (alias !== undefined) command.alias(alias);
    if (named !== undefined && [name, alias].includes(named)) (await load())(command, run);
  }
  return program;
}
