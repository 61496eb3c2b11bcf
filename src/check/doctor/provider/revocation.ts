import { passed } from '../../run/check-results.js';
import { signOutTells, undecided } from '../../run/undecided.js';
import type { DoctorCheck } from '../doctor-check.js';

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
        message:
          'The discovery document lists no revocation endpoint: a sign-out leaves the refresh token as it is, until it ends.',
        hint: 'Turn revocation (RFC 7009) on at the provider, or keep the lifetime of refresh tokens short.',
      };
    }
    const { appId } = await subject.connection();
    // What is wrong with the application is said elsewhere, once.
    const client = appId === null ? null : await subject.client();
    if (client?.verdict !== 'accepted') return passed('offered; not tried without a working application');
    const found = await subject.revocation();
    if (found.verdict === 'accepted') return passed('works for this application');
    // The application itself is sound: the endpoint wants a secret, which it need not have.
    const isForSecrets = found.verdict === 'refused' && !(await subject.hasSecret());
    return isForSecrets
      ? {
          outcome: 'warning',
          message: `The revocation endpoint refuses applications without a secret: a sign-out leaves the refresh token as it is, until it ends. ${found.error.message}`,
          hint: 'Keep the lifetime of refresh tokens short, or let the provider take revocations of public applications.',
        }
      : undecided(found, signOutTells);
  },
};
