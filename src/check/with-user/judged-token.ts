import type { OAuthRequest } from '../../oidc/error/oauth-error.js';
import type { JsonObject } from '../../oidc/http-answer.js';
import { audiencesOf, decodeJwt } from '../../oidc/validate/jwt.js';
import type { CheckResult } from '../run/check.js';
import { passed } from '../run/check-results.js';
import { correctProvider, failed, warning } from '../run/claused-check.js';
import { judgeError } from './check-with-user.js';
import { textIn } from './own-session.js';
import type { TestedUser } from './tested-user.js';
import type { TokenFor } from './token-for.js';

/** Judges whether a token for this audience came. `named`: what it was asked for with. */
export function judgeAudience(
  { answer, claims }: TokenFor,
  audience: string,
  subject: TestedUser,
  named: Pick<OAuthRequest, 'resource' | 'organization'>,
  kind: OAuthRequest['kind'] = 'refresh',
): CheckResult {
  if (answer.status !== 200) return judgeError(answer, subject, kind, named);
  return audiencesOf(claims).includes(audience)
    ? passed(`a JWT for ${audience}`)
    : failed(`The access token is no JWT that is meant for ${audience} (aud).`, correctProvider);
}

/** Judges what a JWT access token says of itself (RFC 9068, section 2.2), the audience aside. */
export async function judgeClaims({ claims }: TokenFor, subject: TestedUser): Promise<CheckResult> {
  const { tokens } = await subject.session();
  const { issuer, clientId, now } = subject.options;
  const expected: JsonObject = {
    iss: issuer,
    sub: decodeJwt(textIn(tokens, 'id_token') ?? '')?.claims['sub'],
    client_id: clientId,
  };
  const wrong = Object.keys(expected).filter((name) => claims[name] !== expected[name]);
  if (!(typeof claims['exp'] === 'number' && claims['exp'] > now() / 1000)) wrong.push('exp');
  if (wrong.length > 0) {
    return failed(`The JWT access token has a wrong ${wrong.join(', ')}, or none.`, correctProvider);
  }
  const missing = ['iat', 'jti'].filter((name) => claims[name] === undefined);
  return missing.length === 0
    ? passed('iss, sub, client_id, exp, iat and jti')
    : warning(
        `The JWT access token has no ${missing.join(', ')}.`,
        'APIs cannot check its age, or tell it from others.',
      );
}
