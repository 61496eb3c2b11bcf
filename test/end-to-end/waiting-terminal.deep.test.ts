import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startProgram } from '../support/program.js';
import type { Providers, RegistrationName } from './providers.js';
import { providersAndHome } from './providers-and-home.js';
import { tokensOf } from './sign-in-run.js';

let providers: Providers;
let home: string;
providersAndHome((running, directory) => {
  providers = running;
  home = directory;
});

const signIn = (name: RegistrationName) => [
  ...['sign-in', ...providers[name].flags, '--port', String(providers.port)],
  ...['--no-browser', '--storage', 'file'],
];

describe('a sign-in that waits at a terminal', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'is waited for until %s, which puts the terminal back',
    async (signal) => {
      const program = startProgram(signIn('native'), {
        home,
        terminal: true,
        showsSettings: true,
        environment: { TERM: 'xterm-256color' },
      });
      await program.says('stdout', /left · Enter/);
      if (signal === 'SIGINT') program.send('\u0003');
      else process.kill(nodeIn(home), signal);
      const { exitCode, stdout } = await program.ended;
      expect(exitCode, stdout).toBe(signal === 'SIGINT' ? 130 : 143);
      const settings = stdout.split('\r\n').filter((line) => /^[0-9a-f]+(:[0-9a-f]+){10,}$/.test(line));
      expect(settings[0]).toBe(settings[1]);
      expect(tokensOf(home)).toBeNull();
    },
  );

  it.each<[string, readonly string[], Record<string, string>]>([
    ['with --json', ['--json'], {}],
    ['with --quiet', ['--quiet'], {}],
    ['with --no-input', ['--no-input'], {}],
    ['in CI', [], { CI: 'true' }],
    ['on a terminal that can nothing', [], { TERM: 'dumb' }],
  ])('is not waited for %s: no keys, no line that is redrawn', async (_where, flags, environment) => {
    const program = startProgram([...signIn('native'), ...flags, '--timeout', '1'], {
      home,
      terminal: true,
      environment: { TERM: 'xterm-256color', ...environment },
    });
    const { exitCode, stdout } = await program.ended;
    expect(exitCode).toBe(124);
    expect(stdout).not.toContain('left ·');
    expect(stdout).not.toContain('\u001b');
  });
});

/** The process of the program that keeps everything here: what is started on a terminal is a child of the terminal's. */
function nodeIn(directory: string): number {
  const found = readdirSync('/proc').find((pid) => {
    try {
      return (
        /^\d+$/.test(pid) &&
        readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`LOGTO_CLI_HOME=${directory}\0`) &&
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(process.execPath)
      );
    } catch {
      // It has ended, or is somebody else's.
      return false;
    }
  });
  return Number(found);
}
