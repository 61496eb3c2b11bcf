import type { HelpList } from '../commands/program-command.js';
import { topics } from '../help/topics.js';
import { commands } from './commands.js';
import type { HelpPage } from './help-layout.js';

/** The topics, in the help of the program. */
export const topicList: HelpList = {
  heading: 'Topics, explained by logto-cli help <topic>:',
  entries: topics.map(({ name, about }) => [name, about]),
};

/** What the help of the program says. The argument parser has it from here, so that it need not be loaded for that. */
export const programPage = {
  description: 'Test OIDC sign-in from a terminal and from CI: with Logto, or any OpenID Provider.',
  usage: 'logto-cli <command> [options]',
  examples: [
    'logto-cli demo',
    'logto-cli init',
    'logto-cli sign-in --endpoint https://tenant.logto.app --app-id abc123',
    'logto-cli whoami',
    'logto-cli token --header',
    'logto-cli sign-out',
  ],
  lists: [
    {
      heading: 'Commands:',
      entries: commands.map(({ name, alias, summary }) => [
        [name, alias].filter(Boolean).join(', '),
        summary,
      ]),
    },
    topicList,
    {
      heading: 'Options:',
      entries: [
        ['-V, --version', 'print the version'],
        ['-h, --help', 'print this help'],
      ],
    },
  ],
} as const satisfies HelpPage;
