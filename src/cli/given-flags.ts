import { commandsIn, withoutQuoted } from '../output/command-text.js';
import { unwrapped } from '../profile/pasted-text.js';
import { shellWord } from '../shell-word.js';
import { type FlagOption, optionNamed, ownArguments } from './arguments.js';

/** A flag of this run that the next command needs as well. */
export interface GivenFlag {
  readonly flag: string;
  readonly value: string;
}

const provider = ['--endpoint', '--issuer', '--discovery-url'];
const connection = [...provider, '--app-id', '--auth-method', '--client-key', '--ca-file'];
const place = ['--profile', '--storage'];
const everywhere = ['--dotenv'];

/** The flags that are carried on, by the commands that have them. None of them is a secret. */
const carriedFlags: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    [
      'sign-in',
      'login',
      'init',
      'whoami',
      'token',
      'exec',
      'doctor',
      'test',
      'sign-out',
      'logout',
      'config show',
    ].map((name) => [name, [...connection, ...place, ...everywhere]]),
  ),
  verify: [...provider, '--ca-file', ...place, ...everywhere],
  'test-app': ['--ca-file'],
  'profile set': [...connection, '--storage', ...everywhere],
  'emulator set': ['--endpoint', '--ca-file', ...everywhere],
  'config path': everywhere,
  ...Object.fromEntries(['list', 'show', 'use', 'remove'].map((name) => [`profile ${name}`, everywhere])),
};

/** A value that a hint shows for want of the right one. */
const example = /^(?:…|<.*|https:\/\/tenant\.logto\.app)$/s;

/**
 * The flags of a run that a hint's command needs, as they were given last.
 *
 * @param argv the command line
 * @param options those of its command
 */
export function givenFlags(argv: readonly string[], options: readonly FlagOption[]): readonly GivenFlag[] {
  const wanted = new Set([...connection, ...place, ...everywhere]);
  const found = new Map<string, string>();
  const own = ownArguments(argv);
  for (let index = 0; index < own.length; index += 1) {
    const word = own[index] ?? '';
    const option = word.startsWith('-') ? optionNamed(word, options) : undefined;
    if (!option?.required) continue;
    const given = word.includes('=') ? word.slice(word.indexOf('=') + 1) : own[++index];
    const { long: flag } = option;
    const value = given && asTaken(given, flag);
    // What is kept in memory ends with its command: the next one would find nothing.
    const isLost = flag === '--storage' && value === 'memory';
    if (flag && value && wanted.has(flag) && !isLost && !mayHoldSecret(value)) found.set(flag, value);
  }
  return [...found].map(([flag, value]) => ({ flag, value }));
}

/** A value without what the settings leave out of it: with a line break at its end it would look like a key. */
function asTaken(given: string, flag: string | undefined): string {
  if (flag === '--storage') return given.trim();
  return flag !== undefined && [...provider, '--app-id'].includes(flag) ? unwrapped(given).value : given;
}

/** Somebody may have put a password into an address, or a key in the place of its file. */
function mayHoldSecret(value: string): boolean {
  const colon = value.indexOf(':');
  // The braces of an issuer that is a template stand behind its scheme.
  return (colon !== -1 && value.includes('@', colon)) || /^[^/]*\{|\n|-----/.test(value);
}

/**
 * A text in which every command of this program carries the flags that this run was given, where it has them and says
 * nothing else itself. They are quoted for a shell.
 */
export function withGivenFlags(text: string, given: readonly GivenFlag[]): string {
  if (given.length === 0 || !text.includes('logto-cli ')) return text;
  let result = '';
  let from = 0;
  for (const { start, end } of commandsIn(text)) {
    const command = text.slice(start, end);
    // Help is the same for everybody.
    if (!command.startsWith('logto-cli ') || command.endsWith(' --help')) continue;
    result += text.slice(from, start) + carried(command, given);
    from = end;
  }
  return result + text.slice(from);
}

function carried(command: string, given: readonly GivenFlag[]): string {
  const [, first = '', second = ''] = command.split(' ', 3);
  const path = ['profile', 'config', 'emulator'].includes(first) ? `${first} ${second}` : first;
  const accepted = carriedFlags[path];
  if (accepted === undefined) return command;
  let text = command;
  const added: string[] = [];
  for (const { flag, value } of given) {
    if (!accepted.includes(flag)) continue;
    const words = `${flag} ${shellWord(value)}`;
    const shown = [flag, ...rivals(flag)].find((name) => withoutQuoted(command).includes(` ${name}`));
    const isBeside =
      flag === '--discovery-url' && shown !== undefined && shown !== flag && isExample(command, shown);
    if (shown === undefined || isBeside) added.push(words);
    else text = withValue(text, shown, words);
  }
  const head = `logto-cli ${path}`;
  return [head, ...added].join(' ') + text.slice(head.length);
}

/** The provider is one setting, however it is named: a command that names one needs nothing of another. */
function rivals(flag: string): readonly string[] {
  return provider.includes(flag) ? provider : [flag];
}

/** Whether a flag has only an example for its value: what was given takes its place. */
function isExample(command: string, flag: string): boolean {
  return withValue(command, flag, '') !== command;
}

/** The command with these words in the place of a flag that has only an example for its value. */
function withValue(command: string, flag: string, words: string): string {
  const own = withoutQuoted(command);
  const start = own.indexOf(` ${flag} `);
  if (start === -1) return command;
  const begin = start + flag.length + 2;
  const isBracket = own[begin] === '<';
  const found = isBracket ? own.indexOf('>', begin) + 1 : own.indexOf(' ', begin);
  const end = found <= 0 ? command.length : found;
  if (!example.test(command.slice(begin, end))) return command;
  return `${command.slice(0, start + 1)}${words}${command.slice(end)}`;
}
