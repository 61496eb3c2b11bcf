import type { TextOutput } from '../runtime.js';
import { type Paint, paintFor } from './paint.js';
import { plainJson, plainText } from './plain-text.js';
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

/**
 * What a command says: the result on stdout and nothing else there; everything for people on stderr.
 *
 * Lines on stderr are made inert. Those of a result may be painted: callers pass text from outside that stands in them
 * through `plainText` or `plainValue`.
 */
export interface Output {
  /** The command's result: the document with `--json`, else the lines. */
  result(document: unknown, lines: readonly string[]): void;
  /** Progress and remarks, on stderr unless `--quiet`. */
  note(line: string): void;
  /** A step, on stderr with `--verbose`. */
  detail(line: string): void;
  /** What should be looked into, on stderr always. */
  warn(line: string): void;
  /** An address to open, alone on its line, unwrapped and whole, on stderr always. */
  address(url: string): void;
  /** The text, in which each command to copy carries the flags that this run was given. Remarks are told so by themselves. */
  pasteable(text: string): string;
  /** Colours for stdout's lines. */
  readonly paint: Paint;
}

/** The output of one run. */
export function createOutput(stdout: TextOutput, stderr: TextOutput, options: OutputOptions): Output {
  const faint = paintFor(stderr);
  const say = (line: string) => stderr.write(`${linesFor(stderr, line).join('\n')}\n`);
  const { pasteable = (text: string) => text } = options;
  return {
    paint: paintFor(stdout),
    pasteable,
    result(document, lines) {
      if (options.json) {
        stdout.writeExact(`${plainJson(document, 2)}\n`);
        return;
      }
      const fitting = stdout.isTerminal ? lines.flatMap((line) => wrapLine(line, stdout.columns)) : lines;
      const text = fitting.join('\n');
      if (text !== '') stdout.write(`${text}\n`);
    },
    note(line) {
      if (!options.quiet) say(plainText(pasteable(line)));
    },
    detail(line) {
      if (options.verbose) say(faint.dim(plainText(line)));
    },
    warn(line) {
      say(`${faint.yellow('warning:')} ${plainText(pasteable(line))}`);
    },
    address(url) {
      stderr.writeExact(`${url}\n`);
    },
  };
}
