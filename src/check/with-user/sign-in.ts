import { LogtoError } from '../../errors.js';
import { passed, skipped } from '../run/check-results.js';
import { correctProvider, failed, warning } from '../run/claused-check.js';
import { type CheckWithUser, signInId } from './check-with-user.js';

/** The sign-in itself, and what the browser comes back with. */
export const signInChecks: readonly CheckWithUser[] = [
  {
    id: signInId,
    title: 'The user signs in',
    clause: 'OpenID Connect Core 1.0, 3.1.2.5',
    run: async (subject) => {
      try {
        await subject.firstAuthorization();
      } catch (error) {
        // An application without any redirect URI is told like one that lacks this one.
        const isRefusal =
          error instanceof LogtoError &&
          ['redirect_uri_not_registered', 'authorization_error'].includes(error.code);
        const reason = isRefusal ? await subject.provider.withoutBrowser() : null;
        if (reason === null) throw error;
        return skipped(`Not used: ${reason}.`);
      }
      return passed(`signed in by ${subject.options.user.identifier.type}, and sent back with a code`);
    },
  },
  {
    id: 'sign-in.state',
    title: 'state of the response',
    clause: 'RFC 6749, 4.1.2',
    needs: ['sign-in.code'],
    run: async (subject) => {
      const { request, response } = await subject.firstAuthorization();
      const states = response.getAll('state');
      if (states.length === 1 && states[0] === request.state) return passed('echoed to the letter');
      return failed(
        `The code comes back ${states.length === 0 ? 'without the' : 'with a changed'} state.`,
        'Applications take such an answer for an attack, and ignore it: the provider has to echo state to the letter.',
      );
    },
  },
  {
    id: 'sign-in.issuer',
    title: 'iss of the response',
    clause: 'RFC 9207, 2 and 2.4',
    needs: ['sign-in.code'],
    run: async (subject) => {
      const { response } = await subject.firstAuthorization();
      const { authorization_response_iss_parameter_supported: isAnnounced } =
        await subject.provider.metadata();
      const found = response.getAll('iss');
      if (found.length === 0 && !isAnnounced) return skipped('The discovery document does not announce it.');
      return found.length === 1 && found[0] === subject.options.issuer
        ? passed('the issuer, to the letter')
        : failed(
            `The code comes back with ${found.length === 0 ? 'no' : 'another'} iss, ${isAnnounced ? 'though it is announced' : 'which nobody has to send'}.`,
            correctProvider,
          );
    },
  },
  {
    id: 'sign-in.login-hint',
    title: 'login_hint',
    clause: 'OpenID Connect Core 1.0, 3.1.2.1',
    needs: ['sign-in.code'],
    run: async (subject) => {
      const { value } = subject.options.user.identifier;
      const page = await subject.signInPage({ login_hint: value });
      return page?.searchParams.get('login_hint') === value
        ? passed('handed on to the sign-in page')
        : warning('The sign-in page is not told the login_hint.', 'People have to type who they are.');
    },
  },
];
