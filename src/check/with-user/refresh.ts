import { onApplication } from '../../logto-console.js';
import { decodeJwt } from '../../oidc/validate/jwt.js';
import { passed, skipped } from '../run/check-results.js';
import { correctProvider, failed, knownAtLogto, warning } from '../run/claused-check.js';
import { type CheckWithUser, judgeError, judgeRefusal, wordsOf } from './check-with-user.js';
import { judgeSignature } from './jwt-signature.js';
import { textIn } from './own-session.js';

const notReplaced = 'The provider does not replace refresh tokens of this application.';

/** Refresh tokens: what they bring, whose they are, and what becomes of an old one. */
export const refreshChecks: readonly CheckWithUser[] = [
  {
    id: 'refresh.issued',
    title: 'A refresh token comes',
    clause: 'OpenID Connect Core 1.0, 11',
    needs: ['code.exchange'],
    run: async (subject) => {
      if ((await subject.session()).refreshToken !== null)
        return passed('for offline_access with prompt=consent');
      return {
        ...failed(
          'No refresh token came, though offline_access and prompt=consent were sent.',
          'Let the application refresh its tokens: a setting of it at the provider.',
        ),
        logto: { hint: `Let the application refresh its tokens: ${onApplication('Refresh token')}.` },
      };
    },
  },
  {
    id: 'refresh.works',
    title: 'The refresh',
    clause: 'RFC 6749, 6',
    needs: ['refresh.issued'],
    run: async (subject) => {
      const answer = await subject.firstRefresh();
      if (answer.status !== 200) return judgeError(answer, subject, 'refresh');
      const accessToken = textIn(answer, 'access_token');
      if (accessToken === null) return failed('The refresh brings no access token.', correctProvider);
      if (!(await subject.provider.offers('userinfo_endpoint'))) return passed('a new access token');
      const { status } = await subject.askUserInfo(accessToken);
      return status === 200
        ? passed('a new access token, which UserInfo takes')
        : failed(`UserInfo does not take the access token of a refresh (${status}).`, correctProvider);
    },
  },
  {
    id: 'refresh.id-token',
    title: 'The ID token of a refresh',
    clause: 'OpenID Connect Core 1.0, 12.2',
    needs: ['refresh.works', 'id-token.present'],
    run: async (subject) => {
      const jwt = textIn(await subject.firstRefresh(), 'id_token');
      if (jwt === null) return passed('there is none, which is allowed');
      const before = decodeJwt(textIn((await subject.session()).tokens, 'id_token') ?? '')?.claims ?? {};
      const after = decodeJwt(jwt)?.claims;
      if (after === undefined) return failed('The ID token of a refresh is no JWT.', correctProvider);
      const changed = [
        'iss',
        'sub',
        'aud',
        'azp',
        'auth_time',
        ...('nonce' in after ? ['nonce'] : []),
      ].filter((name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]));
      if (changed.length > 0) {
        return failed(`The ID token of a refresh changes ${changed.join(', ')}.`, correctProvider);
      }
      const signature = await judgeSignature(jwt, 'ID token of a refresh', subject);
      return signature.outcome === 'passed'
        ? passed('keeps iss, sub, aud and nonce, and is signed')
        : signature;
    },
  },
  {
    id: 'refresh.client',
    title: 'Whose refresh token it is',
    clause: 'RFC 6749, 6 and 10.4',
    needs: ['refresh.works'],
    run: async (subject) => {
      const sender = subject.provider.hasSecret ? 'without-secret' : 'stranger';
      const answer = await (await subject.session()).refresh({ sender });
      const what = 'a refresh token from somebody who is not the application';
      return judgeRefusal(answer, what, ['invalid_client', 'invalid_grant']);
    },
  },
  {
    id: 'refresh.rotation',
    signIn: 'rotated',
    title: 'Refresh tokens are replaced',
    clause: 'RFC 9700, 2.2.2 and 4.14.2',
    needs: ['refresh.works'],
    run: async (subject) => {
      const { answer, old } = await subject.rotated.rotation();
      if (answer.status !== 200) return judgeError(answer, subject, 'refresh');
      if (old !== null) return passed('each refresh brings a new one');
      if (subject.provider.hasSecret)
        return passed('they are not, and only the application with its secret can use them');
      return {
        ...failed(
          'A refresh token of an application without a secret is not replaced when it is used: a stolen one works unnoticed.',
          'Turn on the rotation of refresh tokens for the application at the provider.',
        ),
        logto: { hint: `Turn it on: ${onApplication('Refresh token', 'Rotate refresh token')}.` },
      };
    },
  },
  {
    id: 'refresh.reuse-at-once',
    signIn: 'rotated',
    title: 'An old refresh token at once',
    clause: 'RFC 9700, 4.14.2',
    needs: ['refresh.rotation'],
    run: async (subject) => {
      const answer = await subject.rotated.atOnce();
      if (answer === null) return skipped(notReplaced);
      if (answer.status >= 400) return passed(`refused: ${wordsOf(answer)}`);
      return knownAtLogto(
        'A refresh token that was replaced works again at once.',
        'Nothing to do: it keeps a client that lost an answer signed in. What counts is that it ends.',
        'Logto is known for that: it forgives for 3 s.',
      );
    },
  },
  {
    id: 'refresh.reuse',
    signIn: 'rotated',
    title: 'An old refresh token later',
    clause: 'RFC 9700, 4.14.2',
    needs: ['refresh.rotation'],
    run: async (subject) => {
      const late = await subject.rotated.late();
      if (late === null) return skipped(notReplaced);
      return judgeRefusal(late.reuse, 'a refresh token that was replaced 3.5 s ago', ['invalid_grant']);
    },
  },
  {
    id: 'refresh.reuse-ends-tokens',
    signIn: 'rotated',
    title: 'An old refresh token ends the new ones',
    clause: 'RFC 9700, 4.14.2',
    needs: ['refresh.reuse', 'userinfo.answers'],
    run: async (subject) => {
      const late = await subject.rotated.late();
      if (late === null) return skipped(notReplaced);
      if (late.refresh.status < 400) {
        return failed(
          'After an old refresh token is used again, the newest one still works: whoever stole it stays signed in.',
          correctProvider,
        );
      }
      return late.userInfo.status < 400
        ? warning(
            'After an old refresh token is used again, the newest refresh token has ended and its access token has not.',
            'It lives on for as long as access tokens do: give them a short life.',
          )
        : passed('the newest refresh token and access token are refused');
    },
  },
];
