import type { ServerTls } from './server-tls.js';

/** What a callback listener waits for: the response to an authorization request, or the return from a sign-out. */
export type CallbackKind = 'sign-in' | 'sign-out';

/** One browser journey, and where it comes back to. */
export interface CallbackListenerOptions {
  readonly kind: CallbackKind;
  /** The redirect URI, on a loopback host. Its port 0, or `port` 0, means any free one. */
  readonly redirectUri: string;
  /** Listen on this port instead of the redirect URI's (a port forward); the redirect URI stays as it is, unless 0. */
  readonly port?: number;
  /**
   * Listen on this address of the machine: a loopback one instead of those of the redirect URI's host, any other beside
   * them. The redirect URI stays on loopback. Default: those of its host.
   */
  readonly address?: string;
  /** What it speaks https with; the redirect URI is one with https then, and with http otherwise. */
  readonly tls?: ServerTls;
  /** Told about each request that is not the true response, in one short sentence fit for a terminal. */
  readonly onStranger?: (report: StrangerReport) => void;
  /**
   * Told at once, in one sentence, of what carried our state, or was too large to tell, and could not be taken as the
   * response; and of somebody who does not trust the certificate. The first few that differ; {@link CallbackListener.unusable} remembers more.
   */
  readonly onUnusable?: (message: string) => void;
  /** What a return without any parameter may mean. Default: `perhaps it was cancelled at the provider`. */
  readonly emptyReturn?: string;
}

/** A request that was answered and had no effect. Holds nothing secret: never the state, never a code. */
export interface StrangerReport {
  readonly reason: 'wrong_state' | 'missing_state' | 'other';
  readonly message: string;
}

/** What the browser is finally told. */
export type FinalPage =
  | { readonly outcome: 'signed-in'; readonly subject: string; readonly application: string }
  | { readonly outcome: 'signed-out' }
  /** The browser came back, and nobody knows from where. */
  | { readonly outcome: 'returned' }
  | { readonly outcome: 'failed'; readonly code: string; readonly message: string; readonly hint: string };

/** The one true response to our request. The browser waits until it is finished. */
export interface CallbackResponse {
  /** The whole address that the browser was sent to, response parameters included. */
  readonly url: string;
  /** Whether it carries our state. Always so after a sign-in. */
  readonly isConfirmed: boolean;
  /**
   * Tells the browser how it ended, on an address that no longer holds the code. Resolves when the browser has
   * fetched that page, or after 2 seconds.
   */
  finish(page: FinalPage): Promise<void>;
}

/** A loopback HTTP server that lives for one browser journey. */
export interface CallbackListener {
  /** The redirect URI with the port that is really listened on where it asked for any. */
  readonly redirectUri: string;
  /** How many requests that are not the true response have come, by what made them strangers. */
  readonly strangers: Readonly<Record<StrangerReport['reason'], number>>;
  /** Responses that could not be used: how many, and what was wrong with them, each once. */
  readonly unusable: { readonly count: number; readonly problems: readonly string[] };
  /** How many connections ended since whoever began them does not trust the certificate. */
  readonly distrusted: number;
  /** What requests without a state carried, each once: `error=login_required and no state: …`. */
  readonly withoutState: readonly string[];
  /**
   * Waits for the one GET on the exact path and host that carries this state; after a sign-out, one without any will
   * do. Never rejects by itself: race it with a time limit and an interruption.
   */
  response(state: string): Promise<CallbackResponse>;
  /**
   * An unguessable address of this listener that redirects once to `target` and is gone: the way to hand the browser
   * an address that must not stand in a process list or on a screen.
   */
  redirectOnce(target: string): string;
  /**
   * Takes a response that a person brings: the address that the browser ended on, or its query alone. It is the response
   * where it would be one as a request here, and none has come; {@link response} has it then.
   *
   * @returns `null`, or why it was not taken: the end of a sentence, with nothing secret in it
   */
  offer(pasted: string): string | null;
  /**
   * A short, unguessable address of this listener that leads to `target`, as often as it is opened until the response has
   * come: twelve letters. Whoever knows it can read the request, and finish it as themselves.
   */
  shortAddress(target: string): string;
  /** Ends at once: no idle, keep-alive or preconnected socket holds it. */
  close(): Promise<void>;
}
