import type { AccessToken } from '../../client/access-token.js';
import type { Output } from '../../output/output.js';

const reasons = {
  user: 'the user has no permission there, or none was asked for at sign-in (--scope)',
  subject: 'the user has no permission there, or none was asked for (--scope)',
  application:
    'the application has no permission there (none of its roles at the provider has one), or none was asked for (--scope)',
};

/**
 * Some providers, Logto among them, issue a token also to somebody without any permission: what looks like a success is worth a word.
 *
 * @param holder whose permissions the token carries
 */
export function warnOfEmptyScope(
  output: Output,
  { resource, organization, scopes }: AccessToken,
  holder: keyof typeof reasons,
): void {
  if (scopes.length > 0 || (resource === null && organization === null)) return;
  const target = resource ?? `the organization ${organization}`;
  output.warn(`The token for ${target} has no scope: ${reasons[holder]}.`);
}
