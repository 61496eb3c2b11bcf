import { organizationResource, organizationScope } from '../../client/access-token.js';
import { LogtoError } from '../../errors.js';
import { TotpTurns } from '../../headless/totp-turns.js';
import { browserHeaders } from '../../oidc/browser-headers.js';
import { errorFromOAuth } from '../../oidc/error/error-from-oauth.js';
import { locationOf, type Subject, send } from '../../oidc/http-answer.js';
import { createPkce, randomValue } from '../../oidc/pkce.js';
import { accessTokenType, tokenExchangeGrantType } from '../../oidc/token-type.js';
import { once, onceFor } from '../run/once.js';
import { takingTurns } from '../run/taking-turns.js';
import { Waits } from '../run/waits.js';
import { TestedProvider } from '../tested-provider.js';
import type { Sender } from '../without-user/client-credentials.js';
import type { Answer } from '../without-user/endpoint-answer.js';
import { OwnBrowser } from './own-browser.js';
import { type Authorized, OwnSession, type RequestChange } from './own-session.js';
import { type Left, Possessions } from './possessions.js';
import { RevokedSession } from './revoked-session.js';
import { RotatedSession } from './rotated-session.js';
import { SignedOutSession } from './signed-out-session.js';
import type { SigningIn, TestedUserOptions } from './signing-in.js';
import { type TokenFor, tokenIn } from './token-for.js';

/** Sign-ins at the same time: a provider has to compute a password hash for each. */
const mostSignIns = 4;

/**
 * The provider, the application and the user that the checks with a user look at. Every sign-in is its own, in a browser
 * of its own and in memory; {@link close} ends them all.
 */
export class TestedUser implements SigningIn {
  readonly options: TestedUserOptions;
  /** The way to the endpoints that programs talk to. */
  readonly provider: TestedProvider;
  readonly #possessions: Possessions;
  readonly #closing = new AbortController();
  readonly #signal: AbortSignal;
  readonly #signInsInTurn = takingTurns(mostSignIns);
  readonly #totpTurns: TotpTurns;
  #sharedBrowser: OwnBrowser | null = null;
  /** What it was waited for. */
  readonly waits = new Waits();

  constructor(options: TestedUserOptions) {
    this.options = options;
    // What is answered with a token has to be heard, or nobody could revoke it: only its own time limit ends a request.
    const signal = new AbortController().signal;
    this.provider = new TestedProvider({ ...options, device: false, signal });
    this.#possessions = new Possessions(this.provider, options.now);
    const { sleep, ...turns } = options;
    const nextCode = 'the authenticator has another code';
    this.#totpTurns = new TotpTurns({
      ...turns,
      sleep: (milliseconds, signal) => this.waits.during(nextCode, () => sleep(milliseconds, signal)),
    });
    this.#signal = AbortSignal.any([options.signal, this.#closing.signal]);
  }

  /** Waits until something is so by the clock alone. */
  wait(milliseconds: number, until: string): Promise<void> {
    return this.waits.during(until, () => this.options.sleep(milliseconds));
  }

  /** Every scope that a sign-in asks for. */
  get scopes(): readonly string[] {
    const { scopes, organization } = this.options;
    const ofOrganization = organization === undefined ? [] : [organizationScope];
    return [...new Set(['openid', 'profile', 'offline_access', ...scopes, ...ofOrganization])];
  }

  /** Every resource that a sign-in asks for. */
  get resources(): readonly string[] {
    const { resources, organization } = this.options;
    return [...new Set([...resources, ...(organization === undefined ? [] : [organizationResource])])];
  }

  /** The sign-in that nothing is done to but what a well-behaved application does. @throws LogtoError as {@link authorize} */
  readonly firstAuthorization = once(() => this.authorize(this.newBrowser()));
  /** Its tokens. */
  readonly session = once(async () => this.exchanged(await this.firstAuthorization()));
  /** Its first refresh. */
  readonly firstRefresh = once(async () => (await this.session()).refresh());
  /** Its UserInfo. */
  readonly userInfo = once(async () => this.askUserInfo((await this.session()).accessToken ?? ''));
  /** A refresh of it that asks for less. */
  readonly narrowRefresh = once(async () =>
    (await this.session()).refresh({ parameters: { scope: 'openid' } }),
  );
  /** Its tokens for resources, each asked for once. */
  readonly tokenForResource = onceFor((resource) => this.#tokenFor({ resource }));
  /** Its tokens for organizations, each asked for once. */
  readonly tokenForOrganization = onceFor((id) => this.#tokenFor({ organization_id: id }));
  /** What its access token is exchanged for. */
  readonly exchangedToken = once(async () =>
    this.exchangeToken((await this.session()).accessToken ?? '', { scope: 'openid' }),
  );
  /** A browser whose codes are misused. */
  readonly misusedBrowser = once(async () => (await this.authorize(this.newBrowser())).browser);
  /** A sign-in whose code is used again. */
  readonly replay = once(async () => {
    const authorized = await this.authorize(this.newBrowser());
    const session = await this.exchanged(authorized);
    const again = await this.exchange(authorized);
    return { session, again };
  });
  /** A sign-in whose refresh token is used again after it was replaced. */
  readonly rotated = new RotatedSession(this);
  /** A sign-in whose refresh token is revoked. */
  readonly revoked = new RevokedSession(this);
  /** A sign-in whose session at the provider is ended. */
  readonly signedOut = new SignedOutSession(this);

  /**
   * A browser that nobody is signed in with. It is one for all where each sign-in needs a code of an authenticator, of
   * which there is one in 30 seconds.
   */
  newBrowser(): OwnBrowser {
    const parts = {
      signal: this.#signal,
      signInsInTurn: this.#signInsInTurn,
      totpTurns: this.#totpTurns,
    };
    const isShared = this.options.user.totpSecret !== undefined;
    const browser = (isShared ? this.#sharedBrowser : null) ?? new OwnBrowser({ ...this.options, ...parts });
    if (isShared) this.#sharedBrowser = browser;
    return this.#possessions.keepBrowser(browser);
  }

  /**
   * Signs the user in, in so far as the browser is not signed in already, and asks for consent.
   *
   * @throws LogtoError as `signInThroughExperience`; the codes of an authorization response that is an error
   */
  async authorize(browser: OwnBrowser, change: RequestChange = {}): Promise<Authorized> {
    const { url, ...request } = await this.authorizationRequest(change);
    const response = await browser.authorize(url);
    const error = response.get('error');
    const code = response.get('code');
    if (code !== null) return { browser, request, response, code };
    const { clientId, redirectUri, namedBy } = this.options;
    const description = response.get('error_description');
    throw errorFromOAuth(
      { error: wordOf(error), description: description && wordOf(description), status: null, isLogto: true },
      { kind: 'authorization', clientId, namedBy, hasSecret: this.provider.hasSecret, redirectUri },
    );
  }

  /** What `prompt=none` is answered with: `code`, or the error. */
  async silently(browser: OwnBrowser): Promise<string> {
    const { url } = await this.authorizationRequest({ prompt: 'none' });
    const response = await browser.authorize(url);
    return response.has('code') ? 'code' : wordOf(response.get('error'));
  }

  /** Where an authorization request leads that comes without a session; `null`: nowhere. */
  async signInPage(change: RequestChange): Promise<URL | null> {
    const { url } = await this.authorizationRequest(change);
    const about: Subject = {
      name: 'The authorization endpoint',
      code: 'provider_error',
      hint: 'Look at the log of the provider.',
      now: this.options.now,
    };
    const init = { headers: browserHeaders, signal: this.#signal };
    return locationOf(await send(this.options.fetch, url, init, about), url);
  }

  /** An authorization request as every sign-in begins with. */
  async authorizationRequest(change: RequestChange = {}): Promise<Authorized['request'] & { url: string }> {
    const { clientId, redirectUri } = this.options;
    const { verifier, challenge } = await createPkce();
    // Signs that are lost or doubled by those who do not encode what they echo.
    const request = { state: `${randomValue()} +&=%`, nonce: randomValue(), verifier };
    const url = new URL((await this.provider.metadata()).authorization_endpoint);
    const parameters = {
      client_id: clientId,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: this.scopes.join(' '),
      // Without it Logto gives no refresh token.
      prompt: 'consent',
      state: request.state,
      nonce: request.nonce,
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...change,
    };
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== null) url.searchParams.set(name, value);
    }
    for (const resource of this.resources) url.searchParams.append('resource', resource);
    return { ...request, url: url.href };
  }

  /** Exchanges a code, in the way that is right but for the changes. @throws LogtoError network codes */
  async exchange(
    { code, request }: Authorized,
    change: RequestChange = {},
    sender?: Sender,
  ): Promise<Answer> {
    const parameters = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: this.options.redirectUri,
      code_verifier: request.verifier,
      ...change,
    };
    const form = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== null);
    return this.#askForTokens(Object.fromEntries(form), sender);
  }

  /** Exchanges a code for the tokens of a session, whatever the answer is. @throws LogtoError network codes */
  async exchanged(authorized: Authorized): Promise<OwnSession> {
    const tokens = await this.exchange(authorized);
    return new OwnSession(authorized, tokens, (form, sender) => this.#askForTokens(form, sender));
  }

  /** Signs in anew, for a session of its own. @throws LogtoError as {@link authorize}; `token_request_rejected` */
  async newSession(): Promise<OwnSession> {
    const session = await this.exchanged(await this.authorize(this.newBrowser()));
    if (session.refreshToken !== null && session.accessToken !== null) return session;
    const { error, status } = session.tokens;
    throw new LogtoError(
      'token_request_rejected',
      `A further sign-in of the same kind brought no access and refresh token (${status} ${error ?? ''}).`,
      'Run it again; look at the log of the provider.',
    );
  }

  /** Exchanges what is said to be an access token of the user (RFC 8693). @throws LogtoError network codes */
  exchangeToken(
    token: string,
    parameters: Readonly<Record<string, string>> = {},
    sender?: Sender,
  ): Promise<Answer> {
    const form = {
      grant_type: tokenExchangeGrantType,
      subject_token: token,
      subject_token_type: accessTokenType,
      requested_token_type: accessTokenType,
      ...parameters,
    };
    return this.#askForTokens(form, sender, true);
  }

  /** Asks UserInfo. @throws LogtoError network codes */
  askUserInfo(token: string): Promise<Answer> {
    return this.provider.get('userinfo_endpoint', {}, { authorization: `Bearer ${token}` });
  }

  /** Revokes a token. @throws LogtoError network codes */
  revoke(token: string, kind: 'refresh_token' | 'access_token', sender?: Sender): Promise<Answer> {
    return this.provider.post('revocation_endpoint', { token, token_type_hint: kind }, sender);
  }

  /**
   * Revokes every token that a provider gave, and ends every session. Whatever is under way is waited for first.
   *
   * @returns what may live on
   */
  close(): Promise<Left> {
    this.#closing.abort(new LogtoError('interrupted', 'The run is over.', 'Run it again.'));
    return this.#possessions.end();
  }

  async #tokenFor(parameters: Readonly<Record<string, string>>): Promise<TokenFor> {
    return tokenIn(await (await this.session()).refresh({ parameters }));
  }

  #askForTokens(
    form: Readonly<Record<string, string>>,
    sender?: Sender,
    isExchange = false,
  ): Promise<Answer> {
    const ask = () => this.provider.post('token_endpoint', form, sender);
    return this.#possessions.keepTokens(ask, { isExchange });
  }
}

/** An error of a provider, in so far as it is words. */
function wordOf(text: string | null): string {
  return text !== null && /^[\w .,'`-]{1,200}$/.test(text) ? text : 'unknown';
}
