import { ChunkedStorage } from './chunking.js';
import { KeychainProcess, type KeychainRequest } from './keychain-process.js';
import { assertKey, assertValue } from './storable.js';
import type { Storage } from './storage.js';

/** Which items of the keychain a {@link KeychainStorage} uses, and how long it waits for them. */
export interface KeychainStorageOptions {
  /** A name that no other program uses. */
  readonly service: string;
  /** What every item's account begins with: the account of a key is `<account>/<key>`, the key percent-encoded. */
  readonly account: string;
  /** Told once when the keychain takes so long that it is probably asking a person for something. */
  readonly onWait?: () => void;
  /**
   * How long the keychain may take for one answer, in milliseconds: 4,000 where no prompt can appear (Linux without
   * `DISPLAY` or `WAYLAND_DISPLAY`), else 60,000.
   */
  readonly timeLimit?: number;
  /** Instead of `process.env`: where the keychain is found. Only what that takes is handed to the child process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Bytes that Windows keeps in one item (CRED_MAX_CREDENTIAL_BLOB_SIZE). */
const windowsLimit = 2_560;

/**
 * Keeps values in the keychain of the operating system: macOS Keychain, Windows Credential Manager, or a Secret
 * Service (gnome-keyring, KWallet, KeePassXC) on Linux.
 *
 * Calls run in a child process, so that a keychain that hangs can be given up. On Linux the first value is read without
 * it, where that can be: it starts with the first call that needs it.
 *
 * @example
 * ```ts
 * const storage = new KeychainStorage({ service: 'my-application', account: 'alice' });
 * const client = new LogtoClient(config, { storage });
 * ```
 */
export class KeychainStorage implements Storage {
  readonly #options: KeychainStorageOptions;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #process: KeychainProcess;
  readonly #values: Storage;
  #hasTold = false;

  /** @param calls who calls the keychain; a process of its own by default */
  constructor(options: KeychainStorageOptions, calls?: KeychainProcess) {
    assertKey(options.service);
    assertKey(options.account);
    this.#options = options;
    this.#environment = options.environment ?? process.env;
    this.#process = calls ?? new KeychainProcess(this.#environment);
    const items: Storage = {
      get: (name) => this.#getItem(name),
      set: async (name, value) => void (await this.#call({ operation: 'set', name, value })),
      delete: async (name) => void (await this.#call({ operation: 'delete', name })),
    };
    this.#values = process.platform === 'win32' ? new ChunkedStorage(items, windowsLimit) : items;
  }

  async get(key: string): Promise<string | null> {
    return await this.#values.get(nameOf(key));
  }

  async set(key: string, value: string): Promise<void> {
    const name = nameOf(key);
    assertValue(value);
    await this.#values.set(name, value);
  }

  async delete(key: string): Promise<void> {
    await this.#values.delete(nameOf(key));
  }

  async #getItem(name: string): Promise<string | null> {
    const found = await this.#call({ operation: 'get', name });
    if (found !== null || process.platform !== 'linux') return found;
    // A locked keyring reads as an empty one. Deleting writes first, and writing it refuses.
    await this.#call({ operation: 'delete', name: `probe-${crypto.randomUUID()}` });
    // A person may have unlocked it for that.
    return await this.#call({ operation: 'get', name });
  }

  #call(item: Pick<KeychainRequest, 'operation' | 'value'> & { name: string }): Promise<string | null> {
    const { service, account } = this.#options;
    const { name, ...operation } = item;
    const canAsk = canPrompt(this.#environment);
    const limit = this.#options.timeLimit ?? (canAsk ? 60_000 : 4_000);
    return this.#process.call(
      { ...operation, service, account: `${account}/${name}` },
      canAsk ? { limit, onSlow: () => this.#tellOnce() } : { limit },
    );
  }

  #tellOnce(): void {
    if (this.#hasTold) return;
    this.#hasTold = true;
    this.#options.onWait?.();
  }
}

/** Whether the keychain can ask a person for something. */
function canPrompt(environment: Readonly<Record<string, string | undefined>>): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(environment['DISPLAY'] || environment['WAYLAND_DISPLAY']);
}

function nameOf(key: string): string {
  assertKey(key);
  return encodeURIComponent(key);
}
