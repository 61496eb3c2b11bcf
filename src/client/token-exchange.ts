import { LogtoError } from '../errors.js';
import type { Provider } from '../oidc/provider.js';
import { subjectTokenType, subjectTokenTypes } from '../oidc/token-type.js';
import { type AccessToken, assertTarget } from './access-token.js';

/** What a subject token is: one of Logto's kinds, or a URI that the provider knows (RFC 8693, section 3). */
export type SubjectTokenType = keyof typeof subjectTokenTypes | (string & {});

/** A token that is exchanged, and what is wanted for it (RFC 8693, section 2.1). */
export interface TokenExchangeRequest {
  /** Whom the new token is to be of: a user's access token, personal access token or impersonation token. */
  readonly subjectToken: string;
  /** What that is. Default: `access-token`. */
  readonly subjectTokenType?: SubjectTokenType;
  /** An access token of whoever acts for that user. */
  readonly actorToken?: string;
  /** The resource indicator (RFC 8707) that the new token is for. */
  readonly resource?: string;
  /** The organization's ID (Logto). */
  readonly organization?: string;
  /** What to ask for. Default: nothing, and the provider decides. */
  readonly scopes?: readonly string[];
}

/**
 * The type that somebody names.
 *
 * @throws LogtoError `config_invalid`
 */
export function checkSubjectTokenType(name: SubjectTokenType): string {
  const type = subjectTokenType(name);
  if (type !== null) return type;
  throw new LogtoError(
    'config_invalid',
    `${JSON.stringify(name.slice(0, 100))} is no type of a subject token (--subject-token-type).`,
    `Use one of ${Object.keys(subjectTokenTypes).join(', ')}; or the URI of another type, such as urn:ietf:params:oauth:token-type:id_token.`,
  );
}

/** See `LogtoClient.exchangeToken`. */
export async function exchangedToken(
  discover: () => Promise<Provider>,
  request: TokenExchangeRequest,
): Promise<AccessToken> {
  const { subjectToken, actorToken, resource, organization, scopes = [] } = request;
  const type = checkSubjectTokenType(request.subjectTokenType ?? 'access-token');
  assertTarget(request);
  const provider = await discover();
  const token = await provider.exchangeToken({
    subjectToken,
    subjectTokenType: type,
    ...(actorToken !== undefined && { actorToken }),
    ...(resource !== undefined && { resource }),
    ...(organization !== undefined && { organization }),
    scopes,
  });
  return {
    accessToken: token.accessToken,
    tokenType: token.tokenType,
    expiresAt: token.accessTokenExpiresAt,
    scopes: token.scopes,
    resource: resource ?? null,
    organization: organization ?? null,
  };
}
