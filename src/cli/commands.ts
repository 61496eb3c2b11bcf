/** A command, as the help of the program has it. */
export interface CommandEntry<Name extends string = CommandName> {
  readonly name: Name;
  readonly alias?: string;
  readonly summary: string;
  /** Whether what follows its flags is another program's command line. */
  readonly passesWordsOn?: true;
  /** Whether it does something itself, although it has commands of its own. */
  readonly standsAlone?: true;
}

const table = [
  {
    name: 'sign-in',
    alias: 'login',
    summary: 'sign in with the browser and keep the tokens',
  },
  {
    name: 'init',
    summary: 'the guided way to the first sign-in',
  },
  {
    name: 'whoami',
    summary: 'tell who is signed in, from the stored ID token',
  },
  {
    name: 'token',
    summary: 'print an access token, refreshed when needed',
  },
  {
    name: 'verify',
    summary: 'tell what an API would say of a token, and why',
  },
  {
    name: 'exec',
    summary: 'run a command with an access token in its environment',
    passesWordsOn: true,
  },
  {
    name: 'doctor',
    summary: 'find out what is wrong, without a user',
  },
  {
    name: 'test',
    summary: 'run a battery of sign-in checks, with a report for CI',
  },
  {
    name: 'test-app',
    summary: 'test whether your application signs in whom it should, and nobody else',
  },
  {
    name: 'sign-out',
    alias: 'logout',
    summary: "revoke and forget the tokens, end the provider's session",
  },
  {
    name: 'profile',
    summary: 'manage named configurations',
  },
  {
    name: 'config',
    summary: 'tell what is set, and who set it',
  },
  {
    name: 'emulator',
    summary: 'run a local Logto-compatible provider',
    standsAlone: true,
  },
  {
    name: 'explain',
    summary: 'what an error code or a check means, and how to fix it',
  },
  {
    name: 'demo',
    summary: 'show a whole sign-in on this machine; needs nothing',
  },
  {
    name: 'completion',
    summary: 'print a script that makes your shell complete commands and flags',
  },
] as const satisfies readonly CommandEntry<string>[];

/** The name of a command. */
export type CommandName = (typeof table)[number]['name'];

/** Every command, in the order of the help. */
export const commands: readonly CommandEntry[] = table;

/** Whether this command hands the words after its flags on to another program. */
export function passesWordsOn(name: string): boolean {
  return commands.some((command) => command.name === name && command.passesWordsOn);
}

/** Whether this command does something itself, although it has commands of its own. */
export function standsAlone(name: string): boolean {
  return commands.some((command) => command.name === name && command.standsAlone);
}
