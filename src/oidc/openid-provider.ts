import * as client from 'openid-client';
import { LogtoError } from '../errors.js';
import type { ClientAuthentication } from './authentication-method.js';
import { parseOAuthError } from './error/oauth-errors.js';
import { unexpectedError, userInfoError } from './error/openid-client-errors.js';
import { invalidAnswer, readJsonObject } from './http-answer.js';
import type { ApplicationVerdict } from './probe/application-check.js';
import { throwOAuthError } from './probe/endpoint-answers.js';
import type { ProbedRequest } from './probe/probed-authorization.js';
import { ProtocolClient } from './protocol-client.js';
import type {
  Claims,
  ClientCredentialsRequest,
  CodeExchange,
  GrantedAccessToken,
  Provider,
  ProviderMetadata,
  ProviderOptions,
  RefreshRequest,
  RefreshResponse,
  TokenResponse,
} from './provider.js';
import type { ProviderRecord } from './provider-record.js';
import { TokenEndpoint } from './token-endpoint.js';
import { checkUserInfo } from './validate/user-info.js';

/** Speaks with a provider through openid-client. The record's metadata must have passed `checkDiscoveryDocument`. */
export function createProvider(options: ProviderOptions, record: ProviderRecord): Provider {
  return new OpenidProvider(options, record);
}

class OpenidProvider implements Provider {
  readonly #options: ProviderOptions;
  readonly #client: ProtocolClient;
  readonly #tokenEndpoint: TokenEndpoint;

  constructor(options: ProviderOptions, record: ProviderRecord) {
    this.#options = options;
    this.#client = new ProtocolClient(options, record);
    this.#tokenEndpoint = new TokenEndpoint(options, this.#client);
  }

  get metadata(): ProviderMetadata {
    return this.#client.metadata;
  }

  get authentication(): ClientAuthentication | undefined {
    return this.#client.identity.authentication;
  }

  authenticateBy(authentication: ClientAuthentication | undefined): void {
    this.#client.authenticateBy(authentication);
  }

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

  async checkApplication(request: ProbedRequest, signal?: AbortSignal): Promise<ApplicationVerdict> {
    const { checkApplication } = await import('./probe/application-check.js');
    const target = { ...this.#options, metadata: this.metadata, ...(signal && { signal }) };
    const found = await checkApplication(target, request);
    if (found.authentication !== undefined) this.authenticateBy(found.authentication);
    return found;
  }

  exchangeCode(exchange: CodeExchange): Promise<TokenResponse> {
    const { callbackUrl: url } = exchange;
    this.#options.observe?.({ kind: 'browser', message: 'authorization response', url });
    return this.#tokenEndpoint.exchangeCode(exchange);
  }

  refresh(request: RefreshRequest): Promise<RefreshResponse> {
    return this.#tokenEndpoint.refresh(request);
  }

  clientCredentials(request: ClientCredentialsRequest): Promise<GrantedAccessToken> {
    return this.#tokenEndpoint.clientCredentials(request);
  }

  async userInfo(accessToken: string, expectedSubject: string): Promise<Claims> {
    this.#requireEndpoint('userinfo_endpoint');
    const subject = this.#client.subject('UserInfo endpoint', 'userinfo_invalid');
    const { clientId, namedBy, now } = this.#options;
    const expected = { issuer: this.metadata.issuer, clientId, namedBy, now, expectedSubject };
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
