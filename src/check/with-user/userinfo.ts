import type { JsonObject } from '../../oidc/http-answer.js';
import { decodeJwt } from '../../oidc/validate/jwt.js';
import { counted } from '../../wording.js';
import type { CheckResult } from '../run/check.js';
import { passed, skipped } from '../run/check-results.js';
import { correctProvider, failed, knownAtLogto, warning } from '../run/claused-check.js';
import { type CheckWithUser, wordsOf } from './check-with-user.js';
import { claimAgreement } from './claim-agreement.js';
import { judgeSignature } from './jwt-signature.js';
import { textIn } from './own-session.js';
import type { TestedUser } from './tested-user.js';

/** Moments beyond this, the year 5138, are milliseconds. */
const lastSecond = 1e11;

/** UserInfo, and whether it agrees with the ID token. */
export const userInfoChecks: readonly CheckWithUser[] = [
  {
    id: 'userinfo.answers',
    title: 'UserInfo answers',
    clause: 'OpenID Connect Core 1.0, 5.3.2',
    needs: ['code.exchange'],
    run: async (subject) => {
      if (!(await subject.provider.offers('userinfo_endpoint')))
        return skipped('The discovery document lists none.');
      const answer = await subject.userInfo();
      if (answer.status === 200 && answer.jwt !== null) return judgeJwt(answer.jwt, subject);
      if (answer.status === 200 && answer.json !== null) return passed('with claims');
      return failed(
        `UserInfo does not take the access token of the sign-in: ${wordsOf(answer)}.`,
        correctProvider,
      );
    },
  },
  ofClaims({
    id: 'userinfo.subject',
    title: 'sub of UserInfo',
    clause: 'OpenID Connect Core 1.0, 5.3.2 and 5.3.4',
    judge: (userInfo, idToken) =>
      userInfo['sub'] === idToken['sub']
        ? passed('that of the ID token')
        : failed('UserInfo tells of another subject than the ID token does.', correctProvider),
  }),
  ofClaims({
    id: 'userinfo.agrees',
    title: 'UserInfo and the ID token',
    clause: 'OpenID Connect Core 1.0, 5.3 and 5.4',
    judge: (userInfo, idToken) => {
      const { compared, differing } = claimAgreement(userInfo, idToken);
      return differing.length === 0
        ? passed(`in both, and the same: ${counted(compared.length, 'claim')}`)
        : warning(
            `UserInfo and the ID token differ: ${differing.join(', ')}.`,
            'Decide which of them your application believes, or look for a mapping of claims at the provider.',
          );
    },
  }),
  ofClaims({
    id: 'userinfo.updated-at',
    title: 'updated_at counts seconds',
    clause: 'OpenID Connect Core 1.0, 5.1',
    judge: ({ updated_at: moment }) => {
      if (moment === undefined || moment === null) return skipped('There is no such claim.');
      if (typeof moment !== 'number') return failed('updated_at is no number.', correctProvider);
      return moment < lastSecond
        ? passed('it does')
        : knownAtLogto(
            'updated_at counts milliseconds, where seconds are due.',
            'Divide it by 1000 in your application, as long as it is that large.',
          );
    },
  }),
  {
    id: 'userinfo.id-token',
    title: 'UserInfo refuses an ID token',
    clause: 'RFC 6750, 3.1',
    needs: ['userinfo.answers', 'id-token.present'],
    run: async (subject) => {
      const { tokens } = await subject.session();
      return judgeNotTaken(subject, textIn(tokens, 'id_token') ?? '', 'an ID token');
    },
  },
];

/** Signed UserInfo has claims when its signature is right (OpenID Connect Core 1.0, section 5.3.2). */
async function judgeJwt(jwt: string, subject: TestedUser): Promise<CheckResult> {
  const result = await judgeSignature(jwt, 'UserInfo response', subject);
  return result.outcome === 'passed' ? passed(`with claims, signed with ${result.message}`) : result;
}

/** Judges how UserInfo answers a token that is not meant for it. */
export async function judgeNotTaken(subject: TestedUser, token: string, what: string): Promise<CheckResult> {
  const answer = await subject.askUserInfo(token);
  if (answer.status < 400) {
    return failed(
      `UserInfo takes ${what} for an access token of its own: ${wordsOf(answer)}.`,
      correctProvider,
    );
  }
  return passed(`refused: ${answer.status}`);
}

/** A check of what UserInfo says, and the ID token. */
function ofClaims({
  judge,
  ...check
}: Omit<CheckWithUser, 'run' | 'needs'> & {
  readonly judge: (userInfo: JsonObject, idToken: JsonObject) => CheckResult;
}): CheckWithUser {
  return {
    ...check,
    needs: ['userinfo.answers', 'id-token.present'],
    run: async (subject) => {
      const { tokens } = await subject.session();
      const { json } = await subject.userInfo();
      return judge(json ?? {}, decodeJwt(textIn(tokens, 'id_token') ?? '')?.claims ?? {});
    },
  };
}
