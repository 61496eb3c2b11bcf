import type { Command } from 'commander';
import { createProgram } from '../../src/cli/program.js';

/** The flags of every command, by the words that name it: `sign-in`, `profile set`; those of the program itself by ``. */
export async function programFlags(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const flags = new Map<string, ReadonlySet<string>>();
  const add = (words: readonly string[], command: Command) => {
    flags.set(words.join(' '), new Set([...command.options.flatMap(namesOf), '-h', '--help']));
    for (const child of command.commands) add([...words, child.name()], child);
  };
  const program = await createProgram(undefined, async () => {});
  flags.set('', new Set([...program.options.flatMap(namesOf), '-h', '--help']));
  for (const name of program.commands.map((command) => command.name())) {
    const own = await createProgram(name, async () => {});
    const command = own.commands.find((candidate) => candidate.name() === name);
    if (command !== undefined) add([name], command);
  }
  return flags;
}

function namesOf({ long, short }: { long?: string | undefined; short?: string | undefined }): string[] {
  return [long, short].filter((name) => name !== undefined);
}
