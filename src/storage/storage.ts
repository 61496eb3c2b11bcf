/**
 * Where a client keeps what must outlive it: the token set and a sign-in that is under way.
 *
 * The seam that anyone can fill: pass your own to `LogtoClient`. A value is text of up to about a megabyte and is
 * replaced as a whole: a reader sees the old value or the new one.
 */
export interface Storage {
  /**
   * The value under this key, or `null` when there is none. A store that cannot tell must throw:
   * `null` means "absent", never "broken".
   *
   * @throws LogtoError `storage_unavailable`, `storage_locked`, `storage_corrupt`, `storage_failed`
   */
  get(key: string): Promise<string | null>;
  /**
   * Keeps a value that is not empty and holds no NUL character.
   *
   * @throws LogtoError `storage_unavailable`, `storage_locked`, `storage_failed`; `config_invalid` for a refused value
   */
  set(key: string, value: string): Promise<void>;
  /**
   * Forgets a value. Forgetting what is absent is not an error.
   *
   * @throws LogtoError `storage_unavailable`, `storage_locked`, `storage_failed`
   */
  delete(key: string): Promise<void>;
}

/** The kinds of storage that `--storage` chooses from. */
export const storageKinds = ['keychain', 'file', 'memory'] as const;
export type StorageKind = (typeof storageKinds)[number];

/**
 * Runs work while nobody else, in this process or another, runs work under the same lock.
 *
 * `served` is for a crowd that wants the same: it may be asked when somebody who was before us has let go. What it gives
 * is the result then, and there is neither a turn nor work any more; `null`, or an error of it: the wait goes on. A lock
 * need not ask.
 *
 * @throws LogtoError `lock_timeout` when a living owner kept it too long
 */
export type Lock = <T>(work: () => Promise<T>, served?: () => Promise<T | null>) => Promise<T>;
