import { passed, skipped } from '../run/check-results.js';
import { correctProvider, failed, unclear, warning } from '../run/claused-check.js';
import type { CheckWithUser } from './check-with-user.js';

const logout = 'OpenID Connect RP-Initiated Logout 1.0,';

/** Whether a sign-out ends the session at the provider, and what else. */
export const signOutChecks: readonly CheckWithUser[] = [
  {
    id: 'sign-out.redirect',
    signIn: 'signed-out',
    title: 'The way back from a sign-out',
    clause: `${logout} 2 and 3`,
    needs: ['refresh.issued', 'session.silent'],
    run: async (subject) => {
      const end = await subject.signedOut.end();
      if (end === null)
        return skipped('The discovery document lists no end session endpoint: users stay signed in there.');
      const { postLogoutRedirectUri } = subject.options;
      const at = new URL(end.stop.url);
      const home = new URL(postLogoutRedirectUri);
      if (end.stop.kind === 'page' || at.origin !== home.origin || at.pathname !== home.pathname) {
        return failed(
          `The sign-out does not come back to ${postLogoutRedirectUri}.`,
          'Register it as a post sign-out redirect URI of the application, or name the one that is with --post-logout-redirect-uri.',
        );
      }
      return at.searchParams.get('state') === end.state
        ? passed('with its state')
        : failed('The sign-out comes back without its state, or with another one.', correctProvider);
    },
  },
  {
    id: 'sign-out.session',
    signIn: 'signed-out',
    title: 'The session has ended',
    clause: `${logout} 2`,
    needs: ['sign-out.redirect'],
    run: async (subject) => {
      const before = await subject.signedOut.before();
      const after = await subject.signedOut.after();
      if (before === 'login_required') return unclear('There was no session before the sign-out either.');
      return after === 'login_required'
        ? passed(`prompt=none: ${before} before, login_required after`)
        : failed(`The session lives on after the sign-out: prompt=none ends with ${after}.`, correctProvider);
    },
  },
  {
    id: 'sign-out.refresh-token',
    signIn: 'signed-out',
    title: 'The refresh token after a sign-out',
    clause: 'OpenID Connect Back-Channel Logout 1.0, 2.7',
    needs: ['sign-out.redirect', 'refresh.works'],
    run: async (subject) =>
      (await subject.signedOut.refresh()).status < 400
        ? passed('lives on, as it does with offline_access: a sign-out has to revoke it')
        : warning(
            'The sign-out at the provider ends refresh tokens with offline_access.',
            'Expect your application to be signed out with the browser.',
          ),
  },
];
