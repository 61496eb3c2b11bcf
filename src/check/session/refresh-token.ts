import { passed } from '../check-results.js';
import type { DoctorCheck } from '../doctor-check.js';
import { storedSession } from './stored-session.js';

/** The session has a refresh token. */
export const refreshToken: DoctorCheck = {
  id: 'session.refresh-token',
  title: 'Refresh token',
  needs: ['session.owner'],
  run: async (subject) => {
    const { hasRefreshToken, endpoint } = await storedSession(subject);
    if (hasRefreshToken) return passed('there');
    return {
      outcome: 'warning',
      message: 'The session has no refresh token: it ends with its access token.',
      hint: `Sign in again with: logto-cli sign-in --prompt consent${endpoint === undefined ? ' --scope offline_access' : ''}`,
    };
  },
};
