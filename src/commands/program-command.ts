import { Command } from './commander.js';

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
}
