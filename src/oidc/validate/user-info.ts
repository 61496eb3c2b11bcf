import { LogtoError } from '../../errors.js';
import { Response } from '../../whole-response.js';
import type { NamedBy } from '../../wording.js';
import type { CheckedAnswer } from '../back-channel.js';
import { errorFromOAuth, parseOAuthError, presentableWords } from '../error/error-from-oauth.js';
import { invalidAnswer, type JsonObject, readJsonObject, type Subject } from '../http-answer.js';
import { verifying } from '../provider-event.js';
import { malformed } from './id-token-refusal.js';
import { clockToleranceSeconds } from './id-token-times.js';
import { audiencesOf, isTime, readJwt } from './jwt.js';
import { algorithmProblem } from './signing-algorithm.js';
import { kindOf, quoted } from './value-kind.js';
import type { VerificationKeys } from './verification-keys.js';

/** What a UserInfo response is compared with. */
export interface UserInfoExpectations {
  readonly subject: Subject;
  /** That of the ID token. */
  readonly issuer: string;
  readonly clientId: string;
  /** By what the provider is set, for the words of the answer. */
  readonly namedBy?: NamedBy | undefined;
  /** The `sub` of the ID token. */
  readonly expectedSubject: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly keys: VerificationKeys;
}

/**
 * Checks a UserInfo response, but for a signature by a public key (OpenID Connect Core 1.0, sections 5.3.2 to 5.3.4).
 *
 * @throws LogtoError `token_rejected`, `client_unknown`, `client_rejected`, `userinfo_invalid`; `discovery_invalid`,
 * network codes
 */
export async function checkUserInfo(
  response: Response,
  expected: UserInfoExpectations,
): Promise<CheckedAnswer<null>> {
  const { subject } = expected;
  if (response.status >= 400) await throwRefusal(response, expected);
  if (response.status === 200 && /^application\/jwt\b/i.test(response.headers.get('content-type') ?? ''))
    return checkSigned(await response.text(), expected);
  const claims = await readJsonObject(response, subject);
  checkSubject(claims, expected);
  return { value: null, seen: Response.json(claims) };
}

/** Does nothing for an answer that refuses neither the token nor the application that it is of. */
async function throwRefusal(
  response: Response,
  { subject, clientId, namedBy }: UserInfoExpectations,
): Promise<void> {
  const { status, headers } = response;
  const text = await response.clone().text();
  const error = parseOAuthError(text, status, [], headers);
  // Logto says so when the application is gone, whose tokens go with it.
  if (error?.error === 'invalid_client')
    throw errorFromOAuth(error, { kind: 'user-info', clientId, hasSecret: false, namedBy });
  if (status !== 401 && status !== 403) return;
  const words = presentableWords(text, headers, []);
  throw new LogtoError(
    'token_rejected',
    `${subject.name} does not accept the access token (${status}${words === null ? '' : `, ${words}`}).`,
    'Sign in again: logto-cli sign-in (with the scope openid, and without --resource for this token).',
    { status, ...(words !== null && { words }) },
  );
}

async function checkSigned(jwt: string, expected: UserInfoExpectations): Promise<CheckedAnswer<null>> {
  const { subject, keys } = expected;
  const read = readJwt(jwt);
  if ('problem' in read) throw invalidAnswer(subject, `gave an answer that ${read.problem}`);
  const { header, claims } = read;
  const rules = await keys.rulesFor('UserInfo response', header['alg']);
  const problem = algorithmProblem(header['alg'], rules);
  if (problem !== null)
    throw new LogtoError(
      subject.code,
      `${subject.name} gave an answer that ${problem.what}.`,
      hint,
      problem.facts,
    );
  const refused =
    header['crit'] === undefined
      ? refusedClaim(claims, expected)
      : 'asks for extensions that nobody knows here (crit)';
  if (refused !== null) throw invalidAnswer({ ...subject, hint }, `gave an answer that ${refused}`);
  checkSubject(claims, expected);
  const signed = keys.signed({ jwt, of: 'UserInfo response', header, issuer: expected.issuer }, subject);
  return { value: null, seen: new Response(jwt, { headers: { 'content-type': 'application/jwt' } }), signed };
}

const hint =
  'Set userinfo_signed_response_alg of the application at the provider to an algorithm in its discovery document, or to none.';

function checkSubject({ sub }: JsonObject, { subject, expectedSubject }: UserInfoExpectations): void {
  const isExpected = verifying(subject.observe, 'UserInfo response')(
    'sub is that of the ID token',
    'OpenID Connect Core 1.0, 5.3.2',
    sub === expectedSubject,
  );
  if (isExpected) return;
  if (typeof sub === 'string' && sub !== '')
    throw invalidAnswer(subject, 'answered about another user than the ID token (sub)');
  throw invalidAnswer(subject, `answered about nobody: sub is ${kindOf(sub)}`);
}

/** What is wrong with the claims of a signed response that are about itself; each may be missing (section 5.3.2). */
function refusedClaim(
  { iss, aud, exp, iat, nbf }: JsonObject,
  expected: UserInfoExpectations,
): string | null {
  const { issuer, clientId } = expected;
  const now = expected.now() / 1000;
  if (iss !== undefined && iss !== issuer)
    return `was issued by ${typeof iss === 'string' ? quoted(iss, 200) : kindOf(iss)} instead of ${quoted(issuer, 200)} (iss)`;
  if (aud !== undefined && !audiencesOf({ aud }).includes(clientId))
    return `is not meant for this application, ${quoted(clientId)} (aud)`;
  const mistyped = Object.entries({ iat, exp, nbf }).find(([, time]) => time !== undefined && !isTime(time));
  if (mistyped !== undefined) return malformed(...mistyped, 'seconds since 1970 are');
  if (isTime(exp) && exp <= now - clockToleranceSeconds) return 'has expired (exp)';
  return isTime(nbf) && nbf > now + clockToleranceSeconds ? 'is not valid yet (nbf)' : null;
}
