import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { strangersHost } from '../../src/oidc/probe/authorization-control.js';
import { type Grant, HonestGrants } from './honest-grants.js';
import type { Answer, Lies, RecordedRequest, Step } from './lies.js';
import { type LocalServer, readText, startLocalServer } from './local-server.js';
import { createSigningKey, type Json, type SigningKey, signJwt } from './signed-jwt.js';

/** How to start it. */
export interface LyingProviderOptions {
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Comes after the origin in the issuer. */
  readonly issuerPath?: string;
  readonly clientId?: string;
  readonly subject?: string;
}

/**
 * An OpenID Provider on a free port whose every answer a test can change, and that remembers every request. Honest
 * where it is not told otherwise: one user, one client with any redirect URI but that of probes for strangers, codes and refresh tokens that work once, PKCE S256. An access
 * token for a resource or an organization is a JWT.
 */
export class LyingProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly subject: string;
  readonly requests: RecordedRequest[] = [];
  /** Every code and token that was handed out: none may turn up where people read. */
  readonly issued: string[] = [];
  /** May be changed at any time. */
  lies: Lies;
  /** All are published; the first one signs. */
  keys: SigningKey[] = [createSigningKey('first')];
  readonly #server: LocalServer;
  readonly #grants = new HonestGrants();

  constructor(server: LocalServer, lies: Lies, options: LyingProviderOptions) {
    this.#server = server;
    this.issuer = server.origin + (options.issuerPath ?? '');
    this.clientId = options.clientId ?? 'app';
    this.subject = options.subject ?? 'alice';
    this.lies = lies;
  }

  get origin(): string {
    return this.#server.origin;
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  /** The requests of one step. */
  requestsTo(step: Step): RecordedRequest[] {
    return this.requests.filter((request) => request.step === step);
  }

  /** What a browser with a signed-in user does: opens the authorization URL and is sent back. */
  async authorize(url: string): Promise<string> {
    const response = await fetch(url, { redirect: 'manual' });
    return response.headers.get('location') ?? `${response.status} ${await response.text()}`;
  }

  /** A JWT by the key that signs now. */
  sign(header: Json, claims: Json): string {
    const [key] = this.keys;
    if (key === undefined) throw new Error('The provider has no key to sign with.');
    return signJwt({ alg: key.alg, kid: key.kid, ...header }, claims, key);
  }

  /** The honest claims of an ID token; `undefined` ones are left out. */
  claims(more: Json = {}): Json {
    const now = Math.floor(Date.now() / 1000);
    return { iss: this.issuer, sub: this.subject, aud: this.clientId, iat: now, exp: now + 3600, ...more };
  }

  async handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = await this.#record(incoming);
    const { step } = request;
    const lie = this.lies.answers?.[step] ?? 'honest';
    const chosen = typeof lie === 'function' ? lie(request, outgoing) : lie;
    if (chosen === 'handled') return;
    const answer = chosen === 'honest' ? this.#honestAnswer(request) : chosen;
    const { status = 200, headers = {}, body = '' } = answer;
    const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
    outgoing.writeHead(status, {
      ...(!isRaw && { 'Content-Type': 'application/json' }),
      ...headers,
      ...this.lies.headers?.[step],
    });
    outgoing.end(isRaw ? body : JSON.stringify(body));
  }

  async #record(incoming: IncomingMessage): Promise<RecordedRequest> {
    const url = new URL(incoming.url ?? '', this.origin);
    const request: RecordedRequest = {
      step: url.pathname.endsWith('/.well-known/openid-configuration')
        ? 'discovery'
        : (steps.find((step) => url.pathname === `/${step}`) ?? 'elsewhere'),
      method: incoming.method ?? '',
      url,
      headers: incoming.headers,
      form: new URLSearchParams(await readText(incoming)),
    };
    this.requests.push(request);
    return request;
  }

  #honestAnswer(request: RecordedRequest): Answer {
    switch (request.step) {
      case 'discovery':
        return { body: this.#change(this.lies.discovery, this.#discoveryDocument()) };
      case 'jwks':
        return { body: this.#change(this.lies.jwks, { keys: this.keys.map(({ jwk }) => jwk) }) };
      case 'authorize':
        return this.#authorizationResponse(request.url.searchParams);
      case 'par':
        return this.#pushedResponse(request.form);
      case 'token':
        return this.#tokenResponse(request.form);
      case 'userinfo':
        return this.#userInfo();
      case 'revoke':
        this.#grants.spend(request.form.get('token') ?? '');
        return { status: 200 };
      case 'end-session':
        return this.#endSessionResponse(request.url.searchParams);
      case 'elsewhere':
        return { status: 404, body: { error: 'invalid_request' } };
    }
  }

  #discoveryDocument(): Json {
    return {
      issuer: this.issuer,
      authorization_endpoint: `${this.origin}/authorize`,
      token_endpoint: `${this.origin}/token`,
      jwks_uri: `${this.origin}/jwks`,
      userinfo_endpoint: `${this.origin}/userinfo`,
      revocation_endpoint: `${this.origin}/revoke`,
      end_session_endpoint: `${this.origin}/end-session`,
      pushed_authorization_request_endpoint: `${this.origin}/par`,
      authorization_response_iss_parameter_supported: true,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      scopes_supported: ['openid', 'profile', 'offline_access'],
      id_token_signing_alg_values_supported: ['ES256', 'RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
      code_challenge_methods_supported: ['S256'],
    };
  }

  #pushedResponse(form: URLSearchParams): Answer {
    const honest = { request_uri: this.#grants.push(form), expires_in: 60 };
    return { status: 201, body: this.#change(this.lies.pushedResponse, honest) };
  }

  #authorizationResponse(query: URLSearchParams): Answer {
    const asked = this.#grants.parametersOf(query);
    if (asked.get('client_id') !== this.clientId) return { status: 400, body: { error: 'invalid_client' } };
    if (asked.get('redirect_uri')?.includes(strangersHost)) {
      return { status: 400, body: { error: 'invalid_redirect_uri' } };
    }
    const code = this.#secret('code');
    this.#grants.begin(code, asked);
    const parameters = new URLSearchParams({ code, state: asked.get('state') ?? '', iss: this.issuer });
    this.lies.authorizationResponse?.(parameters);
    return sentBack(asked.get('redirect_uri') ?? '', parameters);
  }

  #endSessionResponse(query: URLSearchParams): Answer {
    const uri = query.get('post_logout_redirect_uri');
    if (uri === null) return { body: 'Signed out.' };
    // Registered is whatever tests come with; what a probe makes up below it is not.
    if (new URL(uri).pathname.split('/').length > 2) {
      return { status: 400, body: { error: 'invalid_redirect_uri' } };
    }
    const state = query.get('state');
    const parameters = new URLSearchParams(state === null ? {} : { state });
    this.lies.endSessionResponse?.(parameters);
    return sentBack(uri, parameters);
  }

  #userInfo(): Answer {
    const honest = { sub: this.subject, name: 'Alice' };
    const body = this.lies.userInfo?.(honest) ?? honest;
    return typeof body === 'string' ? { headers: { 'Content-Type': 'application/jwt' }, body } : { body };
  }

  #tokenResponse(form: URLSearchParams): Answer {
    switch (form.get('grant_type')) {
      case 'authorization_code':
        return this.#answerToGrant(this.#grants.redeem(form), form);
      case 'refresh_token':
        return this.#answerToGrant(this.#grants.spend(form.get('refresh_token') ?? ''), form);
      case 'client_credentials':
      case 'urn:ietf:params:oauth:grant-type:token-exchange':
        return this.#tokens(form, {});
      default:
        return { status: 400, body: { error: 'unsupported_grant_type' } };
    }
  }

  #answerToGrant(grant: Grant | undefined, form: URLSearchParams): Answer {
    if (grant === undefined) {
      return { status: 400, body: { error: 'invalid_grant', error_description: 'grant request is invalid' } };
    }
    const refreshToken = this.#secret('refresh');
    this.#grants.keep(refreshToken, grant);
    return this.#tokens(form, {
      refresh_token: refreshToken,
      scope: grant.scope,
      id_token: this.#idToken(grant),
    });
  }

  #tokens(form: URLSearchParams, more: Json): Answer {
    const honest = {
      access_token: this.#accessToken(form),
      token_type: 'Bearer',
      expires_in: 3600,
      ...more,
    };
    const body: Json = this.lies.tokenResponse?.(honest, form) ?? honest;
    for (const name of ['access_token', 'refresh_token', 'id_token']) this.#remember(body[name]);
    return { headers: { 'Cache-Control': 'no-store' }, body };
  }

  #accessToken(form: URLSearchParams): string {
    const organization = form.get('organization_id');
    const audience = form.get('resource') ?? (organization && `urn:logto:organization:${organization}`);
    if (audience === null) return this.#secret('access');
    const claims = this.claims({ aud: audience, jti: randomBytes(16).toString('hex') });
    const changed = this.lies.accessToken?.(claims) ?? claims;
    return typeof changed === 'string' ? changed : this.sign({ typ: 'at+jwt' }, changed);
  }

  #idToken(grant: Grant): string {
    const claims = this.claims(grant.claims);
    const changed = this.lies.idToken?.({}, claims) ?? {};
    return typeof changed === 'string' ? changed : this.sign(changed.header ?? {}, changed.claims ?? claims);
  }

  #change(change: ((value: Json) => Json) | undefined, honest: Json): Json {
    return change === undefined ? honest : change(honest);
  }

  /** Texts that are too short to be a secret turn up everywhere. */
  #remember(token: unknown): void {
    if (typeof token === 'string' && token.length >= 8 && !this.issued.includes(token))
      this.issued.push(token);
  }

  #secret(kind: string): string {
    const secret = `${kind}-${randomBytes(16).toString('hex')}`;
    this.issued.push(secret);
    return secret;
  }
}

/** A redirect of the browser, with these parameters beside those that the address has. */
function sentBack(uri: string, parameters: URLSearchParams): Answer {
  const separator = uri.includes('?') ? '&' : '?';
  return {
    status: 303,
    headers: { Location: parameters.size === 0 ? uri : `${uri}${separator}${parameters}` },
  };
}

const steps: readonly Step[] = ['jwks', 'authorize', 'par', 'token', 'userinfo', 'revoke', 'end-session'];

/** Starts a provider that is honest but for these lies. */
export async function startLyingProvider(
  lies: Lies = {},
  options: LyingProviderOptions = {},
): Promise<LyingProvider> {
  const server: LocalServer = await startLocalServer(
    (incoming, outgoing) =>
      provider.handle(incoming, outgoing).catch((error) => {
        // A mistake of the test itself must not look like a lie.
        console.error(error);
        outgoing.destroy();
      }),
    { host: 'localhost', ...(options.tls && { tls: options.tls }) },
  );
  const provider = new LyingProvider(server, lies, options);
  return provider;
}
