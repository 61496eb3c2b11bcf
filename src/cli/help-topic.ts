import type { Command } from 'commander';
import { helpPage } from '../help/help-page.js';
import type { Topic } from '../help/topics.js';
import { paintFor } from '../output/paint.js';
import { commandHelp } from './help-layout.js';

/**
 * Makes the page of a topic the help of a command: behind what the command's help says, or, where no command has the
 * topic's name, as all that there is.
 *
 * @returns the command whose help it is
 */
export function withPage(program: Command, topic: Topic): Command {
  const found = program.commands.find((command) => command.name() === topic.name);
  const command = found ?? program.command(topic.name, { hidden: true });
  return command.configureHelp({
    formatHelp(_, { helpWidth = 80 }) {
      const hasColors = command.configureOutput().getOutHasColors?.() ?? false;
      const page = helpPage(topic, { columns: helpWidth, hasColors }).join('\n');
      if (found === undefined) return `${page}\n`;
      return `${commandHelp(command, helpWidth, paintFor({ hasColors }))}\n${page}\n`;
    },
  });
}
