import { LogtoError } from '../errors.js';
import type { Lock, Storage } from '../storage/storage.js';
import { parseTokenSet, serializeTokenSet, type TokenSet, tokenSetKey } from './token-set.js';

/** Which application at which provider a session must belong to. */
export interface SessionOwner {
  readonly issuer: string;
  readonly appId: string;
}

/** The stored token set of one application. Whoever writes holds the lock. */
export class SessionStore {
  readonly #storage: Storage;
  readonly #owner: () => SessionOwner;
  /** Runs work while no sibling, in this process or another, writes. */
  readonly locked: Lock;

  /** @param owner asked at each use, since it may throw for a configuration that names nobody */
  constructor(storage: Storage, lock: Lock, owner: () => SessionOwner) {
    this.#storage = storage;
    this.locked = lock;
    this.#owner = owner;
  }

  /**
   * The session; `null` when there is none, or it is another application's.
   *
   * @throws LogtoError `storage_corrupt` and the storage's own codes
   */
  async read(): Promise<TokenSet | null> {
    const stored = await this.#storage.get(tokenSetKey);
    if (stored === null) return null;
    const tokenSet = parseTokenSet(stored);
    const { issuer, appId } = this.#owner();
    return tokenSet.issuer === issuer && tokenSet.appId === appId ? tokenSet : null;
  }

  /**
   * The session.
   *
   * @throws LogtoError `not_signed_in`, `storage_corrupt` and the storage's own codes
   */
  async require(): Promise<TokenSet> {
    const tokenSet = await this.read();
    if (tokenSet !== null) return tokenSet;
    throw new LogtoError(
      'not_signed_in',
      'Nobody is signed in to this application here.',
      'Sign in first: logto-cli sign-in',
    );
  }

  /** Replaces the session as a whole. */
  async write(tokenSet: TokenSet): Promise<void> {
    await this.#storage.set(tokenSetKey, serializeTokenSet(tokenSet));
  }

  /** Forgets the session, whosever it is. */
  async clear(): Promise<void> {
    await this.#storage.delete(tokenSetKey);
  }
}
