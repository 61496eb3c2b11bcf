import { LogtoError } from '../../../errors.js';
import { passed, resultOfNetworkError } from '../../run/check-results.js';
import type { DoctorCheck } from '../doctor-check.js';

/** Something answers at the provider's address, whatever it says. */
export const reachable: DoctorCheck = {
  id: 'provider.reachable',
  title: 'Reachable',
  needs: ['provider.address', 'machine.certificates', 'machine.proxy'],
  run: async (subject) => {
    try {
      await subject.metadata();
    } catch (error) {
      if (!(error instanceof LogtoError)) throw error;
      if (['network_unreachable', 'request_timeout'].includes(error.code)) return resultOfNetworkError(error);
      // The others are about what it answered.
    }
    const { firstAnswer } = subject;
    return passed(firstAnswer === null ? 'yes' : `in ${firstAnswer.receivedAt - firstAnswer.sentAt} ms`);
  },
};
