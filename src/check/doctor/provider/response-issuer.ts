import { passed } from '../../run/check-results.js';
import type { DoctorCheck } from '../doctor-check.js';

/** Authorization responses name their issuer (RFC 9207), so that one provider cannot answer in the name of another. */
export const responseIssuer: DoctorCheck = {
  id: 'provider.response-issuer',
  title: 'Issuer in answers',
  needs: ['provider.discovery'],
  run: async (subject) => {
    const metadata = await subject.metadata();
    if (metadata.authorization_response_iss_parameter_supported === true) return passed('iss (RFC 9207)');
    return {
      outcome: 'warning',
      message:
        'The discovery document does not say that authorization responses name who they come from (iss, RFC 9207).',
      hint: 'Nothing to do for one provider; an application that uses several should keep a redirect URI for each.',
    };
  },
};
