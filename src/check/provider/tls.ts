import { LogtoError } from '../../errors.js';
import { passed, resultOf, skipped } from '../check-results.js';
import type { DoctorCheck } from '../doctor-check.js';

/** The provider's certificate is one that this machine trusts. */
export const tls: DoctorCheck = {
  id: 'provider.tls',
  title: 'TLS',
  needs: ['provider.reachable'],
  run: async (subject) => {
    const { issuer } = await subject.connection();
    if (issuer.startsWith('http:')) return skipped('Not used: the provider is on this machine.');
    try {
      await subject.metadata();
    } catch (error) {
      if (!(error instanceof LogtoError)) throw error;
      if (error.code === 'tls_untrusted') return resultOf(error);
    }
    return passed('the certificate is trusted');
  },
};
