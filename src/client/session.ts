import type { ClientAuthentication } from '../oidc/authentication-method.js';
import type { Claims } from '../oidc/claims.js';
import { decodeClaims, type TokenSet } from './token-set.js';

/** What may be told about an access token without telling the token. */
export interface AccessTokenSummary {
  /** The resource indicator that it is for; `null`: none. */
  readonly resource: string | null;
  /** The ID of the organization that it is for; `null`: none. */
  readonly organization: string | null;
  /** What was granted. */
  readonly scopes: readonly string[];
  /** Milliseconds since 1970; `null` when the provider did not say. */
  readonly expiresAt: number | null;
}

/** Who is signed in, where and with what: the token set without its tokens. */
export interface Session {
  /** The provider's issuer. */
  readonly issuer: string;
  /** The Logto endpoint, where the sign-in was by one. */
  readonly endpoint?: string;
  /** The application (`client_id`). */
  readonly appId: string;
  /** Where the browser came back to; absent where the sign-in was on another device. */
  readonly redirectUri?: string;
  /** The `sub` of the ID token. */
  readonly subject: string;
  /** The verified claims of the ID token. */
  readonly claims: Claims;
  /** What was granted at sign-in. */
  readonly scopes: readonly string[];
  /** The resource indicators that were asked for at sign-in. */
  readonly resources: readonly string[];
  /** Milliseconds since 1970. */
  readonly signedInAt: number;
  /** Milliseconds since 1970. */
  readonly idTokenExpiresAt: number;
  /** The access tokens that are kept, by what they are for. */
  readonly accessTokens: readonly AccessTokenSummary[];
  /** Whether the session can be refreshed. */
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
