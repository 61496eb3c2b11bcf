/**
 * What a run of the program did, as it may be shown to anybody: nothing in here is secret. Times are milliseconds since
 * the trace began. The JSON form of a trace is this, word for word.
 */
export interface Trace {
  /** Of this shape. What is added later does not change it. */
  readonly version: 1;
  readonly program: string;
  /** The name of the command. */
  readonly command: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** `failed` for every exit code but 0. */
  readonly outcome: 'done' | 'failed';
  /** The program's; `null` where another program took over. */
  readonly exitCode: number | null;
  /** Why it failed. */
  readonly error: TraceFailure | null;
  /** In the order in which they began. */
  readonly steps: readonly TraceStep[];
}

/** One exchange, or one message that went through the browser. */
export interface TraceStep {
  /** From 1. */
  readonly number: number;
  /** `exchange`: a request of ours. `browser`: what went through the browser. `local`: what this machine knew already. */
  readonly kind: 'exchange' | 'browser' | 'local';
  /** Such as `token endpoint (refresh_token)`. */
  readonly name: string;
  /** Whether it was asked only to see how it is answered, so that a refusal is nothing bad. */
  readonly isProbe: boolean;
  readonly startMs: number;
  /** `null`: it was not over when the trace ended. */
  readonly durationMs: number | null;
  readonly request: TraceRequest | null;
  /** `null` without an answer. */
  readonly answer: TraceAnswer | null;
  /** Why there is no answer. */
  readonly failure: TraceFailure | null;
  /** What was checked in the answer, in order; nothing that was not really compared. */
  readonly checks: readonly TraceCheck[];
}

/** A request. */
export interface TraceRequest {
  readonly method: string;
  /** Without its query, which is in the parameters. */
  readonly url: string;
  /** Those that matter. */
  readonly headers: readonly TraceField[];
  /** Of the query and of the body. */
  readonly parameters: readonly TraceField[];
}

/** An answer. */
export interface TraceAnswer {
  /** `null` where there was no HTTP. */
  readonly status: number | null;
  /** Those that matter. */
  readonly headers: readonly TraceField[];
  /** What kind of body it is, such as `a JSON object`. */
  readonly body: string;
  /** Of the JSON object. */
  readonly fields: readonly TraceField[];
  /** How many more there are, which matter to nobody here. */
  readonly otherFields: number;
}

/** A named value: a parameter, a header, a field of JSON or a claim. */
export interface TraceField {
  readonly name: string;
  /** What may be shown of it; where it is redacted, its kind and its length between ‹ and ›. */
  readonly value: string;
  readonly redacted: boolean;
  /** `null` for one that is not known here. */
  readonly meaning: string | null;
  /** Whether a parameter stood in the body of the request, and not in its address. */
  readonly inBody?: true;
  /** What a token says about itself. */
  readonly contents?: readonly TraceField[];
}

/** A comparison that was made. */
export interface TraceCheck {
  /** What it was about, such as `ID token`. */
  readonly of: string;
  readonly what: string;
  /** The specification and the section that ask for it. */
  readonly clause: string;
  readonly passed: boolean;
  readonly atMs: number;
}

/** A failure, as the program names it. */
export interface TraceFailure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}
