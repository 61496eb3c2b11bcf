import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { executable } from './capabilities.js';
import { runCommand } from './run-command.js';

/** A shell as a person sits before it: what it reads is pasted, and its history is on where it has one. */
export interface PastingShell {
  readonly name: string;
  readonly args: readonly string[];
  /** It reads no socket, which is what a child of Node has for its standard input. */
  readonly takesArgument?: true;
}

const shells: readonly PastingShell[] = [
  { name: 'sh', args: ['-s'] },
  { name: 'dash', args: ['-s'] },
  { name: 'bash', args: ['--norc', '--noprofile', '-i'] },
  { name: 'zsh', args: ['-f', '-i'] },
  { name: 'fish', args: ['--no-config', '-c'], takesArgument: true },
  { name: 'tcsh', args: ['-f'] },
];

/** Those of this machine; `sh` is one of them always. */
export function shellsHere(): readonly PastingShell[] {
  return shells.filter(({ name }) => executable(name) !== null);
}

/**
 * Pastes lines into a shell in which `logto-cli` only writes down what it was given.
 *
 * @param directory an empty one of the test's own: whatever else the lines do leaves something there
 * @returns the arguments of each `logto-cli` that was run
 */
export async function paste(
  { name, args, takesArgument }: PastingShell,
  lines: readonly string[],
  directory: string,
): Promise<readonly (readonly string[])[]> {
  const bin = join(directory, '.bin');
  const heard = join(bin, 'heard');
  mkdirSync(bin, { recursive: true });
  writeFileSync(heard, '');
  writeFileSync(
    join(bin, 'logto-cli'),
    `#!/bin/sh\nprintf '%s\\0' "$@" >> '${heard}'\nprintf '\\0\\0' >> '${heard}'\n`,
  );
  chmodSync(join(bin, 'logto-cli'), 0o755);
  const pasted = `${lines.join('\n')}\n`;
  await runCommand(name, takesArgument ? [...args, pasted] : args, {
    cwd: directory,
    ...(!takesArgument && { input: pasted }),
    env: { PATH: `${bin}:/usr/bin:/bin`, HOME: bin, HISTFILE: '/dev/null', TERM: 'dumb', LC_ALL: 'C.UTF-8' },
  });
  if (!existsSync(heard)) return [];
  return readFileSync(heard, 'utf8')
    .split('\0\0\0')
    .slice(0, -1)
    .map((words) => words.split('\0'));
}
