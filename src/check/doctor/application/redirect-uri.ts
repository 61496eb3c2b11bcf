import { LogtoError } from '../../../errors.js';
import { loopbackPlace } from '../../../loopback/loopback-redirect.js';
import { clientCodes } from '../../../oidc/probe/probe-request.js';
import { passed, resultOf, skipped } from '../../run/check-results.js';
import { perhapsForMachines } from '../../run/perhaps-for-machines.js';
import { undecided } from '../../run/undecided.js';
import type { DoctorCheck } from '../doctor-check.js';

const fixedPort =
  'A free port is another one each time, which this application does not take: give one, --port <port>, and register its address.';

/** The redirect URI is registered for the application. */
export const redirectUri: DoctorCheck = {
  id: 'application.redirect-uri',
  title: 'Redirect URI',
  needs: ['application.exists'],
  run: async (subject) => {
    const uri = await subject.redirectUri();
    if (subject.signIn.device) return skipped('Not used: the device flow sends no browser back.');
    if (!isAnswerable(uri)) return skipped('Not checked: it needs “Callback port”, which failed.');
    const found = await subject.authorization();
    const probed = await subject.probedRedirectUri();
    const shown = probed === uri ? uri : `any free port (${probed} was accepted)`;
    if (found.verdict === 'accepted') return passed(shown);
    if (found.verdict === 'unknown') return undecided(found);
    if (found.error.code !== 'redirect_uri_not_registered') {
      // Said at the redirect URI itself, and at no other.
      if ('proof' in found && found.proof.redirectUri) return passed(shown);
      return clientCodes.includes(found.error.code)
        ? skipped('Not checked: the provider refuses the application before it looks at the redirect URI.')
        : // What the request is refused for is for the check of the request to say.
          {
            outcome: 'warning',
            message:
              'Cannot tell whether it is registered: the request is refused at an address that nobody registered too.',
            hint: 'Mend what the request is refused for, and look again.',
          };
    }
    if (await subject.hasNoCodeGrant())
      return skipped('The application has none: no browser is ever sent back to it.');
    const result = perhapsForMachines(await subject.client(), found.error) ?? resultOf(found.error);
    // The next run has another one.
    return probed === uri || result.outcome !== 'failed' ? result : { ...result, hint: fixedPort };
  },
};

function isAnswerable(uri: string): boolean {
  try {
    loopbackPlace({ kind: 'sign-in', redirectUri: uri });
    return true;
  } catch (error) {
    if (error instanceof LogtoError) return false;
    throw error;
  }
}
