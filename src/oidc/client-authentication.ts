/** How a client says who it is at the token endpoint (OpenID Connect Core 1.0, section 9). */
export type ClientAuthenticationMethod = 'client_secret_basic' | 'client_secret_post' | 'none';

/**
 * The method to use: none without a secret, else `client_secret_basic` unless the provider's list leaves it out and has
 * `client_secret_post`.
 *
 * @param supported discovery's `token_endpoint_auth_methods_supported`
 */
export function clientAuthenticationMethod(
  clientSecret: string | undefined,
  supported: readonly string[] = ['client_secret_basic'],
): ClientAuthenticationMethod {
  if (!clientSecret) return 'none';
  return !supported.includes('client_secret_basic') && supported.includes('client_secret_post')
    ? 'client_secret_post'
    : 'client_secret_basic';
}

/**
 * Lets a client say who it is in a request: by what is added to the form (a client ID that stands there already stays), or
 * by a header.
 *
 * @param supported discovery's `token_endpoint_auth_methods_supported`
 * @returns the headers to send
 */
export function authenticateClient(
  form: URLSearchParams,
  { clientId, clientSecret = '' }: { readonly clientId: string; readonly clientSecret?: string | undefined },
  supported: readonly string[] | undefined,
): Record<string, string> {
  const method = clientAuthenticationMethod(clientSecret, supported);
  if (method === 'client_secret_basic')
    return { authorization: `Basic ${basicCredentials(clientId, clientSecret)}` };
  if (!form.has('client_id')) form.set('client_id', clientId);
  if (method === 'client_secret_post') form.set('client_secret', clientSecret);
  return {};
}

/** What stands behind `Basic` in the header of a client with a secret (RFC 6749, section 2.3.1). */
export function basicCredentials(clientId: string, clientSecret: string): string {
  return Buffer.from(`${formEncode(clientId)}:${formEncode(clientSecret)}`).toString('base64');
}

/** RFC 6749, appendix B, to the letter as openid-client does it: some providers do not decode. */
function formEncode(text: string): string {
  return encodeURIComponent(text)
    .replace(/[-_.!~*'()]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
