import { passed, skipped } from '../../run/check-results.js';
import { undecided } from '../../run/undecided.js';
import type { DoctorCheck } from '../doctor-check.js';

/** The provider begins a sign-in for the authorization request as we make it: response type, PKCE with S256, nonce. */
export const authorizationRequest: DoctorCheck = {
  id: 'application.authorization-request',
  title: 'Sign-in request',
  needs: ['application.redirect-uri'],
  run: async (subject) => {
    const found = await subject.authorization();
    if (found.verdict === 'accepted') return passed('accepted: code flow with PKCE S256');
    // The type says so already.
    return found.verdict === 'refused' &&
      found.error.code === 'grant_type_not_allowed' &&
      (await subject.hasNoCodeGrant())
      ? skipped('The application makes none: it signs nobody in with a browser.')
      : undecided(found);
  },
};
