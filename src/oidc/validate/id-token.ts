import { LogtoError } from '../../errors.js';
import type { Claims } from '../claims.js';
import type { JsonObject } from '../http-answer.js';
import { claimFor, filledIssuer, hasBraces, namesIn } from '../issuer-template.js';
import { type ProviderObserver, type Verify, verifying } from '../provider-event.js';
import { checkAudience } from './id-token-audience.js';
import { type IdTokenRefusal, idTokenInvalid, malformed, malformedClaim } from './id-token-refusal.js';
import { checkTimes, clockError, type TimeExpectations } from './id-token-times.js';
import { readJwt, type UnreadableJwt } from './jwt.js';
import { type AlgorithmRules, algorithmProblem } from './signing-algorithm.js';
import { kindOf, quoted, shownOrKind } from './value-kind.js';

/** What an ID token is compared with. */
export interface IdTokenExpectations extends TimeExpectations {
  /** The issuer, or the template that its claims fill (see `issuer-template.ts`). */
  readonly issuer: string;
  readonly clientId: string;
  /** `null`: it is not compared. */
  readonly nonce: string | null;
  /** Every algorithm that the provider may sign with for this client. */
  readonly algorithms: readonly string[];
  /** Where `algorithms` come from, for a refusal to tell. Default: the provider announces just these. */
  readonly rules?: AlgorithmRules;
  readonly observe?: ProviderObserver | undefined;
}

const core = 'OpenID Connect Core 1.0,';

/**
 * Checks everything about an ID token but its signature, and returns its claims (OpenID Connect Core 1.0, section
 * 3.1.3.7; RFC 7519, section 7.2).
 *
 * @throws LogtoError `id_token_invalid` with `details.reason`, `issuer_mismatch`, `clock_skew`
 */
export function checkIdToken(idToken: string, expected: IdTokenExpectations): Claims {
  const verify = verifying(expected.observe, 'ID token');
  const decoded = readJwt(idToken);
  verify('it is a signed JWT', 'RFC 7519, 7.2', !('problem' in decoded));
  if ('problem' in decoded) throw unreadable(decoded);
  const { header, claims } = decoded;
  const refusal = refusedHeader(header, expected, verify);
  if (refusal !== null) throw idTokenInvalid(refusal);
  const issuer = issuerFor(claims, expected.issuer, verify);
  const mend =
    issuer === expected.issuer
      ? undefined
      : `iss has to be ${quoted(expected.issuer, 200)}, filled by the claims of the same token.`;
  checkIssuerClaim(claims['iss'], issuer, verify, mend);
  const failed =
    checkAudience(claims, expected.clientId, verify) ??
    refusedSubject(claims['sub'], verify) ??
    refusedNonce(claims['nonce'], expected.nonce, verify);
  if (failed !== null) throw idTokenInvalid(failed);
  const untimely = checkTimes(claims, expected, verify);
  if (untimely !== null) throw clockError(claims, expected) ?? idTokenInvalid(untimely);
  return claims;
}

/** The error of a text that is no ID token. */
function unreadable({ problem, kind }: UnreadableJwt): LogtoError {
  return idTokenInvalid({
    reason: 'malformed',
    what: problem,
    ...(kind === 'encrypted' && {
      hint: 'Let the provider not encrypt the ID tokens of this application (id_token_encrypted_response_alg).',
    }),
  });
}

function refusedHeader(
  header: JsonObject,
  expected: IdTokenExpectations,
  verify: Verify,
): IdTokenRefusal | null {
  const { alg, crit } = header;
  const { algorithms, rules = { announced: algorithms } } = expected;
  const isTrusted = typeof alg === 'string' && algorithms.includes(alg);
  if (
    !verify(
      'alg is announced by the provider, and one that this client trusts',
      `${core} 3.1.3.7 (7)`,
      isTrusted,
    )
  ) {
    const problem = algorithmProblem(alg, rules);
    if (problem === null) throw new TypeError('an algorithm that the rules trust is among the algorithms');
    return { reason: 'algorithm', ...problem };
  }
  if (verify('crit asks for nothing unknown', 'RFC 7515, 4.1.11', crit === undefined)) return null;
  const isList = Array.isArray(crit) && crit.length > 0 && crit.every((name) => typeof name === 'string');
  return {
    reason: 'malformed',
    what: isList
      ? `asks for extensions that nobody knows here (crit: ${crit
          .slice(0, 5)
          .map((name) => quoted(name, 40))
          .join(', ')})`
      : malformed('crit', crit, 'a list of names is'),
  };
}

/**
 * The issuer that has to have issued a token with these claims.
 *
 * @throws LogtoError `issuer_mismatch` where they do not fill the template
 */
function issuerFor(claims: Claims, issuer: string, verify: Verify): string {
  if (!hasBraces(issuer)) return issuer;
  const filled = filledIssuer(issuer, claims);
  const words = namesIn(issuer).map((name) => `${claimFor(name)} in the place of {${name}}`);
  const isFilled = 'issuer' in filled;
  verify(`its claims name the issuer: ${words.join(', ')}`, `${core} 3.1.3.7 (2)`, isFilled);
  if (isFilled) return filled.issuer;
  const { iss } = claims;
  const { unusable: claim } = filled;
  throw new LogtoError(
    'issuer_mismatch',
    `The ID token does not say which tenant of ${quoted(issuer, 200)} it is of (${claim} is ${shownOrKind(claims[claim], 60)}).`,
    `Nothing was kept. The provider has to put the ID of the tenant into ${claim}; or expect one tenant alone, by its own issuer.`,
    { expected: issuer, found: typeof iss === 'string' ? iss.slice(0, 200) : null },
  );
}

/**
 * Compares the issuer in an ID token with the expected one, to the letter.
 *
 * @param mend what the provider has to do about another one
 * @throws LogtoError `issuer_mismatch`
 */
export function checkIssuerClaim(
  iss: unknown,
  issuer: string,
  verify: Verify,
  mend = 'The provider has to put the issuer of its discovery document into iss, to the letter.',
): void {
  if (verify('iss is the issuer, to the letter', `${core} 3.1.3.7 (2)`, iss === issuer)) return;
  const isText = typeof iss === 'string' && iss !== '';
  const isSlashOnly = isText && iss.replace(/\/$/, '') === issuer.replace(/\/$/, '');
  const said = `was issued by ${quoted(isText ? iss : '', 200)} instead of ${quoted(issuer, 200)} (iss)`;
  const what = isText
    ? said + (isSlashOnly ? ': they differ by a slash at the end' : '')
    : issuerProblem(iss);
  throw new LogtoError(
    'issuer_mismatch',
    `The ID token ${what}.`,
    isText ? `Nothing was kept. ${mend}` : 'Nothing was kept. The provider has to put its issuer into iss.',
    { expected: issuer, found: typeof iss === 'string' ? iss.slice(0, 200) : null },
  );
}

function issuerProblem(iss: unknown): string {
  return iss === undefined || iss === ''
    ? `does not say who issued it (iss is ${kindOf(iss)})`
    : malformed('iss', iss, 'text is');
}

function refusedSubject(sub: unknown, verify: Verify): IdTokenRefusal | null {
  const isSubject = typeof sub === 'string' && sub.length > 0 && sub.length <= 255;
  if (verify('sub names a subject of at most 255 characters', `${core} 2`, isSubject)) return null;
  const hint = 'Nothing was kept. The provider has to name the user in sub, in 1 to 255 characters.';
  if (sub === undefined || sub === '')
    return { reason: 'sub', what: `names no subject (sub is ${kindOf(sub)})`, hint };
  return typeof sub === 'string'
    ? {
        reason: 'sub',
        what: `names a subject of ${sub.length} characters, where 255 are the most (sub)`,
        hint,
      }
    : malformedClaim('sub', sub, 'text is');
}

/** What a nonce is stays unsaid: ours is a secret of the sign-in, and another one that of somebody else's. */
function refusedNonce(nonce: unknown, expected: string | null, verify: Verify): IdTokenRefusal | null {
  if (expected === null) return null;
  if (verify('nonce is the one of the request', `${core} 3.1.3.7 (11)`, nonce === expected)) return null;
  if (nonce === undefined || nonce === '') {
    return {
      reason: 'nonce',
      what: `does not repeat the nonce of the request (nonce is ${kindOf(nonce)})`,
      hint: 'Nothing was kept. The provider has to copy the nonce of the authorization request into the ID token.',
    };
  }
  return typeof nonce === 'string'
    ? {
        reason: 'nonce',
        what: 'has another nonce than the request: it belongs to another sign-in (nonce)',
        hint: 'Nothing was kept. Sign in again; if it persists, the provider mixes up sign-ins, or changes the nonce.',
      }
    : malformedClaim('nonce', nonce, 'text is');
}
