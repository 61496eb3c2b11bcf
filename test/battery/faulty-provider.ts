import { type IncomingMessage, request } from 'node:http';
import { type LocalServer, readText, startLocalServer } from '../support/local-server.js';

/** What a request is to. */
export type Step =
  | 'discovery'
  | 'keys'
  | 'authorization'
  | 'token'
  | 'userinfo'
  | 'introspection'
  | 'revocation'
  | 'device'
  | 'par'
  | 'end-session'
  | 'other';

/** A request as a fault sees it. */
export interface FaultyRequest {
  readonly step: Step;
  readonly method: string;
  /** Of the query, and of a form. */
  readonly parameters: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
}

/** An answer, with the names of its headers in lower case. */
export interface FaultyAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is wrong with a provider: it changes answers. */
export type Fault = (request: FaultyRequest, honest: FaultyAnswer) => FaultyAnswer;

const steps: readonly (readonly [path: RegExp, step: Step])[] = [
  [/\/\.well-known\//, 'discovery'],
  [/\/(jwks|keys)$/, 'keys'],
  [/\/device\/auth$/, 'device'],
  [/\/(auth|authorize)$/, 'authorization'],
  [/\/introspection$/, 'introspection'],
  [/\/(revocation|revoke)$/, 'revocation'],
  [/\/token$/, 'token'],
  [/\/(me|userinfo)$/, 'userinfo'],
  [/\/(request|par)$/, 'par'],
  [/\/(session\/end|logout)$/, 'end-session'],
];

/** Stands before a provider that is honest, under an address of its own, and has one fault after another. */
export class FaultyProvider {
  /** `null`: none. */
  fault: Fault | null = null;
  readonly #server: LocalServer;
  readonly #honest: string;

  private constructor(server: LocalServer, honest: string) {
    this.#server = server;
    this.#honest = honest;
  }

  /** @param honest the origin of the honest provider */
  static async start(honest: string): Promise<FaultyProvider> {
    const server = await startLocalServer((incoming, outgoing) => {
      provider.#handle(incoming).then(
        ({ status, headers, body }) => void outgoing.writeHead(status, headers).end(body),
        (error: unknown) => void outgoing.writeHead(599).end(String(error)),
      );
    });
    const provider = new FaultyProvider(server, honest);
    return provider;
  }

  /** Its address in the place of the honest one. */
  addressOf(honest: string): string {
    return honest.replace(this.#honest, this.#server.origin);
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  async #handle(incoming: IncomingMessage): Promise<FaultyAnswer> {
    const { method = 'GET', url = '/', headers } = incoming;
    const body = await readText(incoming);
    const honest = await this.#forward(method, url, headers, body);
    const { pathname, searchParams } = new URL(url, this.#honest);
    const parameters = new URLSearchParams([...searchParams, ...new URLSearchParams(body)]);
    const step = steps.find(([path]) => path.test(pathname))?.[1] ?? 'other';
    return this.fault?.({ step, method, parameters, headers }, honest) ?? honest;
  }

  #forward(
    method: string,
    path: string,
    headers: IncomingMessage['headers'],
    body: string,
  ): Promise<FaultyAnswer> {
    const { host } = new URL(this.#honest);
    return new Promise((resolve, reject) => {
      const plain = { ...headers, host, 'accept-encoding': 'identity' };
      const forwarded = request(`${this.#honest}${path}`, { method, headers: plain }, (answer) => {
        readText(answer).then((text) => {
          const { 'transfer-encoding': _, 'content-length': __, connection: ___, ...kept } = answer.headers;
          const mine = Object.entries(kept).map(([name, value]) => [name, this.#mine(String(value))]);
          resolve({
            status: answer.statusCode ?? 599,
            headers: Object.fromEntries(mine),
            body: this.#mine(text),
          });
        }, reject);
      });
      forwarded.on('error', reject).end(body);
    });
  }

  /** A text in which the honest provider's address is this one's. */
  #mine(text: string): string {
    return text
      .replaceAll(this.#honest, this.#server.origin)
      .replaceAll(encodeURIComponent(this.#honest), encodeURIComponent(this.#server.origin));
  }
}
