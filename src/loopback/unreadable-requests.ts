import type { Duplex } from 'node:stream';
import type { CallbackKind, StrangerReport } from './callback-listener.js';
import { writtenAnswer } from './page.js';
import { strangerPage } from './pages.js';
import { answered, cameWithoutTls, handshakeFailure, malformedProblem } from './request-problem.js';
import type { UnusableResponses } from './unusable-responses.js';

/** How long a request that could not be read may go on, in milliseconds, so that its answer is not lost. */
const lastWordsMilliseconds = 1000;

/** What is told when a connection is ended by whoever does not know who signed the certificate. */
const distrust =
  'Whoever came does not trust the certificate of --tls-cert: in a browser, go on past its warning, or have it trusted.';

/** Where they come, and who hears of them. */
interface UnreadableOptions {
  readonly kind: CallbackKind;
  /** Whether TLS is spoken there. */
  readonly isSecure: boolean;
  /** Whether a request has come on this connection that could be read: its answer is the only one. */
  readonly isHeard: (socket: Duplex) => boolean;
  readonly unusable: UnusableResponses;
  readonly report: (report: StrangerReport) => void;
}

/** Requests that could not be parsed, were too large or came too slowly, and TLS handshakes that failed. */
export class UnreadableRequests {
  readonly #options: UnreadableOptions;
  /** Connections whose words could not be read, and were answered. */
  readonly #refused = new WeakSet<Duplex>();
  /** How many connections ended since whoever began them does not trust the certificate. */
  distrusted = 0;

  constructor(options: UnreadableOptions) {
    this.#options = options;
  }

  /** Answers one, where that can be heard. */
  answer(error: NodeJS.ErrnoException, socket: Duplex): void {
    const { kind, isSecure, isHeard, unusable, report } = this.#options;
    // The rest of what was too much goes on coming, and is not read.
    if (isHeard(socket) || this.#refused.has(socket)) return;
    if (this.#isOfHandshake(error) || !socket.writable || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const statuses: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };
    const status = statuses[error.code ?? ''] ?? 400;
    // Browsers connect ahead of need: a connection that said nothing is not worth a word.
    if (status !== 408) {
      const advice = status === 431 ? ': delete the cookies of localhost in the browser' : '';
      report({ reason: 'other', message: `A malformed request ${answered(status)}${advice}.` });
    }
    const problem = malformedProblem(status, error, isSecure);
    if (problem !== null) unusable.add(problem, () => `A request ${problem}.`);
    this.#refused.add(socket);
    socket.end(writtenAnswer(status, status === 431 ? strangerPage(kind, 'too-large') : null));
    // Ended while words are still coming, it would take the answer along.
    setTimeout(() => socket.destroy(), lastWordsMilliseconds).unref();
  }

  /** Whether it is TLS that failed, of which whoever came has heard in its own words; what there is to tell is told. */
  #isOfHandshake(error: NodeJS.ErrnoException): boolean {
    const { unusable } = this.#options;
    const failure = handshakeFailure(error);
    if (failure === 'without-tls') unusable.add(cameWithoutTls, () => `A request ${cameWithoutTls}.`);
    if (failure === 'distrusted') {
      if (this.distrusted === 0) unusable.tell?.(distrust);
      this.distrusted += 1;
    }
    return failure !== null;
  }
}
