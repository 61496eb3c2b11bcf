import { exitCodeOf } from '../../../errors.js';
import { unreadHeader } from '../../../oidc/unread-header.js';
import type { CheckResult } from '../../run/check.js';
import { passed, resultOf, skipped } from '../../run/check-results.js';
import { warning } from '../../run/claused-check.js';
import { undecided } from '../../run/undecided.js';
import type { DoctorCheck } from '../doctor-check.js';
import type { DoctorSubject } from '../doctor-subject.js';

/** The application's secret is right. */
export const secret: DoctorCheck = {
  id: 'application.secret',
  title: 'Application secret',
  needs: ['application.exists'],
  run: async (subject) => {
    const client = await subject.client();
    if (client.verdict === 'accepted') return accepted(subject);
    if (client.verdict === 'unknown') {
      // It cannot authenticate at all, and nothing was sent.
      if ('cause' in client && exitCodeOf(client.cause) === 2) return resultOf(client.cause);
      // The same words would stand at the type already.
      const isAsked = !('cause' in client) && (await subject.hasSecret());
      return isAsked ? undecided(client) : skipped('Not checked: the token endpoint did not tell.');
    }
    switch (client.error.code) {
      case 'client_secret_missing':
      case 'client_secret_unexpected':
        return skipped('Not checked: it needs “Application type”, which failed.');
      case 'grant_type_not_allowed':
        // Logto says so to those only who have authenticated.
        return client.kind == null ? skipped('Not checked: no code can be exchanged.') : accepted(subject);
      default:
        return resultOf(client.error);
    }
  },
};

async function accepted(subject: DoctorSubject): Promise<CheckResult> {
  const authentication = await subject.authentication();
  if (authentication !== undefined) {
    const { seen, hint } = unreadHeader(authentication);
    return warning(`It is right. ${seen}; a sign-in does so too.`, hint);
  }
  return passed((await subject.hasSecret()) ? 'right' : 'none, and none is needed');
}
