import type { ConfigureCommand } from '../commands/command.js';

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
export const commands: readonly CommandEntry[] = [
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
