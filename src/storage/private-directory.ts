import { closeSync, constants, openSync, readdirSync, realpathSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { LogtoError } from '../errors.js';
import { despiteBusyFile } from './busy-file.js';
import { closeToOthers } from './close-to-others.js';
import { orNull, systemCode } from './file-error.js';
import { believeDirectories, makeDirectories } from './ownership.js';
import { removeFile, replaceFile, syncToDisk } from './replace-file.js';

/** A temporary file is there for milliseconds; one of this age, in milliseconds, has lost its writer. */
const abandonedAfter = 60_000;

/** A value under way, and the canary of `proveWritable`. */
const temporaryName = /\.tmp$|^key-probe-[\da-f-]{36}$/;

/** A directory that only this user can look into, and whose files are replaced as a whole. */
export class PrivateDirectory {
  readonly #directory: string;
  readonly #directories: readonly string[];
  readonly #onExposed: (message: string) => void;
  readonly #isSynced: boolean;

  /**
   * @param directories absolute paths, from the topmost that is ours down to the one that is meant; made at the first
   * write
   * @param onExposed told when other users had access to it
   * @param isSynced false for what may be lost when the power fails
   */
  constructor(directories: readonly string[], onExposed: (message: string) => void, isSynced = true) {
    this.#directory = directories.at(-1) ?? '';
    this.#directories = directories;
    this.#onExposed = onExposed;
    this.#isSynced = isSynced;
  }

  /**
   * Writes a file beside the old one, synced, and renames it over that. What dead writers left is swept.
   *
   * @throws the system's error, with its `code`; NotBelieved; LogtoError `storage_unavailable` for a directory that is
   * shared
   */
  async replace(name: string, text: string): Promise<void> {
    await this.#write(join(this.#directory, name), text);
    await this.#sync();
    // The value is stored; what cannot be swept now is swept by a later write.
    orNull(() => this.#removeTemporaryFiles((_name, age) => age > abandonedAfter));
  }

  /**
   * Removes a file, and what dead writers left of it.
   *
   * @throws the system's error, with its `code`: `ENOENT` when it is not there; NotBelieved
   */
  async remove(name: string): Promise<void> {
    believeDirectories(this.#directories);
    // What a dead writer of this file left is as secret as the file.
    this.#removeTemporaryFiles((other) => other.startsWith(`${name}.`));
    await despiteBusyFile(() => unlinkSync(join(this.#directory, name)));
    await this.#sync();
  }

  async #write(path: string, value: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.#openDirectory();
        return await replaceFile(path, value, 0o600, this.#isSynced);
      } catch (error) {
        // A sibling that deleted the key, or the directory, at this moment took our file along.
        if (systemCode(error) !== 'ENOENT' || attempt === 3) throw error;
      }
    }
  }

  /** Makes the directory, or closes one that others can look into. */
  #openDirectory(): void {
    makeDirectories(this.#directories);
    if (process.platform === 'win32') return;
    const { mode } = statSync(this.#directory);
    // Closing /tmp, which root could, would break the machine for everybody.
    if ((mode & 0o1000) !== 0 && (mode & 0o077) !== 0) {
      throw new LogtoError(
        'storage_unavailable',
        `${this.#directory} is a directory that everybody shares.`,
        `Name a directory inside it, such as ${join(this.#directory, 'logto-cli')} (LOGTO_CLI_HOME), or choose another kind of storage with --storage (LOGTO_CLI_STORAGE).`,
      );
    }
    const exposed = closeToOthers(realpathSync.native(this.#directory));
    if (exposed !== null) this.#onExposed(exposed);
  }

  /** Puts the directory's entries on the disk, so that a rename outlives a power failure. */
  async #sync(): Promise<void> {
    // A directory cannot be opened there.
    if (process.platform === 'win32' || !this.#isSynced) return;
    const directory = openSync(this.#directory, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      await syncToDisk(directory);
    } catch (error) {
      // Some network and FUSE file systems have no such call; the rename itself has happened.
      if (!['EINVAL', 'ENOTSUP', 'ENOSYS'].includes(systemCode(error) ?? '')) throw error;
    } finally {
      closeSync(directory);
    }
  }

  #removeTemporaryFiles(isWanted: (name: string, age: number) => boolean): void {
    const names = orNull(() => readdirSync(this.#directory)) ?? [];
    for (const name of names.filter((name) => temporaryName.test(name))) {
      const path = join(this.#directory, name);
      const written = orNull(() => statSync(path));
      if (written === null || !isWanted(name, Date.now() - written.mtimeMs)) continue;
      removeFile(path);
    }
  }
}
