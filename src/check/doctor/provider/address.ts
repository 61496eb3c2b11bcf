import { exitCodeOf, LogtoError } from '../../../errors.js';
import { checkIssuer } from '../../../oidc/issuer-url.js';
import { shellWord } from '../../../shell-word.js';
import { isEndedByLimit, passed, skipped } from '../../run/check-results.js';
import type { DoctorCheck } from '../doctor-check.js';

/** A provider is set, by an address that can be trusted to be asked. */
export const address: DoctorCheck = {
  id: 'provider.address',
  title: 'Issuer',
  run: async (subject) => {
    try {
      const { issuer, session } = await subject.connection();
      checkIssuer(issuer);
      if (session === null) return passed(issuer);
      const { profile } = subject.settings;
      return {
        outcome: 'warning',
        message: `${issuer}, from the stored session: no setting names it, and a new sign-in needs one.`,
        hint:
          `Keep it with: logto-cli profile set ${shellWord(profile)} ` +
          `${session.endpoint === undefined ? `--issuer ${shellWord(issuer)}` : `--endpoint ${shellWord(session.endpoint)}`} --app-id ${shellWord(session.appId)}`,
      };
    } catch (error) {
      if (!(error instanceof LogtoError) || exitCodeOf(error) !== 8 || isEndedByLimit(error)) throw error;
      return skipped('Not checked: no setting names it, and the session that may do so cannot be read.');
    }
  },
};
