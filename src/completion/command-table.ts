/** What may stand in a place of the command line. */
export type Values =
  /** Something that nobody here can know. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'files' }
  /** The profiles of this machine. */
  | { readonly kind: 'profiles' }
  /** Another program, with its own arguments behind it. */
  | { readonly kind: 'program' }
  | ListedValues;

/** One of a list, or several of it. */
export interface ListedValues {
  readonly kind: 'list';
  readonly list: readonly ListedValue[];
  /** Whether several may stand there, with commas between. */
  readonly isSeveral?: true;
  /** Where this flag is given, they are others. */
  readonly unless?: { readonly flag: string; readonly values: ListedValues };
}

/** A word that may stand somewhere. */
export interface ListedValue {
  readonly value: string;
  readonly about: string;
  /** What goes on in the same word: the word is no whole one then. */
  readonly goesOn?: Values;
}

/** A flag, as somebody types it. */
export interface TableFlag {
  /** As `-q` and `--quiet`. */
  readonly names: readonly string[];
  readonly about: string;
  /**
   * Where its value stands: in the next word or behind a sign of equality (`word`), the same if there is one
   * (`word-if-any`), or behind a sign of equality alone, if there is one (`attached`). Absent: it takes none.
   */
  readonly takes?: 'word' | 'word-if-any' | 'attached';
  readonly values?: Values;
  /** Whether it may be given several times. */
  readonly isRepeatable?: true;
  /** Whether it is refused, and never offered. */
  readonly isHidden?: true;
}

/** A command, or the program itself. */
export interface TableCommand {
  /** Its name, then its aliases. */
  readonly names: readonly string[];
  readonly about: string;
  /** Places in the list of flags. */
  readonly flags: readonly number[];
  /** What its words are, in their order. */
  readonly words: readonly Values[];
  readonly commands: readonly TableCommand[];
  /** Whether its first word is another program, without a `--` before it. */
  readonly passesWordsOn?: true;
}

/**
 * All that a shell completes, but for what is different on each machine. It is made when the program is built, so that no
 * command has to be loaded for a completion.
 */
export interface CommandTable {
  /** Each once: most are those of many commands. */
  readonly flags: readonly TableFlag[];
  /** With the flags that may stand before the command. */
  readonly program: TableCommand;
  /** What `help` has beside the commands. */
  readonly topics: readonly ListedValue[];
}
