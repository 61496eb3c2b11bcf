import type { Readable } from 'node:stream';

/** A request as it goes out. */
export interface OutgoingRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Ends it, its answer included. */
  readonly signal: AbortSignal;
}

/** An answer, of which the body is still to be read. */
export interface IncomingAnswer {
  readonly status: number;
  readonly headers: Iterable<[name: string, value: string]>;
  readonly body: Readable;
}

/**
 * One way to a server. `read` is given the answer and reads its body whole: what breaks the connection meanwhile breaks
 * it, too. Rejects with whatever the way knows of a failure.
 */
export type Send = <Result>(
  request: OutgoingRequest,
  read: (answer: IncomingAnswer) => Promise<Result>,
) => Promise<Result>;

/** How a server has to prove who it is. */
export interface TlsOptions {
  readonly rejectUnauthorized: true;
  /** Certificates to trust, in place of the usual ones. */
  readonly ca?: string[];
}
