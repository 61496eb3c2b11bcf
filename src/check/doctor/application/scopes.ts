import { inConsole } from '../../../logto-console.js';
import type { CheckResult } from '../../run/check.js';
import { passed, skipped } from '../../run/check-results.js';
import { undecided } from '../../run/undecided.js';
import type { DoctorCheck } from '../doctor-check.js';

/** No scope is refused. Logto ignores those that it does not know: its list is all that can be compared with. */
export const scopes: DoctorCheck = {
  id: 'application.scopes',
  title: 'Scopes',
  needs: ['application.authorization-request'],
  run: async (subject) => {
    const found = await subject.authorizationOfScopes();
    if (found.verdict !== 'accepted') return undecided(found);
    const asked = await subject.scopes();
    const { scopes_supported: listed } = await subject.metadata();
    return judgeScopes(asked, listed, subject.signIn.resources);
  },
};

/**
 * What can be said of scopes that nobody refuses.
 *
 * @param listed discovery's `scopes_supported`, where the scopes of an API never are
 */
function judgeScopes(
  asked: readonly string[],
  listed: readonly string[] | undefined,
  resources: readonly string[],
): CheckResult {
  const unlisted = listed === undefined ? [] : asked.filter((scope) => !listed.includes(scope));
  if (unlisted.length === 0) return passed(asked.join(' '));
  const names = unlisted.join(' ');
  if (resources.length > 0) {
    return skipped(`None is refused. Whether a user gets ${names} only a sign-in can tell.`);
  }
  return {
    outcome: 'warning',
    code: 'scope_not_allowed',
    message: `The provider does not list ${names}. Many ignore such a scope without a word.`,
    hint: 'Correct --scope, or add --resource <uri> with the API that has it.',
    logto: {
      message: `The provider does not list ${names}. Logto ignores such a scope without a word.`,
      hint: `Correct --scope, or add --resource <uri> with the API that has it: ${inConsole('API resources', 'your API', 'Permissions')}.`,
    },
  };
}
