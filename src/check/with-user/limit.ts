import { passed, skipped } from '../run/check-results.js';
import { unclear, warning } from '../run/claused-check.js';
import { type CheckWithUser, wordsOf } from './check-with-user.js';

/** Whether a user may be signed in several times at once: asked when all others have signed in too. */
export const limitChecks: readonly CheckWithUser[] = [
  {
    id: 'session.side-by-side',
    title: 'Sign-ins side by side',
    clause: 'No standard: Concurrent device limit',
    signIn: 'last',
    needs: ['userinfo.answers'],
    run: async (subject) => {
      if (subject.options.user.totpSecret !== undefined) {
        return skipped('One sign-in serves for all questions here, as its code works once.');
      }
      const { status, ...answer } = await subject.askUserInfo((await subject.session()).accessToken ?? '');
      if (status < 300) return passed('the first one lives on after the others');
      if (status !== 401) return unclear(`UserInfo does not tell: ${wordsOf({ status, ...answer })}.`);
      return warning(
        'The first sign-in of this run ended when others of the same user began: the application has a Concurrent device ' +
          'limit (maxAllowedGrants). So did, perhaps, sessions that the user has elsewhere.',
        'Use a user who is there for tests. The limit is a setting of the application; nothing here failed for it, as one sign-in was looked at after the other.',
      );
    },
  },
];
