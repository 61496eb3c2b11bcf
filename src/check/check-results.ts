import { exitCodeOf, LogtoError } from '../errors.js';
import { errorDocument } from '../output/error-report.js';
import type { CheckOutcome, CheckResult } from './check.js';

/** It is as it should be. */
export function passed(message: string): CheckResult {
  return { outcome: 'passed', message };
}

/** It does not apply, or nobody can find it out here. */
export function skipped(message: string): CheckResult {
  return { outcome: 'skipped', message };
}

/** A failure that we can name, as a check's result. */
export function resultOf(error: LogtoError, outcome: CheckOutcome = 'failed'): CheckResult {
  const { code, message, hint } = error;
  return { outcome, code, message, ...(hint !== '' && { hint }) };
}

/** What a check's exception means: see {@link Check.run}. What is not a `LogtoError` is a bug of ours. */
export function resultOfException(error: unknown): CheckResult {
  if (error instanceof LogtoError) return resultOf(error, exitCodeOf(error) === 7 ? 'incomplete' : 'failed');
  const { message, hint } = errorDocument(error);
  return { outcome: 'failed', code: 'internal_error', message, hint };
}

/**
 * A failure of the network as the answer to a question about the provider: it is down for whoever signs in now, too.
 * Only a slow provider, and one that wants to be left alone for a while, may still be sound.
 */
export function resultOfNetworkError(error: LogtoError): CheckResult {
  const isPatienceWanted = error.code === 'request_timeout' || error.details?.['status'] === 429;
  return resultOf(error, isPatienceWanted ? 'incomplete' : 'failed');
}
