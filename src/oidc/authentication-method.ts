/** How a client says who it is (OpenID Connect Core 1.0, section 9), as far as this program can do it. */
export const clientAuthenticationMethods = [
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
  'none',
] as const;
/** One of these methods. */
export type ClientAuthenticationMethod = (typeof clientAuthenticationMethods)[number];

/**
 * The same, told apart where the method alone does not say it: `client_secret_basic_raw` puts ID and secret into the
 * header as they are, for providers that do not decode them (against RFC 6749, section 2.3.1).
 */
export type ClientAuthentication = ClientAuthenticationMethod | 'client_secret_basic_raw';

/** Whether this names one of the methods. */
export function isAuthenticationMethod(name: unknown): name is ClientAuthenticationMethod {
  return clientAuthenticationMethods.some((method) => method === name);
}

/** Whether this names one of the ways. */
export function isClientAuthentication(name: unknown): name is ClientAuthentication {
  return name === 'client_secret_basic_raw' || isAuthenticationMethod(name);
}
