import { unknown } from '../../../oidc/probe/probe.js';
import { passed, skipped } from '../../run/check-results.js';
import { undecided } from '../../run/undecided.js';
import type { DoctorCheck } from '../doctor-check.js';

/** The provider knows every resource that tokens are wanted for (RFC 8707). */
export const resources: DoctorCheck = {
  id: 'application.resources',
  title: 'API resources',
  needs: ['application.authorization-request'],
  run: async (subject) => {
    const { resources: asked } = subject.signIn;
    if (asked.length === 0) return skipped('None is asked for (--resource).');
    const found = await subject.authorizationOfResources();
    if (found.verdict !== 'accepted') return undecided(found);
    const madeUp = await subject.authorizationOfMadeUpResource();
    return madeUp.verdict === 'accepted'
      ? undecided(unknown('The authorization endpoint takes a resource that nobody registered as well.'))
      : passed(asked.join(' '));
  },
};
