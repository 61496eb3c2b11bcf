import { exitCodeOf } from '../../errors.js';
import type { Finding } from '../doctor/doctor-subject.js';
import type { CheckResult } from './check.js';
import { resultOf, resultOfNetworkError, skipped } from './check-results.js';

/** What tells what only the end of a session shows. */
export const signOutTells = 'Only a sign-out can tell. Once somebody is signed in: logto-cli sign-out';

/**
 * What a probe means for a check that it does not prove right: the refusal, the failure on the way, or that nobody can
 * tell.
 *
 * @param hint what tells it then
 */
export function undecided(
  finding: Exclude<Finding, { verdict: 'accepted' }>,
  hint = 'Only a sign-in can tell: logto-cli sign-in',
): CheckResult {
  if (finding.verdict === 'refused') return resultOf(finding.error);
  if (!('cause' in finding)) {
    return {
      outcome: 'incomplete',
      message: finding.reason,
      hint,
    };
  }
  const isLimit = finding.cause.details?.['limitSeconds'] !== undefined;
  if (exitCodeOf(finding.cause) === 8 && isLimit) {
    return {
      outcome: 'incomplete',
      code: finding.cause.code,
      message: `Not checked: the application secret may be in the storage, which was not read in time. ${finding.cause.message}`,
      hint: finding.cause.hint,
    };
  }
  // That the storage fails is what another check is about.
  return exitCodeOf(finding.cause) === 8
    ? skipped('Not checked: the application secret may be in the storage, which cannot be read.')
    : resultOfNetworkError(finding.cause);
}
