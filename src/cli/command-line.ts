import type { Command, Option } from 'commander';
import type { RunCommand } from '../commands/command.js';
import { topicNamed } from '../help/topics.js';
import type { TextOutput } from '../output/text-output.js';
import { type CommandLine, optionNamed, ownArguments } from './arguments.js';
import { passesWordsOn, standsAlone } from './commands.js';
import { createProgram } from './program.js';
import { textOutput } from './terminal.js';

/** A command line as the parser takes it. */
export interface ParsedLine extends CommandLine {
  /** The program, with the command that is named fully configured. */
  readonly program: Command;
  readonly options: readonly Option[];
}

const helpFlags = ['-h', '--help'];

/**
 * Reads which command is meant. Flags of every command may stand before it, and `--` between, `help` before the words of
 * any command, and what is another program's begins with the first word that is no flag, with or without `--`.
 *
 * @param argv the arguments after the program's name
 * @param run runs a command's work
 * @param stdout where help is printed
 * @throws LogtoError `usage_invalid` for a command that there is not, and for a flag before it that not every command has
 */
export async function readCommandLine(
  argv: readonly string[],
  run: RunCommand,
  stdout: TextOutput = textOutput(process.stdout, process.env),
): Promise<ParsedLine> {
  const before = argv[0]?.startsWith('-') ? await flagsBeforeCommand(argv) : [];
  // Whoever wraps the program puts `--` before what they were given.
  const words = argv.slice(argv[before.length] === '--' ? before.length + 1 : before.length);
  const isHelp = ['help', ...helpFlags].includes(words[0] ?? '');
  const [name, ...rest] = isHelp ? words.slice(1) : words;
  const program = await createProgram(name, run, stdout);
  const topic = isHelp && name !== undefined ? topicNamed(name) : undefined;
  if (topic !== undefined) {
    const page = (await import('./help-topic.js')).withPage(program, topic, stdout);
    return lineOf(program, [topic.name], page, [], true);
  }
  const refuse = async () => (await import('./unknown-words.js')).unknownWords;
  if (name === undefined || name.startsWith('-')) {
    if (before.length > 0 && words.length === 0) throw (await refuse()).noCommand(before);
    return { program, path: [], argv: isHelp ? ['--help'] : words, options: program.options };
  }
  const command = commandNamed(program, name);
  if (command === undefined) throw (await refuse()).command(name, program, isHelp);
  if (command.commands.length === 0) return lineOf(program, [name], command, [...before, ...rest], isHelp);

  const { globalOptions } = await import('../commands/options.js');
  const isAlone = standsAlone(name);
  const known = [...(isAlone ? command.options : []), ...globalOptions()];
  const between = rest.slice(0, flagCount(rest, known));
  const inner = rest.slice(between.length);
  const asksHelp = isHelp || inner[0] === 'help' || between.some((flag) => helpFlags.includes(flag));
  const [second, ...others] = inner[0] === 'help' ? inner.slice(1) : inner;
  // A word behind a flag may be its value, and a secret.
  const isOwn = between.length > 0 && commandNamed(command, second ?? '') === undefined;
  if (isAlone && !asksHelp && (second === undefined || isOwn)) {
    return lineOf(program, [name], command, [...before, ...rest], false);
  }
  if (second === undefined) {
    if (asksHelp) return lineOf(program, [name], command, [], true);
    throw (await refuse()).noInnerCommand(command);
  }
  const innerCommand = commandNamed(command, second);
  if (innerCommand === undefined) throw (await refuse()).innerCommand(second, command);
  return lineOf(program, [name, second], innerCommand, [...before, ...between, ...others], asksHelp);
}

/** How many arguments from the first on are flags, with the values that stand behind them. */
function flagCount(argv: readonly string[], options: readonly Option[]): number {
  let count = 0;
  for (;;) {
    const word = argv[count];
    if (word === undefined || word === '--' || word === '-' || !word.startsWith('-')) return count;
    // A value that may be left out comes after a sign of equality only.
    const takesNext = !word.includes('=') && optionNamed(word, options)?.required === true;
    count += takesNext && count + 1 < argv.length ? 2 : 1;
  }
}

function commandNamed(parent: Command, name: string): Command | undefined {
  return parent.commands.find((command) => command.name() === name || command.aliases().includes(name));
}

function lineOf(
  program: Command,
  path: readonly string[],
  command: Command,
  words: readonly string[],
  isHelp: boolean,
): ParsedLine {
  const { options } = command;
  if (isHelp) return { program, path, argv: [...path, '--help'], options };
  const end = passesWordsOn(path[0] ?? '') ? flagCount(words, options) : words.length;
  const others = words.slice(end);
  const separated = others.length === 0 || others[0] === '--' ? others : ['--', ...others];
  return {
    program,
    path,
    argv: [...path, ...withTraceLast([...words.slice(0, end), ...separated])],
    options,
  };
}

/**
 * The same arguments, in which no word comes after a bare `--trace`: the parser would take that for the trace's file, and
 * overwrite what the command was to read.
 */
function withTraceLast(argv: readonly string[]): readonly string[] {
  const own = ownArguments(argv);
  if (!own.includes('--trace')) return argv;
  return [...own.filter((argument) => argument !== '--trace'), '--trace', ...argv.slice(own.length)];
}

async function flagsBeforeCommand(argv: readonly string[]): Promise<readonly string[]> {
  const options = (await import('../commands/options.js')).globalOptions();
  const flags = argv.slice(0, flagCount(argv, options));
  const end = flags.findIndex((flag) => [...helpFlags, '-V', '--version'].includes(flag));
  const before = end === -1 ? flags : flags.slice(0, end);
  for (let index = 0; index < before.length; index += 1) {
    const flag = before[index] ?? '';
    const option = optionNamed(flag, options);
    // Several short ones in one word are the parser's to take apart.
    if (option === undefined && !/^-[a-z]{2,}$/i.test(flag)) {
      throw (await import('./unknown-words.js')).unknownWords.flagBeforeCommand(flag, options);
    }
    // A flag that is refused says itself why.
    if (option?.hidden) option.parseArg?.('', undefined);
    if (option?.required && !flag.includes('=')) index += 1;
  }
  return before;
}
