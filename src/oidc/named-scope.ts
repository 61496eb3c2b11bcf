import type { OAuthError, OAuthRequest } from './error/oauth-error.js';

/**
 * The scope that an `invalid_scope` is about: the parameter `scope` of Logto's answers, one of the asked scopes that stands
 * alone in quotes or brackets of the description, or the only one that was asked for. `undefined` where nobody can tell.
 */
export function namedScope(
  { scope, description }: OAuthError,
  { scopes = [] }: Pick<OAuthRequest, 'scopes'>,
): string | undefined {
  if (scope !== undefined && scope !== '') return scope;
  const named = new Set(quotedIn(description ?? '').filter((text) => scopes.includes(text)));
  const [only] = named.size === 1 ? named : scopes;
  return named.size === 1 || scopes.length === 1 ? only : undefined;
}

/** What stands in quotes, in brackets after "invalid", or at the end behind "scope:" or "scopes:". */
function quotedIn(description: string): readonly string[] {
  const pieces = description.split(/['"`“”‘’]/);
  const quoted = pieces.filter((_, index) => index % 2 === 1);
  // Google: {valid=[openid], invalid=[things]}.
  const [, listed = ''] = /\binvalid=\[([^\]]{1,300})\]/.exec(description) ?? [];
  const [, last = ''] = description.split(/scopes?: /i, 2);
  return [...quoted, listed, last]
    .flatMap((text) => text.split(/[\s,]/))
    .map((text) => text.replace(/\.$/, ''));
}
