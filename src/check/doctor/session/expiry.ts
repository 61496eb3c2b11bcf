import { isoTime, relativeTime } from '../../../output/moments.js';
import type { CheckResult } from '../../run/check.js';
import { passed, skipped } from '../../run/check-results.js';
import type { DoctorCheck } from '../doctor-check.js';
import { belongsHere, notOurs, storedSession } from './stored-session.js';

/** A token of the session can still be used, or be had without a person. */
export const expiry: DoctorCheck = {
  id: 'session.expiry',
  title: 'Expiry',
  needs: ['session.owner'],
  run: async (subject): Promise<CheckResult> => {
    if (!(await belongsHere(subject))) return skipped(notOurs);
    const { accessTokens, hasRefreshToken } = await storedSession(subject);
    const now = subject.runtime.now();
    const last = accessTokens
      .map(({ expiresAt }) => expiresAt ?? Number.POSITIVE_INFINITY)
      .reduce((one, other) => Math.max(one, other), 0);
    if (last === Number.POSITIVE_INFINITY) return passed('the provider tells no end');
    const end = last === 0 ? 'none is left' : `${isoTime(last)} (${relativeTime(last, now)})`;
    if (last > now) return passed(`the access token ends ${end}`);
    if (hasRefreshToken) return passed(`the access token has ended, and is refreshed when it is wanted`);
    return {
      outcome: 'failed',
      code: 'session_expired',
      message: `The session has ended: its access token did ${end}, and there is no refresh token.`,
      hint: 'Sign in again: logto-cli sign-in',
    };
  },
};
