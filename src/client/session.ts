import type { ClientAuthentication } from '../oidc/authentication-method.js';
import type { Claims } from '../oidc/claims.js';
import { decodeClaims, type TokenSet } from './token-set.js';

/** What may be told about an access token without telling the token. */
export interface AccessTokenSummary {
  readonly resource: string | null;
  readonly organization: string | null;
  readonly scopes: readonly string[];
  /** Milliseconds since 1970; `null` when the provider did not say. */
  readonly expiresAt: number | null;
}

/** Who is signed in, where and with what: the token set without its tokens. */
export interface Session {
  readonly issuer: string;
  readonly endpoint?: string;
  readonly appId: string;
  readonly redirectUri: string;
  readonly subject: string;
  readonly claims: Claims;
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  /** Milliseconds since 1970. */
  readonly signedInAt: number;
  /** Milliseconds since 1970. */
  readonly idTokenExpiresAt: number;
  readonly accessTokens: readonly AccessTokenSummary[];
  readonly hasRefreshToken: boolean;
  /** How the application authenticated, where that was chosen, or is not as discovery has it. */
  readonly authentication?: ClientAuthentication;
  /** The path of the file with its private key. */
  readonly clientKeyFile?: string;
}

/** The same without the token itself. */
export function summaryOf({
  resource,
  organization,
  scopes,
  expiresAt,
}: AccessTokenSummary): AccessTokenSummary {
  return { resource, organization, scopes, expiresAt };
}

/** The session of a token set. */
export function sessionOf(tokenSet: TokenSet): Session {
  const { idToken, refreshToken, accessTokens, ...rest } = tokenSet;
  const claims = decodeClaims(idToken);
  return {
    ...rest,
    subject: claims['sub'] as string,
    claims,
    idTokenExpiresAt: Number(claims['exp']) * 1000,
    accessTokens: accessTokens.map(summaryOf),
    hasRefreshToken: refreshToken !== null,
  };
}
