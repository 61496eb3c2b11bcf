import { LogtoError } from '../errors.js';
import { unwrapped } from '../profile/pasted-text.js';
import { Command, type Option } from './commander.js';

/** A list in the help of a command: what is described, and what it is. */
export interface HelpList {
  readonly heading: string;
  readonly entries: readonly (readonly [term: string, description: string])[];
}

/** What the help of a command says beside its flags. */
export interface CommandHelp {
  /** Command lines to begin with, the most likely one first. */
  readonly examples?: readonly string[];
  /** What there is to know before the flags: paragraphs. */
  readonly notes?: readonly string[];
  /** What there is beside its commands. */
  readonly lists?: readonly HelpList[];
  /** Whether the flags that most commands share are explained here, too: they are what this command is about. */
  readonly explainsSharedFlags?: boolean;
}

/** A command of this program. */
export class ProgramCommand extends Command {
  #pageParts: CommandHelp = {};

  override createCommand(name?: string): ProgramCommand {
    return new ProgramCommand(name);
  }

  /** What its help says beside its flags. */
  get pageParts(): CommandHelp {
    return this.#pageParts;
  }

  /** Says what its help says beside its flags. */
  explainedBy(parts: CommandHelp): this {
    this.#pageParts = parts;
    return this;
  }

  /** Adds an option, whose value is refused where it is empty, quotes aside: that is never what somebody meant. */
  override addOption(option: Option): this {
    const parse = option.parseArg;
    // One that is refused whatever its value says itself why.
    if (option.required && !option.hidden) {
      option.argParser<unknown>((value, previous) => {
        if (unwrapped(value).value === '') throw emptyValue(option, value);
        return parse === undefined ? value : parse(value, previous);
      });
    }
    return super.addOption(option);
  }
}

function emptyValue({ long, short, flags }: Option, given: string): LogtoError {
  const flag = long ?? short ?? flags;
  const [value = ''] = /<.*>/.exec(flags) ?? [];
  return new LogtoError(
    'config_invalid',
    `${flag} is given, and its value is empty${given.trim() === '' ? '' : ' but for the quotes'}.`,
    `Give it one, ${flag} ${value}, or leave the flag out. A variable of the shell that is not set leaves nothing in its place.`,
  );
}
