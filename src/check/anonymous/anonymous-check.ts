import { exitCodeOf, LogtoError } from '../../errors.js';
import type { Check, CheckResult } from '../check.js';
import { resultOf } from '../check-results.js';
import type { AnonymousSubject } from './anonymous-subject.js';

/**
 * One of the checks that need no user. What endangers sign-ins or misleads applications is a failure; what differs from
 * its clause and does no harm by itself is a warning.
 */
export interface AnonymousCheck extends Check<AnonymousSubject> {
  readonly clause: string;
}

/** The same check, whose messages name its clause. Requests that were not answered make it incomplete. */
export function withClause(check: AnonymousCheck): AnonymousCheck {
  return {
    ...check,
    run: async (subject, signal) => {
      const result = await check.run(subject, signal).catch(resultOfRefusedRequest);
      return { ...result, message: `${result.message} [${check.clause}]` };
    },
  };
}

function resultOfRefusedRequest(error: unknown): CheckResult {
  if (!(error instanceof LogtoError)) throw error;
  // A provider that breaks at what it was asked is none that could not be asked.
  const isUnanswered = exitCodeOf(error) === 7 && error.details?.['status'] !== 500;
  return resultOf(error, isUnanswered ? 'incomplete' : 'failed');
}

/** It is not as the clause says. */
export function failed(message: string, hint: string): CheckResult {
  return { outcome: 'failed', message, hint };
}

/** It differs from the clause, and nothing is wrong with this setup. */
export function warning(message: string, hint: string): CheckResult {
  return { outcome: 'warning', message, hint };
}

/** The answer does not tell. */
export function unclear(message: string): CheckResult {
  return {
    outcome: 'incomplete',
    message,
    hint: 'See what is answered, and by whom, with: logto-cli test --trace',
  };
}

/** What to do about a provider that does not do as its specifications say. */
export const correctProvider =
  'Whoever runs the provider has to correct it; look for a newer version of it, or a setting.';
