import { passed, skipped } from '../../run/check-results.js';
import { undecided } from '../../run/undecided.js';
import type { DoctorCheck } from '../doctor-check.js';

/** The application may use the device flow (RFC 8628), where it is made for that or somebody asks. */
export const deviceFlow: DoctorCheck = {
  id: 'application.device-flow',
  title: 'Device flow',
  needs: ['application.exists'],
  run: async (subject) => {
    const { device } = subject.signIn;
    const unasked = skipped('Not asked for (--device).');
    if (!device && !(await subject.hasNoCodeGrant())) return unasked;
    const found = await subject.deviceFlow();
    if (found.verdict === 'accepted') return passed('allowed');
    return device ? undecided(found) : unasked;
  },
};
