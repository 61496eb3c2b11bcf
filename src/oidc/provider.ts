import * as client from 'openid-client';
import { LogtoError } from '../errors.js';
import { Response } from '../whole-response.js';
import { AccessTokenGrants } from './access-token-grants.js';
import type { ClientAuthentication } from './authentication-method.js';
import type { Claims } from './claims.js';
import { parseOAuthError } from './error/error-from-oauth.js';
import { unexpectedError, userInfoError } from './error/openid-client-errors.js';
import { invalidAnswer, readJsonObject } from './http-answer.js';
import type { ApplicationVerdict } from './probe/application-check.js';
import { throwOAuthError } from './probe/endpoint-answers.js';
import type { ProbedRequest } from './probe/probed-authorization.js';
import { ProtocolClient } from './protocol-client.js';
import type { ProviderMetadata } from './provider-metadata.js';
import type { ProviderOptions } from './provider-options.js';
import type { ProviderRecord } from './provider-record.js';
import type {
  ClientCredentialsRequest,
  CodeExchange,
  DeviceAuthorization,
  DeviceAuthorizationRequest,
  DeviceCodeExchange,
  DevicePending,
  GrantedAccessToken,
  RefreshRequest,
  RefreshResponse,
  TokenExchangeRequest,
  TokenResponse,
} from './request.js';
import { TokenEndpoint } from './token-endpoint.js';
import { checkUserInfo } from './validate/user-info.js';

/** An OpenID Provider, discovered, as one application sees it: spoken to through openid-client. */
export class Provider {
  readonly #options: ProviderOptions;
  readonly #client: ProtocolClient;
  readonly #tokenEndpoint: TokenEndpoint;
  readonly #grants: AccessTokenGrants;

  /** @param record its metadata must have passed `checkDiscoveryDocument` */
  constructor(options: ProviderOptions, record: ProviderRecord) {
    this.#options = options;
    this.#client = new ProtocolClient(options, record);
    const subject = this.#client.subject('token endpoint', 'token_response_invalid');
    this.#tokenEndpoint = new TokenEndpoint(options, this.#client);
    this.#grants = new AccessTokenGrants({ options, client: this.#client, subject });
  }

  get metadata(): ProviderMetadata {
    return this.#client.metadata;
  }

  /** How the application authenticates, where that was chosen or found out; absent: as discovery wants it. */
  get authentication(): ClientAuthentication | undefined {
    return this.#client.identity.authentication;
  }

  /** Authenticates from now on as it was once found to work; a choice in the options is stronger. */
  authenticateBy(authentication: ClientAuthentication | undefined): void {
    this.#client.authenticateBy(authentication);
  }

  /**
   * The address to open in a browser. `parameters` are the authorization request's own; an array repeats the parameter.
   * The request is pushed first where the provider requires that (RFC 9126).
   *
   * @throws LogtoError `config_invalid`, `config_missing` where the application cannot authenticate at all; where the
   * request is pushed: network codes, and the codes of a refused configuration
   */
  async authorizationUrl(parameters: Readonly<Record<string, string | readonly string[]>>): Promise<string> {
    // Nobody should sign in whose code could not be exchanged.
    this.#client.requireAuthentication();
    const query = new URLSearchParams();
    for (const [name, values] of Object.entries(parameters)) {
      for (const value of [values].flat()) query.append(name, value);
    }
    const url =
      this.metadata.require_pushed_authorization_requests === true
        ? await this.#pushedUrl(query)
        : client.buildAuthorizationUrl(this.#client.configuration(), query).href;
    this.#options.observe?.({ kind: 'browser', message: 'authorization request', url });
    return url;
  }

  /**
   * Asks whether a sign-in with such an authorization request could succeed, in one round trip and without side effects:
   * the application, its authentication, type, redirect URI and resources. Where the provider does not read the secret
   * as it should, another way that it takes is used from then on.
   *
   * @param signal ends it with its reason, unless something was refused by then
   * @throws LogtoError network codes
   */
  async checkApplication(request: ProbedRequest, signal?: AbortSignal): Promise<ApplicationVerdict> {
    const { checkApplication } = await import('./probe/application-check.js');
    const target = { ...this.#options, metadata: this.metadata, ...(signal && { signal }) };
    const found = await checkApplication(target, request);
    if (found.authentication !== undefined) this.authenticateBy(found.authentication);
    return found;
  }

  /**
   * Checks the authorization response (state, then `iss`, then `error`), exchanges the code and validates everything
   * that comes back.
   *
   * @throws LogtoError `state_mismatch`, `issuer_mismatch`, `access_denied` and the other codes of the authorization
   * response, `code_rejected`, `id_token_invalid`, `token_response_invalid`, `jwks_invalid`, `clock_skew`, the
   * `client_*` codes, network codes
   */
  exchangeCode(exchange: CodeExchange): Promise<TokenResponse> {
    const { callbackUrl: url } = exchange;
    this.#options.observe?.({ kind: 'browser', message: 'authorization response', url });
    return this.#tokenEndpoint.exchangeCode(exchange);
  }

  /**
   * Begins a sign-in that is finished on another device (RFC 8628, section 3.1).
   *
   * @throws LogtoError `device_flow_disabled`, `resource_unknown`, `scope_not_allowed`, `token_response_invalid`, the
   * `client_*` codes, network codes
   */
  async authorizeDevice(request: DeviceAuthorizationRequest): Promise<DeviceAuthorization> {
    const { authorizeDevice } = await import('./device-authorization.js');
    return authorizeDevice(this.#options, this.#client, request);
  }

  /**
   * Asks once whether such a sign-in is finished (RFC 8628, section 3.4), and validates everything that comes back. There
   * is no nonce in it: the device authorization request has none.
   *
   * @returns the tokens, or why there are none yet
   * @throws LogtoError `access_denied`, `sign_in_timeout`, `code_rejected`, and the codes of {@link exchangeCode}
   */
  exchangeDeviceCode(exchange: DeviceCodeExchange): Promise<TokenResponse | DevicePending> {
    return this.#tokenEndpoint.exchangeDeviceCode(exchange);
  }

  /**
   * Refreshes a session (RFC 6749, section 6; OpenID Connect Core 1.0, section 12) and validates everything that comes
   * back. One request, as long as the provider's keys are known. Nothing of a response that is refused may be used.
   *
   * @throws LogtoError `session_expired`, `access_denied`, `resource_unknown`, `scope_not_allowed`,
   * `organization_denied`, `grant_type_not_allowed`, `token_request_rejected`, `id_token_invalid`, `issuer_mismatch`, `token_response_invalid`,
   * `jwks_invalid`, `clock_skew`, the `client_*` codes; network codes when the token endpoint could not be reached
   */
  refresh(request: RefreshRequest): Promise<RefreshResponse> {
    return this.#tokenEndpoint.refresh(request);
  }

  /**
   * Gets an access token for the application itself (RFC 6749, section 4.4).
   *
   * @throws LogtoError `client_secret_missing` (without a request), `resource_unknown`, `scope_not_allowed`,
   * `organization_denied`, `grant_type_not_allowed`, `token_request_rejected`, `token_response_invalid`, the `client_*`
   * codes, network codes
   */
  clientCredentials(request: ClientCredentialsRequest): Promise<GrantedAccessToken> {
    return this.#grants.clientCredentials(request);
  }

  /**
   * Exchanges a token for an access token (RFC 8693).
   *
   * @throws LogtoError `token_rejected` for a subject or actor token that is not accepted, `access_denied`,
   * `grant_type_not_allowed`, `resource_unknown`, `scope_not_allowed`, `organization_denied`, `token_request_rejected`, `token_response_invalid`,
   * the `client_*` codes, network codes
   */
  exchangeToken(request: TokenExchangeRequest): Promise<GrantedAccessToken> {
    return this.#grants.exchangeToken(request);
  }

  /**
   * Asks the UserInfo endpoint (OpenID Connect Core 1.0, section 5.3).
   *
   * @param expectedSubject the `sub` of the ID token
   * @param issuer its `iss`; default: the issuer, which is one name for several where it is a template
   * @throws LogtoError `userinfo_invalid`, `token_rejected`, `client_unknown`, `client_rejected`, network codes;
   * `discovery_invalid` without an endpoint
   */
  async userInfo(
    accessToken: string,
    expectedSubject: string,
    issuer = this.metadata.issuer,
  ): Promise<Claims> {
    this.#requireEndpoint('userinfo_endpoint');
    const subject = this.#client.subject('UserInfo endpoint', 'userinfo_invalid');
    const { clientId, namedBy, now } = this.#options;
    const expected = { issuer, clientId, namedBy, now, expectedSubject };
    const channel = this.#client.channel({
      subject,
      check: (response, keys) => checkUserInfo(response, { ...expected, subject, keys }),
    });
    return this.#client.run(
      channel,
      (config) => client.fetchUserInfo(config, accessToken, expectedSubject),
      (error, signed) => userInfoError(error, signed, subject),
    );
  }

  /**
   * Revokes a refresh token (RFC 7009). `unsupported` when the provider has no revocation endpoint, or refuses the type.
   *
   * @throws LogtoError network codes, `client_*` codes
   */
  async revoke(refreshToken: string): Promise<'done' | 'unsupported'> {
    if (this.metadata.revocation_endpoint === undefined) return 'unsupported';
    const subject = this.#client.subject('revocation endpoint', 'token_response_invalid');
    const request = this.#client.request({ kind: 'revocation', secrets: [refreshToken] });
    const channel = this.#client.channel<'done' | 'unsupported'>({
      subject,
      secrets: request.secrets,
      check: async (response) => {
        const text = await response.clone().text();
        const error = parseOAuthError(text, response.status, request.secrets, response.headers);
        const isUnsupported = response.status >= 400 && error?.error === 'unsupported_token_type';
        if (!isUnsupported) await throwOAuthError(response, request, this.#options.fetch, subject);
        return { value: isUnsupported ? 'unsupported' : 'done', seen: new Response() };
      },
    });
    await this.#client.run(
      channel,
      (config) => client.tokenRevocation(config, refreshToken, { token_type_hint: 'refresh_token' }),
      unexpectedError,
    );
    return channel.value;
  }

  /**
   * The address that ends the provider's session (OpenID Connect RP-Initiated Logout 1.0); `null` without an endpoint.
   * `client_id` is always in it.
   */
  endSessionUrl(parameters: Readonly<Record<string, string>>): string | null {
    if (this.metadata.end_session_endpoint === undefined) return null;
    const url = client.buildEndSessionUrl(this.#client.configuration(), parameters).href;
    this.#options.observe?.({ kind: 'browser', message: 'end session request', url });
    return url;
  }

  async #pushedUrl(query: URLSearchParams): Promise<string> {
    this.#requireEndpoint('pushed_authorization_request_endpoint');
    const subject = this.#client.subject('pushed authorization request endpoint', 'token_response_invalid');
    const secrets = ['state', 'nonce', 'one_time_token'].map((name) => query.get(name) ?? '');
    const request = this.#client.request({
      kind: 'pushed-authorization',
      secrets,
      redirectUri: query.get('redirect_uri') ?? '',
      scopes: (query.get('scope') ?? '').split(' ').filter((scope) => scope !== ''),
      resources: query.getAll('resource'),
    });
    const channel = this.#client.channel({
      subject,
      secrets: request.secrets,
      check: async (response) => {
        await throwOAuthError(response, request, this.#options.fetch, subject);
        const { request_uri: uri } = await readJsonObject(response, subject, [200, 201]);
        if (typeof uri !== 'string' || uri === '') throw invalidAnswer(subject, 'gave no request_uri');
        return { value: uri, seen: Response.json({ request_uri: uri, expires_in: 60 }, { status: 201 }) };
      },
    });
    const url = await this.#client.run(
      channel,
      (config) => client.buildAuthorizationUrlWithPAR(config, query),
      unexpectedError,
    );
    return url.href;
  }

  #requireEndpoint(name: 'userinfo_endpoint' | 'pushed_authorization_request_endpoint'): void {
    if (this.metadata[name] !== undefined) return;
    throw new LogtoError(
      'discovery_invalid',
      `The discovery document of ${this.metadata.issuer} has no ${name}.`,
      'The provider does not list it, so that nobody can be asked. If it has one, its document has to say where.',
    );
  }
}
