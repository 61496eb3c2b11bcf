import * as client from 'openid-client';
import type { BackChannel } from './back-channel.js';
import { exchangeDeviceCode } from './device-code-exchange.js';
import { explainCodeRejection } from './error/code-rejection.js';
import { signatureError } from './error/openid-client-errors.js';
import { type Grant, type GrantEndpoint, grantChannel, parametersOf, targetOf } from './grant-channel.js';
import { isNetworkError, type Subject, withSignal } from './http-answer.js';
import { hasBraces } from './issuer-template.js';
import type { ProtocolClient } from './protocol-client.js';
import { type Verify, verifying } from './provider-event.js';
import type { ProviderOptions } from './provider-options.js';
import type {
  CodeExchange,
  DeviceCodeExchange,
  DevicePending,
  RefreshRequest,
  RefreshResponse,
  TokenResponse,
} from './request.js';
import { checkAuthorizationResponse } from './validate/authorization-response.js';
import { checkIdToken, checkIssuerClaim } from './validate/id-token.js';
import { idTokenInvalid, missingIdToken } from './validate/id-token-refusal.js';
import { decodeJwt } from './validate/jwt.js';
import { checkRefreshedIdToken } from './validate/refreshed-id-token.js';
import type { SignedPart } from './validate/signed-part.js';
import { isSymmetric } from './validate/signing-algorithm.js';

const sameTenant =
  'Sign in again; if it persists, the provider mixes up tenants: it has to name the same one in both.';

/** The token endpoint of a provider, as one application uses it (RFC 6749, section 3.2). */
export class TokenEndpoint {
  readonly #options: ProviderOptions;
  readonly #client: ProtocolClient;
  readonly #subject: Subject;

  constructor(options: ProviderOptions, protocolClient: ProtocolClient) {
    this.#options = options;
    this.#client = protocolClient;
    this.#subject = protocolClient.subject('token endpoint', 'token_response_invalid');
  }

  /** See `Provider.exchangeCode`. */
  async exchangeCode(exchange: CodeExchange): Promise<TokenResponse> {
    const { issuer, authorization_response_iss_parameter_supported: isIssAnnounced } = this.#client.metadata;
    const { state, nonce, codeVerifier, redirectUri, scopes, resources, receivedAt, maxAge, signal } =
      exchange;
    const { clientId, namedBy } = this.#options;
    const code = checkAuthorizationResponse(exchange.callbackUrl, {
      state,
      issuer,
      requiresIss: isIssAnnounced === true,
      clientId,
      namedBy,
      scopes,
      ...(resources && { resources }),
      nonce,
      observe: this.#options.observe,
    });
    const iss = hasBraces(issuer) ? new URL(exchange.callbackUrl).searchParams.get('iss') : null;
    const verify = verifying(this.#options.observe, 'ID token');
    const sameAsInResponse: Verify = (_what, _clause, same) =>
      verify('iss is that of the authorization response', 'RFC 9207, 2.4', same);
    const channel = this.#channel<TokenResponse>({
      request: this.#client.request({
        kind: 'code',
        secrets: [code, codeVerifier, state, nonce],
        redirectUri,
        scopes,
        ...(resources && { resources }),
      }),
      scopes,
      fetch: withSignal(this.#options.fetch, signal),
      // openid-client would send the address without its query, and with a slash that it may not have had.
      prepare: (body) => body.set('redirect_uri', redirectUri),
      explain: (error, clockDifference) => {
        const seconds = receivedAt === undefined ? null : (this.#options.now() - receivedAt) / 1000;
        return explainCodeRejection(error, { seconds, clockDifference });
      },
      read: ({ accessToken, refreshToken, idToken, expected }) => {
        if (idToken === null) throw idTokenInvalid(missingIdToken(scopes));
        const claims = checkIdToken(idToken, { ...expected, nonce, ...(maxAge !== undefined && { maxAge }) });
        // Of several tenants it has to be the one that the browser came back from.
        if (iss !== null) checkIssuerClaim(claims['iss'], iss, sameAsInResponse, sameTenant);
        return { value: { ...accessToken, idToken, claims, refreshToken }, idToken };
      },
    });
    // The callback as it came, but for parameters of other response types, over which openid-client would trip.
    const callbackAt = (config: client.Configuration) => {
      const callback = new URL(redirectUri);
      callback.search = new URLSearchParams({ code, state, iss: config.serverMetadata().issuer }).toString();
      return callback;
    };
    const checks = {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: codeVerifier,
      idTokenExpected: true,
      ...(maxAge !== undefined && { maxAge }),
    };
    await this.#client.run(
      channel,
      (config) => client.authorizationCodeGrant(config, callbackAt(config), checks),
      this.#signatureError,
    );
    return channel.value;
  }

  /** See `Provider.refresh`. */
  async refresh(refresh: RefreshRequest): Promise<RefreshResponse> {
    const { refreshToken, scopes, signal } = refresh;
    const before = decodeJwt(refresh.idToken);
    if (before === null)
      throw idTokenInvalid({ reason: 'malformed', what: 'of the session is not a signed JWT' });
    const target = targetOf(refresh);
    // Once the endpoint has answered well, its refresh token is the only one that still works.
    const answered: { refreshToken?: string | null } = {};
    const channel = this.#channel<RefreshResponse & { readonly unchecked: null }>({
      request: this.#client.request({ kind: 'refresh', secrets: [refreshToken], ...target }),
      target,
      scopes,
      fetch: this.#options.fetch,
      // Once there is an answer it is worth the wait for the keys: giving up would lose a rotated refresh token.
      ...(signal && { signal }),
      onRefreshToken: (refreshToken) => {
        answered.refreshToken = refreshToken;
      },
      read: ({ accessToken, refreshToken: rotated, idToken, expected }) => {
        if (idToken !== null) checkRefreshedIdToken(idToken, before.claims, expected);
        return {
          value: { refreshToken: rotated, unchecked: null, tokens: { ...accessToken, idToken } },
          idToken,
        };
      },
    });
    // Whatever can go wrong with the keys had better do so before the refresh token is spent: between the answer and its
    // storing nothing is waited for, as long as the keys that are known serve.
    const isKeyless = isSymmetric(String(before.header['alg'])) && Boolean(this.#options.clientSecret);
    const prepare = async () =>
      isKeyless ? undefined : channel.keys.prepare(withSignal(this.#options.fetch, signal));
    try {
      await this.#client.run(
        channel,
        (config) => client.refreshTokenGrant(config, refreshToken, parametersOf(target)),
        this.#signatureError,
        prepare,
      );
      return channel.value;
    } catch (error) {
      // The answer is fine so far: what cannot be reached is what it is to be checked with.
      if (answered.refreshToken === undefined || !isNetworkError(error)) throw error;
      return { refreshToken: answered.refreshToken, unchecked: error, tokens: null };
    }
  }

  /** See `Provider.exchangeDeviceCode`. */
  exchangeDeviceCode(exchange: DeviceCodeExchange): Promise<TokenResponse | DevicePending> {
    return exchangeDeviceCode(this.#endpoint, exchange);
  }

  get #endpoint(): GrantEndpoint {
    return { options: this.#options, client: this.#client, subject: this.#subject };
  }

  readonly #signatureError = (error: unknown, signed: SignedPart | null) =>
    signatureError(error, signed, this.#subject);

  #channel<Value>(grant: Grant<Value>): BackChannel<Value> {
    return grantChannel(this.#endpoint, grant);
  }
}
