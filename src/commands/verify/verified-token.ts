import { LogtoError } from '../../errors.js';
import type { TokenCheck } from '../../oidc/verify/token-check.js';
import type { VerifiedToken } from '../../oidc/verify/verify-token.js';
import type { Paint } from '../../output/paint.js';

/** The JSON document of a verified token. */
export function verifiedDocument({ valid, header, claims, checks }: VerifiedToken) {
  return {
    valid,
    header,
    claims,
    checks: checks.map(({ what, clause, passed, message }) => ({
      what,
      clause,
      passed,
      ...(message !== undefined && { message }),
    })),
  };
}

/** The same for a person: each clause with what was seen. */
export function verifiedLines({ valid, checks }: VerifiedToken, paint: Paint): string[] {
  return [
    ...checks.flatMap((check) => linesOf(check, paint)),
    ...(valid ? [paint.bold('An API with these expectations would take it.')] : []),
  ];
}

function linesOf({ what, clause, passed, message }: TokenCheck, paint: Paint): string[] {
  const sign = passed === null ? paint.dim('-') : passed ? paint.green('✓') : paint.red('✗');
  return [
    `${sign} ${what} ${paint.dim(`[${clause}]`)}`,
    ...(message === undefined ? [] : [`    ${message}`]),
  ];
}

/** The failure of a token that an API would refuse, or that nobody can verify here. */
export function tokenInvalid({ checks }: VerifiedToken): LogtoError {
  const failed = checks.filter(({ passed }) => passed === false);
  const [first, ...others] = failed;
  if (first === undefined) {
    const unverified = checks.find(({ subject }) => subject === 'signature');
    return new LogtoError(
      'token_invalid',
      `Nobody can tell here whether the provider signed this token. ${unverified?.message ?? ''}`.trim(),
      'Verify it with the library that the API uses.',
      { reason: 'signature', reasons: ['signature'] },
    );
  }
  const more = others.length === 0 ? '' : ` Wrong, too: ${others.map(({ subject }) => subject).join(', ')}.`;
  // Of a text that cannot be read nobody knows what the API makes of it: it may ask the provider.
  const verdict =
    first.subject === 'format'
      ? 'No API can verify this token by itself.'
      : `An API has to refuse this token (${first.subject}).`;
  return new LogtoError('token_invalid', `${verdict} ${first.message ?? ''}${more}`, first.hint ?? '', {
    reason: first.subject,
    reasons: failed.map(({ subject }) => subject),
  });
}
