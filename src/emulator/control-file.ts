import { unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { believeDirectories, makeDirectories, readOwnFile } from '../storage/ownership.js';
import { replaceFile } from '../storage/replace-file.js';

/** What an emulator leaves for `emulator set` of the same user, for as long as it runs. */
export interface EmulatorControl {
  /** Where it is. */
  readonly endpoint: string;
  /** What lets change it. */
  readonly key: string;
  /** The process that it is. */
  readonly pid: number;
}

/** The files in which running emulators say how they can be changed, one for each port: for this user alone. */
export class ControlFiles {
  readonly #directories: readonly string[];

  /** @param state where this program keeps what is of this moment */
  constructor(state: string) {
    this.#directories = [state, join(state, 'emulators')];
  }

  /** @throws the system's error, with its `code`; NotBelieved */
  async write(control: EmulatorControl): Promise<void> {
    makeDirectories(this.#directories);
    await replaceFile(this.#path(control.endpoint), JSON.stringify(control));
  }

  /**
   * What the emulator at an address has left; `null` for nothing.
   *
   * @throws the system's error, with its `code`; NotBelieved
   */
  read(endpoint: string): EmulatorControl | null {
    try {
      if (!believeDirectories(this.#directories)) return null;
      const control: unknown = JSON.parse(readOwnFile(this.#path(endpoint)).bytes.toString());
      return isControl(control) ? control : null;
    } catch (error) {
      if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  /** Removes what was left under this key. What another emulator wrote since stays. */
  remove({ endpoint, key }: EmulatorControl): void {
    try {
      if (this.read(endpoint)?.key === key) unlinkSync(this.#path(endpoint));
    } catch {
      // Whatever is there is not ours, or cannot be removed: the key in it is worth nothing once we have ended.
    }
  }

  #path(endpoint: string): string {
    const { port, protocol } = new URL(endpoint);
    return join(this.#directories.at(-1) ?? '', `${port || (protocol === 'https:' ? 443 : 80)}.json`);
  }
}

function isControl(value: unknown): value is EmulatorControl {
  if (typeof value !== 'object' || value === null) return false;
  const { endpoint, key, pid } = value as Record<string, unknown>;
  return typeof endpoint === 'string' && typeof key === 'string' && typeof pid === 'number';
}
