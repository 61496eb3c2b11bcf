import type { Command, Option } from 'commander';
import { exitCodes, LogtoError } from '../errors.js';
import { nearestNames } from '../explanation/nearest-names.js';
import { topics } from '../help/topics.js';
import type { FlagOption } from './arguments.js';

/** What commands are called elsewhere, and what to type here. */
const commandsElsewhere: Readonly<Record<string, string>> = {
  'sign-up': 'sign-in --sign-up',
  signup: 'sign-in --sign-up',
  register: 'sign-in --sign-up',
  auth: 'sign-in',
  authenticate: 'sign-in',
  revoke: 'sign-out',
  status: 'whoami',
  me: 'whoami',
  session: 'whoami',
  userinfo: 'whoami --remote',
  refresh: 'token --refresh',
  decode: 'token --decode',
  run: 'exec',
  check: 'doctor',
  diagnose: 'doctor',
  configure: 'profile set',
  setup: 'profile set',
  profiles: 'profile list',
  server: 'emulator',
  mock: 'emulator',
  errors: 'explain',
  version: '--version',
};

/** The same for the commands inside a command. */
const innerCommandsElsewhere: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  profile: {
    delete: 'remove',
    del: 'remove',
    rm: 'remove',
    unset: 'remove',
    clear: 'remove',
    ls: 'list',
    get: 'show',
    view: 'show',
    current: 'show',
    add: 'set',
    create: 'set',
    new: 'set',
    edit: 'set',
    update: 'set',
    switch: 'use',
    select: 'use',
    activate: 'use',
  },
};

/** What the topics of the help are called elsewhere. */
const topicsElsewhere: Readonly<Record<string, string>> = {
  options: 'flags',
  settings: 'flags',
  configuration: 'flags',
  config: 'flags',
  env: 'environment',
  variables: 'environment',
  codes: 'exit-codes',
  'error-codes': 'exit-codes',
  errors: 'exit-codes',
  events: 'json',
  'json-events': 'json',
  assertions: 'expect',
  assert: 'expect',
  har: 'trace',
  seed: 'emulator',
  faults: 'emulator',
  keychain: 'storage',
  tokens: 'storage',
  threats: 'security',
  headless: 'ci',
  junit: 'ci',
  testing: 'library',
  api: 'library',
};

/** What flags are called elsewhere. */
const flagsElsewhere: Readonly<Record<string, string>> = {
  '--url': '--endpoint',
  '--server': '--endpoint',
  '--tenant': '--endpoint',
  '--host': '--endpoint',
  '--authority': '--issuer',
  '--metadata-url': '--discovery-url',
  '--metadata-address': '--discovery-url',
  '--well-known': '--discovery-url',
  '--client': '--app-id',
  '--org': '--organization',
  '--organization-id': '--organization',
  '--audience': '--resource',
  '--aud': '--resource',
  '--debug': '--verbose',
  '--silent': '--quiet',
  '--format': '--json',
  '--output': '--json',
  '--env-file': '--dotenv',
  '--cacert': '--ca-file',
  '--non-interactive': '--no-input',
};

/** The failures of command lines whose words mean nothing here. A word is repeated only where it cannot be a secret. */
export const unknownWords = {
  /** The first word is no command. */
  command(word: string, program: Command, isHelp: boolean): LogtoError {
    if (isHelp) return noPage(word, namesOf(program));
    const meant = namesMeantBy(word, namesOf(program), meantElsewhere(word, commandsElsewhere));
    return usage(`Unknown command '${word}'`, didYouMean(meant, 'logto-cli '), []);
  },

  /** The second word is no command of the first. */
  innerCommand(word: string, parent: Command): LogtoError {
    const elsewhere = meantElsewhere(word, innerCommandsElsewhere[parent.name()] ?? {});
    const meant = namesMeantBy(word, namesOf(parent), elsewhere);
    return usage(
      `Unknown command '${word}' of ${parent.name()}`,
      didYouMean(meant, `logto-cli ${parent.name()} `),
      [parent.name()],
    );
  },

  /** A command that only has commands of its own stands alone. */
  noInnerCommand(parent: Command): LogtoError {
    const names = parent.commands.map((command) => command.name()).join(', ');
    return usage(`${parent.name()} needs a command of its own: ${names}`, null, [parent.name()]);
  },

  /** There are flags and no command. */
  noCommand(flags: readonly string[]): LogtoError {
    const isVersion = flags.length === 1 && flags[0] === '-v';
    return usage(
      'There are flags and no command',
      isVersion ? 'The version is printed by: logto-cli --version.' : null,
      [],
    );
  },

  /** A flag stands before the command that not every command has. */
  flagBeforeCommand(flag: string, options: readonly Option[]): LogtoError {
    const name = flagName(flag);
    return usage(
      `Unknown option '${name}' before the command`,
      didYouMean(flagsMeantBy(name, options)) ?? 'A flag of one command comes after it.',
      [],
    );
  },
} as const;

/** There is no help of that name: what may have been meant, and every topic. */
function noPage(word: string, commandNames: readonly string[]): LogtoError {
  const elsewhere =
    meantElsewhere(word, topicsElsewhere) ?? meantElsewhere(word, commandsElsewhere)?.replace(/ --.*/, '');
  const names = namesMeantBy(word, [...topics.map((topic) => topic.name), ...commandNames], elsewhere);
  const code = Object.keys(exitCodes).find((known) => known === word.toLowerCase());
  const meant =
    code === undefined ? didYouMean(names, 'logto-cli help ') : didYouMean([code], 'logto-cli explain ');
  const all = `Topics: ${topics.map((topic) => topic.name).join(', ')}.`;
  return usage(
    meant === null ? 'There is no such command or topic' : `There is no command or topic '${word}'`,
    meant === null ? all : `${meant} ${all}`,
    [],
  );
}

/** The name of a flag without its value, which may be a secret. */
export function flagName(flag: string): string {
  return flag.startsWith('--') ? (flag.split(/[=\s]/)[0] ?? '') : flag.slice(0, 2);
}

/** The flags of a command that somebody may have meant by one that it does not have. */
export function flagsMeantBy(flag: string, options: readonly FlagOption[]): readonly string[] {
  const names = options
    .filter(({ hidden }) => !hidden)
    .flatMap(({ long, short }) => [long, short])
    .filter((name) => name?.startsWith('--') === true) as string[];
  const letters = (name: string) => name.toLowerCase().replace(/[-_]/g, '');
  const same = names.find((name) => letters(name) === letters(flag));
  if (same !== undefined) return [same];
  const elsewhere = meantElsewhere(flag, flagsElsewhere);
  return namesMeantBy(
    flag,
    names,
    names.find((name) => name === elsewhere),
  );
}

/** The question whether one of these was meant; `null` where nothing was. */
export function didYouMean(meant: readonly string[], before = ''): string | null {
  return meant.length === 0 ? null : `Did you mean ${meant.map((name) => before + name).join(' or ')}?`;
}

/** The hint of a wrong command line: what may have been meant, and where the right ones are. */
export function usageHint(meant: string | null, path: readonly string[]): string {
  const see = `See: ${['logto-cli', ...path, '--help'].join(' ')}`;
  return meant === null ? see : `${meant} ${see}`;
}

function usage(message: string, meant: string | null, path: readonly string[]): LogtoError {
  return new LogtoError('usage_invalid', message, usageHint(meant, path));
}

function namesOf(parent: Command): string[] {
  return parent.commands.flatMap((command) => [command.name(), ...command.aliases()]);
}

/** What a word of another program is called here. */
function meantElsewhere(word: string, names: Readonly<Record<string, string>>): string | undefined {
  const typed = word.toLowerCase();
  return Object.hasOwn(names, typed) ? names[typed] : undefined;
}

/**
 * The names that begin with the word, where there are few: what is there goes before what the word is elsewhere. Then that,
 * or those that are a slip of the hand away from it.
 *
 * @param own every name that is there, some of them twice
 */
function namesMeantBy(
  word: string,
  own: readonly string[],
  elsewhere: string | undefined,
): readonly string[] {
  const names = [...new Set(own)];
  const typed = word.toLowerCase().slice(0, 60);
  const dashes = typed.startsWith('--') ? '--' : '';
  const begun = typed.length < dashes.length + 3 ? [] : names.filter((name) => name.startsWith(typed));
  if (begun.length > 0 && begun.length <= 3) return begun;
  return elsewhere === undefined ? nearestNames(typed, names, dashes).slice(0, 3) : [elsewhere];
}
