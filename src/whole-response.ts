/**
 * `Response` and `Headers` of the Fetch standard for answers that are read whole: what our code and openid-client use of
 * them. Those of Node load the undici that is a part of it, which takes 30 ms of processor time and 10 MB; there, a
 * process that only signs in spends more on the class of its answers than on asking for them.
 */

type Fields = Iterable<readonly [string, string]>;

/** Names and values as in HTTP: names in lower case, several values of one name joined, but for cookies. */
class HeaderFields {
  readonly #values = new Map<string, string[]>();

  constructor(init: Fields | Readonly<Record<string, string>> = []) {
    const fields = Symbol.iterator in init ? (init as Fields) : Object.entries(init);
    for (const [name, value] of fields) this.append(name, value);
  }

  get [Symbol.toStringTag](): string {
    return 'Headers';
  }

  append(name: string, value: string): void {
    const key = fieldName(name);
    this.#values.set(key, [...(this.#values.get(key) ?? []), fieldValue(value)]);
  }

  set(name: string, value: string): void {
    this.#values.set(fieldName(name), [fieldValue(value)]);
  }

  delete(name: string): void {
    this.#values.delete(fieldName(name));
  }

  has(name: string): boolean {
    return this.#values.has(fieldName(name));
  }

  get(name: string): string | null {
    return this.#values.get(fieldName(name))?.join(', ') ?? null;
  }

  getSetCookie(): string[] {
    return [...(this.#values.get('set-cookie') ?? [])];
  }

  forEach(each: (value: string, name: string, all: HeaderFields) => void): void {
    for (const [name, value] of this) each(value, name, this);
  }

  *entries(): Generator<[string, string]> {
    for (const name of [...this.#values.keys()].sort()) {
      const values = this.#values.get(name) ?? [];
      if (name === 'set-cookie') for (const value of values) yield [name, value];
      else yield [name, values.join(', ')];
    }
  }

  *keys(): Generator<string> {
    for (const [name] of this) yield name;
  }

  *values(): Generator<string> {
    for (const [, value] of this) yield value;
  }

  [Symbol.iterator](): Generator<[string, string]> {
    return this.entries();
  }
}

interface ResponseInit {
  readonly status?: number;
  readonly headers?: Fields | Readonly<Record<string, string>>;
}

/** An answer whose body is there already; it is handed out once, as the standard has it. */
class WholeResponse {
  readonly status: number;
  readonly headers: HeaderFields;
  readonly #bytes: Uint8Array | null;
  #isUsed = false;

  constructor(body: string | Uint8Array | null = null, { status = 200, headers = [] }: ResponseInit = {}) {
    if (!(Number.isInteger(status) && status >= 200 && status <= 599)) {
      throw new RangeError(`no status of a response: ${status}`);
    }
    this.status = status;
    this.headers = new HeaderFields(headers);
    if (typeof body === 'string' && !this.headers.has('content-type')) {
      this.headers.set('content-type', 'text/plain;charset=UTF-8');
    }
    this.#bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  }

  static json(value: unknown, { status, headers }: ResponseInit = {}): WholeResponse {
    const fields = new HeaderFields(headers);
    if (!fields.has('content-type')) fields.set('content-type', 'application/json');
    return new WholeResponse(JSON.stringify(value), { ...(status && { status }), headers: fields });
  }

  get [Symbol.toStringTag](): string {
    return 'Response';
  }

  get ok(): boolean {
    return this.status < 300;
  }

  get bodyUsed(): boolean {
    return this.#isUsed;
  }

  /** Nobody streams what is there as a whole: it can only be given up. */
  get body(): { cancel: () => Promise<void> } | null {
    return this.#bytes && { cancel: async () => void this.#take() };
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(this.#take());
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }

  clone(): WholeResponse {
    if (this.#isUsed) throw new TypeError('the body has been read');
    return new WholeResponse(this.#bytes, { status: this.status, headers: this.headers });
  }

  #take(): Uint8Array {
    if (this.#isUsed) throw new TypeError('the body has been read');
    // A response without a body can be read as often as one likes.
    this.#isUsed = this.#bytes !== null;
    return this.#bytes ?? new Uint8Array();
  }
}

function fieldName(name: string): string {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) throw new TypeError(`no name of a header: ${name}`);
  return name.toLowerCase();
}

function fieldValue(text: string): string {
  const value = text.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
  if (/[\0\n\r]|[^\0-\xff]/.test(value)) throw new TypeError('no value of a header');
  return value;
}

/** `Headers`, in so far as they are used here. */
export const Headers = HeaderFields as unknown as typeof globalThis.Headers;
export type Headers = globalThis.Headers;
/** `Response`, in so far as it is used here: `status`, `ok`, `headers`, and a body to read by `text` or `json`. */
export const Response = WholeResponse as unknown as typeof globalThis.Response;
export type Response = globalThis.Response;
