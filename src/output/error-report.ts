import { LogtoError } from '../errors.js';
import type { TextOutput } from '../runtime.js';
import { paintFor } from './paint.js';
import { plainText } from './plain-text.js';

/** The document that stands for a failure with `--json`. */
export interface ErrorDocument {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly details?: unknown;
}

/** The document of any failure. What is not a {@link LogtoError} is a bug of ours and says no more than that. */
export function errorDocument(error: unknown): ErrorDocument {
  if (error instanceof LogtoError) {
    const { code, message, hint, details } = error;
    return { code, message, hint, ...(details && { details }) };
  }
  return {
    code: 'internal_error',
    message: 'Something went wrong inside logto-cli: this is a bug.',
    hint: 'Run the command again with --verbose and report what it prints.',
  };
}

/**
 * Tells a person what happened and what to do next. Somebody who looks on a terminal is told where there is more.
 *
 * @param quiet whether they want to hear no more than they must
 */
export function reportError(error: unknown, stderr: TextOutput, verbose: boolean, quiet = false): void {
  const { code, message, hint } = errorDocument(error);
  const paint = paintFor(stderr);
  stderr.write(`${paint.red('error:')} ${plainText(message)} ${paint.dim(`(${code})`)}\n`);
  if (hint) stderr.write(`${paint.bold('hint:')} ${plainText(hint)}\n`);
  if (verbose && !(error instanceof LogtoError)) stderr.write(`${stackOf(error)}\n`);
  if (stderr.isTerminal && !quiet) stderr.write(`${paint.dim(`more: logto-cli explain ${code}`)}\n`);
}

/** Where a bug of ours struck: the frames only, since a message may quote what must not be printed. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return `thrown: ${typeof error}`;
  const stack = error.stack ?? '';
  // The message comes first, and may have lines that look like frames.
  const end = stack.indexOf(error.message) + error.message.length;
  const frames = stack
    .slice(end)
    .split('\n')
    .filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames].join('\n');
}
