import type { OAuthError, OAuthErrorRule, OAuthRequest } from './oauth-error.js';

const again = 'Run the command again for a new code.';

function ofDeviceCode(...errors: readonly string[]): OAuthErrorRule['when'] {
  return ({ error }: OAuthError, { kind }: OAuthRequest) => kind === 'device-code' && errors.includes(error);
}

/** How a sign-in on another device ends without tokens (RFC 8628, section 3.5). */
export const deviceRules: readonly OAuthErrorRule[] = [
  {
    // The second is Entra ID's.
    when: ofDeviceCode('access_denied', 'authorization_declined'),
    code: 'access_denied',
    says: () => 'The sign-in was refused on the other device, or the provider denies this user',
    hint: () =>
      'Run the command again, and agree on the page; if nobody refused there, the provider has a rule for this user or application.',
  },
  {
    when: ofDeviceCode('expired_token'),
    code: 'sign_in_timeout',
    says: () => 'Nobody finished the sign-in on the other device before its code expired',
    hint: () => again,
  },
  {
    when: ofDeviceCode('invalid_grant', 'bad_verification_code', 'incorrect_device_code'),
    code: 'code_rejected',
    says: () => 'The provider does not know the device code any more: it was used, or given up',
    hint: () => again,
  },
];
