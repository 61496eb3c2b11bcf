import { isoTime, relativeTime } from '../../../output/moments.js';
import { passed, skipped } from '../../run/check-results.js';
import type { DoctorCheck } from '../doctor-check.js';

/** Somebody is signed in. That nobody is, is no fault. */
export const presence: DoctorCheck = {
  id: 'session.stored',
  title: 'Session',
  needs: ['machine.storage'],
  run: async (subject) => {
    const session = await subject.session();
    const { profile, sessionStorage } = subject.settings;
    if (session === null) return skipped(`Nobody is signed in (profile ${profile}, ${sessionStorage}).`);
    const since = `${isoTime(session.signedInAt)} (${relativeTime(session.signedInAt, subject.runtime.now())})`;
    return passed(`${session.subject} since ${since}, in ${sessionStorage}`);
  },
};
