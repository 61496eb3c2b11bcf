import { LogtoError } from '../errors.js';
import type { Fetch } from '../network/fetch.js';
import { type ReceivedAnswer, type SentRequest, tracedFetch } from '../network/traced-fetch.js';
import { parseJsonObject } from '../oidc/http-answer.js';
import type { CheckedMessage, ProtocolCheck, ProviderEvent } from '../oidc/provider-event.js';
import { describeAnswer, describeKnown, describeRequest } from './describe-message.js';
import { type EndpointRole, Endpoints } from './endpoints.js';
import { Redactor } from './redactor.js';
import type { Trace, TraceCheck, TraceFailure, TraceStep } from './trace.js';

/** What a recorder needs from the outside. */
export interface RecorderOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds since any moment; never goes back. */
  readonly elapsed: () => number;
  /** Is told of each step when it is over, and of each check. */
  readonly onStep?: (step: TraceStep) => void;
  readonly onCheck?: (check: TraceCheck) => void;
}

/** How the run ended. */
export interface TraceEnd {
  readonly program: string;
  readonly command: string;
  /** `null`: it hands over to another program. */
  readonly exitCode: number | null;
  /** What was thrown; `null` for nothing. */
  readonly error: TraceFailure | null;
}

type Role = EndpointRole | ProtocolMessage;
type ProtocolMessage = Extract<ProviderEvent, { kind: 'browser' }>['message'];
type OpenStep = { -readonly [Key in keyof TraceStep]: TraceStep[Key] } & { checks: TraceCheck[] };

/** Whose answer a check is about. */
const checkedIn: Readonly<Record<CheckedMessage, Role>> = {
  'discovery document': 'discovery',
  'key set': 'keys',
  'authorization response': 'authorization response',
  'device authorization response': 'device-authorization',
  'token response': 'token',
  'access token': 'token',
  'ID token': 'token',
  'UserInfo response': 'userinfo',
};

/**
 * Writes down what a run of the program does, as it does it, and nothing secret of it: everything is redacted before it
 * is kept.
 */
export class TraceRecorder {
  readonly #options: RecorderOptions;
  readonly #startedAt: number;
  readonly #began: number;
  readonly #redactor = new Redactor();
  readonly #endpoints = new Endpoints();
  readonly #steps: { readonly role: Role; readonly step: OpenStep }[] = [];
  /** Addresses that were made for a browser: whoever goes there is one, be it a program. */
  readonly #opened = new Set<string>();
  /** Codes that came back through the browser. `null`: nobody would tell us. */
  #codes: Set<string> | null = null;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#startedAt = options.now();
    this.#began = options.elapsed();
  }

  /** The same fetch, written down. */
  watch(fetch: Fetch): Fetch {
    return tracedFetch(fetch, (request) => this.#exchange(request));
  }

  /** To be told what no request shows. */
  readonly observe = (event: ProviderEvent): void => {
    if (event.kind === 'check') this.#check(event);
    if (event.kind === 'document') this.#endpoints.learnDocument(event.url);
    if (event.kind === 'browser') this.#message(event.message, event.url);
    if (event.kind === 'metadata') {
      const document = { ...event.metadata };
      this.#codes ??= new Set();
      this.#endpoints.learn(document);
      if (!event.isCached) return;
      const step = this.#begin('discovery', 'local', 'discovery document, kept from before');
      step.answer = describeKnown(document, this.#redactor);
      this.#end(step, 0);
    }
  };

  /** The trace, now that the run has ended. What is still under way in it stays without an end. */
  finish({ program, command, exitCode, error }: TraceEnd): Trace {
    return {
      version: 1,
      program,
      command,
      startedAt: new Date(this.#startedAt).toISOString(),
      durationMs: this.#time(),
      outcome: exitCode === null || exitCode === 0 ? 'done' : 'failed',
      exitCode,
      error: error && this.#redactor.failure(error),
      steps: this.#steps.map(({ step }) => step),
    };
  }

  #exchange(request: SentRequest): (answer: ReceivedAnswer) => void {
    const { role, name } = this.#endpoints.of(request);
    const described = describeRequest(request, this.#redactor);
    const isMadeUp = this.#isMadeUp(request);
    // Browsers go there. Anybody else only wants to see what they would be told.
    const isForBrowsers = role === 'authorization' || role === 'end-session';
    const isAdvance = isForBrowsers && !this.#opened.has(request.url);
    let title = name;
    if (role === 'other') title = `${name} to ${shortPath(described.url)}`;
    if (isAdvance) title = `${name} (probe)`;
    if (isMadeUp) title = name.replace(')', ', made-up code)');
    const step = this.#begin(role, 'exchange', title);
    // Where no client tells what it does, somebody tries out what the provider refuses.
    const isTrial = this.#codes === null && role !== 'discovery' && role !== 'keys';
    step.isProbe = isMadeUp || isAdvance || isTrial;
    step.request = described;
    return (answer) => {
      if ('error' in answer) {
        step.failure = this.#redactor.failure(failureOf(answer.error));
      } else {
        if (role === 'discovery') this.#learn(answer.body);
        const location = answer.headers.get('location');
        if (location !== null && answer.status >= 300) this.#endpoints.redirect(request, location);
        step.answer = describeAnswer(answer, role, this.#options.now(), this.#redactor);
      }
      this.#end(step);
    };
  }

  /** A code that no browser brought: whoever sends it only wants to see how it is refused. */
  #isMadeUp({ body }: SentRequest): boolean {
    const code = new URLSearchParams(body).get('code');
    return code !== null && this.#codes !== null && !this.#codes.has(code);
  }

  #learn(body: string): void {
    const document = parseJsonObject(body);
    if (document !== null) this.#endpoints.learn(document);
  }

  #message(message: ProtocolMessage, url: string): void {
    this.#opened.add(url);
    if (message === 'authorization response') {
      const code = URL.canParse(url) ? new URL(url).searchParams.get('code') : null;
      if (code !== null) this.#codes?.add(code);
      // The person was busy in the browser until now.
      const asked = this.#steps.findLast(({ role }) => role === 'authorization request')?.step;
      if (asked?.durationMs === null) asked.durationMs = this.#since(asked.startMs);
    }
    const step = this.#begin(message, 'browser', `${message} (browser)`);
    step.request = describeRequest({ method: 'GET', url, headers: {}, body: '' }, this.#redactor);
    if (message === 'authorization request') this.#options.onStep?.(step);
    else this.#end(step, 0);
  }

  #check({ of, what, clause, passed }: ProtocolCheck): void {
    const check = { of, what: this.#redactor.text(what), clause, passed, atMs: this.#time() };
    const role = checkedIn[of];
    // Of several answers of one endpoint the last one is looked into: all that came before have been.
    const answered = this.#steps.findLast(
      ({ role: found, step }) => found === role && (step.kind !== 'exchange' || step.answer?.status === 200),
    );
    const step = answered?.step ?? this.#end(this.#begin(role, 'local', of));
    step.checks.push(check);
    this.#options.onCheck?.(check);
  }

  #begin(role: Role, kind: TraceStep['kind'], name: string): OpenStep {
    const step: OpenStep = {
      number: this.#steps.length + 1,
      kind,
      name,
      isProbe: false,
      startMs: this.#time(),
      durationMs: null,
      request: null,
      answer: null,
      failure: null,
      checks: [],
    };
    this.#steps.push({ role, step });
    return step;
  }

  #end(step: OpenStep, durationMs = this.#since(step.startMs)): OpenStep {
    step.durationMs = durationMs;
    this.#options.onStep?.(step);
    return step;
  }

  #time(): number {
    return inTenths(this.#options.elapsed() - this.#began);
  }

  #since(start: number): number {
    return inTenths(this.#time() - start);
  }
}

/** What distinguishes addresses of one provider for a person: no origin, and nothing that only a machine can read. */
function shortPath(url: string): string {
  return url.replace(/^\w+:\/\/[^/]*/, '').replace(/[\w-]{25,}/g, '…');
}

/** Milliseconds, as exactly as anybody reads them. */
function inTenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

/** A failure as it may be told. What is not ours to name says no more than that. */
function failureOf(error: unknown): TraceFailure {
  if (error instanceof LogtoError) return { code: error.code, message: error.message, hint: error.hint };
  const isAbort = error instanceof Error && error.name === 'AbortError';
  return isAbort
    ? { code: 'aborted', message: 'It was given up.', hint: '' }
    : { code: 'internal_error', message: 'It failed for a reason that has no name here.', hint: '' };
}
