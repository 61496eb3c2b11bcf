import { refreshTokenAdvice } from '../../../client/refresh-token-advice.js';
import { LogtoError } from '../../../errors.js';
import type { ProviderMetadata } from '../../../oidc/provider-metadata.js';
import { shellWords } from '../../../shell-word.js';
import { passed, skipped } from '../../run/check-results.js';
import type { DoctorCheck } from '../doctor-check.js';
import type { DoctorSubject } from '../doctor-subject.js';
import { belongsHere, notOurs, storedSession } from './stored-session.js';

/** The session has a refresh token. */
export const refreshToken: DoctorCheck = {
  id: 'session.refresh-token',
  title: 'Refresh token',
  needs: ['session.owner'],
  run: async (subject) => {
    if (!(await belongsHere(subject))) return skipped(notOurs);
    const session = await storedSession(subject);
    if (session.hasRefreshToken) return passed('there');
    const advice = refreshTokenAdvice(session, await metadataOf(subject));
    return {
      outcome: 'warning',
      message: 'The session has no refresh token: it ends with its access token.',
      hint:
        'flags' in advice
          ? `Sign in again with: logto-cli sign-in ${shellWords(advice.flags.split(' '))}`
          : `Sign in again when it has ended. ${advice.reason}`,
    };
  },
};

async function metadataOf(subject: DoctorSubject): Promise<ProviderMetadata | null> {
  try {
    return await subject.metadata();
  } catch (error) {
    if (error instanceof LogtoError) return null;
    throw error;
  }
}
