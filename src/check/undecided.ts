import { exitCodeOf } from '../errors.js';
import type { CheckResult } from './check.js';
import { resultOf, resultOfNetworkError, skipped } from './check-results.js';
import type { Finding } from './doctor-subject.js';

/** What a probe means for a check that it does not prove right: the refusal, the failure on the way, or that nobody can tell. */
export function undecided(finding: Exclude<Finding, { verdict: 'accepted' }>): CheckResult {
  if (finding.verdict === 'refused') return resultOf(finding.error);
  if (!('cause' in finding)) {
    return {
      outcome: 'incomplete',
      message: finding.reason,
      hint: 'Only a sign-in can tell: logto-cli sign-in',
    };
  }
  // That the storage fails is what another check is about.
  return exitCodeOf(finding.cause) === 8
    ? skipped('Not checked: the application secret may be in the storage, which cannot be read.')
    : resultOfNetworkError(finding.cause);
}
