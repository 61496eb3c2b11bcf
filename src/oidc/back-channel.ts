import { LogtoError } from '../errors.js';
import type { Fetch } from '../network/fetch.js';
import { credentialsIn } from './client-authentication.js';
import { ask, askWithinOrigin, invalidAnswer, readJsonObject, type Subject } from './http-answer.js';
import { isKeySet, type KeySet } from './key-set.js';
import { withoutSecrets } from './oauth-errors.js';
import { verifying } from './provider-event.js';

/** A request as openid-client makes it. */
export interface ProtocolRequest {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

/** A JWT in an answer, and what it is there. */
export interface SignedPart {
  readonly jwt: string;
  readonly of: 'ID token' | 'UserInfo response';
}

/** An answer that passed. */
export interface CheckedAnswer<Value> {
  /** What it says. */
  readonly value: Value;
  /** What openid-client needs to see of it. */
  readonly seen: Response;
  /** The JWT in it whose signature openid-client verifies. */
  readonly signed?: SignedPart | null;
}

/** What one operation asks of the provider: one request to its endpoint, and the keys to check the answer with. */
export interface BackChannelOptions<Value> {
  readonly fetch: Fetch;
  readonly jwksUri: string;
  readonly subject: Subject;
  /** Values that no error may repeat, beside the credentials in the request's header. */
  readonly secrets?: readonly string[];
  /** Ends the request to the endpoint, and not that for the keys. */
  readonly signal?: AbortSignal;
  /** Changes the request's body before it is sent. */
  readonly prepare?: (body: URLSearchParams) => void;
  /** Names what is wrong with the answer by throwing. */
  readonly check: (response: Response) => Promise<CheckedAnswer<Value>>;
}

/**
 * Stands between openid-client and the network for one operation: what comes back is checked here first, where it can
 * be named, and openid-client sees only what passed.
 */
export class BackChannel<Value> {
  readonly #options: BackChannelOptions<Value>;
  readonly #jwksUri: string;
  #answer: CheckedAnswer<Value> | null = null;
  #keys: KeySet | null = null;
  #failure: { readonly error: unknown } | null = null;

  constructor(options: BackChannelOptions<Value>) {
    this.#options = options;
    this.#jwksUri = new URL(options.jwksUri).href;
  }

  /** The endpoint is asked once: another attempt at verifying its answer sees the same one. */
  readonly fetch = async (url: string, request: ProtocolRequest): Promise<Response> => {
    try {
      if (url === this.#jwksUri && request.method === 'GET') return await this.#fetchKeys(request);
      this.#answer ??= await this.#fetchAnswer(url, request);
      return this.#answer.seen.clone();
    } catch (error) {
      const form = request.body instanceof URLSearchParams ? request.body : null;
      const secrets = [...(this.#options.secrets ?? []), ...credentialsIn(request.headers, form)];
      const told = error instanceof LogtoError ? withoutSecrets(error, secrets) : error;
      this.#failure = { error: told };
      throw told;
    }
  };

  /** Whether the endpoint has answered, and its answer passed: what fails then is what it is to be checked with. */
  get hasAnswer(): boolean {
    return this.#answer !== null;
  }

  /** The JWT whose signature openid-client verifies, once the endpoint has answered with one. */
  get signed(): SignedPart | null {
    return this.#answer?.signed ?? null;
  }

  /** The keys, where they had to be fetched. */
  get keys(): KeySet | null {
    return this.#keys;
  }

  /** What the endpoint's answer says. Not to be used before openid-client is content too. */
  get value(): Value {
    if (this.#answer === null) throw new TypeError('The endpoint has not answered yet.');
    return this.#answer.value;
  }

  /** Throws what made {@link fetch} fail, as it was before openid-client wrapped it. */
  throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  async #fetchAnswer(url: string, request: ProtocolRequest): Promise<CheckedAnswer<Value>> {
    const { method, headers } = request;
    const { fetch, subject, signal, prepare, check } = this.#options;
    const body = request.body instanceof URLSearchParams ? request.body : null;
    if (body !== null) prepare?.(body);
    const init = { method, headers, body, ...(signal && { signal }) };
    return check(await ask(fetch, url, init, subject));
  }

  async #fetchKeys({ headers }: ProtocolRequest): Promise<Response> {
    const subject: Subject = {
      name: `The key set ${this.#jwksUri}`,
      code: 'jwks_invalid',
      hint: 'Open that address: it must answer with the JSON keys of the provider, which has to correct it.',
      now: this.#options.subject.now,
      observe: this.#options.subject.observe,
    };
    const response = await askWithinOrigin(this.#options.fetch, this.#jwksUri, { headers }, subject);
    const jwks = await readJsonObject(response, subject);
    const verify = verifying(subject.observe, 'key set');
    verify('keys is a list of keys', 'RFC 7517, 5', isKeySet(jwks));
    if (!isKeySet(jwks)) throw invalidAnswer(subject, 'has no list of keys');
    this.#keys = jwks;
    return Response.json(jwks);
  }
}
