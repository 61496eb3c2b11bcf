/** What there is to know of an option to find its flag and its value in a command line. */
export interface FlagOption {
  readonly long?: string | undefined;
  readonly short?: string | undefined;
  /** Whether a value comes with it. */
  readonly required: boolean;
  /** Whether no help names it. */
  readonly hidden?: boolean;
}

/** A command line of which is known what it asks for. */
export interface CommandLine {
  /** The words of the command, `profile set`; none for the program itself. */
  readonly path: readonly string[];
  /** The command, then the flags that stood before it, then the rest; what is another program's comes after `--`. */
  readonly argv: readonly string[];
  /** The options of the command. */
  readonly options: readonly FlagOption[];
}

/** The arguments that are ours: what comes after `--` is another program's, or no flag. */
export function ownArguments(argv: readonly string[]): readonly string[] {
  return argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
}

/** The option of a flag as it was typed, with or without its value. */
export function optionNamed<T extends FlagOption>(flag: string, options: readonly T[]): T | undefined {
  const [name] = flag.split('=');
  return options.find(({ long, short }) => long === name || short === name);
}
