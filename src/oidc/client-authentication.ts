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
