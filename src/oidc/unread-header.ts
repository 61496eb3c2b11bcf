import type { ClientAuthentication } from './authentication-method.js';

/**
 * What there is to say of a provider that refuses a secret which has to be encoded in the header, and takes it in another
 * way.
 *
 * @returns what was seen, a sentence without its end, and what makes it last
 */
export function unreadHeader(authentication: ClientAuthentication): {
  readonly seen: string;
  readonly hint: string;
} {
  return authentication === 'client_secret_post'
    ? {
        seen: 'The provider refuses the secret in the header, where it has to be encoded (client_secret_basic; RFC 6749, 2.3.1), and takes it in the body (client_secret_post)',
        hint: 'Set it for good with: --auth-method client_secret_post (LOGTO_CLI_AUTH_METHOD)',
      }
    : {
        seen: 'The provider does not decode the secret in the header (client_secret_basic; RFC 6749, 2.3.1), and takes it there as it is',
        hint: 'A secret of letters, digits and * - . _ is the same in either form.',
      };
}
