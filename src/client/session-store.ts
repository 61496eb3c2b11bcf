import { LogtoError } from '../errors.js';
import { isSamePlace, type ProviderPlace } from '../oidc/issuer-url.js';
import type { Lock, Storage } from '../storage/storage.js';
import { type Session, sessionOf, sessionPlace } from './session.js';
import { parseTokenSet, serializeTokenSet, type TokenSet, tokenSetKey } from './token-set.js';

/** Which application at which provider a session must belong to. */
export interface SessionOwner extends ProviderPlace {
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
    const owner = this.#owner();
    const isOwn = isSamePlace(sessionPlace(tokenSet), owner) && tokenSet.appId === owner.appId;
    return isOwn ? tokenSet : null;
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

  /**
   * Replaces the session, under the lock, by the one of a sign-in.
   *
   * @param signal ends it with its reason, as long as nothing is written
   */
  async begin(tokenSet: TokenSet, signal: AbortSignal | undefined): Promise<Session> {
    return this.locked(async () => {
      signal?.throwIfAborted();
      await this.write(tokenSet);
      return sessionOf(tokenSet);
    });
  }

  /** Replaces the session as a whole. */
  async write(tokenSet: TokenSet): Promise<void> {
    await this.#storage.set(tokenSetKey, serializeTokenSet(tokenSet));
  }

  /**
   * Replaces the session by what a refresh made of it. Where that does not fit, a smaller one is kept: the session before,
   * with the new refresh token, which is the only one that still works; its access tokens are given up where even that is
   * too large. Its ID token stays: the next one is compared with it, and it tells who is signed in.
   *
   * @throws LogtoError the storage's own codes, also where a smaller one was kept: `details.session` is `kept`, or `lost`
   * where none was and the stored refresh token is the one that was spent
   */
  async writeRefreshed(refreshed: TokenSet, before: TokenSet): Promise<void> {
    try {
      await this.write(refreshed);
    } catch (error) {
      // Nothing was spent: what is stored is as good as it was.
      if (refreshed.refreshToken === before.refreshToken) throw error;
      throw await this.#keepRefreshToken({ ...before, refreshToken: refreshed.refreshToken }, error);
    }
  }

  /** What to tell, after a try to keep what can be kept. */
  async #keepRefreshToken(session: TokenSet, failure: unknown): Promise<unknown> {
    const { refreshOutcome } = await import('./refresh-outcome.js');
    for (const smaller of [session, { ...session, accessTokens: [] }]) {
      // What cannot be written to at all may have asked a person for something, and that is enough.
      if (failure instanceof LogtoError && failure.code !== 'storage_failed') break;
      try {
        await this.write(smaller);
        return refreshOutcome(failure, 'kept');
      } catch {
        // The first failure is the one to tell.
      }
    }
    return refreshOutcome(failure, 'lost');
  }

  /** Forgets the session, whosever it is. */
  async clear(): Promise<void> {
    await this.#storage.delete(tokenSetKey);
  }
}
