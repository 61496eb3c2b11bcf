import { sessionPlace } from '../../../client/session.js';
import { inWords } from '../../../oidc/issuer-url.js';
import { passed } from '../../run/check-results.js';
import type { DoctorCheck } from '../doctor-check.js';
import { belongsHere, storedSession } from './stored-session.js';

/** The session is one of the provider and the application that are set. Another one is in the way of nothing. */
export const owner: DoctorCheck = {
  id: 'session.owner',
  title: 'Belongs here',
  needs: ['provider.address', 'session.stored'],
  run: async (subject) => {
    const session = await storedSession(subject);
    const { appId } = session;
    const connection = await subject.connection();
    if (await belongsHere(subject)) return passed('to this provider and application');
    return {
      // Nothing is wrong with the application that is examined: signing in to it works.
      outcome: 'warning',
      code: 'not_signed_in',
      message: `The stored session is of ${appId} at ${inWords(sessionPlace(session))}, and ${connection.appId ?? appId} at ${inWords(connection)} is set.`,
      hint:
        'Replace it with: logto-cli sign-in, keep both with --profile <another name>, or leave out --endpoint, ' +
        '--issuer, --discovery-url and --app-id (LOGTO_ENDPOINT, LOGTO_CLI_ISSUER, LOGTO_CLI_DISCOVERY_URL, LOGTO_APP_ID) to use it as it is.',
    };
  },
};
