import { clockToleranceSeconds } from '../../../oidc/validate/id-token-times.js';
import type { CheckResult } from '../../run/check.js';
import { passed, skipped } from '../../run/check-results.js';
import type { FirstAnswer } from '../../run/first-answer.js';
import type { DoctorCheck } from '../doctor-check.js';

/** Seconds that ID tokens live at Logto and most others: a clock that is fast by more lets every one of them expire. */
const usualLifetime = 3600;

/** The clock of this machine against the provider's `Date` (RFC 9110, section 6.6.1), which has whole seconds. */
export const clock: DoctorCheck = {
  id: 'machine.clock',
  title: 'Clock',
  needs: ['provider.reachable'],
  run: async ({ firstAnswer }) => judgeClock(firstAnswer),
};

/** What the first answer of the provider says about our clock. */
function judgeClock(answer: FirstAnswer | null): CheckResult {
  if (answer === null) return skipped('Not checked: the provider gave no answer to compare with.');
  if (answer.serverTime === null) return skipped('The provider does not tell its time.');
  const { sentAt, receivedAt, serverTime } = answer;
  // Cut off to whole seconds, somewhere between our two moments.
  const behind = Math.round((serverTime + 500 - (sentAt + receivedAt) / 2) / 1000);
  const uncertain = Math.ceil((receivedAt - sentAt) / 2000) + 1;
  const by = Math.abs(behind);
  if (by <= clockToleranceSeconds + uncertain) {
    return passed(
      by <= uncertain
        ? 'right'
        : `${by} s ${direction(behind)} the provider's, within the 60 s that are borne`,
    );
  }
  const isSound = behind < 0 && by < usualLifetime;
  return {
    outcome: isSound ? 'warning' : 'failed',
    code: 'clock_skew',
    message:
      `The clock of this machine is ${by} s ${direction(behind)} the provider's. ` +
      (behind > 0
        ? 'Every ID token looks as if it came from the future, and is refused.'
        : isSound
          ? 'Signing in works, but tokens seem to end that much earlier.'
          : 'Every ID token seems to have ended when it comes, and is refused.'),
    hint: "Set this machine's clock (Linux: sudo timedatectl set-ntp true; in a container or VM, that of its host).",
  };
}

function direction(behind: number): string {
  return behind > 0 ? 'behind' : 'ahead of';
}
