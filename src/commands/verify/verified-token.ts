import { LogtoError } from '../../errors.js';
import type { TokenCheck } from '../../oidc/verify/token-check.js';
import type { VerifiedToken } from '../../oidc/verify/verify-token.js';
import type { TextOutput } from '../../output/text-output.js';
import { hangingText } from '../../output/wrap-words.js';

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
export function verifiedLines(
  { valid, checks }: VerifiedToken,
  output: Pick<TextOutput, 'isTerminal' | 'columns' | 'paint'>,
): string[] {
  const { paint } = output;
  return [
    ...checks.flatMap((check) => linesOf(check, output)),
    ...(valid ? [paint.bold('An API with these expectations would take it.')] : []),
  ];
}

/** The words of each stand behind its sign, those of what was seen a little further, however narrow the terminal is. */
function linesOf(
  { what, clause, passed, message }: TokenCheck,
  { isTerminal, columns, paint }: Pick<TextOutput, 'isTerminal' | 'columns' | 'paint'>,
): string[] {
  const sign = passed === null ? paint.dim('-') : passed ? paint.green('✓') : paint.red('✗');
  const hung = (label: string, text: string) =>
    isTerminal && columns > label.length ? hangingText(label, text, columns) : [`${label}${text}`];
  const [first = '', ...others] = hung('  ', `${what} [${clause}]`);
  const clauseAt = first.indexOf(` [${clause}]`);
  const title =
    clauseAt === -1
      ? first.slice(1)
      : `${first.slice(1, clauseAt + 1)}${paint.dim(first.slice(clauseAt + 1))}`;
  return [`${sign}${title}`, ...others, ...(message === undefined ? [] : hung('    ', message))];
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
