import * as client from 'openid-client';
import { LogtoError } from '../errors.js';
import type { CheckedAnswer } from './back-channel.js';
import { throwOAuthError } from './endpoint-answers.js';
import { invalidAnswer, readJsonObject, type Subject } from './http-answer.js';
import { parseOAuthError } from './oauth-errors.js';
import { unexpectedError, userInfoError } from './openid-client-errors.js';
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

/** Speaks with a provider through openid-client. The record's metadata must have passed `checkDiscoveryDocument`. */
export function createProvider(options: ProviderOptions, record: ProviderRecord): Provider {
  return new OpenidProvider(options, record);
}

class OpenidProvider implements Provider {
  readonly metadata: ProviderMetadata;
  readonly #options: ProviderOptions;
  readonly #client: ProtocolClient;
  readonly #tokenEndpoint: TokenEndpoint;

  constructor(options: ProviderOptions, record: ProviderRecord) {
    this.#options = options;
    this.metadata = record.metadata;
    this.#client = new ProtocolClient(options, record);
    this.#tokenEndpoint = new TokenEndpoint(options, this.metadata, this.#client);
  }

  async authorizationUrl(parameters: Readonly<Record<string, string | readonly string[]>>): Promise<string> {
    const query = new URLSearchParams();
    for (const [name, values] of Object.entries(parameters)) {
      for (const value of [values].flat()) query.append(name, value);
    }
    if (this.metadata.require_pushed_authorization_requests === true) return this.#pushedUrl(query);
    return client.buildAuthorizationUrl(this.#client.configuration(), query).href;
  }

  exchangeCode(exchange: CodeExchange): Promise<TokenResponse> {
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
    const channel = this.#client.channel({ subject, check: (response) => checkUserInfo(response, subject) });
    return this.#client.run(
      channel,
      (config) => client.fetchUserInfo(config, accessToken, expectedSubject),
      (error) => userInfoError(error, subject),
    );
  }

  async revoke(refreshToken: string): Promise<'done' | 'unsupported'> {
    if (this.metadata.revocation_endpoint === undefined) return 'unsupported';
    const subject = this.#client.subject('revocation endpoint', 'token_response_invalid');
    const request = this.#client.request({ kind: 'revocation', secrets: [refreshToken] });
    const channel = this.#client.channel<'done' | 'unsupported'>({
      subject,
      check: async (response) => {
        const error = parseOAuthError(await response.clone().text(), response.status, request.secrets);
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
    return client.buildEndSessionUrl(this.#client.configuration(), parameters).href;
  }

  async #pushedUrl(query: URLSearchParams): Promise<string> {
    this.#requireEndpoint('pushed_authorization_request_endpoint');
    const subject = this.#client.subject('pushed authorization request endpoint', 'token_response_invalid');
    const secrets = ['state', 'nonce', 'one_time_token'].map((name) => query.get(name) ?? '');
    const request = this.#client.request({
      kind: 'pushed-authorization',
      secrets,
      redirectUri: query.get('redirect_uri') ?? '',
    });
    const channel = this.#client.channel({
      subject,
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
      'The provider does not offer this; it has to be added there.',
    );
  }
}

async function checkUserInfo(response: Response, subject: Subject): Promise<CheckedAnswer<null>> {
  if (response.status === 401 || response.status === 403) {
    throw new LogtoError(
      'token_rejected',
      `${subject.name} does not accept the access token (${response.status}).`,
      'Sign in again: logto-cli sign-in (with the scope openid, and without --resource for this token).',
      { status: response.status },
    );
  }
  if (/^application\/jwt\b/i.test(response.headers.get('content-type') ?? '') && response.status === 200) {
    const headers = { 'content-type': 'application/jwt' };
    return { value: null, seen: new Response(await response.text(), { headers }) };
  }
  return { value: null, seen: Response.json(await readJsonObject(response, subject)) };
}
