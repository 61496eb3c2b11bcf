import type { Paint } from './paint.js';
import { plainText } from './plain-text.js';
import type { TextOutput } from './text-output.js';
import { linesFor, wrapLine } from './wrap-words.js';

/** How much a person wants to hear, and in what form. */
export interface OutputOptions {
  /** A text in which the commands to copy are whole: see {@link Output.pasteable}. Default: the text. */
  readonly pasteable?: (text: string) => string;
  /** Exactly one JSON document on stdout. */
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
}

/** A result that programs take as it is, on a line of its own: a token. */
export interface ResultValue {
  readonly value: string;
}

/** What a command says: the result on stdout and nothing else there; everything for people on stderr. */
export interface Output {
  /**
   * The command's result: the document with `--json`, else the lines, or the value; without either, the document.
   *
   * @throws LogtoError `token_response_invalid` for a value that cannot be printed: see `TextOutput.writeValue`
   */
  result(document: unknown, lines?: readonly string[] | ResultValue): void;
  /** Progress and remarks, on stderr unless `--quiet`. */
  note(line: string): void;
  /** A step, on stderr with `--verbose`. */
  detail(line: string): void;
  /** What should be looked into, on stderr always. */
  warn(line: string): void;
  /** An address to open, alone on its line, unwrapped and whole, on stderr always. */
  address(url: string): void;
  /** An address of ours within a line of {@link note}: a link, where the terminal shows links. */
  link(url: string): string;
  /** A code to type somewhere, alone on its line, on stderr always. */
  code(text: string): void;
  /** What is drawn for a person: on stderr where that is a terminal, unless `--quiet`. Nothing elsewhere. */
  picture(draw: (place: TextOutput) => readonly string[]): void;
  /** The text, in which each command to copy carries the flags that this run was given. Remarks are told so by themselves. */
  pasteable(text: string): string;
  /** A hint as it is told: {@link pasteable}, with what this run knows of what it names. */
  hint(text: string): string;
  /** What a hint that names one of these is told with: why the run has it, and does without. */
  know(names: readonly string[], words: string): void;
  /** Colours for stdout's lines. */
  readonly paint: Paint;
}

/** The output of one run. */
export function createOutput(stdout: TextOutput, stderr: TextOutput, options: OutputOptions): Output {
  const { paint } = stderr;
  const say = (line: string) => stderr.write(linesFor(stderr, line));
  const { pasteable = (text: string) => text } = options;
  const known: { readonly names: readonly string[]; readonly words: string }[] = [];
  return {
    paint: stdout.paint,
    pasteable,
    hint(text) {
      const fitting = known.filter(
        ({ names, words }) => names.some((name) => text.includes(name)) && !text.includes(words),
      );
      return [pasteable(text), ...new Set(fitting.map(({ words }) => words))].join(' ');
    },
    know(names, words) {
      known.push({ names, words });
    },
    result(document, lines) {
      if (options.json || lines === undefined) stdout.writeJson(document, 2);
      else if ('value' in lines) stdout.writeValue(lines.value);
      else stdout.write(stdout.isTerminal ? lines.flatMap((line) => wrapLine(line, stdout.columns)) : lines);
    },
    note(line) {
      if (!options.quiet) say(pasteable(line));
    },
    detail(line) {
      if (options.verbose) say(paint.dim(plainText(line)));
    },
    warn(line) {
      say(`${paint.yellow('warning:')} ${pasteable(line)}`);
    },
    address(url) {
      stderr.write([url], { limit: Number.POSITIVE_INFINITY });
    },
    link: paint.link,
    code(text) {
      stderr.write([paint.bold(text)]);
    },
    picture(draw) {
      if (stderr.isTerminal && !options.quiet) stderr.write(draw(stderr));
    },
  };
}
