import { type ErrorCode, LogtoError } from '../../errors.js';
import { errorFromOAuth } from '../../oidc/error/error-from-oauth.js';
import type { OAuthRequest } from '../../oidc/error/oauth-error.js';
import type { CheckResult } from '../run/check.js';
import { passed, resultOf } from '../run/check-results.js';
import {
  type ClausedCheck,
  correctProvider,
  failed,
  resultOfRefusedRequest,
  unclear,
  warning,
  withClause,
} from '../run/claused-check.js';
import type { Answer } from '../without-user/endpoint-answer.js';
import type { TestedUser } from './tested-user.js';

/**
 * One of the checks that sign a user in. What endangers sign-ins or misleads applications is a failure; what differs
 * from a recommendation, or what Logto is known for, is a warning.
 */
export type CheckWithUser = ClausedCheck<TestedUser> & {
  /** Which sign-in of the run it looks at. Default: the first. */
  readonly signIn?: SignInOfRun;
};

/**
 * The sign-ins of a run, one after the other: where a user may have only so many at once in an application, each may end
 * those before it.
 */
export const signInsOfRun = [
  'first',
  'misused',
  'replayed',
  'rotated',
  'revoked',
  'spent',
  'signed-out',
  'last',
] as const;
type SignInOfRun = (typeof signInsOfRun)[number];

/** The check that the user can sign in at all: in every other it is taken for granted. */
export const signInId = 'sign-in.code';

/** What says that the user may not sign in, or not once more. */
const keptOut: readonly ErrorCode[] = [
  'credentials_rejected',
  'password_expired',
  'mfa_required',
  'account_locked',
  'access_denied',
  'captcha_required',
  'sign_in_method_disabled',
];

/** The same check, whose messages name its clause. What it needs and does not get makes it incomplete. */
export function withClauseOfUser(check: CheckWithUser): CheckWithUser {
  return withClause(check, (error) => {
    // Such as a code of an authenticator, which works for one sign-in only.
    const isKeptOut = error instanceof LogtoError && keptOut.includes(error.code) && check.id !== signInId;
    return isKeptOut ? resultOf(error, 'incomplete') : resultOfRefusedRequest(error);
  });
}

/** What an answer to a request means that an endpoint has to refuse; `due` are the errors that say so. */
export function judgeRefusal(answer: Answer, what: string, due: readonly string[]): CheckResult {
  const words = wordsOf(answer);
  if (answer.status < 300) return failed(`The provider accepts ${what}: ${words}.`, correctProvider);
  if (answer.status < 400) return unclear(`The provider sends ${what} elsewhere: ${words}.`);
  if (answer.error !== null && due.includes(answer.error)) return passed(`refused: ${words}`);
  return warning(
    `The provider refuses ${what}, with ${words} where ${due.join(' or ')} is due.`,
    'Nothing to do, as long as your libraries do not go by the name of the error.',
  );
}

/** What an answer to a request means that had to be granted. */
export function judgeError(
  answer: Answer,
  subject: TestedUser,
  kind: OAuthRequest['kind'],
  more: Pick<OAuthRequest, 'resource' | 'organization'> = {},
): CheckResult {
  const { status } = answer;
  const error = nameOf(answer);
  if (error === null) {
    return failed(`The provider answers ${wordsOf(answer)} to a request that is right.`, correctProvider);
  }
  const { clientId, redirectUri, namedBy } = subject.options;
  const { hasSecret } = subject.provider;
  const isLogto = typeof answer.json?.['code'] === 'string';
  // Whoever refreshes, or exchanges a token, has exchanged a code before, in the same way.
  const isAuthenticated = kind === 'refresh' || kind === 'token-exchange' || null;
  const request = {
    kind,
    clientId,
    namedBy,
    hasSecret,
    redirectUri,
    isPublicClient: null,
    isAuthenticated,
    ...more,
  };
  return resultOf(errorFromOAuth({ error, description: null, status, isLogto }, request));
}

/** An answer in a few words: `400 invalid_grant`. Nothing else of it is repeated: there may be tokens in it. */
export function wordsOf(answer: Answer): string {
  const { status } = answer;
  const name = nameOf(answer);
  return name === null && status < 400 ? String(status) : `${status} ${name ?? 'without an OAuth error'}`;
}

function nameOf({ error }: Answer): string | null {
  return error !== null && /^[a-z_]{1,40}$/.test(error) ? error : null;
}
