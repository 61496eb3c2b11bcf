import { type ErrorCode, exitCodeOf, LogtoError } from '../../errors.js';
import { errorDocument } from '../../output/error-report.js';
import type { CheckOutcome, CheckResult } from './check.js';

/** It is as it should be. */
export function passed(message: string): CheckResult {
  return { outcome: 'passed', message };
}

/** It does not apply, or nobody can find it out here. */
export function skipped(message: string): CheckResult {
  return { outcome: 'skipped', message };
}

/** A failure that we can name, as a check's result: `failed`, or `incomplete` where a limit of ours ended the wait. */
export function resultOf(
  error: LogtoError,
  outcome: CheckOutcome = isEndedByLimit(error) ? 'incomplete' : 'failed',
): CheckResult {
  const { code, message, hint } = error;
  return { outcome, code, message, ...(hint !== '' && { hint }) };
}

/** Whether a limit of ours ended the wait for something: that finds out nothing, however long it was. */
export function isEndedByLimit(error: LogtoError): boolean {
  const limits: readonly ErrorCode[] = ['request_timeout', 'lock_timeout', 'sign_in_timeout'];
  return limits.includes(error.code) || error.details?.['limitSeconds'] !== undefined;
}

/** What a check's exception means: see {@link Check.run}. What is not a `LogtoError` is a bug of ours. */
export function resultOfException(error: unknown): CheckResult {
  if (error instanceof LogtoError) return resultOf(error, exitCodeOf(error) === 7 ? 'incomplete' : undefined);
  const { message, hint } = errorDocument(error);
  return { outcome: 'failed', code: 'internal_error', message, hint };
}

/**
 * A failure of the network as the answer to a question about the provider: it is down for whoever signs in now, too.
 * Only a slow provider, and one that wants to be left alone for a while, may still be sound.
 */
export function resultOfNetworkError(error: LogtoError): CheckResult {
  const isPatienceWanted = isEndedByLimit(error) || error.details?.['status'] === 429;
  return resultOf(error, isPatienceWanted ? 'incomplete' : 'failed');
}
