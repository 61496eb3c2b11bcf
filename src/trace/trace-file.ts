import { randomUUID } from 'node:crypto';
import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { LogtoError } from '../errors.js';
import { despiteBusyFile } from '../storage/busy-file.js';

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
    // A device or a pipe must not be replaced by a file.
    if (known !== null && !known.isFile()) throw unwritable(`names what is no file: ${path}`);
    const file = new TraceFile(path);
    const trial = file.#beside();
    try {
      await writeFile(trial, '', { flag: 'wx', mode: 0o600 });
    } catch (error) {
      throw unwritable(`names a file that cannot be written: ${path} (${codeOf(error)})`);
    }
    await rm(trial, { force: true });
    return file;
  }

  /** `json`, `html` or anything else: what the file's name ends with. */
  get extension(): string {
    return /\.([a-z]+)$/i.exec(this.path)?.[1]?.toLowerCase() ?? '';
  }

  /**
   * Puts the text in the place of what was there.
   *
   * @throws LogtoError `config_invalid`
   */
  async replace(text: string): Promise<void> {
    const temporary = this.#beside();
    try {
      await writeFile(temporary, text, { flag: 'wx', mode: 0o600 });
      await despiteBusyFile(() => rename(temporary, this.path));
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined); // the first error is the one to tell
      throw unwritable(`could not be written: ${this.path} (${codeOf(error)})`);
    }
  }

  #beside(): string {
    return `${this.path}.${randomUUID()}.tmp`;
  }
}

function unwritable(what: string): LogtoError {
  return new LogtoError(
    'config_invalid',
    `--trace ${what}.`,
    'Give a file in a directory that exists and is yours to write to: --trace=trace.html, trace.json or trace.txt. ' +
      'Without a file the trace is printed.',
  );
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown';
}
