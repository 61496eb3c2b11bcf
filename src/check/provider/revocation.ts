import { passed } from '../check-results.js';
import type { DoctorCheck } from '../doctor-check.js';
import { undecided } from '../undecided.js';

/** A sign-out can end the refresh token at the provider (RFC 7009). */
export const revocation: DoctorCheck = {
  id: 'provider.revocation',
  title: 'Revocation',
  needs: ['provider.discovery'],
  run: async (subject) => {
    const { revocation_endpoint: endpoint } = await subject.metadata();
    if (endpoint === undefined) {
      return {
        outcome: 'warning',
        message: 'The provider revokes no tokens: after a sign-out, its refresh token works until it ends.',
        hint: 'Turn revocation (RFC 7009) on at the provider, or keep the lifetime of refresh tokens short.',
      };
    }
    const { appId } = await subject.connection();
    // What is wrong with the application is said elsewhere, once.
    const client = appId === null ? null : await subject.client();
    if (client?.verdict !== 'accepted') return passed('offered; not tried without a working application');
    const found = await subject.revocation();
    return found.verdict === 'accepted' ? passed('works for this application') : undecided(found);
  },
};
