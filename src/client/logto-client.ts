import type { Claims } from '../oidc/claims.js';
import type { ApplicationVerdict } from '../oidc/probe/application-check.js';
import type { Provider } from '../oidc/provider.js';
import { decodeJwt } from '../oidc/validate/jwt.js';
import { memoryLock } from '../storage/memory-lock.js';
import { MemoryStorage } from '../storage/memory-storage.js';
import type { Storage } from '../storage/storage.js';
import { type AccessToken, type AccessTokenRequest, accessTokenRequest } from './access-token.js';
import {
  type ClientCredentialsRequest,
  type ClientCredentialsToken,
  clientCredentialsToken,
} from './client-credentials.js';
import type { DeviceSignIn, DeviceSignInOptions } from './device-sign-in.js';
import { discoverProvider } from './discover-provider.js';
import type { LogtoClientOptions } from './logto-client-options.js';
import { type LogtoConfig, placeOf } from './logto-config.js';

import type { SignInOptions } from './logto-parameters.js';
import { type Session, sessionOf } from './session.js';
import { SessionStore } from './session-store.js';
import type { CallbackOptions } from './sign-in.js';
import {
  checkSignOutParameters,
  endAtProvider,
  type SignOutOptions,
  type SignOutReport,
} from './sign-out.js';
import type { TokenExchangeRequest } from './token-exchange.js';
import { decodeClaims } from './token-set.js';
import { TokenSource } from './token-source.js';

/**
 * Signs one person in to one application, and keeps the tokens in a {@link Storage}.
 *
 * It returns addresses and never opens them; it needs no browser, server or terminal. Nothing happens before the first
 * call. A failed sign-in or refresh, whatever the cause, leaves the session before it as it was.
 *
 * @example
 * ```ts
 * const client = new LogtoClient({ endpoint: 'https://tenant.logto.app', appId: 'my-application' });
 * const url = await client.signIn({ redirectUri: 'http://localhost:3000/callback' });
 * // Open the address in a browser; at http://localhost:3000/callback it comes back:
 * const session = await client.handleSignInCallback(callbackUrl);
 * ```
 */
export class LogtoClient {
  readonly #config: LogtoConfig;
  readonly #options: LogtoClientOptions;
  readonly #signInStorage: Storage;
  readonly #sessions: SessionStore;
  readonly #tokens: TokenSource;
  readonly #now: () => number;
  /** The provider as it is now, and as it was when it was last asked, at most a day ago. */
  readonly #providers = new Map<'fresh' | 'cached', Promise<Provider>>();

  constructor(config: LogtoConfig, options: LogtoClientOptions = {}) {
    const storage = options.storage ?? new MemoryStorage();
    this.#config = config;
    this.#options = options;
    this.#signInStorage = options.signInStorage ?? storage;
    this.#now = options.now ?? Date.now;
    this.#sessions = new SessionStore(storage, options.lock ?? memoryLock(), () => ({
      ...placeOf(config),
      appId: config.appId,
    }));
    this.#tokens = new TokenSource({
      sessions: this.#sessions,
      discover: () => this.#discover('cached'),
      now: this.#now,
    });
  }

  /**
   * Starts a sign-in and returns the address to open in a browser. The session before it stays until the new one is
   * whole.
   *
   * @throws LogtoError `config_missing`, `config_invalid`, `issuer_insecure`, `discovery_invalid`, `issuer_mismatch`,
   * network and storage codes
   */
  async signIn(options: SignInOptions): Promise<string> {
    const { checkSignIn, startSignIn } = await import('./sign-in.js');
    checkSignIn(this.#config, options);
    return startSignIn(this.#config, await this.#discover('fresh'), this.#signInStorage, options);
  }

  /**
   * Asks the provider whether such a sign-in can succeed, without a person and without side effects: the application,
   * its secret, redirect URI and resources. `unknown`, with the reason, where the provider's answers prove nothing. Where
   * it does not read the secret as it should, a way that it takes is named, and used by this client from then on.
   *
   * @throws LogtoError as {@link signIn}
   */
  async checkApplication(options: SignInOptions, signal?: AbortSignal): Promise<ApplicationVerdict> {
    const { checkSignIn, probedRequest } = await import('./sign-in.js');
    checkSignIn(this.#config, options);
    const provider = await this.#discover('fresh');
    return provider.checkApplication(probedRequest(this.#config, provider, options), signal);
  }

  /** Whether {@link checkApplication} may find that the secret has to be sent in another way: not every secret can be. */
  async mayAuthenticateOtherwise(): Promise<boolean> {
    const { appId, appSecret } = this.#config;
    if (!appSecret) return false;
    const { isEncodingVisible } = await import('../oidc/client-authentication.js');
    return isEncodingVisible({ clientId: appId, clientSecret: appSecret });
  }

  /**
   * Finishes a sign-in with the address that the provider sent the browser back to: checks it, exchanges the code,
   * validates every token and stores them as one record. Returns the session, whatever another process does to it then.
   *
   * @throws LogtoError `not_signed_in` when no sign-in is under way; `state_mismatch` (the sign-in goes on waiting);
   * the codes of an authorization response, of the code exchange and of validation; network and storage codes
   */
  async handleSignInCallback(url: string, { signal, receivedAt }: CallbackOptions = {}): Promise<Session> {
    const callback = { url, signal, receivedAt, now: this.#now };
    const { finishSignIn } = await import('./sign-in.js');
    const discover = () => this.#discover('fresh');
    const tokenSet = await finishSignIn(this.#config, discover, this.#signInStorage, callback);
    return this.#sessions.begin(tokenSet, signal);
  }

  /**
   * Starts a sign-in that is finished on another device (RFC 8628): show its code and address, then wait for `session()`.
   * The session before it stays until the new one is whole.
   *
   * @throws LogtoError `device_flow_disabled`, the `client_*` codes, `resource_unknown`, `scope_not_allowed`, and the
   * codes of {@link signIn}
   */
  async signInOnDevice(options: DeviceSignInOptions = {}): Promise<DeviceSignIn> {
    const { startDeviceSignIn } = await import('./device-sign-in.js');
    const [config, sessions, now] = [this.#config, this.#sessions, this.#now];
    return startDeviceSignIn({ config, discover: () => this.#discover('fresh'), now, sessions }, options);
  }

  /** Whether a session of this application is stored. Says nothing about the provider's mind. */
  async isAuthenticated(): Promise<boolean> {
    return (await this.#sessions.read()) !== null;
  }

  /** Who is signed in and what with, without any token; `null` when nobody is. */
  async getSession(): Promise<Session | null> {
    const tokenSet = await this.#sessions.read();
    return tokenSet === null ? null : sessionOf(tokenSet);
  }

  /**
   * The claims of the ID token, which was verified when it was stored. No network.
   *
   * @throws LogtoError `not_signed_in`, storage codes
   */
  async getIdTokenClaims(): Promise<Claims> {
    return decodeClaims((await this.#sessions.require()).idToken);
  }

  /**
   * The ID token itself; refreshed when it ends within `minTtl` seconds (default 0), or `refresh` asks for it.
   *
   * @throws LogtoError as {@link obtainAccessToken}
   */
  async getIdToken({ minTtl = 0, refresh = false } = {}): Promise<string> {
    return this.#tokens.idToken(minTtl, refresh);
  }

  /**
   * An access token that lives, refreshed when it must be: for a resource, for an organization, for a resource within
   * an organization, or for UserInfo when neither is named.
   *
   * @throws LogtoError as {@link obtainAccessToken}
   */
  async getAccessToken(resource?: string, organization?: string): Promise<string> {
    return (await this.obtainAccessToken(accessTokenRequest(resource, organization))).accessToken;
  }

  /**
   * The claims of that access token; `null` when it is opaque.
   *
   * @throws LogtoError as {@link obtainAccessToken}
   */
  async getAccessTokenClaims(resource?: string, organization?: string): Promise<Claims | null> {
    return decodeJwt(await this.getAccessToken(resource, organization))?.claims ?? null;
  }

  /** An access token for an organization. @throws LogtoError as {@link obtainAccessToken} */
  async getOrganizationToken(organization: string): Promise<string> {
    return this.getAccessToken(undefined, organization);
  }

  /**
   * The claims of an organization's access token; `null` when it is opaque.
   *
   * @throws LogtoError as {@link obtainAccessToken}
   */
  async getOrganizationTokenClaims(organization: string): Promise<Claims | null> {
    return this.getAccessTokenClaims(undefined, organization);
  }

  /**
   * {@link getAccessToken}, with everything that is known about the token.
   *
   * @throws LogtoError `not_signed_in`, `session_expired`, `access_denied`, `resource_unknown`,
   * `organization_denied`, `scope_not_allowed`, `config_invalid`, `lock_timeout`, validation, network and storage codes
   */
  async obtainAccessToken(request: AccessTokenRequest = {}): Promise<AccessToken> {
    return this.#tokens.accessToken(request);
  }

  /**
   * An access token of the application for itself (RFC 6749, section 4.4). Nothing is stored.
   *
   * @throws LogtoError `config_invalid`, the `client_*` codes, `grant_type_not_allowed`, `resource_unknown`,
   * `organization_denied`, network codes
   */
  async getClientCredentialsToken(request: ClientCredentialsRequest): Promise<ClientCredentialsToken> {
    return clientCredentialsToken(() => this.#discover('cached'), request);
  }

  /**
   * An access token for another token of a user (RFC 8693). Nothing is stored, and the session is not looked at.
   *
   * @throws LogtoError as {@link getClientCredentialsToken}; `token_rejected` for a token that is not accepted,
   * `access_denied` for a user who may not use the application
   */
  async exchangeToken(request: TokenExchangeRequest): Promise<AccessToken> {
    const { exchangedToken } = await import('./token-exchange.js');
    return exchangedToken(() => this.#discover('cached'), request);
  }

  /**
   * Asks the provider's UserInfo endpoint (OpenID Connect Core 1.0, section 5.3).
   *
   * @throws LogtoError as {@link obtainAccessToken}; `token_rejected`, `userinfo_invalid`, `client_unknown`, `client_rejected`
   */
  async fetchUserInfo(): Promise<Claims> {
    const { accessToken } = await this.obtainAccessToken();
    const { sub, iss } = await this.getIdTokenClaims();
    const provider = await this.#discover('cached');
    return provider.userInfo(accessToken, sub as string, iss as string);
  }

  /**
   * Signs out here: revokes the refresh token, forgets every token whatever the network says, and returns the address
   * that ends the provider's session in the browser. Where the provider has none, the post-logout redirect URI, or `/`.
   *
   * @throws LogtoError network codes when the provider could not be reached; the tokens are forgotten all the same.
   * `config_invalid` for a parameter that is set here, before anything is forgotten
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
    checkSignOutParameters(options.extraParams, this.#config.appId);
    return this.#sessions.locked(async () => {
      const tokenSet = await this.#sessions.require();
      try {
        return await endAtProvider(tokenSet, () => this.#discover('fresh'), options);
      } finally {
        await this.#sessions.clear();
      }
    });
  }

  /**
   * Forgets every access token here, so that the next one wanted is a new one.
   *
   * @throws LogtoError `not_signed_in`, storage codes
   */
  async clearAccessToken(): Promise<void> {
    await this.#sessions.locked(async () => {
      await this.#sessions.write({ ...(await this.#sessions.require()), accessTokens: [] });
    });
  }

  /** Forgets every token here, and tells the provider nothing. */
  async clearAllTokens(): Promise<void> {
    await this.#sessions.locked(() => this.#sessions.clear());
  }

  #discover(kind: 'fresh' | 'cached'): Promise<Provider> {
    const known = this.#providers.get(kind) ?? this.#providers.get('fresh');
    if (known !== undefined) return known;
    const provider = discoverProvider(this.#config, { ...this.#options, now: this.#now }, kind);
    this.#providers.set(kind, provider);
    // A provider that was down may be up at the next call.
    provider.catch(() => this.#providers.delete(kind));
    return provider;
  }
}
