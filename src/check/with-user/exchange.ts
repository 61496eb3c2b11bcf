import { ruleFor } from '../../oidc/error/oauth-error-rules.js';
import { randomValue } from '../../oidc/pkce.js';
import type { CheckResult } from '../run/check.js';
import { passed, skipped } from '../run/check-results.js';
import { correctProvider, failed, unclear, warning } from '../run/claused-check.js';
import type { Answer } from '../without-user/endpoint-answer.js';
import { type CheckWithUser, judgeRefusal, wordsOf } from './check-with-user.js';
import { judgeAudience, judgeClaims } from './judged-token.js';
import { judgeSignature } from './jwt-signature.js';
import { textIn } from './own-session.js';
import type { TestedUser } from './tested-user.js';
import { tokenIn } from './token-for.js';

/** Errors that say that a token is not taken in an exchange (RFC 8693, section 2.2.2; Logto and others have the second). */
const notTaken = ['invalid_request', 'invalid_grant', 'invalid_token'];

/** A check of what comes of tokens in an exchange, which takes place for once. */
interface Row extends Omit<CheckWithUser, 'run'> {
  readonly judge: (subject: TestedUser) => Promise<CheckResult>;
}

const rows: readonly Row[] = [
  {
    id: 'exchange.unknown',
    title: 'The exchange of a made-up token',
    clause: 'RFC 8693, 2.1 and 2.2.2',
    judge: async (subject) =>
      judgeRefusal(await subject.exchangeToken(randomValue()), 'a made-up subject token', notTaken),
  },
  {
    id: 'exchange.id-token',
    title: 'The exchange of an ID token for an access token',
    clause: 'RFC 8693, 2.1 and 3',
    judge: async (subject) => {
      const idToken = textIn((await subject.session()).tokens, 'id_token');
      if (idToken === null) return skipped('The sign-in brought no ID token.');
      const answer = await subject.exchangeToken(idToken);
      return judgeRefusal(answer, 'an ID token that is said to be an access token', notTaken);
    },
  },
  {
    id: 'exchange.client',
    title: 'Who exchanges a token',
    clause: 'RFC 8693, 2.1; RFC 6749, 3.2.1',
    judge: async (subject) => {
      const sender = subject.provider.hasSecret ? 'without-secret' : 'stranger';
      const answer = await subject.exchangeToken(await subjectToken(subject), {}, sender);
      const due = ['invalid_client', 'unauthorized_client', ...notTaken];
      return judgeRefusal(answer, 'an exchange by somebody who is not the application', due);
    },
  },
  {
    id: 'exchange.resource',
    title: 'An exchanged token for a resource',
    clause: 'RFC 8693, 2.1; RFC 9068, 2.2 and 4',
    needs: ['id-token.present'],
    judge: async (subject) => {
      const [resource] = subject.options.resources;
      if (resource === undefined) return skipped('No resource is given: --resource <indicator>');
      const token = tokenIn(await subject.exchangeToken(await subjectToken(subject), { resource }));
      const result = judgeAudience(token, resource, subject, { resource }, 'token-exchange');
      if (result.outcome !== 'passed') return result;
      const signed = await judgeSignature(token.jwt, 'access token', subject);
      return signed.outcome === 'passed' ? judgeClaims(token, subject) : signed;
    },
  },
  {
    id: 'exchange.revoked',
    title: 'The exchange of a revoked token',
    clause: 'RFC 8693, 2.1; RFC 7009, 2',
    judge: async (subject) => {
      const token = textIn(await subject.exchangedToken(), 'access_token') ?? '';
      // Whoever takes one looks at its signature, and asks nobody whether it was revoked.
      if (token.split('.').length === 3) return skipped('The exchanged token is a JWT, which lives on.');
      if (!(await subject.provider.offers('revocation_endpoint')))
        return skipped('The provider has no revocation endpoint.');
      const at = performance.now();
      const revocation = await subject.revoke(token, 'access_token');
      if (revocation.status !== 200)
        return unclear(`An exchanged token is not revoked: ${wordsOf(revocation)}.`);
      if (!(await isRefusedByUserInfo(subject, token, at)))
        return skipped('The exchanged token was not ended: the check revocation.access-token is about that.');
      return judgeRefusal(await subject.exchangeToken(token), 'a revoked subject token', notTaken);
    },
  },
];

/** Token exchange (RFC 8693), where the provider lets this application use it: that is asked, whatever discovery lists. */
export const exchangeChecks: readonly CheckWithUser[] = [
  {
    id: 'exchange.token',
    title: 'An access token is exchanged',
    clause: 'RFC 8693, 2.2.1',
    needs: ['code.exchange'],
    run: async (subject) => judgeExchange(subject, await subject.exchangedToken()),
  },
  ...rows.map(({ judge, needs = [], ...row }) => ({
    ...row,
    needs: ['exchange.token', ...needs],
    run: async (subject: TestedUser) =>
      (await subject.exchangedToken()).status === 200
        ? judge(subject)
        : skipped('The provider exchanges no token of this application.'),
  })),
];

/** Whether UserInfo, where there is one, takes a token no more. */
async function isRefusedByUserInfo(subject: TestedUser, token: string, since: number): Promise<boolean> {
  if (!(await subject.provider.offers('userinfo_endpoint'))) return true;
  return (await subject.revoked.untilRefused(since, () => subject.askUserInfo(token))) !== null;
}

/** The access token of the sign-in. */
async function subjectToken(subject: TestedUser): Promise<string> {
  return (await subject.session()).accessToken ?? '';
}

function judgeExchange(subject: TestedUser, answer: Answer): CheckResult {
  if (answer.status !== 200) {
    return isGrantRefused(answer, subject)
      ? skipped(`The provider lets this application exchange no tokens: ${wordsOf(answer)}.`)
      : warning(
          `The provider does not exchange an access token of this application: ${wordsOf(answer)}.`,
          'A provider may have rules for that (policies): see what it lets whom exchange.',
        );
  }
  if (textIn(answer, 'access_token') === null)
    return failed('The answer to the exchange has no access token.', correctProvider);
  return /^bearer$/i.test(textIn(answer, 'token_type') ?? '')
    ? passed('for an access token of the type Bearer')
    : failed('The exchanged token is not of the type Bearer (token_type).', correctProvider);
}

/** Whether it is the kind of request that is refused, and not what was exchanged. */
function isGrantRefused({ status, error, json }: Answer, subject: TestedUser): boolean {
  const { clientId, namedBy } = subject.options;
  const { hasSecret } = subject.provider;
  const description = json?.['error_description'];
  const refusal = {
    error: error ?? '',
    description: typeof description === 'string' ? description : null,
    status,
    isLogto: typeof json?.['code'] === 'string',
  };
  // Whoever exchanges a token has exchanged a code before, in the same way.
  const request = { kind: 'token-exchange', clientId, namedBy, hasSecret, isAuthenticated: true } as const;
  return ruleFor(refusal, request).code === 'grant_type_not_allowed';
}
