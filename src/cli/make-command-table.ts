import type { Argument, Command, Option } from 'commander';
import { applicationChecks } from '../check/application/application-checks.js';
import { groupOf } from '../check/run/claused-check.js';
import { checksWithUser } from '../check/with-user/checks-with-user.js';
import { checksWithoutUser } from '../check/without-user/checks-without-user.js';
import { identifierTypes } from '../client/logto-parameters.js';
import { globalOptions } from '../commands/options.js';
import type {
  CommandTable,
  ListedValue,
  ListedValues,
  TableCommand,
  TableFlag,
  Values,
} from '../completion/command-table.js';
import { faultNames } from '../emulator/faults/emulator-faults.js';
import { exitCodes } from '../errors.js';
import { explanations } from '../explanation/explanations.js';
import { topics } from '../help/topics.js';
import { clientAuthenticationMethods } from '../oidc/authentication-method.js';
import { storageKinds } from '../storage/storage.js';
import { passesWordsOn } from './commands.js';
import { createProgram } from './program.js';

/**
 * The table of all commands, their flags and what may stand behind them. It loads every command: it is made when the
 * program is built, and never when it runs.
 */
export async function makeCommandTable(): Promise<CommandTable> {
  const flags = new FlagList();
  const run = async () => {};
  const bare = await createProgram(undefined, run);
  const commands = await Promise.all(
    bare.commands.map(async (named) => {
      const name = named.name();
      const program = await createProgram(name, run);
      const command = program.commands.find((other) => other.name() === name);
      if (command === undefined) throw new Error(`${name} is no command`);
      return command;
    }),
  );
  const version = { names: ['-V', '--version'], about: 'print the version' };
  const program: TableCommand = {
    names: [bare.name()],
    about: bare.description(),
    flags: flags.placesOf([...globalOptions().map((option) => flagOf(option, '')), version, help]),
    words: [],
    commands: commands.map((command) => commandOf(command, flags)),
  };
  return {
    flags: flags.all,
    program,
    topics: topics.map(({ name, about }) => ({ value: name, about })),
  };
}

const help: TableFlag = { names: ['-h', '--help'], about: 'print this help' };

/** Flags, each once. */
class FlagList {
  readonly all: TableFlag[] = [];
  readonly #places = new Map<string, number>();

  placesOf(flags: readonly TableFlag[]): number[] {
    return flags.map((flag) => {
      const text = JSON.stringify(flag);
      const place = this.#places.get(text) ?? this.all.push(flag) - 1;
      this.#places.set(text, place);
      return place;
    });
  }
}

function commandOf(command: Command, flags: FlagList): TableCommand {
  const path = command.parent?.parent == null ? command.name() : `${command.parent.name()} ${command.name()}`;
  const own = command.options.map((option) => flagOf(option, path));
  return {
    names: [command.name(), ...command.aliases()],
    about: command.description(),
    flags: flags.placesOf([...own, help]),
    words: command.registeredArguments.map((argument) => wordsOf(argument, path)),
    commands: command.commands.map((inner) => commandOf(inner, flags)),
    ...(passesWordsOn(path) && { passesWordsOn: true }),
  };
}

function flagOf(option: Option, command: string): TableFlag {
  const { long, short, hidden, description } = option;
  const names = [short, long].filter((name) => name !== undefined);
  if (hidden) return { names, about: '', takes: 'word-if-any', isHidden: true };
  const takes = option.required ? 'word' : option.optional ? 'word-if-any' : undefined;
  const values = takes === undefined ? undefined : valuesOf(option, command);
  return {
    names,
    about: description,
    // The file of --trace comes after a sign of equality only: see the reader of command lines.
    ...(takes !== undefined && { takes: long === '--trace' ? 'attached' : takes }),
    ...(values !== undefined && values.kind !== 'unknown' && { values }),
    ...(isRepeatable(option) && { isRepeatable: true }),
  };
}

/** Most say it in the help; these have no room for that. */
function isRepeatable({ long = '', description }: Option): boolean {
  return description.includes('(repeatable') || ['--expect', '--identifier'].includes(long);
}

function valuesOf({ long, flags, argChoices }: Option, command: string): Values {
  if (argChoices !== undefined) return oneOf(argChoices);
  if (long === '--only') return command === 'test-app' ? checks(applicationChecks) : checksOfTest();
  const listed = long === undefined ? undefined : valuesByFlag()[long];
  if (listed !== undefined) return listed;
  // As the help says what it takes.
  return /[<[](?:file|path|pem)[>\]]$/.test(flags) ? files : unknown;
}

const unknown: Values = { kind: 'unknown' };
const files: Values = { kind: 'files' };

/** What may stand behind flags whose option does not say it. */
function valuesByFlag(): Readonly<Record<string, Values>> {
  const open = (value: string, about: string, goesOn: Values = unknown) => ({ value, about, goesOn });
  const kinds = {
    keychain: "the operating system's keychain (default)",
    file: 'a file that only you may read',
    memory: 'nothing is kept',
  } as const satisfies Record<(typeof storageKinds)[number], string>;
  return {
    '--profile': { kind: 'profiles' },
    '--storage': { kind: 'list', list: storageKinds.map((value) => ({ value, about: kinds[value] })) },
    '--auth-method': oneOf(clientAuthenticationMethods),
    '--identifier': { ...oneOf(identifierTypes), isSeveral: true },
    '--prompt': oneOf(['login', 'consent', 'none', 'select_account', 'create']),
    // Which further addresses a machine has, no table knows that is made elsewhere.
    '--listen': {
      kind: 'list',
      list: [
        { value: 'localhost', about: 'both loopback addresses' },
        { value: '127.0.0.1', about: 'loopback, IPv4 alone' },
        { value: '::1', about: 'loopback, IPv6 alone' },
        { value: '0.0.0.0', about: 'every address of IPv4, where LOGTO_CLI_ALLOW_NON_LOOPBACK=1 allows it' },
        { value: '::', about: 'every address, where LOGTO_CLI_ALLOW_NON_LOOPBACK=1 allows it' },
      ],
    },
    '--direct-sign-in': {
      kind: 'list',
      list: [open('social:', 'a social connector'), open('sso:', 'an enterprise connector')],
    },
    '--subject-token-type': oneOf(['access-token', 'pat', 'impersonation']),
    '--reporter': {
      kind: 'list',
      list: [
        open('junit=', 'JUnit XML, in a file', files),
        open('sarif=', 'SARIF 2.1.0, in a file', files),
        { value: 'github', about: "annotations and a summary of GitHub's" },
      ],
    },
    '--fault': {
      kind: 'list',
      list: faultNames().map(({ name, values }) =>
        open(`${name}=`, `such as ${values.slice(0, 3).join(', ')}`, oneOf(values)),
      ),
    },
  };
}

function wordsOf(argument: Argument, command: string): Values {
  if (argument.argChoices !== undefined) return oneOf(argument.argChoices);
  if (command.startsWith('profile ')) return { kind: 'profiles' };
  switch (argument.name()) {
    case 'file':
      return files;
    case 'command':
      return { kind: 'program' };
    case 'code':
      return {
        kind: 'list',
        list: Object.keys(exitCodes).map((code) => ({
          value: code,
          about: explanations[code as keyof typeof explanations].meaning,
        })),
      };
    default:
      return unknown;
  }
}

function oneOf(values: readonly string[]): ListedValues {
  return { kind: 'list', list: values.map((value) => ({ value, about: '' })) };
}

/** `test` with a user has other checks than without. */
function checksOfTest(): ListedValues {
  return { ...checks(checksWithoutUser), unless: { flag: '--as', values: checks(checksWithUser) } };
}

/** Groups first, then each check. */
function checks(all: readonly { readonly id: string; readonly title: string }[]): ListedValues {
  const groups = [...new Set(all.map(groupOf))];
  const list: ListedValue[] = [
    ...groups.map((value) => ({ value, about: 'all checks of this group' })),
    ...all.map(({ id, title }) => ({ value: id, about: title })),
  ];
  return { kind: 'list', list, isSeveral: true };
}
