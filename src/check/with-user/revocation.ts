import type { CheckResult } from '../run/check.js';
import { passed, skipped } from '../run/check-results.js';
import { correctProvider, failed, warning } from '../run/claused-check.js';
import { type CheckWithUser, judgeError, judgeRefusal, wordsOf } from './check-with-user.js';
import type { EndedAfter } from './revoked-session.js';

/** Revocation, and whether and when it has its effect. */
export const revocationChecks: readonly CheckWithUser[] = [
  {
    id: 'revocation.client',
    signIn: 'revoked',
    title: 'Whose tokens can be revoked',
    clause: 'RFC 7009, 2.1',
    needs: ['refresh.works', 'userinfo.answers'],
    run: async (subject) => {
      if (!(await subject.provider.offers('revocation_endpoint')))
        return skipped('The discovery document lists no such endpoint.');
      const { answer, userInfo } = await subject.revoked.byStranger();
      if (userInfo.status >= 400) {
        return failed('Somebody who is not the application can revoke its tokens.', correctProvider);
      }
      return answer.status < 400
        ? passed('nothing happens to a token that somebody else revokes')
        : judgeRefusal(answer, 'a revocation by somebody who is not the application', ['invalid_client']);
    },
  },
  {
    id: 'revocation.done',
    signIn: 'revoked',
    title: 'The revocation of a refresh token',
    clause: 'RFC 7009, 2.2',
    needs: ['refresh.works', 'userinfo.answers'],
    run: async (subject) => {
      if (!(await subject.provider.offers('revocation_endpoint')))
        return skipped(
          'The discovery document lists no such endpoint: a sign-out leaves the refresh token alive.',
        );
      const { answer } = await subject.revoked.revocation();
      return answer.status === 200 ? passed('200') : judgeError(answer, subject, 'revocation');
    },
  },
  {
    id: 'revocation.refresh-token',
    signIn: 'revoked',
    title: 'A revocation ends the refresh token',
    clause: 'RFC 7009, 2.1',
    needs: ['revocation.done'],
    run: async (subject) =>
      judgeEnd(await subject.revoked.refreshEnds(), () =>
        failed('A revoked refresh token still works 2 s later.', correctProvider),
      ),
  },
  {
    id: 'revocation.its-access-token',
    signIn: 'revoked',
    title: 'A revocation ends its access token too',
    clause: 'RFC 7009, 2.1',
    needs: ['revocation.done'],
    run: async (subject) =>
      judgeEnd(await subject.revoked.accessTokenEnds(), () =>
        warning(
          'UserInfo still takes an access token 2 s after its refresh token was revoked.',
          'Revoke access tokens as well, or give them a short life.',
        ),
      ),
  },
  {
    id: 'revocation.again',
    signIn: 'revoked',
    title: 'The revocation of a revoked token',
    clause: 'RFC 7009, 2.2',
    needs: ['revocation.done'],
    run: async (subject) => {
      const { token } = await subject.revoked.revocation();
      const answer = await subject.revoke(token, 'refresh_token');
      return answer.status === 200
        ? passed('200: there is nothing to do')
        : warning(
            `A token that has ended is not revoked with 200 but with ${wordsOf(answer)}.`,
            'Make sure that your sign-out does not stumble over it.',
          );
    },
  },
  {
    id: 'revocation.access-token',
    signIn: 'spent',
    title: 'The revocation of an access token',
    clause: 'RFC 7009, 2 and 2.1',
    needs: ['revocation.done'],
    run: async (subject) => {
      const session = await subject.exchanged(await subject.authorize(subject.newBrowser()));
      const token = session.accessToken ?? '';
      const at = performance.now();
      const answer = await subject.revoke(token, 'access_token');
      if (answer.error === 'unsupported_token_type') {
        return warning('Access tokens cannot be revoked.', 'Give them a short life.');
      }
      if (answer.status !== 200) return judgeError(answer, subject, 'revocation');
      const ended = await subject.revoked.untilRefused(at, () => subject.askUserInfo(token));
      return judgeEnd(ended, () =>
        failed('UserInfo still takes a revoked access token 2 s later.', correctProvider),
      );
    },
  },
];

function judgeEnd(endedAfter: EndedAfter, otherwise: () => CheckResult): CheckResult {
  return endedAfter === null ? otherwise() : passed(`refused after ${Math.round(endedAfter)} ms`);
}
