import type { ClientAuthentication } from '../oidc/authentication-method.js';
import type { Claims } from '../oidc/claims.js';
import type { ProviderPlace } from '../oidc/issuer-url.js';
import { type AnyProvider, type LogtoProvider, namedProvider } from './logto-config.js';
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
  /** The provider's issuer: that of the ID token. */
  readonly issuer: string;
  /** The template that the provider is set by, where it has an issuer for each tenant. */
  readonly issuerTemplate?: string;
  /** Where its discovery document is, where that is not behind its issuer. */
  readonly discoveryUrl?: string;
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

/** What tells the provider of a session from another one. */
type SessionProvider = Pick<Session, 'issuer' | 'issuerTemplate' | 'discoveryUrl' | 'endpoint'>;

/** The provider of a session as its sign-in was set to it, and where its document is. */
export function sessionPlace({ issuer, issuerTemplate, discoveryUrl }: SessionProvider): ProviderPlace {
  return { issuer: issuerTemplate ?? issuer, ...(discoveryUrl !== undefined && { discoveryUrl }) };
}

/** The same, as a configuration names it. */
export function sessionProvider(session: SessionProvider): LogtoProvider | AnyProvider {
  return namedProvider({ ...sessionPlace(session), endpoint: session.endpoint });
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
