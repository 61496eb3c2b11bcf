import { LogtoError } from '../errors.js';
import type { Fetch } from '../network/fetch.js';
import type { Claims, Provider, TokenResponse } from '../oidc/provider.js';
import { memoryLock } from '../storage/memory-lock.js';
import { MemoryStorage } from '../storage/memory-storage.js';
import type { Lock, Storage } from '../storage/storage.js';
import { issuerOf, type LogtoConfig, normalizeEndpoint } from './logto-config.js';
import { type SignInOptions, signInParameters } from './logto-parameters.js';
import { requestedScopes } from './requested-scopes.js';
import { type Session, sessionOf } from './session.js';
import { parseSignInSession, type SignInSession } from './sign-in-session.js';
import { decodeClaims, parseTokenSet, serializeTokenSet, type TokenSet, tokenSetKey } from './token-set.js';

const signInSessionKey = 'signInSession';

/** What a client stands on. Every part has a default that works by itself. */
export interface LogtoClientOptions {
  /** Where the token set is kept. Default: in memory, for this client alone. */
  readonly storage?: Storage;
  /** Where a sign-in under way is kept. Default: `storage`. */
  readonly signInStorage?: Storage;
  /** The lock under which the token set is written. Default: one of this client; processes that share a storage need one between them. */
  readonly lock?: Lock;
  /** The way to the network. Default: direct or by the proxy of the environment. */
  readonly fetch?: Fetch;
  /** Milliseconds since 1970. Default: this machine's clock. */
  readonly now?: () => number;
}

/** What became of each part of a sign-out. */
export interface SignOutReport {
  /** `skipped`: there was no refresh token to revoke. */
  readonly revocation: 'done' | 'failed' | 'skipped' | 'unsupported';
  /** Why the revocation, or the way to the provider, failed. */
  readonly failure: LogtoError | null;
  /** Where to send the browser to end the provider's session; `null` when the provider has no such place or is out of reach. */
  readonly endSessionUrl: string | null;
}

/** Options of {@link LogtoClient.signOutWithReport}. */
export interface SignOutOptions {
  /** Where the provider sends the browser afterwards; must be registered for the application. */
  readonly postLogoutRedirectUri?: string;
  /** Comes back with the browser. */
  readonly state?: string;
  /**
   * Whether the ID token goes into the address as `id_token_hint`. Logto needs none; other providers may insist. Such
   * an address must not be printed or passed as an argument.
   */
  readonly idTokenHint?: boolean;
}

/**
 * Signs one person in to one application, and keeps the tokens in a {@link Storage}.
 *
 * It returns addresses and never opens them; it needs no browser, server or terminal. Nothing happens before the first
 * call. A failed sign-in, whatever the cause, leaves the previous one as it was.
 */
export class LogtoClient {
  readonly #config: LogtoConfig;
  readonly #storage: Storage;
  readonly #signInStorage: Storage;
  readonly #lock: Lock;
  readonly #fetch: Fetch | undefined;
  readonly #now: () => number;
  #provider: Promise<Provider> | null = null;

  constructor(config: LogtoConfig, options: LogtoClientOptions = {}) {
    this.#config = config;
    this.#storage = options.storage ?? new MemoryStorage();
    this.#signInStorage = options.signInStorage ?? this.#storage;
    this.#lock = options.lock ?? memoryLock();
    this.#fetch = options.fetch;
    this.#now = options.now ?? Date.now;
  }

  /**
   * Starts a sign-in and returns the address to open in a browser. The previous session stays until the new one is
   * whole.
   *
   * @throws LogtoError `config_missing`, `config_invalid`, `issuer_insecure`, `discovery_invalid`, `issuer_mismatch`,
   * network and storage codes
   */
  async signIn(options: SignInOptions): Promise<string> {
    const { createPkce, randomValue } = await import('../oidc/pkce.js');
    const provider = await this.#discover();
    const { metadata } = provider;
    const isLogto = this.#config.endpoint !== undefined;
    const parameters = signInParameters(options, {
      isLogto,
      configuredPrompt: this.#config.prompt,
      promptValues: metadata.prompt_values_supported ?? [],
    });
    const scopes = requestedScopes(this.#config, metadata.scopes_supported ?? []);
    const resources = [...new Set(this.#config.resources ?? [])];
    const pkce = await createPkce();
    const session: SignInSession = {
      issuer: metadata.issuer,
      appId: this.#config.appId,
      redirectUri: options.redirectUri,
      state: options.state ?? randomValue(),
      nonce: randomValue(),
      codeVerifier: pkce.verifier,
      ...(options.maxAge !== undefined && { maxAge: options.maxAge }),
      scopes,
      resources,
    };
    const url = await provider.authorizationUrl({
      ...parameters,
      redirect_uri: options.redirectUri,
      scope: scopes.join(' '),
      ...(resources.length > 0 && { resource: resources }),
      state: session.state,
      nonce: session.nonce,
      code_challenge: pkce.challenge,
      code_challenge_method: 'S256',
    });
    await this.#signInStorage.set(signInSessionKey, JSON.stringify(session));
    return url;
  }

  /**
   * Finishes a sign-in with the address that the provider sent the browser back to: checks it, exchanges the code,
   * validates every token and stores them as one record.
   *
   * @throws LogtoError `not_signed_in` when no sign-in is under way; `state_mismatch` (the sign-in goes on waiting);
   * the codes of an authorization response, of the code exchange and of validation; network and storage codes
   */
  async handleSignInCallback(
    callbackUrl: string,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    const stored = await this.#signInStorage.get(signInSessionKey);
    if (stored === null) {
      throw new LogtoError(
        'not_signed_in',
        'No sign-in is under way.',
        'Start one with signIn, then handle its callback.',
      );
    }
    const session = parseSignInSession(stored);
    const provider = await this.#discover();
    let response: TokenResponse;
    try {
      this.#assertOwn(session);
      response = await provider.exchangeCode({ ...session, ...options, callbackUrl });
    } catch (error) {
      // Anybody can send a browser here with a made-up state: that must not end the true sign-in.
      const stranger = error instanceof LogtoError && error.code === 'state_mismatch';
      if (!stranger) await this.#signInStorage.delete(signInSessionKey);
      throw error;
    }
    options.signal?.throwIfAborted();
    await this.#lock(async () =>
      this.#storage.set(tokenSetKey, serializeTokenSet(this.#tokenSet(session, response))),
    );
    await this.#signInStorage.delete(signInSessionKey);
  }

  /** Whether a session of this application is stored. Says nothing about the provider's mind. */
  async isAuthenticated(): Promise<boolean> {
    return (await this.#readOwnTokenSet()) !== null;
  }

  /** Who is signed in and what with, without any token; `null` when nobody is. */
  async getSession(): Promise<Session | null> {
    const tokenSet = await this.#readOwnTokenSet();
    return tokenSet === null ? null : sessionOf(tokenSet);
  }

  /**
   * The claims of the ID token, which was verified when it was stored. No network.
   *
   * @throws LogtoError `not_signed_in`, storage codes
   */
  async getIdTokenClaims(): Promise<Claims> {
    return decodeClaims((await this.#requireTokenSet()).idToken);
  }

  /**
   * Asks the provider's UserInfo endpoint (OpenID Connect Core 1.0, section 5.3).
   *
   * @throws LogtoError `not_signed_in`, `session_expired`, `token_rejected`, `userinfo_invalid`, network codes
   */
  async fetchUserInfo(): Promise<Claims> {
    const tokenSet = await this.#requireTokenSet();
    const access = tokenSet.accessTokens.find(
      ({ resource, organization }) => resource === null && organization === null,
    );
    if (access === undefined || (access.expiresAt !== null && access.expiresAt <= this.#now())) {
      throw new LogtoError(
        'session_expired',
        'The access token for UserInfo has ended.',
        'Sign in again: logto-cli sign-in',
      );
    }
    const provider = await this.#discover();
    return provider.userInfo(access.token, decodeClaims(tokenSet.idToken)['sub'] as string);
  }

  /**
   * Signs out here: revokes the refresh token, forgets every token whatever the network says, and returns the address
   * that ends the provider's session in the browser. Where the provider has none, the post-logout redirect URI, or `/`.
   *
   * @throws LogtoError network codes when the provider could not be reached; the tokens are forgotten all the same
   */
  async signOut(options: SignOutOptions = {}): Promise<string> {
    const report = await this.signOutWithReport(options);
    if (report.endSessionUrl === null && report.failure !== null) throw report.failure;
    return report.endSessionUrl ?? options.postLogoutRedirectUri ?? '/';
  }

  /**
   * {@link signOut}, telling what became of each part instead of failing with the network.
   *
   * @throws LogtoError `not_signed_in`, storage codes
   */
  async signOutWithReport(options: SignOutOptions = {}): Promise<SignOutReport> {
    return this.#lock(async () => {
      const tokenSet = await this.#requireTokenSet();
      const report = await this.#reportRevocation(tokenSet, options);
      await this.#storage.delete(tokenSetKey);
      return report;
    });
  }

  /** Forgets every token here, and tells the provider nothing. */
  async clearAllTokens(): Promise<void> {
    await this.#lock(() => this.#storage.delete(tokenSetKey));
  }

  async #reportRevocation(tokenSet: TokenSet, options: SignOutOptions): Promise<SignOutReport> {
    const { postLogoutRedirectUri, state, idTokenHint } = options;
    let provider: Provider;
    try {
      provider = await this.#discover();
    } catch (error) {
      const failure = asLogtoError(error);
      return {
        revocation: tokenSet.refreshToken === null ? 'skipped' : 'failed',
        failure,
        endSessionUrl: null,
      };
    }
    const endSessionUrl = provider.endSessionUrl({
      ...(postLogoutRedirectUri !== undefined && { post_logout_redirect_uri: postLogoutRedirectUri }),
      ...(state !== undefined && { state }),
      ...(idTokenHint && { id_token_hint: tokenSet.idToken }),
    });
    if (tokenSet.refreshToken === null) return { revocation: 'skipped', failure: null, endSessionUrl };
    try {
      return { revocation: await provider.revoke(tokenSet.refreshToken), failure: null, endSessionUrl };
    } catch (error) {
      return { revocation: 'failed', failure: asLogtoError(error), endSessionUrl };
    }
  }

  #tokenSet(session: SignInSession, response: TokenResponse): TokenSet {
    return {
      issuer: session.issuer,
      ...(this.#config.endpoint !== undefined && { endpoint: normalizeEndpoint(this.#config.endpoint) }),
      appId: session.appId,
      redirectUri: session.redirectUri,
      idToken: response.idToken,
      refreshToken: response.refreshToken,
      scopes: response.scopes,
      resources: session.resources,
      signedInAt: this.#now(),
      accessTokens: [
        {
          resource: null,
          organization: null,
          token: response.accessToken,
          tokenType: response.tokenType,
          scopes: response.scopes,
          expiresAt: response.accessTokenExpiresAt,
        },
      ],
    };
  }

  async #discover(): Promise<Provider> {
    const issuer = issuerOf(this.#config);
    const { appId, appSecret } = this.#config;
    if (!appId) {
      throw new LogtoError(
        'config_missing',
        'No application is set.',
        "Give the application's ID (Console > Applications > your application > App ID).",
      );
    }
    this.#provider ??= (async () => {
      const [{ discover }, fetch] = await Promise.all([
        import('../oidc/discovery.js'),
        this.#fetch ?? defaultFetch(),
      ]);
      return discover({
        issuer,
        clientId: appId,
        ...(appSecret && { clientSecret: appSecret }),
        fetch,
        now: this.#now,
      });
    })();
    // A provider that was down may be up at the next call.
    this.#provider.catch(() => {
      this.#provider = null;
    });
    return this.#provider;
  }

  async #readOwnTokenSet(): Promise<TokenSet | null> {
    const stored = await this.#storage.get(tokenSetKey);
    if (stored === null) return null;
    const tokenSet = parseTokenSet(stored);
    return tokenSet.issuer === issuerOf(this.#config) && tokenSet.appId === this.#config.appId
      ? tokenSet
      : null;
  }

  async #requireTokenSet(): Promise<TokenSet> {
    const tokenSet = await this.#readOwnTokenSet();
    if (tokenSet !== null) return tokenSet;
    throw new LogtoError(
      'not_signed_in',
      'Nobody is signed in to this application here.',
      'Sign in first: logto-cli sign-in',
    );
  }

  #assertOwn(session: SignInSession): void {
    if (session.issuer === issuerOf(this.#config) && session.appId === this.#config.appId) return;
    throw new LogtoError(
      'not_signed_in',
      'The sign-in under way belongs to another application or provider.',
      'Start the sign-in again with this configuration.',
    );
  }
}

async function defaultFetch(): Promise<Fetch> {
  const { createFetch } = await import('../network/undici-fetch.js');
  return createFetch({ environment: process.env });
}

/** A failure that is ours to report; anything else is a bug and must surface. */
function asLogtoError(error: unknown): LogtoError {
  if (error instanceof LogtoError) return error;
  throw error;
}
