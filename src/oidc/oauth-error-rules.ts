import { addressRules, authorizationRules } from './authorization-error-rules.js';
import {
  consoleApplication,
  is,
  type OAuthError,
  type OAuthErrorRule,
  type OAuthRequest,
} from './oauth-error.js';

/** Where browsers are sent: a client does not authenticate there. */
const withoutAuthentication: readonly OAuthRequest['kind'][] = ['authorization', 'end-session'];

const uses: Partial<Readonly<Record<OAuthRequest['kind'], string>>> = {
  refresh: 'refresh its sessions (grant type refresh_token)',
  'client-credentials': 'get tokens for itself (grant type client_credentials)',
};

function isLogtoClientError(
  test: (error: OAuthError, request: OAuthRequest) => boolean,
): OAuthErrorRule['when'] {
  return (error, request) => error.isLogto && error.error === 'invalid_client' && test(error, request);
}

/** The first rule that fits decides. Texts are matched only where a provider says it in no other way. */
const rules: readonly OAuthErrorRule[] = [
  {
    when: ({ description }) => /client secret (has|is) expired/i.test(description ?? ''),
    code: 'client_secret_invalid',
    says: () => 'The application secret has expired',
    hint: () => `Create a new one in ${consoleApplication} > App secrets, and set LOGTO_APP_SECRET to it.`,
  },
  {
    when: isLogtoClientError(({ description }) => /^invalid client/i.test(description ?? '')),
    code: 'client_unknown',
    says: ({ clientId }) => `The provider knows no application ${JSON.stringify(clientId)}`,
    hint: () =>
      `Copy the App ID from ${consoleApplication} into --app-id, and check that --endpoint is that tenant's.`,
  },
  {
    when: isLogtoClientError((_, { kind, hasSecret }) => !hasSecret && !withoutAuthentication.includes(kind)),
    code: 'client_secret_missing',
    says: () => 'The application is confidential, and no secret was given',
    hint: () =>
      `Set LOGTO_APP_SECRET (or use --app-secret-stdin) to a secret of ${consoleApplication} > App secrets.`,
  },
  {
    when: isLogtoClientError((_, { isPublicClient }) => isPublicClient === true),
    code: 'client_secret_unexpected',
    says: () => 'The application is public (Native or single page), and a secret was sent',
    hint: () => 'Unset LOGTO_APP_SECRET and remove the secret from the profile, or use another application.',
  },
  {
    when: isLogtoClientError((_, { isPublicClient }) => isPublicClient === false),
    code: 'client_secret_invalid',
    says: () => 'The application secret is wrong',
    hint: () => `Copy a secret from ${consoleApplication} > App secrets into LOGTO_APP_SECRET.`,
  },
  {
    when: (error, { kind }) => error.error === 'invalid_client' && withoutAuthentication.includes(kind),
    code: 'client_rejected',
    says: ({ clientId }) => `The provider does not accept the application ${JSON.stringify(clientId)}`,
    hint: () =>
      "Check that --app-id is right, and of this provider's; the application may also be disabled there.",
    details: () => ({ possible: ['client_unknown'] }),
  },
  {
    when: ({ error, status, description }, { kind }) =>
      error === 'invalid_client' ||
      // Providers that say this before the client has authenticated (RFC 6749, section 5.2, has it for later).
      (error === 'unauthorized_client' &&
        !withoutAuthentication.includes(kind) &&
        (status === 401 || /credential|secret|not found/i.test(description ?? ''))),
    code: 'client_rejected',
    says: () => 'The provider does not accept the application or how it authenticates',
    hint: ({ hasSecret }) =>
      hasSecret
        ? 'Check --app-id and LOGTO_APP_SECRET; a public application must have no secret.'
        : 'Check --app-id; a confidential application needs LOGTO_APP_SECRET.',
    details: ({ hasSecret }) => ({
      possible: hasSecret
        ? ['client_unknown', 'client_secret_invalid', 'client_secret_unexpected']
        : ['client_unknown', 'client_secret_missing'],
    }),
  },
  ...addressRules,
  {
    when: ({ error, description }, { kind }) =>
      kind === 'device-authorization' &&
      (['unauthorized_client', 'unsupported_grant_type'].includes(error) ||
        /not allowed for this client/i.test(description ?? '')),
    code: 'device_flow_disabled',
    says: () => 'The application may not use the device flow',
    hint: () =>
      "Use a Native application made for it (Logto's Console > Applications > Create application > Native > Device flow).",
  },
  {
    when: ({ error, description }) =>
      ['unauthorized_client', 'unsupported_grant_type'].includes(error) ||
      /(grant|response).type is not allowed/i.test(description ?? ''),
    code: 'grant_type_not_allowed',
    says: ({ kind }) => `The application may not ${uses[kind] ?? 'use this way to sign in'}`,
    hint: ({ kind }) =>
      kind === 'client-credentials'
        ? "Use the App ID and a secret of a machine-to-machine application (Logto's Console > Applications > " +
          'Create application > Machine-to-machine), or leave out --client-credentials.'
        : `Check the type of the application in ${consoleApplication}: it must be Native, Traditional or single page.`,
  },
  {
    when: is('invalid_scope'),
    code: 'scope_not_allowed',
    says: (_, { scope }) =>
      scope === undefined ? 'A scope that was asked for is not allowed' : `The scope ${scope} is not allowed`,
    hint: () => 'Leave it out of --scope, or grant it to the application or the user.',
    details: (_, { scope }) => (scope === undefined ? {} : { scope }),
  },
  {
    when: is('insufficient_scope'),
    code: 'scope_not_allowed',
    says: ({ organization }) =>
      organization === undefined
        ? 'The sign-in lacks a scope that this needs'
        : 'The sign-in lacks the scope urn:logto:scope:organizations, which organization tokens need',
    hint: ({ organization }) =>
      organization === undefined
        ? 'Sign in again, with that scope: logto-cli sign-in --scope <scope>'
        : `Sign in again with: logto-cli sign-in --organization ${organization}`,
    details: ({ organization }) => (organization === undefined ? {} : { organization }),
  },
  {
    when: ({ error }, { kind, resource, organization }) =>
      error === 'invalid_target' &&
      kind === 'client-credentials' &&
      resource === undefined &&
      organization === undefined,
    code: 'resource_unknown',
    says: () => 'The provider wants to know what the token is for',
    hint: () => 'Say it with --resource <uri> or --organization <id>.',
  },
  {
    when: ({ error }, { kind, resource }) =>
      error === 'invalid_target' && kind === 'refresh' && resource !== undefined,
    code: 'resource_unknown',
    says: ({ resource }) => `The resource ${resource} is unknown, or was not asked for at sign-in`,
    hint: ({ resource }) =>
      `Sign in again with: logto-cli sign-in --resource ${resource} (the identifier in Logto's Console > API resources)`,
    details: ({ resource = '' }) => ({ resource }),
  },
  {
    when: is('invalid_target'),
    code: 'resource_unknown',
    says: ({ resource }) =>
      resource === undefined
        ? 'The provider does not know a resource that was asked for'
        : `The provider does not know the resource ${resource}`,
    hint: ({ kind }) =>
      "Give --resource exactly the identifier of Logto's Console (API resources)" +
      (kind === 'client-credentials' ? '.' : ', and ask for it at sign-in.'),
    details: ({ resource }) => (resource === undefined ? {} : { resource }),
  },
  {
    when: is('server_error', 'temporarily_unavailable'),
    code: 'provider_error',
    says: () => 'The provider failed',
    hint: () => 'Try again later; if it persists, look at the log of the provider.',
  },
  ...authorizationRules,
  {
    when: (error, { kind }) => kind === 'code' && error.error === 'invalid_grant',
    code: 'code_rejected',
    says: () => 'The provider did not accept the authorization code',
    hint: () => 'Sign in again.',
  },
  {
    when: ({ error }, { kind }) => kind === 'refresh' && error === 'invalid_grant',
    code: 'session_expired',
    says: () => 'The session has ended: the provider does not accept its refresh token any more',
    hint: () => 'Sign in again: logto-cli sign-in',
  },
  {
    when: ({ error, status }, { organization }) =>
      error === 'access_denied' && (status === 403 || organization !== undefined),
    code: 'organization_denied',
    says: ({ kind, organization }) =>
      `The organization ${organization === undefined ? '' : `${JSON.stringify(organization)} `}is unknown, or ` +
      `the ${kind === 'client-credentials' ? 'application' : 'user'} is no member`,
    hint: ({ kind }) =>
      kind === 'client-credentials'
        ? "Check the ID in Logto's Console (Organizations), and add the application there (Machine-to-machine)."
        : "Check the ID and the user's membership in Logto's Console (Organizations).",
    details: ({ organization }) => (organization === undefined ? {} : { organization }),
  },
];

const otherwise: OAuthErrorRule = {
  when: () => true,
  code: 'token_request_rejected',
  says: () => 'The provider refused the request',
  hint: ({ kind }) =>
    `Correct what it names, then ${kind === 'client-credentials' ? 'try' : 'sign in'} again.`,
};

/** The meaning of an OAuth error. */
export function ruleFor(error: OAuthError, request: OAuthRequest): OAuthErrorRule {
  return rules.find(({ when }) => when(error, request)) ?? otherwise;
}
