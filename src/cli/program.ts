import type { Command } from 'commander';
import type { ConfigureCommand, RunCommand } from '../commands/command.js';
import { ProgramCommand } from '../commands/program-command.js';
import { topics } from '../help/topics.js';
import type { TextOutput } from '../output/text-output.js';
import { commandHelp } from './help-layout.js';
import { textOutput } from './terminal.js';
import { version } from './version.js';

interface CommandEntry {
  readonly name: string;
  readonly alias?: string;
  readonly summary: string;
  /** Whether what follows its flags is another program's command line. */
  readonly passesWordsOn?: true;
  /** Whether it does something itself, although it has commands of its own. */
  readonly standsAlone?: true;
  readonly load: () => Promise<ConfigureCommand>;
}

/** Every command. A command's file is loaded only when it is the one that runs, so `--help` and others stay quick. */
const commands: readonly CommandEntry[] = [
  {
    name: 'sign-in',
    alias: 'login',
    summary: 'sign in with the browser and keep the tokens',
    load: async () => (await import('../commands/sign-in/sign-in.js')).configureSignIn,
  },
  {
    name: 'init',
    summary: 'the guided way to the first sign-in',
    load: async () => (await import('../commands/init/init.js')).configureInit,
  },
  {
    name: 'whoami',
    summary: 'tell who is signed in, from the stored ID token',
    load: async () => (await import('../commands/whoami/whoami.js')).configureWhoami,
  },
  {
    name: 'token',
    summary: 'print an access token, refreshed when needed',
    load: async () => (await import('../commands/token/token.js')).configureToken,
  },
  {
    name: 'verify',
    summary: 'tell what an API would say of a token, and why',
    load: async () => (await import('../commands/verify/verify.js')).configureVerify,
  },
  {
    name: 'exec',
    summary: 'run a command with an access token in its environment',
    passesWordsOn: true,
    load: async () => (await import('../commands/exec.js')).configureExec,
  },
  {
    name: 'doctor',
    summary: 'find out what is wrong, without a user',
    load: async () => (await import('../commands/doctor/doctor.js')).configureDoctor,
  },
  {
    name: 'test',
    summary: 'run a battery of sign-in checks, with a report for CI',
    load: async () => (await import('../commands/test/test.js')).configureTest,
  },
  {
    name: 'test-app',
    summary: 'test whether your application signs in whom it should, and nobody else',
    load: async () => (await import('../commands/test-app/test-app.js')).configureTestApp,
  },
  {
    name: 'sign-out',
    alias: 'logout',
    summary: "revoke and forget the tokens, end the provider's session",
    load: async () => (await import('../commands/sign-out/sign-out.js')).configureSignOut,
  },
  {
    name: 'profile',
    summary: 'manage named configurations',
    load: async () => (await import('../commands/profile/profile.js')).configureProfile,
  },
  {
    name: 'config',
    summary: 'tell what is set, and who set it',
    load: async () => (await import('../commands/config/config.js')).configureConfig,
  },
  {
    name: 'emulator',
    summary: 'run a local Logto-compatible provider',
    standsAlone: true,
    load: async () => (await import('../commands/emulator.js')).configureEmulator,
  },
  {
    name: 'explain',
    summary: 'what an error code or a check means, and how to fix it',
    load: async () => (await import('../commands/explain/explain.js')).configureExplain,
  },
  {
    name: 'demo',
    summary: 'show a whole sign-in on this machine; needs nothing',
    load: async () => (await import('../commands/demo.js')).configureDemo,
  },
  {
    name: 'completion',
    summary: 'print a script that makes your shell complete commands and flags',
    load: async () => (await import('../commands/completion/completion.js')).configureCompletion,
  },
];

/** Whether this command hands the words after its flags on to another program. */
export function passesWordsOn(name: string): boolean {
  return commands.some((command) => command.name === name && command.passesWordsOn);
}

/** Whether this command does something itself, although it has commands of its own. */
export function standsAlone(name: string): boolean {
  return commands.some((command) => command.name === name && command.standsAlone);
}

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
    .description('Test OIDC sign-in from a terminal and from CI: with Logto, or any OpenID Provider.')
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
    .explainedBy({
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
          heading: 'Topics, explained by logto-cli help <topic>:',
          entries: topics.map(({ name, about }) => [name, about]),
        },
      ],
    });
  for (const { name, alias, summary, load } of commands) {
    const command = program.command(name).description(summary);
    if (alias !== undefined) command.alias(alias);
    if (named !== undefined && [name, alias].includes(named)) (await load())(command, run);
  }
  return program;
}
