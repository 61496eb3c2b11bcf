import type { ErrorCode } from '../../../errors.js';
import type { AuthorizationProbe } from '../../../oidc/probe/authorization-probe.js';
import { unknown } from '../../../oidc/probe/probe.js';
import { passed, resultOf } from '../../run/check-results.js';
import { undecided } from '../../run/undecided.js';
import type { DoctorCheck } from '../doctor-check.js';
import type { Finding } from '../doctor-subject.js';
import { namingConsole } from '../provider/logto-console.js';

/** The provider knows the application. */
export const existence: DoctorCheck = {
  id: 'application.exists',
  title: 'Application',
  needs: ['provider.discovery'],
  run: async (subject) => {
    const { appId } = await subject.connection();
    if (appId === null) {
      if (subject.missing === null) throw new TypeError('no application is set, and nobody said so');
      return resultOf(subject.missing);
    }
    // Both at once. The secret of the second may take long to be read, and the first is often proof enough.
    const asked = [subject.authorization(), subject.client()] as const;
    if (isKnown(await Promise.race(asked))) return passed(appId);
    const [authorization, client] = await Promise.all(asked);
    if (isKnown(authorization) || isKnown(client)) return passed(appId);
    const found = [authorization, client].find(isOfUnknown) ?? [authorization, client].find(isOpen);
    const alike = unknown('The provider answers an application that nobody registered alike.');
    return namingConsole(subject, undecided(found ?? alike));
  },
};

function isOfUnknown(finding: Finding): finding is Finding & { readonly verdict: 'refused' } {
  return finding.verdict === 'refused' && ofUnknown.includes(finding.error.code);
}

function isOpen(finding: Finding): finding is Exclude<Finding, { verdict: 'accepted' | 'refused' }> {
  return finding.verdict === 'unknown';
}

/** Refusals that a provider gives before it has found the application, or without saying whether it has. */
const ofUnknown: readonly ErrorCode[] = ['client_unknown', 'client_rejected'];

function isKnown(finding: Finding | Finding<AuthorizationProbe>): boolean {
  // What an application that nobody registered hears as well says nothing of this one.
  if ('proof' in finding && !finding.proof.application) return false;
  return finding.verdict === 'refused'
    ? !ofUnknown.includes(finding.error.code)
    : finding.verdict === 'accepted';
}
