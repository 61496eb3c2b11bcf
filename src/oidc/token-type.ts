/** The grant type of an exchange (RFC 8693, section 2.1). */
export const tokenExchangeGrantType = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** The type of access tokens (RFC 8693, section 3). */
export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';

/** What a token can be called that is to be exchanged, and the type that stands for it. */
export const subjectTokenTypes = {
  'access-token': accessTokenType,
  pat: 'urn:logto:token-type:personal_access_token',
  // Every Logto takes them by that; a name of their own is known to some alone.
  impersonation: accessTokenType,
} as const;

/** The type that a name of ours, or a URI, stands for; `null` for any other text. */
export function subjectTokenType(name: string): string | null {
  if (Object.hasOwn(subjectTokenTypes, name))
    return subjectTokenTypes[name as keyof typeof subjectTokenTypes];
  return /^[a-z][a-z\d+.-]*:[!-~]+$/i.test(name) ? name : null;
}
