import { LogtoError } from '../errors.js';
import type { Fetch } from '../network/fetch.js';
import { Response } from '../whole-response.js';
import { credentialsIn } from './client-authentication.js';
import { withoutSecrets } from './error/error-from-oauth.js';
import { ask, type Subject } from './http-answer.js';
import { keyError, type SignedPart, tellSignature } from './validate/signed-part.js';
import type { VerificationKeys } from './validate/verification-keys.js';

/** A request as openid-client makes it. */
export interface ProtocolRequest {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

/** An answer that passed. */
export interface CheckedAnswer<Value> {
  /** What it says. */
  readonly value: Value;
  /** What openid-client needs to see of it. */
  readonly seen: Response;
  /** The JWT in it. */
  readonly signed?: SignedPart | null;
}

/** What one operation asks of the provider: one request to its endpoint, and the key to check the answer with. */
export interface BackChannelOptions<Value> {
  readonly fetch: Fetch;
  readonly jwksUri: string;
  readonly keys: VerificationKeys;
  readonly subject: Subject;
  /** Values that no error may repeat, beside the credentials in the request's header. */
  readonly secrets?: readonly string[];
  /** Ends the request to the endpoint, and not that for the keys. */
  readonly signal?: AbortSignal;
  /** Changes the request's body before it is sent. */
  readonly prepare?: (body: URLSearchParams) => void;
  /** Names what is wrong with the answer by throwing. */
  readonly check: (response: Response, keys: VerificationKeys) => Promise<CheckedAnswer<Value>>;
}

/**
 * Stands between openid-client and the network for one operation: what comes back is checked here first, where it can
 * be named, and openid-client sees only what passed.
 */
export class BackChannel<Value> {
  readonly #options: BackChannelOptions<Value>;
  readonly #jwksUri: string;
  #answer: CheckedAnswer<Value> | null = null;
  #failure: { readonly error: unknown } | null = null;

  constructor(options: BackChannelOptions<Value>) {
    this.#options = options;
    this.#jwksUri = new URL(options.jwksUri).href;
  }

  /** The endpoint is asked once: another attempt at verifying its answer sees the same one. */
  readonly fetch = async (url: string, request: ProtocolRequest): Promise<Response> => {
    try {
      if (url === this.#jwksUri && request.method === 'GET') return await this.#keySet();
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

  /** What the answer's signature is verified with. */
  get keys(): VerificationKeys {
    return this.#options.keys;
  }

  /** Where openid-client asks for keys. */
  get jwksUri(): string {
    return this.#jwksUri;
  }

  /** The JWT in the answer, once the endpoint has answered with one. */
  get signed(): SignedPart | null {
    return this.#answer?.signed ?? null;
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
    const { fetch, subject, signal, prepare, check, keys } = this.#options;
    const body = request.body instanceof URLSearchParams ? request.body : null;
    if (body !== null) prepare?.(body);
    const init = { method, headers, body, ...(signal && { signal }) };
    return check(await ask(fetch, url, init, subject), keys);
  }

  /** openid-client is to see the one key that was chosen: why another would not do, it does not tell. */
  async #keySet(): Promise<Response> {
    const { signed } = this;
    if (signed === null) throw new TypeError('Keys are asked for, and there is nothing to verify.');
    const { subject, keys } = this.#options;
    const selected = await keys.keyFor(signed);
    if ('key' in selected) return Response.json({ keys: [selected.key] });
    tellSignature(signed, subject.observe, false);
    throw keyError(signed, selected.problem, subject);
  }
}
