import { join, resolve } from 'node:path';
import { LogtoError } from '../errors.js';
import { NoSuchFile } from '../read-file.js';
import { despiteBusyFile } from './busy-file.js';
import { closeToOthers } from './close-to-others.js';
import { fileError, systemCode } from './file-error.js';
import { believeDirectories, directoriesFrom, readOwnFile } from './ownership.js';
import type { PrivateDirectory } from './private-directory.js';
import { assertKey, assertValue } from './storable.js';
import type { Storage } from './storage.js';

/** Where a {@link FileStorage} keeps its files. */
export interface FileStorageOptions {
  /** A directory of its own: made at the first write, and closed to everybody else if it is there already. */
  readonly directory: string;
  /**
   * The topmost directory on the way there that is the program's own, as those below it: another user who can write to
   * one is kept out. Default: the last one.
   */
  readonly top?: string;
  /** Told, in a sentence or two, when other users had access to the directory or to a file that was read. */
  readonly onExposed?: (message: string) => void;
  /**
   * Whether a value is on the disk when `set` has ended, whatever happens to the machine. Default: true. False is for a
   * cache: after a power failure a value may be gone, or `storage_corrupt`.
   */
  readonly synced?: boolean;
}

/**
 * Keeps each value in a file that only this user can read (0600, in a directory of 0700; on Windows what the parent
 * directory grants). The text is not encrypted. What another user could have put there is refused: see
 * `ownershipFault`.
 *
 * A value is written beside the old one, synced, and renamed over it: a crash leaves the old or the new value.
 *
 * @example
 * ```ts
 * const storage = new FileStorage({ directory: '/home/alice/.my-application' });
 * const client = new LogtoClient(config, { storage });
 * ```
 */
export class FileStorage implements Storage {
  readonly #directory: string;
  /** From the topmost down. */
  readonly #directories: readonly string[];
  readonly #onExposed: (message: string) => void;
  readonly #isSynced: boolean;

  constructor({ directory, top = directory, onExposed, synced = true }: FileStorageOptions) {
    this.#directory = resolve(directory);
    this.#directories = directoriesFrom(resolve(top), this.#directory);
    this.#onExposed = onExposed ?? (() => {});
    this.#isSynced = synced;
  }

  async get(key: string): Promise<string | null> {
    const path = this.#pathOf(key);
    let bytes: Buffer;
    try {
      if (!believeDirectories(this.#directories)) return null;
      const { found, ...read } = await despiteBusyFile(() => readOwnFile(path));
      bytes = read.bytes;
      const exposed = (found.mode & 0o077) === 0 ? null : closeToOthers(path);
      if (exposed !== null) this.#onExposed(exposed);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return null;
      if (error instanceof NoSuchFile) throw corrupt(path, error.why);
      throw fileError(error, `read ${path}`);
    }
    return decode(bytes, path);
  }

  async set(key: string, value: string): Promise<void> {
    const path = this.#pathOf(key);
    assertValue(value);
    try {
      await (await this.#files()).replace(fileName(key), value);
    } catch (error) {
      throw fileError(error, `write ${path}`);
    }
  }

  async delete(key: string): Promise<void> {
    const path = this.#pathOf(key);
    try {
      await (await this.#files()).remove(fileName(key));
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return;
      throw fileError(error, `delete ${path}`);
    }
  }

  #pathOf(key: string): string {
    assertKey(key);
    return join(this.#directory, fileName(key));
  }

  /** What writes is loaded by the first write: most commands only read. */
  async #files(): Promise<PrivateDirectory> {
    const { PrivateDirectory } = await import('./private-directory.js');
    return new PrivateDirectory(this.#directories, this.#onExposed, this.#isSynced);
  }
}

/**
 * A file name for any key, the same on every file system: no upper case where case is ignored, no device of Windows
 * (`con`, `nul`), no dot, at most 204 characters.
 */
function fileName(key: string): string {
  const escaped = [...Buffer.from(key)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[a-z0-9_-]/.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
  if (escaped.length <= 200) return `key-${escaped}`;
  // Loading node:crypto costs more than reading a value does, and hardly any key is this long.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return `key-%sha256-${createHash('sha256').update(key).digest('hex')}`;
}

function decode(bytes: Buffer, path: string): string {
  // A TextDecoder takes longer to be made than a session to be read.
  if (!process.getBuiltinModule('node:buffer').isUtf8(bytes)) throw corrupt(path, 'is not UTF-8 text');
  const text = bytes.toString('utf8');
  if (text === '' || text.includes('\0')) throw corrupt(path, 'is empty or has NUL characters in it');
  return text;
}

function corrupt(path: string, fault: string): LogtoError {
  return new LogtoError(
    'storage_corrupt',
    `${path} ${fault}: this program did not write it so.`,
    `Remove ${path} and sign in again.`,
  );
}
