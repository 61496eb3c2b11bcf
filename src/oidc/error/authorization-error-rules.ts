import { onApplication } from '../../logto-console.js';
import { atApplication, type OAuthError, type OAuthErrorRule } from './oauth-error.js';

/** For an answer that belongs to `prompt=none` (OpenID Connect Core 1.0, 3.1.2.6), and comes without it all the same. */
const unaskedFor =
  'If you did not ask for that, it is the provider that has to show its page instead of this error.';

/** Such a provider, as Logto, always shows a native application a page, whoever is signed in. */
function isForNativeClients({ description }: OAuthError): boolean {
  return /native clients require/i.test(description ?? '');
}

/** What providers call it, Google, GitHub, Slack and Cognito at the token endpoint too. */
const addressErrors = [
  'invalid_redirect_uri',
  'redirect_uri_mismatch',
  'redirect_mismatch',
  'bad_redirect_uri',
  'bad_redirect_url',
];

/** Addresses that are not registered: told on a page of the provider or to whoever asks it, never by the browser. */
export const addressRules: readonly OAuthErrorRule[] = [
  {
    when: (error, { kind }) =>
      kind === 'end-session' &&
      (error.error === 'invalid_redirect_uri' ||
        /post_logout_redirect_uri.*(match|regist|allow)/i.test(error.description ?? '')),
    code: 'post_logout_redirect_uri_not_registered',
    says: ({ redirectUri }) => `The post sign-out URI ${redirectUri} is not registered for the application`,
    hint: ({ redirectUri }) =>
      atApplication(
        (place) => `Add ${redirectUri} in ${place}; every port counts there.`,
        'Post sign-out redirect URIs',
      ),
    details: ({ redirectUri }) => ({ redirect_uri: redirectUri ?? '' }),
  },
  {
    // Told on a page of the provider or at the pushed request: a browser could not be sent back with it.
    when: ({ error, description, status }, { kind }) =>
      (['authorization', 'pushed-authorization', 'code'].includes(kind) && addressErrors.includes(error)) ||
      (['authorization', 'pushed-authorization'].includes(kind) &&
        status !== null &&
        /invalid redirect.uri|redirect_uri.*(match|regist|missing in the client)/i.test(description ?? '')),
    code: 'redirect_uri_not_registered',
    says: ({ redirectUri }) => `The redirect URI ${redirectUri ?? ''} is not registered for the application`,
    hint: ({ redirectUri }) =>
      atApplication(
        (place) => `Add ${redirectUri ?? 'it'} in ${place}, or give one that is there: --redirect-uri <uri>`,
        'Redirect URIs',
      ),
    details: ({ redirectUri }) => ({ redirect_uri: redirectUri ?? '' }),
  },
];

/** What a browser can come back with (RFC 6749, section 4.1.2.1; OpenID Connect Core 1.0, section 3.1.2.6). */
export const authorizationRules: readonly OAuthErrorRule[] = [
  {
    when: (error, { kind }) => kind === 'authorization' && error.error === 'access_denied',
    code: 'access_denied',
    says: () => 'The sign-in was denied',
    hint: () => ({
      general:
        'Somebody refused, or this user may not use the application. Sign in again, as another user if need be.',
      logto:
        `Somebody refused, or this user may not use the application (${onApplication('Rules')}). Sign in again, as ` +
        'another user if need be.',
    }),
  },
  {
    when: (error, { kind }) => kind === 'authorization' && error.error === 'login_required',
    code: 'login_required',
    says: () => 'Nobody is signed in at the provider in that browser',
    hint: () => `Sign in without --prompt none. ${unaskedFor}`,
  },
  {
    when: (error, { kind }) => kind === 'authorization' && error.error === 'consent_required',
    code: 'consent_required',
    says: () => 'The user has not yet agreed to what the application asks for',
    hint: () => 'Sign in once with --prompt consent.',
  },
  {
    when: ({ error }, { kind }) =>
      kind === 'authorization' && ['interaction_required', 'account_selection_required'].includes(error),
    code: 'interaction_required',
    says: (_, error) =>
      isForNativeClients(error)
        ? {
            general:
              'The provider shows a native application a page each time: it can never sign in with --prompt none',
            logto: 'A Native application of Logto can never sign in with --prompt none',
          }
        : 'The provider has to show a page first',
    hint: (_, error) =>
      isForNativeClients(error)
        ? {
            general:
              'Leave out --prompt none, or use an application that the provider takes for a web application.',
            logto:
              'Leave out --prompt none, or use a Traditional or single page application: for those it works.',
          }
        : {
            general: `Sign in without --prompt none: at some providers Native applications can never use it. ${unaskedFor}`,
            logto: `Sign in without --prompt none: a Native application can never use it, Traditional ones can. ${unaskedFor}`,
          },
  },
  {
    when: (_, { kind }) => kind === 'authorization',
    code: 'authorization_error',
    says: () => 'The provider refused the sign-in',
    hint: () => 'Correct what it names; --scope, --resource, --prompt and --param shape the request.',
  },
];
