import { stat } from 'node:fs/promises';
import { LogtoError } from '../errors.js';
import { ownDescriptor, proveReplaceable, replaceFile } from '../storage/replace-file.js';

/** A file that a trace will be written to, when there is one. Only this user can read it. */
export class TraceFile {
  private constructor(readonly path: string) {}

  /**
   * Makes sure that the file can be written, without touching what is there.
   *
   * @throws LogtoError `config_invalid`
   */
  static async prepare(path: string): Promise<TraceFile> {
    if (path === '') throw unwritable('names no file');
    const known = await stat(path).catch(() => null);
    // A device, a pipe or a descriptor must not be replaced by a file.
    if (ownDescriptor(path) !== null || (known !== null && !known.isFile()))
      throw unwritable(`names what is no file: ${path}`);
    try {
      proveReplaceable(path);
    } catch (error) {
      throw unwritable(`names a file that cannot be written: ${path} (${codeOf(error)})`);
    }
    return new TraceFile(path);
  }

  /** `json`, `html`, `har` or anything else: what the file's name ends with. */
  get extension(): string {
    return /\.([a-z]+)$/i.exec(this.path)?.[1]?.toLowerCase() ?? '';
  }

  /**
   * Puts the text in the place of what was there.
   *
   * @throws LogtoError `config_invalid`
   */
  async replace(text: string): Promise<void> {
    try {
      await replaceFile(this.path, text);
    } catch (error) {
      throw unwritable(`could not be written: ${this.path} (${codeOf(error)})`);
    }
  }
}

function unwritable(what: string): LogtoError {
  return new LogtoError(
    'config_invalid',
    `The trace (--trace) ${what}.`,
    'Give a file in a directory that exists and is yours to write to: --trace=trace.html, trace.json, trace.har or trace.txt. ' +
      'Without a file the trace is printed.',
  );
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown';
}
