import type { RunCommand } from '../commands/command.js';
import { collectResource } from '../commands/resource-option.js';
import { token } from '../commands/token/token-run.js';
import { whoami } from '../commands/whoami/whoami-run.js';
import { unwrapped } from '../profile/pasted-text.js';
import type { CommandContext } from '../session/command-context.js';
import { type CommandLine, type FlagOption, optionNamed } from './arguments.js';

/** A command line that is understood without the argument parser. */
export interface PlainLine extends CommandLine {
  /** Does what it asks for. */
  readonly execute: (run: RunCommand) => Promise<void>;
}

interface PlainOption extends FlagOption {
  /** What the parser calls it. */
  readonly name: string;
  /** It may be given more than once. */
  readonly collect?: (value: string, previous: readonly string[]) => readonly string[];
}

interface PlainCommand {
  readonly options: readonly PlainOption[];
  readonly work: (context: CommandContext, flags: PlainFlags) => Promise<number | undefined>;
}

type PlainFlags = Readonly<Record<string, never>>;

const common: readonly PlainOption[] = [
  { long: '--json', name: 'json', required: false },
  { long: '--quiet', short: '-q', name: 'quiet', required: false },
  { long: '--profile', name: 'profile', required: true },
  { long: '--storage', name: 'storage', required: true },
];

/** What is used all day, with the flags that need nothing but to be read. The parser knows all of them, too. */
const plainCommands: Readonly<Record<string, PlainCommand>> = {
  whoami: { options: common, work: whoami },
  token: {
    options: [
      ...common,
      { long: '--resource', name: 'resource', required: true, collect: collectResource },
      { long: '--organization', name: 'organization', required: true },
      { long: '--id-token', name: 'idToken', required: false },
      { long: '--header', name: 'header', required: false },
    ],
    work: token,
  },
};

/**
 * Reads a command line that is used all day: who is signed in, and a token. Loading the argument parser takes as long as
 * all of that.
 *
 * @param argv the arguments after the program's name
 * @returns `null` for any other, and for whatever is wrong or unusual in one of these: that is for the parser to tell
 */
export function readPlainLine(argv: readonly string[]): PlainLine | null {
  const [name = '', ...words] = argv;
  const command = Object.hasOwn(plainCommands, name) ? plainCommands[name] : undefined;
  const values = command && valuesOf(words, command.options);
  if (command === undefined || values == null) return null;
  const { options, work } = command;
  return {
    path: [name],
    argv,
    options,
    async execute(run) {
      const flags = flagsOf(values);
      await run(flags, (context) => work(context, flags as PlainFlags));
    },
  };
}

/** The options that are given, with their values; `null` where one is not plain. */
function valuesOf(
  words: readonly string[],
  options: readonly PlainOption[],
): readonly (readonly [PlainOption, string | null])[] | null {
  const values: [PlainOption, string | null][] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const option = optionNamed(word, options);
    const sign = word.indexOf('=');
    if (option === undefined || (sign !== -1 && !option.required)) return null;
    const value = !option.required ? null : sign === -1 ? words[++index] : word.slice(sign + 1);
    if (value === undefined || value?.startsWith('-')) return null;
    if (value !== null && unwrapped(value).value === '') return null;
    values.push([option, value]);
  }
  return values;
}

/** The flags as the parser would give them to the command. */
function flagsOf(values: readonly (readonly [PlainOption, string | null])[]): object {
  // As `--no-input` has it when it is not given.
  const flags: Record<string, unknown> = { input: true };
  for (const [{ name, collect }, value] of values) {
    const given = value ?? true;
    const previous = (flags[name] ?? []) as readonly string[];
    flags[name] = collect === undefined || given === true ? given : collect(given, previous);
  }
  return flags;
}
