import * as client from 'openid-client';
import { LogtoError } from '../errors.js';
import type { Fetch } from '../network/fetch.js';
import { checkAuthorizationResponse } from './authorization-response.js';
import { BackChannel, type CheckedAnswer } from './back-channel.js';
import { type ClientRequest, throwOAuthError } from './endpoint-answers.js';
import { invalidAnswer, readJsonObject, type Subject } from './http-answer.js';
import { acceptableAlgorithms, checkIdToken, idTokenInvalid } from './id-token.js';
import { parseOAuthError } from './oauth-errors.js';
import { signatureError, unexpectedError, userInfoError } from './openid-client-errors.js';
import { ProtocolClient } from './protocol-client.js';
import type {
  Claims,
  CodeExchange,
  Provider,
  ProviderMetadata,
  ProviderOptions,
  TokenResponse,
} from './provider.js';
import { checkTokenResponse } from './token-response.js';

/** Speaks with a provider through openid-client. The metadata must have passed `checkDiscoveryDocument`. */
export function createProvider(options: ProviderOptions, metadata: ProviderMetadata): Provider {
  return new OpenidProvider(options, metadata);
}

class OpenidProvider implements Provider {
  readonly metadata: ProviderMetadata;
  readonly #options: ProviderOptions;
  readonly #client: ProtocolClient;

  constructor(options: ProviderOptions, metadata: ProviderMetadata) {
    this.#options = options;
    this.metadata = metadata;
    this.#client = new ProtocolClient(options, metadata);
  }

  async authorizationUrl(parameters: Readonly<Record<string, string | readonly string[]>>): Promise<string> {
    const query = new URLSearchParams();
    for (const [name, values] of Object.entries(parameters)) {
      for (const value of [values].flat()) query.append(name, value);
    }
    if (this.metadata.require_pushed_authorization_requests === true) return this.#pushedUrl(query);
    return client.buildAuthorizationUrl(this.#client.configuration(), query).href;
  }

  async exchangeCode(exchange: CodeExchange): Promise<TokenResponse> {
    const { issuer } = this.metadata;
    const { state, nonce, codeVerifier, redirectUri, maxAge, signal } = exchange;
    const code = checkAuthorizationResponse(exchange.callbackUrl, {
      state,
      issuer,
      requiresIss: this.metadata.authorization_response_iss_parameter_supported === true,
      clientId: this.#options.clientId,
    });
    const fetch = withSignal(this.#options.fetch, signal);
    const subject = this.#subject('token endpoint', 'token_response_invalid');
    const request = this.#clientRequest('code', [code, codeVerifier, state, nonce], redirectUri);
    const started = this.#options.now();
    const channel = this.#channel({
      fetch,
      subject,
      // openid-client would send the address without its query, and with a slash that it may not have had.
      prepare: (body) => body.set('redirect_uri', redirectUri),
      check: async (response) => {
        await throwOAuthError(response, request, fetch, subject);
        return this.#checkTokens(response, exchange, subject, started);
      },
    });
    // Only what was checked: openid-client would trip over parameters of other response types.
    const callback = new URL(`http://localhost/?${new URLSearchParams({ code, state, iss: issuer })}`);
    const checks = {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: codeVerifier,
      idTokenExpected: true,
      ...(maxAge !== undefined && { maxAge }),
    };
    await this.#client.run(
      channel,
      (config) => client.authorizationCodeGrant(config, callback, checks),
      signatureError,
    );
    return channel.value;
  }

  async userInfo(accessToken: string, expectedSubject: string): Promise<Claims> {
    this.#requireEndpoint('userinfo_endpoint');
    const subject = this.#subject('UserInfo endpoint', 'userinfo_invalid');
    const channel = this.#channel({ subject, check: (response) => checkUserInfo(response, subject) });
    return this.#client.run(
      channel,
      (config) => client.fetchUserInfo(config, accessToken, expectedSubject),
      (error) => userInfoError(error, subject),
    );
  }

  async revoke(refreshToken: string): Promise<'done' | 'unsupported'> {
    if (this.metadata.revocation_endpoint === undefined) return 'unsupported';
    const subject = this.#subject('revocation endpoint', 'token_response_invalid');
    const request = this.#clientRequest('revocation', [refreshToken]);
    const channel = this.#channel<'done' | 'unsupported'>({
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
    const subject = this.#subject('pushed authorization request endpoint', 'token_response_invalid');
    const secrets = ['state', 'nonce', 'one_time_token'].map((name) => query.get(name) ?? '');
    const request = this.#clientRequest('pushed-authorization', secrets, query.get('redirect_uri') ?? '');
    const channel = this.#channel({
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

  async #checkTokens(
    response: Response,
    exchange: CodeExchange,
    subject: Subject,
    started: number,
  ): Promise<CheckedAnswer<TokenResponse>> {
    const { now, clientId } = this.#options;
    const date = Date.parse(response.headers.get('date') ?? '');
    const clockDifference = Number.isNaN(date) ? null : (date - now()) / 1000;
    const tokens = checkTokenResponse(await readJsonObject(response, subject), subject);
    const { accessToken, tokenType, expiresIn, idToken, refreshToken } = tokens;
    if (idToken === null) throw idTokenInvalid('missing');
    const claims = checkIdToken(idToken, {
      issuer: this.metadata.issuer,
      clientId,
      nonce: exchange.nonce,
      ...(exchange.maxAge !== undefined && { maxAge: exchange.maxAge }),
      algorithms: acceptableAlgorithms(this.metadata.id_token_signing_alg_values_supported),
      now: now(),
      clockDifference,
    });
    return {
      value: {
        accessToken,
        tokenType,
        accessTokenExpiresAt: expiresIn === null ? null : started + expiresIn * 1000,
        scopes: tokens.scopes ?? exchange.scopes,
        idToken,
        claims,
        refreshToken,
      },
      seen: Response.json({ access_token: accessToken, token_type: tokenType, id_token: idToken }),
    };
  }

  #channel<Value>(
    options: Omit<ConstructorParameters<typeof BackChannel<Value>>[0], 'fetch' | 'jwksUri'> & {
      readonly fetch?: Fetch;
    },
  ): BackChannel<Value> {
    return new BackChannel({ fetch: this.#options.fetch, jwksUri: this.metadata.jwks_uri, ...options });
  }

  #subject(endpoint: string, code: 'token_response_invalid' | 'userinfo_invalid'): Subject {
    return {
      name: `The ${endpoint} of ${this.metadata.issuer}`,
      code,
      hint: 'Nothing was kept. Try again; if it persists, the provider, or a proxy before it, has to be corrected.',
      now: this.#options.now,
    };
  }

  #clientRequest(
    kind: ClientRequest['kind'],
    secrets: readonly string[],
    redirectUri?: string,
  ): ClientRequest {
    const { clientId, clientSecret = '' } = this.#options;
    return {
      kind,
      clientId,
      hasSecret: clientSecret !== '',
      tokenEndpoint: this.metadata.token_endpoint,
      secrets: [...secrets, clientSecret],
      ...(redirectUri !== undefined && { redirectUri }),
    };
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

function withSignal(fetch: Fetch, signal: AbortSignal | undefined): Fetch {
  return signal === undefined ? fetch : (url, init) => fetch(url, { ...init, signal });
}
