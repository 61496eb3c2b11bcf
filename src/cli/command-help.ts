import type { Argument, Command, Option } from 'commander';
import { sharedGroups } from '../commands/options.js';
import { type CommandHelp, type HelpList, ProgramCommand } from '../commands/program-command.js';
import type { TextOutput } from '../output/text-output.js';
import { foldedGroup, helpText } from './help-layout.js';

/** The group of the flags that have none. */
const ownGroup = 'Options:';

/**
 * The help of a command, in lines that fit: what it does, how it is called, examples, what there is to know, its own
 * flags, one line for each group of the flags that most commands share, and `-h` at the end.
 *
 * @param screen where it is printed
 */
export function commandHelp(command: Command, screen: Pick<TextOutput, 'columns' | 'paint'>): string {
  const parts: CommandHelp = command instanceof ProgramCommand ? command.pageParts : {};
  const { examples = [], notes = [], lists = [] } = parts;
  const all: readonly HelpList[] = [
    {
      heading: 'Arguments:',
      entries: command.registeredArguments
        .filter(({ description }) => description !== '')
        .map((argument) => [argument.name(), argument.description] as const),
    },
    { heading: 'Commands:', entries: command.commands.map(commandEntry) },
    ...lists,
    ...flagLists(command, parts.explainsSharedFlags === true),
  ].filter(({ entries }) => entries.length > 0);
  const page = { description: command.description(), usage: usageOf(command), examples, notes, lists: all };
  return helpText(page, screen);
}

/** The flags by their groups, in the order of the command; those that most commands share are only named, at the end. */
function flagLists(command: Command, explainsShared: boolean): HelpList[] {
  const groups = new Map<string, Option[]>();
  for (const option of command.options.filter(({ hidden }) => !hidden)) {
    const heading = option.helpGroupHeading ?? ownGroup;
    groups.set(heading, [...(groups.get(heading) ?? []), option]);
  }
  const shared: readonly string[] = explainsShared ? [] : Object.values(sharedGroups);
  const folded = [...groups].filter(([heading]) => shared.includes(heading));
  const help = ['-h, --help', 'print this help'] as const;
  const own = [...groups]
    .filter(([heading]) => !shared.includes(heading))
    .map(([heading, options]) => ({ heading, entries: optionEntries(options) }));
  if (folded.length > 0) {
    const named = folded.map(
      ([heading, options]) => [heading.slice(0, -1), options.map(({ long }) => long).join(', ')] as const,
    );
    return [...own, { heading: foldedGroup, entries: [...named, help] }];
  }
  const last = own.find(({ heading }) => heading === ownGroup)?.entries ?? [];
  return [
    ...own.filter(({ heading }) => heading !== ownGroup),
    { heading: ownGroup, entries: [...last, help] },
  ];
}

/** Flags as a person reads them: those of one description share a line, and a flag has its own denial beside it. */
function optionEntries(options: readonly Option[]): [string, string][] {
  const entries: [string, string][] = [];
  for (const option of options) {
    const { long, negate, description, defaultValue } = option;
    const before = entries.at(-1);
    const denied = negate ? options.find((other) => other.long === long?.replace('--no-', '--')) : undefined;
    if (denied !== undefined) continue;
    const isDeniable = options.some((other) => other.negate && other.long === long?.replace('--', '--no-'));
    // The file of --trace comes after a sign of equality only: see main.
    const flags = option.flags.replace('--trace [file]', '--trace[=file]');
    const term = isDeniable ? flags.replace('--', '--[no-]') : flags;
    const text = typeof defaultValue === 'number' ? `${description} (default: ${defaultValue})` : description;
    if (before?.[1] === text) before[0] = `${before[0]}, ${term}`;
    else entries.push([term, text]);
  }
  return entries;
}

function commandEntry(command: Command): [string, string] {
  const names = [command.name(), ...command.aliases()].join(', ');
  const words =
    command.parent?.parent == null ? [] : command.registeredArguments.map((argument) => bracketed(argument));
  return [[names, ...words].join(' '), command.description()];
}

function bracketed(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function usageOf(command: Command): string {
  const path: string[] = [];
  for (let at: Command | null = command; at !== null; at = at.parent)
    path.unshift([at.name(), ...at.aliases()].join('|'));
  return [...path, command.usage()].join(' ').trim();
}
