import type { AccessToken } from '../client/access-token.js';
import type { Output } from '../output/output.js';
import { plainText } from '../output/plain-text.js';

/** Logto issues a token also to somebody without any permission: what looks like a success is worth a word. */
export function warnOfEmptyScope(output: Output, { resource, organization, scopes }: AccessToken): void {
  if (scopes.length > 0 || (resource === null && organization === null)) return;
  const target = resource ?? `the organization ${organization}`;
  output.warn(
    `The token for ${plainText(target)} has no scope: the user has no permission there, or none was asked for at sign-in (--scope).`,
  );
}
