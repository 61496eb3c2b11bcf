import type { CommandTable, ListedValue, TableCommand, TableFlag, Values } from './command-table.js';

/** Where on a command line the next word stands. */
export interface Place {
  /** The flags that may stand there. */
  readonly flags: readonly TableFlag[];
  /** All names of the flags that stand before it. */
  readonly given: ReadonlySet<string>;
  /** The flag whose value it is, or may be. */
  readonly flag?: TableFlag;
  /** The commands, one of which it is. */
  readonly commands: readonly ListedValue[];
  /** What it is, as a word of the command. */
  readonly values?: Values;
  /** Whether a `--` stands before it, behind which there are no flags. */
  readonly isEnded: boolean;
  /** The first word of another program's command line, where that has begun. */
  readonly program?: number;
}

/**
 * Reads the whole words of a command line as the program would.
 *
 * @returns `null` where they mean nothing to it
 */
export function placeOf(table: CommandTable, words: readonly string[]): Place | null {
  const given = new Set<string>();
  let command = table.program;
  let flag: TableFlag | undefined;
  let isHelp = false;
  let isEnded = false;
  let count = 0;
  for (const [index, word] of words.entries()) {
    if (flag !== undefined) {
      const isValue = flag.takes === 'word' || !word.startsWith('-');
      flag = undefined;
      if (isValue) continue;
    }
    if (!isEnded && word === '--') {
      if (isHelp || command === table.program) return null;
      isEnded = true;
    } else if (!isEnded && word.startsWith('-') && word !== '-') {
      const end = word.indexOf('=');
      const found = flagNamed(table, command, end === -1 ? word : word.slice(0, end));
      for (const name of found?.names ?? []) given.add(name);
      if (end === -1 && found?.takes !== 'attached' && found?.takes !== undefined) flag = found;
    } else if (command.commands.length > 0) {
      const inner = command.commands.find(({ names }) => names.includes(word));
      if (inner !== undefined) command = inner;
      else if (word === 'help' && !isHelp) isHelp = true;
      else return null;
    } else {
      if (isHelp) return null;
      const values = command.words[Math.min(count, command.words.length - 1)];
      if (values?.kind === 'program' && (isEnded || command.passesWordsOn)) {
        return { flags: [], given, commands: [], isEnded, program: index };
      }
      count += 1;
    }
  }
  return {
    // What help is asked of has no flags.
    flags: isHelp ? [] : flagsOf(table, command),
    given,
    ...(flag !== undefined && { flag }),
    commands: commandsAt(table, command, isHelp),
    ...wordAt(command, count, isEnded),
    isEnded,
  };
}

function commandsAt(table: CommandTable, command: TableCommand, isHelp: boolean): readonly ListedValue[] {
  const inner = command.commands.flatMap(({ names, about }) => names.map((value) => ({ value, about })));
  if (isHelp && command === table.program) {
    const names = inner.map(({ value }) => value);
    return [...inner, ...table.topics.filter(({ value }) => !names.includes(value))];
  }
  const help = { value: 'help', about: 'the help of a command, or a page' };
  return inner.length === 0 || isHelp ? inner : [...inner, help];
}

function wordAt(command: TableCommand, count: number, isEnded: boolean): { readonly values?: Values } {
  const values = command.words[count] ?? command.words.at(-1);
  if (values === undefined) return {};
  if (values.kind === 'program') return isEnded || command.passesWordsOn ? { values } : {};
  return count < command.words.length ? { values } : {};
}

function flagsOf(table: CommandTable, command: TableCommand): readonly TableFlag[] {
  return command.flags.flatMap((index) => table.flags[index] ?? []);
}

function flagNamed(table: CommandTable, command: TableCommand, name: string): TableFlag | undefined {
  return flagsOf(table, command).find(({ names }) => names.includes(name));
}
