import type { ClientProbe } from '../../oidc/probe/client-probe.js';
import { unreadHeader } from '../../oidc/unread-header.js';
import type { CheckResult } from '../run/check.js';
import { passed, resultOf } from '../run/check-results.js';
import { unclear, warning } from '../run/claused-check.js';
import type { TestedProvider } from '../tested-provider.js';
import type { CheckWithoutUser } from './check-without-user.js';

/** Sound for what it is made for, and not for what most come to test. */
const withoutSignIn: CheckResult = {
  ...warning(
    'The application is known, and may exchange no codes: it is for machines or devices, and nobody signs in to it with a browser.',
    'To sign people in, use another application. Test one of the device flow with --device; get tokens of a machine-to-machine one with: logto-cli token --client-credentials',
  ),
  code: 'grant_type_not_allowed',
};

/** The token endpoint takes the application as it authenticates: all that is asked of it as that application rests on this. */
export const clientAuthentication: CheckWithoutUser = {
  id: 'client.authentication',
  title: 'The application itself',
  clause: 'RFC 6749, 3.2.1',
  needs: ['discovery.endpoints'],
  run: async (subject) => {
    const found = await subject.client();
    if (found.verdict === 'accepted') return taken(subject, found);
    if (found.verdict === 'unknown') {
      const [own, stranger] = await Promise.all([subject.madeUpCode(), subject.madeUpCodeOfStranger()]);
      const isRefused = ['invalid_client', 'unauthorized_client'].includes(stranger.error ?? '');
      const isKnown = isRefused && own.error !== stranger.error;
      return isKnown ? taken(subject, found) : unclear(found.reason);
    }
    if (found.error.code === 'grant_type_not_allowed') {
      return subject.device ? passed(`${kind(subject)}, for the device flow`) : withoutSignIn;
    }
    // The rest can be told, but for a secret that only its owner has.
    return resultOf(found.error, found.error.code === 'client_secret_missing' ? 'incomplete' : 'failed');
  },
};

function kind({ hasSecret }: TestedProvider): string {
  return hasSecret ? 'it has proved who it is' : 'public: it needs no secret';
}

/** The application is taken, and how is worth a word where that is not as the standard has it. */
function taken(subject: TestedProvider, { authentication }: ClientProbe): CheckResult {
  if (authentication === undefined) return passed(kind(subject));
  const { seen, hint } = unreadHeader(authentication);
  return warning(`${seen}.`, hint);
}
