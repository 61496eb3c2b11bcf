import type { WriteStream } from 'node:tty';

/** Standard output or standard error of this process: what is said there, and what could not be taken. */
export class StandardStream {
  readonly #name: 'stdout' | 'stderr';
  readonly #errors: NodeJS.ErrnoException[] = [];
  /** Written to without a stream: opening one takes Node as long as reading a session. */
  #file: number | null = null;
  #stream: WriteStream | null = null;
  #isUsed = false;

  /**
   * @param isAwaited whether nothing else happens while it is written to, so that whoever reads slowly holds up nothing
   */
  constructor(name: 'stdout' | 'stderr', isAwaited = false) {
    this.#name = name;
    const file = { stdout: 1, stderr: 2 }[name];
    if (isAwaited && isWrittenAtOnce(file)) this.#file = file;
  }

  get isTTY(): boolean {
    return this.#file === null && this.#opened().isTTY === true;
  }

  get columns(): number | undefined {
    return this.#file === null ? this.#opened().columns : undefined;
  }

  write(text: string): void {
    this.#isUsed = true;
    const rest = this.#file === null ? text : this.#put(this.#file, Buffer.from(text));
    if (rest.length > 0) this.#opened().write(rest);
  }

  /** Resolves when all that was written has been taken, or never will be: with what went wrong. */
  async settled(): Promise<readonly NodeJS.ErrnoException[]> {
    const stream = this.#stream;
    // A device that is full refuses the empty text, too, of somebody who had nothing to say.
    if (stream !== null && this.#isUsed) {
      await new Promise((done) => stream.write('', done));
      // What a stream could not take is known a moment later.
      await new Promise((done) => setImmediate(done));
    }
    return this.#errors;
  }

  /** @returns what could not be taken at once */
  #put(file: number, bytes: Buffer): Buffer {
    const { writeSync } = process.getBuiltinModule('node:fs');
    let rest = bytes;
    try {
      while (rest.length > 0) rest = rest.subarray(writeSync(file, rest));
      return rest;
    } catch (error) {
      // Somebody who has the same pipe made it one that waits for nobody.
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') {
        this.#file = null;
        return rest;
      }
      this.#errors.push(error as NodeJS.ErrnoException);
      return rest.subarray(rest.length);
    }
  }

  #opened(): WriteStream {
    if (this.#stream === null) {
      this.#stream = process[this.#name];
      this.#stream.on('error', (error) => this.#errors.push(error));
    }
    return this.#stream;
  }
}

/** Both outputs of the process. */
export type StandardStreams = Readonly<Record<'stdout' | 'stderr', StandardStream>>;

/**
 * Whether it is a file, a pipe, or where everything is lost: Node would tell the process to wait for each of them, too,
 * on every system but Windows. A terminal has a width.
 */
function isWrittenAtOnce(file: number): boolean {
  if (process.platform === 'win32') return false;
  const { fstatSync, statSync } = process.getBuiltinModule('node:fs');
  try {
    const found = fstatSync(file);
    if (found.isFile() || found.isFIFO() || found.isSocket()) return true;
    return found.isCharacterDevice() && found.rdev === statSync('/dev/null').rdev;
  } catch {
    return false;
  }
}
