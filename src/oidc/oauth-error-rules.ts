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

/** Whether an error says that the client may not use this grant. */
function isAboutGrantType({ error, description }: OAuthError, { kind }: Pick<OAuthRequest, 'kind'>): boolean {
  return (
    ['unauthorized_client', 'unsupported_grant_type'].includes(error) ||
    /(grant|response).type is not allowed/i.test(description ?? '') ||
    (kind === 'device-authorization' && /not allowed for this client/i.test(description ?? ''))
  );
}

/**
 * Whether an error that is about the grant may have come before anybody was authenticated: then it says nothing about the
 * client. Logto authenticates first; 401, and a text about credentials, are about the authentication whoever says so.
 */
export function isGrantInDoubt(error: OAuthError, request: Pick<OAuthRequest, 'kind'>): boolean {
  return (
    !withoutAuthentication.includes(request.kind) &&
    !error.isLogto &&
    error.status !== 401 &&
    !isAboutCredentials(error) &&
    isAboutGrantType(error, request)
  );
}

/**
 * Whether the client, or its proof, may be what is refused. RFC 6749, section 5.2 has `invalid_client` for that, and
 * `unauthorized_client` for clients that have authenticated; providers say that, and `access_denied`, before it too.
 */
function isClientInDoubt(error: OAuthError, { kind, isAuthenticated }: OAuthRequest): boolean {
  if (error.error === 'invalid_client') return true;
  if (error.isLogto || withoutAuthentication.includes(kind)) return false;
  if (error.error === 'access_denied') return error.status === 401;
  return error.error === 'unauthorized_client' && isAuthenticated !== true;
}

/** What it can be that a client is rejected for. */
function possibleCauses(error: OAuthError, request: OAuthRequest): readonly string[] {
  const { kind, hasSecret, hasKey } = request;
  const ofGrant = kind === 'device-authorization' ? 'device_flow_disabled' : 'grant_type_not_allowed';
  return [
    'client_unknown',
    ...(hasSecret ? ['client_secret_invalid', 'client_secret_unexpected'] : []),
    ...(hasSecret || hasKey ? ['auth_method'] : ['client_secret_missing']),
    ...(isGrantInDoubt(error, request) ? [ofGrant] : []),
  ];
}

function isAboutCredentials({ description }: OAuthError): boolean {
  return /credential|secret|not found/i.test(description ?? '');
}

function authenticationHint({ hasSecret, hasKey }: OAuthRequest): string {
  if (hasKey) return 'Check --app-id, and that the provider knows the public half of the key (--client-key).';
  return hasSecret
    ? 'Check --app-id and LOGTO_APP_SECRET; a public application must have no secret, and one that is registered for ' +
        'another way to authenticate needs it named, such as --auth-method client_secret_post.'
    : 'Check --app-id; a confidential application needs LOGTO_APP_SECRET.';
}

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
    when: isClientInDoubt,
    code: 'client_rejected',
    says: ({ isAuthenticated }) =>
      isAuthenticated === false
        ? 'The provider does not accept the application or how it authenticates: it says so to a made-up one as well'
        : 'The provider does not accept the application or how it authenticates',
    hint: authenticationHint,
    details: (request, error) => ({ possible: possibleCauses(error, request) }),
  },
  ...addressRules,
  {
    when: (error, request) => request.kind === 'device-authorization' && isAboutGrantType(error, request),
    code: 'device_flow_disabled',
    says: () => 'The application may not use the device flow',
    hint: () =>
      "Use a Native application made for it (Logto's Console > Applications > Create application > Native > Device flow).",
  },
  {
    when: isAboutGrantType,
    code: 'grant_type_not_allowed',
    says: ({ kind, isAuthenticated }) =>
      isAuthenticated === false
        ? 'The provider does not take this grant type from a made-up application either'
        : `The application may not ${uses[kind] ?? 'use this way to sign in'}`,
    hint: ({ kind, isAuthenticated }) =>
      isAuthenticated === false
        ? 'Turn the grant type on at the provider.'
        : kind === 'client-credentials'
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
