import { exitCodeOf, LogtoError } from '../../../errors.js';
import { passed, resultOf, resultOfNetworkError, skipped } from '../../run/check-results.js';
import type { DoctorCheck } from '../doctor-check.js';
import { namingConsole } from './logto-console.js';

/** The discovery document is complete, and its issuer the expected one (OpenID Connect Discovery 1.0, section 4.3). */
export const discovery: DoctorCheck = {
  id: 'provider.discovery',
  title: 'Discovery',
  needs: ['provider.reachable'],
  run: async (subject) => {
    try {
      await subject.metadata();
      return passed('complete, and its issuer is the expected one');
    } catch (error) {
      if (!(error instanceof LogtoError)) throw error;
      if (error.code === 'tls_untrusted') return skipped('Not checked: it needs “TLS”, which failed.');
      return exitCodeOf(error) === 7 ? resultOfNetworkError(error) : namingConsole(subject, resultOf(error));
    }
  },
};
