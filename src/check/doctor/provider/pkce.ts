import { passed, skipped } from '../../run/check-results.js';
import type { DoctorCheck } from '../doctor-check.js';
import { metadataList } from './metadata-lists.js';

/** The provider says that it checks PKCE with S256 (RFC 8414, section 2). Whether it takes it shows in the request. */
export const pkce: DoctorCheck = {
  id: 'provider.pkce',
  title: 'PKCE',
  needs: ['provider.discovery'],
  run: async (subject) => {
    const methods = metadataList(await subject.metadata(), 'code_challenge_methods_supported');
    if (methods === null) return skipped('The discovery document does not say; it is sent in any case.');
    if (methods.includes('S256')) return passed('S256');
    return {
      outcome: 'warning',
      message: `The discovery document lists ${methods.join(', ') || 'no method'}, and S256 is what is sent.`,
      hint: 'Let the provider check PKCE with S256: without it, whoever sees a code can use it.',
    };
  },
};
