import { clockToleranceSeconds } from '../../oidc/validate/id-token-times.js';
import { decodeJwt, isTime } from '../../oidc/validate/jwt.js';
import { passed } from '../run/check-results.js';
import { correctProvider, failed, knownAtLogto } from '../run/claused-check.js';
import { type CheckWithUser, judgeError } from './check-with-user.js';
import { textIn } from './own-session.js';
import type { TestedUser } from './tested-user.js';

const core = 'OpenID Connect Core 1.0,';

/** The session at the provider: when it is enough, and when the user has to sign in again. */
export const sessionChecks: readonly CheckWithUser[] = [
  {
    id: 'session.silent',
    title: 'prompt=none with a session',
    clause: `${core} 3.1.2.1 and 3.1.2.6; RFC 8252, 8.6`,
    needs: ['code.exchange'],
    run: async (subject) => {
      const found = await subject.silently((await subject.firstAuthorization()).browser);
      if (found === 'code') return passed('a code, without a page');
      if (found === 'interaction_required') {
        return knownAtLogto(
          'prompt=none ends with interaction_required though there is a session.',
          'A native application has to open the sign-in page, which ends at once by itself. Nothing else is to be done.',
          'Logto is known for that with native applications.',
        );
      }
      if (found === 'consent_required')
        return passed('consent_required: the session is there, and consent is not kept');
      return failed(
        `prompt=none ends with ${found}, though the user has just signed in.`,
        'Look whether a proxy loses the cookies of the provider.',
      );
    },
  },
  mustAsk({
    id: 'session.prompt-login',
    title: 'prompt=login with a session',
    clause: `${core} 3.1.2.1`,
    change: { prompt: 'login' },
  }),
  mustAsk({
    id: 'session.max-age',
    title: 'max_age=0 with a session',
    clause: `${core} 3.1.2.1`,
    change: { prompt: null, max_age: '0' },
  }),
  {
    id: 'session.auth-time',
    title: 'auth_time for max_age',
    clause: `${core} 2 and 3.1.3.7 (13)`,
    needs: ['id-token.present'],
    run: async (subject) => {
      const { browser } = await subject.firstAuthorization();
      const { tokens } = await subject.exchanged(await subject.authorize(browser, { max_age: '3600' }));
      if (tokens.status !== 200) return judgeError(tokens, subject, 'code');
      const { auth_time: moment } = decodeJwt(textIn(tokens, 'id_token') ?? '')?.claims ?? {};
      if (!isTime(moment)) {
        return failed(
          'max_age was sent, and the ID token does not say when the user signed in (auth_time).',
          correctProvider,
        );
      }
      const age = subject.options.now() / 1000 - moment;
      return age >= -clockToleranceSeconds && age < 300
        ? passed('the moment of the sign-in')
        : failed(
            `auth_time is ${Math.round(age)} s ago, though the user has just signed in.`,
            correctProvider,
          );
    },
  },
];

/** A request that leads to the sign-in page, whatever session there is. */
function mustAsk({
  change,
  ...check
}: Pick<CheckWithUser, 'id' | 'title' | 'clause'> & {
  change: Readonly<Record<string, string | null>>;
}): CheckWithUser {
  return {
    ...check,
    needs: ['code.exchange'],
    run: async (subject: TestedUser) => {
      const { browser } = await subject.firstAuthorization();
      const { url } = await subject.authorizationRequest(change);
      return (await browser.isAskedToSignIn(url))
        ? passed('the user has to sign in again')
        : failed(
            'The user is not asked to sign in again: whoever sits at the browser is taken for the user.',
            correctProvider,
          );
    },
  };
}
