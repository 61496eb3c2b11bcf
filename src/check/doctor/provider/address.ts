import { providerFlags } from '../../../client/logto-config.js';
import { exitCodeOf, LogtoError } from '../../../errors.js';
import { checkProvider } from '../../../oidc/check-provider.js';
import { inWords } from '../../../oidc/issuer-url.js';
import { shellWord, shellWords } from '../../../shell-word.js';
import { isEndedByLimit, passed, skipped } from '../../run/check-results.js';
import type { DoctorCheck } from '../doctor-check.js';

/** A provider is set, by an address that can be trusted to be asked. */
export const address: DoctorCheck = {
  id: 'provider.address',
  title: 'Issuer',
  run: async (subject) => {
    try {
      const connection = await subject.connection();
      const { session } = connection;
      checkProvider(connection);
      if (session === null) return passed(inWords(connection));
      const { profile } = subject.settings;
      return {
        outcome: 'warning',
        message: `${inWords(connection)}, from the stored session: no setting names it, and a new sign-in needs one.`,
        hint:
          `Keep it with: logto-cli profile set ${shellWord(profile)} ` +
          `${shellWords(providerFlags(connection))} --app-id ${shellWord(session.appId)}`,
      };
    } catch (error) {
      if (!(error instanceof LogtoError) || exitCodeOf(error) !== 8 || isEndedByLimit(error)) throw error;
      return skipped('Not checked: no setting names it, and the session that may do so cannot be read.');
    }
  },
};
