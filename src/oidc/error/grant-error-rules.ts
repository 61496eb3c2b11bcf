import { faultOf, type GrantFault, mentions } from './error-subject.js';
import { is, type OAuthErrorRule, type OAuthRequest } from './oauth-error.js';

/** Names that some providers have for a code that they do not take. */
const refusedCode = [
  'invalid_grant',
  'bad_verification_code',
  'invalid_code',
  'code_already_used',
  'code_expired',
];

/** The same, for a refresh token. */
const refusedRefreshToken = ['invalid_grant', 'invalid_refresh_token'];

const faultHints: Readonly<Record<GrantFault, (request: OAuthRequest) => string>> = {
  'redirect-uri': ({ redirectUri = 'the redirect URI' }) =>
    `The provider says that the redirect URI differs. Both requests carried ${redirectUri}, to the letter: register ` +
    'exactly that one for the application, or look for a proxy that changes it. Then sign in again.',
  verifier: () =>
    'The provider says that the code verifier (PKCE) does not fit. It is made anew for each sign-in and sent as it is: ' +
    'look for a proxy that drops or changes parameters, or for two sign-ins that share one storage. Then sign in again.',
  client: ({ clientId }) =>
    `The provider says that the code belongs to another application than ${JSON.stringify(clientId)}: check --app-id, ` +
    'and that nothing between here and the provider replaces it. Then sign in again.',
  used: () =>
    'The provider says that somebody used the code before: an extension, a virus scanner or a proxy that opens the ' +
    'callback for itself. Sign in again, in a private window without extensions.',
  expired: () => 'The provider says that the code came too late. Sign in again.',
  user: () =>
    'The provider says that this user may not sign in any more: enable the user there, or sign in as another.',
};

/** What to do where a provider names the one thing that it does not like about a code; `null` where it does not. */
export function faultHint(description: string | null, request: OAuthRequest): string | null {
  const fault = faultOf(description);
  return fault === null ? null : faultHints[fault](request);
}

/** What became of a code or a refresh token (RFC 6749, section 5.2). */
export const grantRules: readonly OAuthErrorRule[] = [
  {
    // Entra ID: AADSTS9002327.
    when: ({ description }, { kind }) => kind === 'code' && mentions(description, 'cross origin requests'),
    code: 'grant_type_not_allowed',
    says: () => 'The application is one for pages alone: the provider gives its tokens to nothing else',
    hint: () =>
      'Register the redirect URI at the provider for a native (mobile and desktop) or a web application instead.',
  },
  {
    when: ({ error }, { kind }) => kind === 'code' && refusedCode.includes(error),
    code: 'code_rejected',
    says: () => 'The provider did not accept the authorization code',
    hint: (request, { description }) => faultHint(description, request) ?? 'Sign in again.',
  },
  {
    when: ({ error }, { kind }) => kind === 'refresh' && refusedRefreshToken.includes(error),
    code: 'session_expired',
    says: () => 'The session has ended: the provider does not accept its refresh token any more',
    hint: ({ clientId }, { description }) =>
      faultOf(description) === 'client'
        ? `The provider says that it belongs to another application than ${JSON.stringify(clientId)}: check --app-id, or sign in again: logto-cli sign-in`
        : 'Sign in again: logto-cli sign-in',
  },
];

/** A provider that fails, or says so. */
export const failureRules: readonly OAuthErrorRule[] = [
  {
    // Keycloak, where the sign-in page waited too long.
    when: ({ error, description }) =>
      error === 'temporarily_unavailable' && mentions(description, 'authentication expired'),
    code: 'provider_error',
    says: () => "The provider's sign-in page has expired",
    hint: () =>
      'Nothing is wrong with the provider: the page waited too long. Sign in again now: logto-cli sign-in',
  },
  {
    when: is('server_error', 'temporarily_unavailable'),
    code: 'provider_error',
    says: () => 'The provider failed',
    hint: () => 'Try again later; if it persists, look at the log of the provider.',
  },
];
