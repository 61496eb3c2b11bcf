import { LogtoError } from '../errors.js';
import { shellWord } from '../shell-word.js';
import { plainText } from './plain-text.js';
import { printedLines } from './printed-lines.js';
import type { TextOutput } from './text-output.js';
import { linesFor } from './wrap-words.js';

/** The document that stands for a failure with `--json`. */
export interface ErrorDocument {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly details?: unknown;
}

/**
 * The document of any failure. What is not a {@link LogtoError} is a bug of ours and says no more than that.
 *
 * @param pasteable completes the commands in the hint: see `Output.pasteable`
 */
export function errorDocument(error: unknown, pasteable = (hint: string) => hint): ErrorDocument {
  if (error instanceof LogtoError) {
    const { code, message, hint, details } = error;
    return { code, message, hint: pasteable(hint), ...(details && { details }) };
  }
  return {
    code: 'internal_error',
    message: 'Something went wrong inside logto-cli: this is a bug.',
    hint: 'Run the command again with --verbose and report what it prints.',
  };
}

/** How a person is told of a failure. */
export interface ErrorReportOptions {
  /** Where a bug of ours struck is told as well. */
  readonly verbose?: boolean;
  /** They want to hear no more than they must. */
  readonly quiet?: boolean | undefined;
  /** Completes the commands in the hint: see `Output.pasteable`. */
  readonly pasteable?: (hint: string) => string;
}

/** Tells a person what happened and what to do next. Somebody who looks on a terminal is told where there is more. */
export function reportError(error: unknown, stderr: TextOutput, options: ErrorReportOptions = {}): void {
  const { verbose = false, quiet = false, pasteable } = options;
  const { code, message, hint } = errorDocument(error, pasteable);
  const { paint } = stderr;
  const tell = (text: string) => stderr.write(linesFor(stderr, text));
  tell(`${paint.red('error:')} ${plainText(message)} ${paint.dim(`(${code})`)}`);
  const printed = error instanceof LogtoError ? error.details?.['printed'] : undefined;
  if (Array.isArray(printed)) stderr.write(printedLines(printed, paint));
  if (hint) tell(`${paint.bold('hint:')} ${hint}`);
  if (verbose && !(error instanceof LogtoError)) stderr.write(stackOf(error));
  if (stderr.isTerminal && !quiet) tell(paint.dim(`more: logto-cli explain ${shellWord(code)}`));
}

/** Where a bug of ours struck: the frames only, since a message may quote what must not be printed. */
function stackOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [`thrown: ${typeof error}`];
  const stack = error.stack ?? '';
  // The message comes first, and may have lines that look like frames.
  const end = stack.indexOf(error.message) + error.message.length;
  const frames = stack
    .slice(end)
    .split('\n')
    .filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames];
}
