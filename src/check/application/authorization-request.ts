import { passed } from '../check-results.js';
import type { DoctorCheck } from '../doctor-check.js';
import { undecided } from '../undecided.js';

/** The provider begins a sign-in for the authorization request as we make it: response type, PKCE with S256, nonce. */
export const authorizationRequest: DoctorCheck = {
  id: 'application.authorization-request',
  title: 'Sign-in request',
  needs: ['application.redirect-uri'],
  run: async (subject) => {
    const found = await subject.authorization();
    return found.verdict === 'accepted' ? passed('accepted: code flow with PKCE S256') : undecided(found);
  },
};
