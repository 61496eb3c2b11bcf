import type { ErrorCode } from '../../errors.js';

/**
 * How a check ended. `warning`: it works, and something should be looked into. `incomplete`: it could not be found out,
 * though it should. `skipped`: nobody can find it out here, or what it depends on is not so.
 */
export type CheckOutcome = 'passed' | 'failed' | 'warning' | 'incomplete' | 'skipped';

/** What one check found. */
export interface CheckResult {
  /** How it ended. */
  readonly outcome: CheckOutcome;
  /** Where one of the error codes says it. */
  readonly code?: ErrorCode;
  /** What was seen, and what it means. Text from outside in it is stripped by whoever prints it. */
  readonly message: string;
  /** What to do, exact enough to paste. */
  readonly hint?: string;
  /** What the program that was looked at printed last, line by line, without secrets. */
  readonly printed?: readonly string[];
  /** What is said in their place where the provider is set as a Logto: places in its Console, what it is known for. */
  readonly logto?: { readonly message?: string; readonly hint?: string };
}

/**
 * One question with one answer. It neither prints nor decides what runs when.
 *
 * @typeParam Subject what it looks at; several checks share its requests
 */
export interface Check<Subject> {
  /** Stable, `group.name` in kebab case. */
  readonly id: string;
  /** What is looked at, for a list: `Redirect URI`. */
  readonly title: string;
  /** The specification that it stands on, and the section: `RFC 6749, 4.1.2.1`. */
  readonly clause?: string;
  /** The checks that must have passed, or warned, for this one to mean anything. They come before it in a list. */
  readonly needs?: readonly string[];
  /** The checks that must have ended before this one begins, however they did. They come before it in a list. */
  readonly after?: readonly string[];
  /**
   * May throw: a `LogtoError` is a failed check with that code, message and hint, and one of the network (exit code 7)
   * is an incomplete one unless the check itself says otherwise.
   *
   * @param signal ends it; it should then stop its requests
   */
  readonly run: (subject: Subject, signal: AbortSignal) => Promise<CheckResult>;
}

/** A check with what it found and the milliseconds that it took. */
export interface CheckReport extends CheckResult {
  /** Group and name: `id-token.issuer`. */
  readonly id: string;
  /** What it asks, for a person. */
  readonly title: string;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
  /** That it ends so is known, and passes: see `judgedByBaseline`. */
  readonly known?: KnownReason;
}

/** Why it is known that a check does not pass, and for how long that is accepted. */
export interface KnownReason {
  /** In somebody's own words. */
  readonly reason: string;
  /** The last day on which it is, in UTC: `2026-03-31`. */
  readonly until?: string;
}
