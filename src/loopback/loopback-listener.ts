import { randomBytes } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type BoundServers, closeServers } from './bind-loopback.js';
import type {
  CallbackKind,
  CallbackListener,
  CallbackListenerOptions,
  CallbackResponse,
  FinalPage,
  StrangerReport,
} from './callback-listener.js';
import type { ConnectionLimit } from './connection-limit.js';
import { protectiveHeaders, sendPage, sendRedirect } from './page.js';
import { finalPage, type StrangerPage, strangerPage } from './pages.js';
import { responseVerdict } from './response-verdict.js';
import { strangerReporter } from './stranger-reporter.js';

/** How long the browser may take to fetch the final page, in milliseconds. */
const finalPageMilliseconds = 2000;

type Answer = (response: ServerResponse) => void;

/**
 * Decides what each request to a bound listener is, and holds the one true response open until it is finished.
 * Made by `listenForCallback`.
 */
export class LoopbackListener implements CallbackListener {
  readonly #kind: CallbackKind;
  /** The redirect URI, its port the one that the browser uses. */
  readonly #url: URL;
  readonly #isAnyPort: boolean;
  readonly #connections: ConnectionLimit;
  readonly #report: (report: StrangerReport) => void;
  readonly strangers = { wrong_state: 0, missing_state: 0, other: 0 };
  /** Unguessable paths: the final page's, and those that redirect once. */
  readonly #privatePaths = new Map<string, Answer>();
  /** Connections on which a request has come: each gets one answer, whatever follows it there. */
  readonly #heard = new WeakSet<Duplex>();
  readonly #arrival: Promise<CallbackResponse>;
  #arrive!: (response: CallbackResponse) => void;
  #servers: readonly Server[] = [];
  #redirectUri: string;
  #state: string | null = null;
  /** The answer that the browser waits for, to hear how it ended. */
  #held: { readonly response: ServerResponse; readonly socket: Socket } | null = null;
  #finished: Promise<void> | null = null;
  #stopWaiting: () => void = () => {};

  constructor(options: CallbackListenerOptions, url: URL, connections: ConnectionLimit) {
    this.#kind = options.kind;
    this.#url = url;
    this.#redirectUri = options.redirectUri;
    this.#isAnyPort = options.port === 0 || url.port === '0';
    this.#connections = connections;
    const report = strangerReporter(options.onStranger);
    this.#report = (stranger) => {
      this.strangers[stranger.reason] += 1;
      report(stranger);
    };
    this.#arrival = new Promise((resolve) => {
      this.#arrive = resolve;
    });
  }

  get redirectUri(): string {
    return this.#redirectUri;
  }

  listensOn({ servers, port }: BoundServers): void {
    this.#servers = servers;
    if (!this.#isAnyPort) return;
    this.#url.port = String(port);
    this.#redirectUri = this.#url.href;
  }

  response(state: string): Promise<CallbackResponse> {
    this.#state = state;
    return this.#arrival;
  }

  redirectOnce(target: string): string {
    const location = new URL(target).href;
    const path = this.#privatePath('continue', (response) => {
      this.#privatePaths.delete(path);
      sendRedirect(response, location);
    });
    return this.#url.origin + path;
  }

  async close(): Promise<void> {
    this.#stopWaiting();
    await closeServers(this.#servers);
  }

  /** Answers one well-formed request. */
  answer(request: IncomingMessage, response: ServerResponse): void {
    this.#heard.add(request.socket);
    const { method = '', url: target = '' } = request;
    const path = target.split('?', 1)[0] ?? '';
    const answerPrivately = this.#privatePaths.get(path);
    const refusal = this.#refusal(request, answerPrivately !== undefined || path === this.#url.pathname);
    if (refusal !== null) {
      const page = strangerPage(this.#kind, refusal);
      const asked = `${method} ${/^[\w\-./~%]{1,80}$/.test(path) ? path : '(another path)'}`;
      this.#report({ reason: 'other', message: `${asked} ${answered(page.status)}.` });
      sendPage(response, page);
    } else if (answerPrivately !== undefined) {
      answerPrivately(response);
    } else {
      this.#answerCallback(new URL(this.#url.origin + target), request.socket, response);
    }
  }

  /** Answers what could not be parsed, was too large or came too slowly. */
  answerMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
    if (this.#heard.has(socket)) return;
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const statuses: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };
    const status = statuses[error.code ?? ''] ?? 400;
    // Browsers connect ahead of need: a connection that said nothing is not worth a word.
    if (status !== 408) {
      const advice = status === 431 ? ': delete the cookies of localhost in the browser' : '';
      this.#report({ reason: 'other', message: `A malformed request ${answered(status)}${advice}.` });
    }
    const headers = Object.entries({ ...protectiveHeaders(), 'Content-Length': '0' });
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines}\r\n`);
  }

  #refusal(request: IncomingMessage, isKnownPath: boolean): StrangerPage | null {
    // Any page can point a name of its own at this machine (DNS rebinding): only ours is answered.
    const hosts = request.headersDistinct['host'] ?? [];
    if (hosts.length !== 1 || hosts[0]?.toLowerCase() !== this.#url.host) return 'wrong-host';
    if (!isKnownPath) return 'not-found';
    if (request.method !== 'GET') return 'wrong-method';
    return isAheadOfTime(request) ? 'prefetch' : null;
  }

  #answerCallback(url: URL, socket: Socket, response: ServerResponse): void {
    const waits = this.#held === null;
    // Reloading while it waits ends the first connection: then the new one waits in its place.
    const isReload = this.#held?.socket.destroyed === true && this.#finished === null;
    const stranger = responseVerdict(this.#kind, this.#state, url.searchParams);
    if (stranger === null && (waits || isReload)) {
      this.#held = { response, socket };
      this.#connections.keep(socket);
      if (waits) this.#arrive({ url: url.href, finish: (page) => this.#finish(page) });
      return;
    }
    const { reason = 'other', message = `The ${this.#kind} response came again` } = stranger ?? {};
    this.#report({ reason, message: `${message}; ignored${waits ? ', still waiting' : ''}.` });
    sendPage(
      response,
      strangerPage(this.#kind, waits && stranger !== null ? stranger.page : 'already-handled'),
    );
  }

  #finish(page: FinalPage): Promise<void> {
    this.#finished ??= new Promise((resolve) => {
      const held = this.#held;
      if (held === null || held.socket.destroyed) return resolve();
      this.#stopWaiting = resolve;
      const path = this.#privatePath('done', (response) => {
        response.once('close', () => response.writableFinished && resolve());
        sendPage(response, finalPage(this.#kind, page));
      });
      held.socket.once('close', () => held.response.writableFinished || resolve());
      setTimeout(resolve, finalPageMilliseconds).unref();
      // Somewhere else, so that neither the address bar nor the history keeps the code.
      sendRedirect(held.response, path);
    });
    return this.#finished;
  }

  #privatePath(name: string, answer: Answer): string {
    const path = `/${name}/${randomBytes(24).toString('base64url')}`;
    this.#privatePaths.set(path, answer);
    return path;
  }
}

function answered(status: number): string {
  return `was answered ${status} ${STATUS_CODES[status]} and had no effect`;
}

/** Whether a browser only prepares for a visit (Fetch standard: `Sec-Purpose`; older names of it). */
function isAheadOfTime({ headers }: IncomingMessage): boolean {
  return ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].some((name) =>
    /prefetch|prerender|preview/i.test(String(headers[name] ?? '')),
  );
}
