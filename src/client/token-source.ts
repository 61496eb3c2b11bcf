import { LogtoError } from '../errors.js';
import type { Provider } from '../oidc/provider.js';
import type { RefreshResponse } from '../oidc/request.js';
import {
  type AccessToken,
  type AccessTokenRequest,
  accessTokenOf,
  assertObtainable,
  usableToken,
  withAccessToken,
} from './access-token.js';
import type { SessionStore } from './session-store.js';
import { decodeClaims, type TokenSet } from './token-set.js';

/** What a {@link TokenSource} stands on. */
export interface TokenSourceOptions {
  readonly sessions: SessionStore;
  readonly discover: () => Promise<Provider>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Hands out tokens that live, refreshing the session when it must: one refresh at a time on the whole machine, and
 * none where a sibling has just done it. A rotated refresh token is stored before any of the new tokens is handed out.
 */
export class TokenSource {
  readonly #options: TokenSourceOptions;
  /** What is under way in this process: the same token wanted twice costs one refresh. */
  readonly #accessTokens = new Map<string, Promise<AccessToken>>();
  readonly #idTokens = new Map<string, Promise<string>>();

  constructor(options: TokenSourceOptions) {
    this.#options = options;
  }

  /**
   * @throws LogtoError `not_signed_in`, `session_expired`, `access_denied`, `resource_unknown`, `organization_denied`,
   * `scope_not_allowed`, `config_invalid`, `lock_timeout`, validation, network and storage codes; none of them costs the session
   */
  accessToken(request: AccessTokenRequest): Promise<AccessToken> {
    const key = JSON.stringify(request, Object.keys(request).sort());
    return once(this.#accessTokens, key, () => this.#obtain(request));
  }

  /**
   * An ID token that still lives for `minTtl` seconds by its own `exp`, or the newest that the provider makes.
   *
   * @throws LogtoError as {@link accessToken}
   */
  idToken(minTtl: number, refresh: boolean): Promise<string> {
    return once(this.#idTokens, `${minTtl} ${refresh}`, () => this.#obtainIdToken(minTtl, refresh));
  }

  async #obtainIdToken(minTtl: number, refresh: boolean): Promise<string> {
    const { sessions, now } = this.#options;
    const isUsable = ({ idToken }: TokenSet, ttl = minTtl) =>
      Number(decodeClaims(idToken)['exp']) * 1000 > now() + ttl * 1000;
    const cached = await sessions.require();
    if (!refresh && isUsable(cached)) return cached.idToken;
    return sessions.locked(async () => {
      const current = await sessions.require();
      if (!refresh && isUsable(current)) return current.idToken;
      const refreshed = await this.#refresh(current, {});
      if (isUsable(refreshed, 0)) return refreshed.idToken;
      throw new LogtoError(
        'session_expired',
        'The provider gave no new ID token with the refresh.',
        'Sign in again: logto-cli sign-in',
      );
    });
  }

  async #obtain(request: AccessTokenRequest): Promise<AccessToken> {
    const { sessions, now } = this.#options;
    const cached = await sessions.require();
    assertObtainable(cached, request);
    const readAt = now();
    const usable = request.refresh ? null : usableToken(cached, request, readAt);
    if (usable !== null) return usable;
    /** A sibling may have stored it while we waited. */
    const stored = (current: TokenSet) =>
      request.refresh ? null : siblingsToken(cached, current, request, readAt, now());
    return sessions.locked(
      async () => {
        const current = await sessions.require();
        return stored(current) ?? this.#refreshFor(current, request);
      },
      // A crowd is served by one refresh, at once, rather than one after the other.
      async () => stored(await sessions.require()),
    );
  }

  async #refreshFor(tokenSet: TokenSet, request: AccessTokenRequest): Promise<AccessToken> {
    const refreshed = await this.#refresh(tokenSet, request);
    const { resource = null, organization = null } = request;
    const added = refreshed.accessTokens.find(
      (token) => token.resource === resource && token.organization === organization,
    );
    if (added === undefined) throw new Error('a refreshed token set holds the token it was refreshed for');
    return accessTokenOf(added);
  }

  /** Refreshes, under the lock, and stores before anything is handed out. */
  async #refresh(tokenSet: TokenSet, request: AccessTokenRequest): Promise<TokenSet> {
    const { discover, sessions, now } = this.#options;
    const { refreshToken } = tokenSet;
    if (refreshToken === null) {
      throw new LogtoError(
        'session_expired',
        'The session cannot be refreshed: it has no refresh token.',
        tokenSet.endpoint === undefined
          ? 'Sign in again: logto-cli sign-in, which tells how this provider gives a refresh token, if it lists a way.'
          : 'Sign in again: logto-cli sign-in --prompt consent, which brings a refresh token.',
      );
    }
    const { resource, organization } = request;
    const provider = await discover();
    provider.authenticateBy(tokenSet.authentication);
    // Spending the refresh token where the next one cannot be stored would end the session: proved by storing it again.
    await sessions.write(tokenSet);
    let response: RefreshResponse;
    try {
      response = await provider.refresh({
        refreshToken,
        idToken: tokenSet.idToken,
        scopes: tokenSet.scopes,
        ...(resource !== undefined && { resource }),
        ...(organization !== undefined && { organization }),
      });
    } catch (error) {
      return this.#afterRefusal(error, tokenSet, request);
    }
    // Its refresh token is the only one that still works, even where the rest could not be checked.
    const rotated = { ...tokenSet, refreshToken: response.refreshToken ?? refreshToken };
    if (response.unchecked !== null) {
      await sessions.writeRefreshed(rotated, tokenSet);
      throw response.unchecked;
    }
    const { tokens } = response;
    const refreshed: TokenSet = {
      ...rotated,
      idToken: tokens.idToken ?? tokenSet.idToken,
      accessTokens: withAccessToken(
        tokenSet.accessTokens,
        {
          resource: resource ?? null,
          organization: organization ?? null,
          token: tokens.accessToken,
          tokenType: tokens.tokenType,
          scopes: tokens.scopes,
          expiresAt: tokens.accessTokenExpiresAt,
        },
        now(),
      ),
    };
    await sessions.writeRefreshed(refreshed, tokenSet);
    return refreshed;
  }

  /** A refusal may mean that somebody without our lock was faster: what they stored is used, and never deleted. */
  async #afterRefusal(error: unknown, before: TokenSet, request: AccessTokenRequest): Promise<TokenSet> {
    const { sessions, now } = this.#options;
    if (error instanceof LogtoError && error.code === 'access_denied') {
      const { deniedRefresh } = await import('./refresh-outcome.js');
      throw deniedRefresh(error);
    }
    if (!(error instanceof LogtoError) || error.code !== 'session_expired') throw error;
    const current = await sessions.read();
    const isNewer = current !== null && current.refreshToken !== before.refreshToken;
    if (!isNewer) throw error;
    return usableToken(current, request, now()) === null ? this.#refresh(current, request) : current;
  }
}

/**
 * What serves the request after the wait for the lock. A token that was stored meanwhile is as good as one of our own
 * while at least half of its life is left, however short that is: it is no older than the wait was long.
 */
function siblingsToken(
  before: TokenSet,
  current: TokenSet,
  request: AccessTokenRequest,
  readAt: number,
  now: number,
): AccessToken | null {
  const usual = usableToken(current, request, now);
  if (usual !== null || request.minTtl !== undefined) return usual;
  const waited = Math.max(0, now - readAt);
  const young = usableToken(current, { ...request, minTtl: waited / 1000 }, now);
  const isNew = !before.accessTokens.some(({ token }) => token === young?.accessToken);
  return isNew ? young : null;
}

/** Joins the work that is under way for this key, or begins it. */
async function once<T>(pending: Map<string, Promise<T>>, key: string, work: () => Promise<T>): Promise<T> {
  const joined = pending.get(key);
  if (joined !== undefined) return joined;
  const begun = work();
  pending.set(key, begun);
  try {
    return await begun;
  } finally {
    pending.delete(key);
  }
}
