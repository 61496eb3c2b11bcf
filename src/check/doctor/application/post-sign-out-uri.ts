import { signedOutUri } from '../../../local-address.js';
import { shellWord } from '../../../shell-word.js';
import type { CheckResult } from '../../run/check.js';
import { passed, resultOf, skipped } from '../../run/check-results.js';
import { perhapsForMachines } from '../../run/perhaps-for-machines.js';
import { signOutTells, undecided } from '../../run/undecided.js';
import type { DoctorCheck } from '../doctor-check.js';
import type { DoctorSubject } from '../doctor-subject.js';

/** The provider would send a browser back here after a sign-out. */
export const postSignOutUri: DoctorCheck = {
  id: 'application.post-sign-out-uri',
  title: 'Post sign-out URI',
  needs: ['application.exists'],
  run: async (subject) => {
    const uri = await subject.postLogoutRedirectUri();
    if (subject.signIn.device) return skipped('Not used: the device flow sends no browser back.');
    const { end_session_endpoint: endpoint } = await subject.metadata();
    if (endpoint === undefined)
      return skipped('Not used: the discovery document lists no end session endpoint.');
    if (!URL.canParse(uri)) return notAnAddress();
    if (new URL(uri).port === '0')
      return skipped('Not checked: it has the port of the sign-in, which is any free one.');
    const found = await subject.endSession();
    if (found.verdict === 'accepted') return passed(uri);
    if (await subject.hasNoCodeGrant())
      return skipped('The application has none: it signs nobody in with a browser.');
    if (found.verdict === 'unknown') return undecided(found, signOutTells);
    const perhaps = perhapsForMachines(await subject.client(), found.error);
    if (perhaps !== null) return perhaps;
    // Nobody asked for this address: it came with that of the redirect URI.
    const isSecondary =
      subject.signIn.postLogoutRedirectUri === undefined && (await isRedirectRefused(subject));
    return resultOf(found.error, isSecondary ? 'warning' : 'failed');
  },
};

async function isRedirectRefused(subject: DoctorSubject): Promise<boolean> {
  const found = await subject.authorization();
  return found.verdict === 'refused' && found.error.code === 'redirect_uri_not_registered';
}

function notAnAddress(): CheckResult {
  return {
    outcome: 'failed',
    code: 'config_invalid',
    message: 'The post sign-out URI is not an absolute address.',
    hint: `Use --post-logout-redirect-uri ${shellWord(signedOutUri())}`,
  };
}
