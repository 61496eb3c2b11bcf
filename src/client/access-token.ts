import { LogtoError } from '../errors.js';
import { shellWord, shellWords } from '../shell-word.js';
import type { StoredAccessToken, TokenSet } from './token-set.js';

/** Which access token is wanted. */
export interface AccessTokenRequest {
  /** The resource indicator (RFC 8707); without one, and without an organization, the token is UserInfo's. */
  readonly resource?: string;
  /** The organization's ID (Logto). */
  readonly organization?: string;
  /** Seconds that the token must still live. Default: 30. */
  readonly minTtl?: number;
  /** Refreshes even if a token is at hand. */
  readonly refresh?: boolean;
}

/** An access token and what it is good for. */
export interface AccessToken {
  /** The token itself. */
  readonly accessToken: string;
  /** `Bearer`. */
  readonly tokenType: string;
  /** Milliseconds since 1970; `null` when the provider did not say. */
  readonly expiresAt: number | null;
  /** What was granted. */
  readonly scopes: readonly string[];
  /** The resource indicator that it is for; `null`: none. */
  readonly resource: string | null;
  /** The ID of the organization that it is for; `null`: none. */
  readonly organization: string | null;
}

/** The scope and the resource without which Logto gives no organization token, or an empty one. */
export const organizationScope = 'urn:logto:scope:organizations';
export const organizationResource = 'urn:logto:resource:organizations';

/** Seconds before its end from which on a token is not handed out: it must survive the request it is used for. */
const defaultMinTtl = 30;

/** The stored token that serves this request now; `null` when there is none, or it ends too soon. */
export function usableToken(
  tokenSet: TokenSet,
  request: AccessTokenRequest,
  now: number,
): AccessToken | null {
  const found = tokenSet.accessTokens.find((token) => isFor(token, request));
  if (found === undefined) return null;
  const needed = now + (request.minTtl ?? defaultMinTtl) * 1000;
  return found.expiresAt === null || found.expiresAt > needed ? accessTokenOf(found) : null;
}

/** The stored token as it is handed out. */
export function accessTokenOf({ token, ...rest }: StoredAccessToken): AccessToken {
  return { accessToken: token, ...rest };
}

/** The stored tokens with one more, in the place of its predecessor; those that ended are dropped. */
export function withAccessToken(
  tokens: readonly StoredAccessToken[],
  added: StoredAccessToken,
  now: number,
): StoredAccessToken[] {
  const others = tokens.filter(
    (token) =>
      !(token.resource === added.resource && token.organization === added.organization) &&
      (token.expiresAt === null || token.expiresAt > now),
  );
  return [...others, added];
}

/**
 * Refuses what the provider would refuse, or answer with something else than what was meant, before it is asked.
 *
 * @throws LogtoError `config_invalid`, `resource_unknown`, `scope_not_allowed`
 */
export function assertObtainable(tokenSet: TokenSet, { resource, organization }: AccessTokenRequest): void {
  assertTarget({ resource, organization });
  if (resource !== undefined && !tokenSet.resources.includes(resource)) {
    const wanted = [...tokenSet.resources.filter((asked) => asked !== organizationResource), resource];
    throw new LogtoError(
      'resource_unknown',
      `The resource ${resource} was not asked for at sign-in.`,
      `Sign in again, with --scope for what is needed there: logto-cli sign-in ${shellWords(wanted.flatMap((asked) => ['--resource', asked]))}`,
      { resource, asked: tokenSet.resources },
    );
  }
  if (organization !== undefined && !tokenSet.scopes.includes(organizationScope)) {
    throw new LogtoError(
      'scope_not_allowed',
      `The sign-in has no scope ${organizationScope}, without which there are no organization tokens.`,
      `Sign in again with: logto-cli sign-in --organization ${shellWord(organization)}`,
      { scope: organizationScope },
    );
  }
}

/**
 * Refuses a resource or an organization that cannot be one.
 *
 * @throws LogtoError `config_invalid`
 */
export function assertTarget(target: {
  readonly resource?: string | undefined;
  readonly organization?: string | undefined;
}): void {
  if (target.resource !== undefined) assertResource(target.resource);
  if (target.organization !== '') return;
  throw new LogtoError(
    'config_invalid',
    'The organization is empty.',
    'Give its ID, as the provider has it.',
  );
}

/**
 * A resource indicator as RFC 8707, section 2 wants it: an absolute URI without a fragment.
 *
 * @throws LogtoError `config_invalid`
 */
export function assertResource(resource: string): string {
  if (/^[a-z][a-z0-9+.-]*:[^\s#]+$/i.test(resource)) return resource;
  throw new LogtoError(
    'config_invalid',
    `The resource ${JSON.stringify(resource)} is no absolute URI.`,
    'Give the identifier that the provider has for the API, such as https://api.example.com.',
  );
}

function isFor(token: StoredAccessToken, { resource, organization }: AccessTokenRequest): boolean {
  return token.resource === (resource ?? null) && token.organization === (organization ?? null);
}

/** What an access token is wanted for, out of what may not be there. */
export function accessTokenRequest(resource?: string, organization?: string): AccessTokenRequest {
  return { ...(resource !== undefined && { resource }), ...(organization !== undefined && { organization }) };
}
