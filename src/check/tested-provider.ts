import type { ErrorCode } from '../errors.js';
import type { Fetch, FetchInit } from '../network/fetch.js';
import { browserHeaders } from '../oidc/browser-headers.js';
import { type ClientIdentity, isEncodingVisible, secretsOf } from '../oidc/client-authentication.js';
import { askWithinOrigin, type JsonObject, type Subject, send } from '../oidc/http-answer.js';
import { inWords, type ProviderPlace } from '../oidc/issuer-url.js';
import { foreignUri } from '../oidc/probe/authorization-control.js';
import { probeClient } from '../oidc/probe/client-probe.js';
import { madeUpParameters } from '../oidc/probe/made-up-request.js';
import type { ProbeTarget } from '../oidc/probe/probe.js';
import type { ProviderMetadata } from '../oidc/provider-metadata.js';
import type { AlgorithmRules } from '../oidc/validate/signing-algorithm.js';
import { Response } from '../whole-response.js';
import type { NamedBy } from '../wording.js';
import { once } from './run/once.js';
import { takingTurns } from './run/taking-turns.js';
import { type AuthorizationAnswer, readAuthorizationAnswer } from './without-user/authorization-answer.js';
import {
  fromStranger,
  soundParameters,
  unknownResponseType,
} from './without-user/authorization-parameters.js';
import { addCredentials, type Sender } from './without-user/client-credentials.js';
import { type Answer, answerIn } from './without-user/endpoint-answer.js';
import { type EndpointName, nameOf } from './without-user/endpoint-name.js';
import { Published, type PublishedDocument } from './without-user/published.js';

/** What an {@link TestedProvider} is made of. */
export interface TestedProviderOptions extends ClientIdentity, ProviderPlace {
  /** One that is registered. */
  readonly redirectUri: string;
  /** How the provider is set, which decides what is said of it. Default: by its issuer. */
  readonly namedBy?: NamedBy;
  /** The application is made for the device flow: no browser is sent back to it. */
  readonly device: boolean;
  readonly fetch: Fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Ends every request. */
  readonly signal: AbortSignal;
}

/** How an authorization request is sent, beside its parameters. */
export interface AuthorizationRequest {
  /** Changes the parameters of a sound request. */
  readonly change?: (parameters: URLSearchParams) => void;
  /** Default: GET. */
  readonly method?: 'POST';
  readonly headers?: Readonly<Record<string, string>>;
}

/** Requests at the same time. */
const mostRequests = 6;

/**
 * The provider and the application that the checks without a user look at. It sends no cookies, follows no redirect, and
 * asks for nothing that is real: codes and tokens are made up, and `prompt=none` begins no sign-in.
 */
export class TestedProvider {
  readonly issuer: string;
  readonly redirectUri: string;
  readonly device: boolean;
  readonly #options: TestedProviderOptions;
  readonly #fetch: Fetch;

  constructor(options: TestedProviderOptions) {
    this.#options = options;
    this.issuer = options.issuer;
    this.redirectUri = options.redirectUri;
    this.device = options.device;
    const { fetch, signal } = options;
    const inTurn = takingTurns(mostRequests);
    this.#fetch = (url, init) => inTurn(() => fetch(url, { signal, ...init }));
  }

  /** Whether the application has something here to prove who it is: a secret or a key. */
  get hasSecret(): boolean {
    return (this.#options.clientSecret ?? this.#options.clientKey) !== undefined;
  }

  /** Whether the application needs a secret, known here or not. */
  async isConfidential(): Promise<boolean> {
    return this.hasSecret || (await this.madeUpCode()).error === 'invalid_client';
  }

  /** The issuer, and where its document came from if not from behind it. */
  get place(): string {
    return inWords(this.#options);
  }

  /** The application as other questions about it are asked. */
  async target(): Promise<ProbeTarget> {
    return { ...this.#options, metadata: await this.metadata(), fetch: this.#fetch };
  }

  readonly #published = once(async () => this.#publications());
  /** What the provider publishes, asked once more: it may have changed its keys while the checks run. */
  readonly publishedAnew = once(async () => this.#publications());

  /** The discovery document as it came, with its content type. @throws LogtoError `discovery_invalid`, network codes */
  async discovery(): Promise<PublishedDocument> {
    return (await this.#published()).discovery();
  }

  /** What the discovery document says, once it can be trusted. @throws LogtoError `issuer_mismatch` beside those of it */
  async metadata(): Promise<ProviderMetadata> {
    return (await this.#published()).metadata();
  }

  /** The provider's keys. @throws LogtoError `jwks_invalid`, network codes */
  async keys(): Promise<readonly JsonObject[]> {
    return (await this.#published()).keys();
  }

  /** How the token endpoint takes the application. */
  readonly client = once(async () => probeClient(await this.target(), this.redirectUri, { control: false }));
  /** Why no browser is sent back to the application, within a sentence; `null`: one is, as far as anybody knows. */
  readonly withoutBrowser = once(async (): Promise<string | null> => {
    if (this.device) return 'the device flow sends no browser back';
    const found = await this.client();
    return found.verdict === 'refused' && found.error.code === 'grant_type_not_allowed'
      ? 'the application may exchange no codes, as one for machines or devices, so that nobody signs in with a browser'
      : null;
  });
  /** The answer to a sound authorization request. */
  readonly soundRequest = once(() => this.authorize());
  /** The answers to one of an application that nobody registered, and to one for an address that nobody registered. */
  readonly ofUnknownApplication = once(() => this.authorize({ change: fromStranger(this.clientId) }));
  readonly toForeignUri = once(() =>
    this.authorize({ change: (sent) => sent.set('redirect_uri', foreignUri(this.redirectUri)) }),
  );
  /** The answer to that application where no `prompt` is sent. */
  readonly ofUnknownApplicationAtPage = once(() =>
    this.authorize({
      change: (sent) => {
        fromStranger(this.clientId)(sent);
        sent.delete('prompt');
      },
    }),
  );
  /** The answer to a request for something that nobody knows, where no `prompt` is sent. */
  readonly forUnknownResponseTypeAtPage = once(() =>
    this.authorize({
      change: (sent) => {
        sent.set('response_type', unknownResponseType);
        sent.delete('prompt');
      },
    }),
  );
  /** The answers of the token endpoint to a made-up code: from the application, an unknown one, one with a made-up secret. */
  readonly madeUpCode = once(() => this.post('token_endpoint', madeUpParameters('code', this.redirectUri)));
  readonly madeUpCodeOfStranger = once(() =>
    this.post('token_endpoint', madeUpParameters('code', this.redirectUri), 'stranger'),
  );
  readonly wrongSecret = once(() =>
    this.post('token_endpoint', madeUpParameters('code', this.redirectUri), 'wrong-secret'),
  );
  /** The same without a secret. */
  readonly withoutSecret = once(() =>
    this.post('token_endpoint', madeUpParameters('code', this.redirectUri), 'without-secret'),
  );

  /** Sends an authorization request with `prompt=none`, pushed first where the provider requires that (RFC 9126). */
  async authorize({ change, method, headers }: AuthorizationRequest = {}): Promise<AuthorizationAnswer> {
    const metadata = await this.metadata();
    const parameters = await this.authorizationParameters();
    change?.(parameters);
    const about = this.#about(`The authorization endpoint of ${this.issuer}`, 'token_response_invalid');
    const url = metadata.authorization_endpoint;
    const given = parameters.getAll('redirect_uri');
    const sent = { url, parameters, redirectUris: given.length === 0 ? [this.redirectUri] : given };
    const query = metadata.require_pushed_authorization_requests
      ? await this.#pushed(parameters)
      : parameters;
    const response =
      query instanceof Response
        ? query
        : await this.#send(withQuery(url, method === 'POST' ? [] : query), about, {
            ...(method === 'POST' && { method, body: query }),
            headers: { ...browserHeaders, ...headers },
          });
    return readAuthorizationAnswer(response, await response.text(), sent, this.#secrets);
  }

  /** The parameters of a sound authorization request. */
  async authorizationParameters(): Promise<URLSearchParams> {
    return soundParameters(this.clientId, this.redirectUri);
  }

  /** Posts a form to an endpoint. */
  async post(
    endpoint: EndpointName,
    form: Readonly<Record<string, string>> | URLSearchParams,
    sender: Sender = 'application',
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const metadata = await this.metadata();
    const body = new URLSearchParams(form);
    // What has to be encoded may have to be sent otherwise.
    const found = isEncodingVisible(this.#options) ? (await this.client()).authentication : undefined;
    const application = { ...this.#options, ...(found && { authentication: found }) };
    const credentials = addCredentials(body, sender, application, metadata, this.#options.now());
    const init = {
      method: 'POST',
      headers: { accept: 'application/json', ...credentials, ...headers },
      body,
    };
    return this.#answer(await this.#endpoint(endpoint), nameOf(endpoint), init);
  }

  /** Gets an endpoint. The application's name is in the query where that is asked for, its secret never. */
  async get(
    endpoint: EndpointName,
    query: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const url = withQuery(await this.#endpoint(endpoint), Object.entries(query));
    const accepted = endpoint === 'end_session_endpoint' ? browserHeaders : { accept: 'application/json' };
    return this.#answer(url, nameOf(endpoint), { headers: { ...accepted, ...headers } });
  }

  /** What decides which of the announced algorithms may sign what the application is given. */
  rulesFor(announced: readonly string[] | undefined): AlgorithmRules {
    return { announced, clientSecret: this.#options.clientSecret };
  }

  /** How the provider is set. */
  get namedBy(): NamedBy | undefined {
    return this.#options.namedBy;
  }

  /** The application's ID. */
  get clientId(): string {
    return this.#options.clientId;
  }

  /** Whether the provider has such an endpoint. */
  async offers(endpoint: EndpointName): Promise<boolean> {
    return typeof (await this.metadata())[endpoint as keyof ProviderMetadata] === 'string';
  }

  async #endpoint(endpoint: EndpointName): Promise<string> {
    const url = (await this.metadata())[endpoint as keyof ProviderMetadata];
    if (typeof url !== 'string') throw new TypeError(`no ${endpoint}, and nobody asked whether there is one`);
    return url;
  }

  async #answer(url: string, name: string, init: FetchInit): Promise<Answer> {
    const about = this.#about(`The ${name} of ${this.issuer}`, 'token_response_invalid');
    return answerIn(await this.#send(url, about, init), this.#secrets);
  }

  /** What is left to send of a pushed request, or the refusal of it. */
  async #pushed(parameters: URLSearchParams): Promise<URLSearchParams | Response> {
    const form = new URLSearchParams(parameters);
    const sender = parameters.get('client_id') === this.clientId ? 'application' : 'stranger';
    const answer = await this.post('pushed_authorization_request_endpoint', form, sender);
    const requestUri = answer.json?.['request_uri'];
    if (typeof requestUri !== 'string') {
      return Response.json(answer.json, { status: answer.status, headers: answer.headers });
    }
    return new URLSearchParams({ client_id: parameters.get('client_id') ?? '', request_uri: requestUri });
  }

  #publications(): Published {
    const { issuer, discoveryUrl } = this.#options;
    const read = (url: string, about: Subject) => this.#read(url, about);
    return new Published({ issuer, discoveryUrl, read, about: (name, code) => this.#about(name, code) });
  }

  #send(url: string, about: Subject, init: FetchInit): Promise<Response> {
    return send(this.#fetch, url, init, about);
  }

  #read(url: string, about: Subject): Promise<Response> {
    return askWithinOrigin(this.#fetch, url, { headers: { accept: 'application/json' } }, about);
  }

  #about(name: string, code: ErrorCode): Subject {
    const hint =
      'Check --endpoint or --issuer, and whether a proxy or firewall answers in the place of the provider.';
    return { name, code, hint, now: this.#options.now };
  }

  /** What no message may repeat. */
  get #secrets(): string[] {
    return secretsOf(this.#options);
  }
}

function withQuery(address: string, query: Iterable<[string, string]>): string {
  const url = new URL(address);
  for (const [name, value] of query) url.searchParams.append(name, value);
  return url.href;
}
