import { chmod, mkdir, open, readdir, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LogtoError } from '../errors.js';
import { despiteBusyFile } from './busy-file.js';
import { fileError, systemCode } from './file-error.js';
import { assertKey, assertValue } from './storable.js';
import type { Storage } from './storage.js';

/** Where a {@link FileStorage} keeps its files. */
export interface FileStorageOptions {
  /** A directory of its own: made at the first write, and closed to everybody else if it is there already. */
  readonly directory: string;
}

/** A temporary file is there for milliseconds; one of this age, in milliseconds, has lost its writer. */
const abandonedAfter = 60_000;

/**
 * Keeps each value in a file that only this user can read (0600, in a directory of 0700; on Windows what the parent
 * directory grants). The text is not encrypted.
 *
 * A value is written beside the old one, synced, and renamed over it: a crash leaves the old or the new value.
 */
export class FileStorage implements Storage {
  readonly #directory: string;

  constructor(options: FileStorageOptions) {
    this.#directory = resolve(options.directory);
  }

  async get(key: string): Promise<string | null> {
    const path = this.#pathOf(key);
    let bytes: Buffer;
    try {
      bytes = await despiteBusyFile(() => readFile(path));
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return null;
      if (systemCode(error) === 'EISDIR') throw corrupt(path, 'is a directory');
      throw fileError(error, `read ${path}`);
    }
    return decode(bytes, path);
  }

  async set(key: string, value: string): Promise<void> {
    const path = this.#pathOf(key);
    assertValue(value);
    try {
      await this.#replace(path, value);
      await this.#sync();
    } catch (error) {
      throw fileError(error, `write ${path}`);
    }
    // The value is stored; what cannot be swept now is swept by a later write.
    await this.#removeTemporaryFiles((_name, age) => age > abandonedAfter).catch(() => undefined);
  }

  async delete(key: string): Promise<void> {
    const path = this.#pathOf(key);
    try {
      // What a dead writer of this key left is as secret as the value.
      await this.#removeTemporaryFiles((name) => name.startsWith(`${fileName(key)}.`));
      await despiteBusyFile(() => unlink(path));
      await this.#sync();
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return;
      throw fileError(error, `delete ${path}`);
    }
  }

  #pathOf(key: string): string {
    assertKey(key);
    return join(this.#directory, fileName(key));
  }

  async #replace(path: string, value: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const temporary = `${path}.${crypto.randomUUID()}.tmp`;
      try {
        await this.#openDirectory();
        await writeSynced(temporary, value);
        // A rename replaces a symbolic link; it never writes to where the link points.
        return await despiteBusyFile(() => rename(temporary, path));
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => undefined); // the first error is the one to tell
        // A sibling that deleted the key, or the directory, at this moment took our file along.
        if (systemCode(error) !== 'ENOENT' || attempt === 3) throw error;
      }
    }
  }

  /** Makes the directory, or closes one that others can look into. */
  async #openDirectory(): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    if (process.platform === 'win32') return;
    const { mode } = await stat(this.#directory);
    if ((mode & 0o077) === 0) return;
    // Closing /tmp, which root could, would break the machine for everybody.
    if ((mode & 0o1000) !== 0) {
      throw new LogtoError(
        'storage_unavailable',
        `${this.#directory} is a directory that everybody shares.`,
        `Name a directory inside it, such as ${join(this.#directory, 'logto-cli')} (LOGTO_CLI_HOME), or choose another kind of storage with --storage (LOGTO_CLI_STORAGE).`,
      );
    }
    await chmod(this.#directory, 0o700);
  }

  /** Puts the directory's entries on the disk, so that a rename outlives a power failure. */
  async #sync(): Promise<void> {
    if (process.platform === 'win32') return; // a directory cannot be opened there
    const directory = await open(this.#directory, 'r');
    try {
      await directory.sync();
    } catch (error) {
      // Some network and FUSE file systems have no such call; the rename itself has happened.
      if (!['EINVAL', 'ENOTSUP', 'ENOSYS'].includes(systemCode(error) ?? '')) throw error;
    } finally {
      await directory.close();
    }
  }

  async #removeTemporaryFiles(isWanted: (name: string, age: number) => boolean): Promise<void> {
    const names = await readdir(this.#directory).catch(() => []);
    for (const name of names.filter((name) => name.endsWith('.tmp'))) {
      const path = join(this.#directory, name);
      const written = await stat(path).catch(() => null);
      if (written === null || !isWanted(name, Date.now() - written.mtimeMs)) continue;
      await rm(path, { force: true });
    }
  }
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
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
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw corrupt(path, 'is not UTF-8 text');
  }
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
