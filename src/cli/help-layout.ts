import type { Argument, Command, Option } from 'commander';
import { sharedGroups } from '../commands/options.js';
import { type CommandHelp, type HelpList, ProgramCommand } from '../commands/program-command.js';
import { commandLines } from '../output/command-lines.js';
import type { TextOutput } from '../output/text-output.js';
import { widest } from '../output/widest.js';
import { hangingText, wrapWords } from '../output/wrap-words.js';

/** From this width on there is room for descriptions beside what they describe. */
const columnsFrom = 70;

/** Lines longer than this are hard to read, however wide the terminal is. */
const longestLine = 100;

/** What is described may take that many characters beside its description. */
const widestTerm = 25;

/** The group of the flags that have none. */
const ownGroup = 'Options:';

const foldedGroup = 'Flags of most commands, explained by logto-cli help flags:';

/**
 * The help of a command, in lines that fit: what it does, how it is called, examples, what there is to know, its own
 * flags, one line for each group of the flags that most commands share, and `-h` at the end.
 *
 * @param screen where it is printed
 */
export function commandHelp(
  command: Command,
  { columns, paint }: Pick<TextOutput, 'columns' | 'paint'>,
): string {
  const width = Math.min(columns, longestLine);
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
  const blocks = [
    wrapWords(sentence(command.description()), width),
    commandLines('Usage: ', usageOf(command), width, ''),
    examples.flatMap((example, index) => [
      ...(index === 0 ? [paint.bold('Examples:')] : []),
      ...commandLines('  $ ', example, width),
    ]),
    ...notes.map((note) => wrapWords(note, width)),
    ...all.map((list) => [
      ...wrapWords(list.heading, width).map(paint.bold),
      ...list.entries.flatMap(([term, description]) =>
        // The last list is of something else than flags, and has room for longer lines.
        entryLines(term, description, columnOf(list.heading === foldedGroup ? [list] : all), width),
      ),
    ]),
  ].filter((lines) => lines.length > 0);
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
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

function columnOf(lists: readonly HelpList[]): number {
  return Math.min(widest(lists.flatMap(({ entries }) => entries.map(([term]) => term))), widestTerm);
}

/** One entry of a list: what it is stands beside what is described, or below where there is no room. */
function entryLines(term: string, description: string, beside: number, width: number): string[] {
  if (description === '') return [`  ${term}`];
  if (width < columnsFrom)
    return [
      ...hangingText('  ', term, width),
      ...wrapWords(description, width - 6).map((line) => `      ${line}`),
    ];
  const column = ' '.repeat(2 + beside + 2);
  const lines = wrapWords(description, width - column.length);
  const [first = '', ...others] = lines;
  const head = `  ${term.padEnd(beside)}  ${first}`;
  if (term.length <= beside) return [head, ...others.map((line) => column + line)];
  const whole = `  ${term}  ${description}`;
  return whole.length <= width ? [whole] : [`  ${term}`, ...lines.map((line) => column + line)];
}

function sentence(text: string): string {
  return text === '' || text.endsWith('.') ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
