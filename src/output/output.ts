import type { TextOutput } from '../runtime.js';
import { type Paint, paintFor } from './paint.js';
import { plainJson, plainText } from './plain-text.js';

/** How much a person wants to hear, and in what form. */
export interface OutputOptions {
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
  /** Colours for stdout's lines. */
  readonly paint: Paint;
}

/** The output of one run. */
export function createOutput(stdout: TextOutput, stderr: TextOutput, options: OutputOptions): Output {
  const faint = paintFor(stderr);
  const say = (line: string) => stderr.write(`${line}\n`);
  return {
    paint: paintFor(stdout),
    result(document, lines) {
      const text = options.json ? plainJson(document, 2) : lines.join('\n');
      if (text !== '') stdout.write(`${text}\n`);
    },
    note(line) {
      if (!options.quiet) say(plainText(line));
    },
    detail(line) {
      if (options.verbose) say(faint.dim(plainText(line)));
    },
    warn(line) {
      say(`${faint.yellow('warning:')} ${plainText(line)}`);
    },
    address(url) {
      say(url);
    },
  };
}
