import { passed } from '../../run/check-results.js';
import type { DoctorCheck } from '../doctor-check.js';

/** A sign-out can end the provider's own session (OpenID Connect RP-Initiated Logout 1.0). */
export const endSession: DoctorCheck = {
  id: 'provider.end-session',
  title: 'End session',
  needs: ['provider.discovery'],
  run: async (subject) => {
    const { end_session_endpoint: endpoint } = await subject.metadata();
    if (endpoint !== undefined) return passed('offered');
    return {
      outcome: 'warning',
      message:
        "The discovery document lists no end session endpoint: a sign-out leaves the provider's own session as it is, and the next sign-in may ask nobody anything.",
      hint: 'Sign in with --prompt login to be asked again.',
    };
  },
};
