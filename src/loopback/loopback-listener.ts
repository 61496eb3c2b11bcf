import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { BoundServers } from './bind-loopback.js';
import type {
  CallbackKind,
  CallbackListener,
  CallbackListenerOptions,
  CallbackResponse,
  FinalPage,
  StrangerReport,
} from './callback-listener.js';
import type { ConnectionLimit } from './connection-limit.js';
import { sendPage, sendRedirect } from './page.js';
import { finalPage, type StrangerPage, strangerPage, unusablePage } from './pages.js';
import { pastedCallback } from './pasted-callback.js';
import { postedForm } from './posted-form.js';
import { randomLetters } from './random-letters.js';
import { answered, isAheadOfTime, isVisit, refusalProblem } from './request-problem.js';
import {
  type Awaited,
  carriesState,
  hasResponseShape,
  responseVerdict,
  withoutState,
} from './response-verdict.js';
import { strangerReporter } from './stranger-reporter.js';
import { UnreadableRequests } from './unreadable-requests.js';
import { UnusableResponses } from './unusable-responses.js';

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
  readonly unusable: UnusableResponses;
  readonly #withoutState = new UnusableResponses(undefined);
  readonly #emptyReturn: string;
  /** Unguessable paths: the final page's, and those that redirect once. */
  readonly #privatePaths = new Map<string, Answer>();
  /** Connections on which a request has come: each gets one answer, whatever follows it there. */
  readonly #heard = new WeakSet<Duplex>();
  readonly #unreadable: UnreadableRequests;
  readonly #arrival: Promise<CallbackResponse>;
  #arrive!: (response: CallbackResponse) => void;
  #closeServers: BoundServers['close'] = async () => {};
  #redirectUri: string;
  #state: string | null = null;
  /** The answer that the browser waits for, to hear how it ended. */
  #held: { readonly response: ServerResponse; readonly socket: Socket } | null = null;
  #hasArrived = false;
  #finished: Promise<void> | null = null;
  #stopWaiting: () => void = () => {};

  constructor(options: CallbackListenerOptions, url: URL, connections: ConnectionLimit) {
    this.#kind = options.kind;
    this.#url = url;
    this.#redirectUri = options.redirectUri;
    this.#isAnyPort = options.port === 0 || url.port === '0';
    this.#connections = connections;
    this.#emptyReturn = options.emptyReturn ?? 'perhaps it was cancelled at the provider';
    this.unusable = new UnusableResponses(options.onUnusable);
    const report = strangerReporter(options.onStranger);
    this.#report = (stranger) => {
      this.strangers[stranger.reason] += 1;
      report(stranger);
    };
    this.#unreadable = new UnreadableRequests({
      kind: options.kind,
      isSecure: url.protocol === 'https:',
      isHeard: (socket) => this.#heard.has(socket),
      unusable: this.unusable,
      report: this.#report,
    });
    this.#arrival = new Promise((resolve) => {
      this.#arrive = resolve;
    });
  }

  get redirectUri(): string {
    return this.#redirectUri;
  }

  get withoutState(): readonly string[] {
    return this.#withoutState.problems;
  }

  get distrusted(): number {
    return this.#unreadable.distrusted;
  }

  listensOn({ port, close }: BoundServers): void {
    this.#closeServers = close;
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
    const path = this.#privatePath(this.#kind === 'sign-in' ? 'start' : 'continue', (response) => {
      this.#privatePaths.delete(path);
      sendRedirect(response, location);
    });
    return this.#url.origin + path;
  }

  offer(pasted: string): string | null {
    if (this.#hasArrived) return 'came when the browser had brought the response already';
    const found = pastedCallback(pasted, this.#url);
    if ('problem' in found) return found.problem;
    const verdict = responseVerdict(this.#awaited, found.parameters, true);
    if ('isConfirmed' in verdict) {
      this.#hasArrived = true;
      const { isConfirmed } = verdict;
      this.#arrive({ url: found.url, isConfirmed, finish: (page) => this.#finish(page) });
      return null;
    }
    // Whoever waits in vain is told of it again.
    this.strangers[verdict.reason] += 1;
    if (verdict.isOurs) this.unusable.add(verdict.problem, null);
    if (verdict.reason === 'missing_state') this.#withoutState.add(verdict.problem, null);
    return verdict.problem;
  }

  shortAddress(target: string): string {
    const location = new URL(target).href;
    const path = `/${randomLetters(12)}`;
    this.#privatePaths.set(path, (response) => {
      // Nobody who comes by later is to learn what it was.
      if (this.#hasArrived) sendPage(response, strangerPage(this.#kind, 'already-handled'));
      else sendRedirect(response, location);
    });
    return this.#url.origin + path;
  }

  async close(): Promise<void> {
    this.#stopWaiting();
    await this.#closeServers();
  }

  /** Answers one well-formed request. */
  answer(request: IncomingMessage, response: ServerResponse): void {
    this.#heard.add(request.socket);
    const { url: target = '' } = request;
    const path = target.split('?', 1)[0] ?? '';
    const answerPrivately = this.#privatePaths.get(path);
    const refusal = this.#refusal(request, answerPrivately !== undefined || path === this.#url.pathname);
    if (refusal !== null) {
      const form = refusal === 'wrong-method' ? postedForm(request) : null;
      if (form === null) this.#refuse(request, response, refusal);
      else void form.then((parameters) => this.#refuse(request, response, refusal, parameters));
    } else if (answerPrivately !== undefined) {
      answerPrivately(response);
    } else {
      this.#answerCallback(new URL(this.#url.origin + target), request, response);
    }
  }

  /** Answers what could not be parsed, was too large or came too slowly. */
  answerMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
    this.#unreadable.answer(error, socket);
  }

  #refuse(
    { method = '', url: target = '' }: IncomingMessage,
    response: ServerResponse,
    refusal: StrangerPage,
    form = new URLSearchParams(),
  ): void {
    const path = target.split('?', 1)[0] ?? '';
    const page = strangerPage(this.#kind, refusal);
    const problem = refusalProblem(refusal, method, this.#url);
    const sent = [new URLSearchParams(target.slice(path.length + 1)), form];
    const waits = !this.#hasArrived;
    if (waits && sent.some((one) => carriesState(this.#state, one))) {
      // Before they really go somewhere, browsers ask in other ways: told only if nothing else comes.
      const isPrelude = refusal === 'prefetch' || ['HEAD', 'OPTIONS'].includes(method);
      this.#tellUnusable(problem, isPrelude);
      sendPage(response, unusablePage(this.#kind, page, problem));
    } else if (waits && hasResponseShape(form) && !form.has('state')) {
      const lost = `${problem}, ${withoutState(this.#awaited, form)}`;
      this.#withoutState.add(lost, null);
      this.#report({ reason: 'missing_state', message: `A request to the callback address ${lost}.` });
      sendPage(response, unusablePage(this.#kind, page, lost));
      return;
    } else {
      sendPage(response, page);
    }
    const asked = `${method} ${/^[\w\-./~%]{1,80}$/.test(path) ? path : '(another path)'}`;
    this.#report({ reason: 'other', message: `${asked} ${answered(page.status)}.` });
  }

  #tellUnusable(problem: string, isPrelude = false): void {
    const sentence = () =>
      `A response with the state of this ${this.#kind} ${problem}; not taken, still waiting.`;
    this.unusable.add(problem, isPrelude ? null : sentence);
  }

  #refusal(request: IncomingMessage, isKnownPath: boolean): StrangerPage | null {
    // Any page can point a name of its own at this machine (DNS rebinding): only ours is answered.
    const hosts = request.headersDistinct['host'] ?? [];
    if (hosts.length !== 1 || hosts[0]?.toLowerCase() !== this.#url.host) return 'wrong-host';
    if (!isKnownPath) return 'not-found';
    if (request.method !== 'GET') return 'wrong-method';
    return isAheadOfTime(request) ? 'prefetch' : null;
  }

  #answerCallback(url: URL, request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const waits = !this.#hasArrived;
    // A person may have brought the response here before the browser did: that one hears how it ends, too.
    const isSecond = this.#held === null && this.#finished === null;
    // Reloading while it waits ends the first connection: then the new one waits in its place.
    const isReload = this.#held?.socket.destroyed === true && this.#finished === null;
    const verdict = responseVerdict(this.#awaited, url.searchParams, isVisit(request));
    if ('isConfirmed' in verdict && (waits || isSecond || isReload)) {
      this.#held = { response, socket };
      this.#connections.keep(socket);
      const { isConfirmed } = verdict;
      this.#hasArrived = true;
      if (waits) this.#arrive({ url: url.href, isConfirmed, finish: (page) => this.#finish(page) });
      return;
    }
    const stranger = 'isConfirmed' in verdict ? null : verdict;
    const message = stranger
      ? `A request to the callback address ${stranger.problem}`
      : `The ${this.#kind} response came again`;
    this.#report({
      reason: stranger?.reason ?? 'other',
      message: `${message}; ignored${waits ? ', still waiting' : ''}.`,
    });
    const page = strangerPage(this.#kind, waits && stranger !== null ? stranger.page : 'already-handled');
    const isLost = stranger?.reason === 'missing_state';
    if (waits && stranger !== null && (stranger.isOurs || isLost)) {
      const { isOurs, problem } = stranger;
      if (isOurs) this.#tellUnusable(problem);
      else this.#withoutState.add(problem, null);
      sendPage(response, unusablePage(this.#kind, page, problem));
    } else {
      sendPage(response, page);
    }
  }

  get #awaited(): Awaited {
    return { kind: this.#kind, state: this.#state, emptyReturn: this.#emptyReturn };
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
