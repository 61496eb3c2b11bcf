import type { Command } from 'commander';
import { helpPage } from '../help/help-page.js';
import type { Topic } from '../help/topics.js';
import type { TextOutput } from '../output/text-output.js';
import { commandHelp } from './command-help.js';

/**
 * Makes the page of a topic the help of a command: behind what the command's help says, or, where no command has the
 * topic's name, as all that there is.
 *
 * @param stdout where it is printed
 * @returns the command whose help it is
 */
export function withPage(program: Command, topic: Topic, stdout: TextOutput): Command {
  const found = program.commands.find((command) => command.name() === topic.name);
  const command = found ?? program.command(topic.name, { hidden: true });
  return command.configureHelp({
    formatHelp() {
      const page = helpPage(topic, stdout).join('\n');
      return found === undefined ? `${page}\n` : `${commandHelp(command, stdout)}\n${page}\n`;
    },
  });
}
