import type { ClientAuthentication } from '../oidc/authentication-method.js';

/**
 * What there is to say of a provider that does not read a secret which has to be encoded in the header, and takes it in
 * another way.
 *
 * @returns what was seen, and what to do about it
 */
export function wordsOnUnreadHeader(
  authentication: ClientAuthentication,
): readonly [message: string, hint: string] {
  const seen =
    'The secret is right, and the provider does not decode the header that it is sent in (RFC 6749, 2.3.1; client_secret_basic)';
  return authentication === 'client_secret_post'
    ? [
        `${seen}: it takes it in the body, by client_secret_post.`,
        'A sign-in finds that out by itself. Set it for good with: --auth-method client_secret_post (LOGTO_CLI_AUTH_METHOD)',
      ]
    : [
        `${seen}: it takes it there without that.`,
        'A sign-in finds that out by itself. A secret of letters, digits and * - . _ would be read rightly by everybody.',
      ];
}
