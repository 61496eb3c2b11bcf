import type { ErrorCode } from '../errors.js';

/** An error as a provider tells it (RFC 6749, sections 4.1.2.1 and 5.2). */
export interface OAuthError {
  readonly error: string;
  readonly description: string | null;
  /** The HTTP status; `null` for the parameters of an authorization response. */
  readonly status: number | null;
  /** Whether the body has the shape of Logto's errors, which tell apart what others do not. */
  readonly isLogto: boolean;
}

/** What an error was the answer to. */
export interface OAuthRequest {
  /**
   * `authorization`: the browser came back with it. `pushed-authorization`: RFC 9126. `code`: the code exchange.
   * `refresh`, `client-credentials`: the other grants. `revocation`: RFC 7009.
   */
  readonly kind:
    | 'authorization'
    | 'pushed-authorization'
    | 'code'
    | 'refresh'
    | 'client-credentials'
    | 'revocation';
  readonly clientId: string;
  readonly hasSecret: boolean;
  readonly redirectUri?: string;
  /** What the access token is wanted for. */
  readonly resource?: string;
  readonly organization?: string;
  /** Whether the provider takes the client for a public one; `null` when nobody asked. */
  readonly isPublicClient?: boolean | null;
}

/** What an OAuth error means, and what to do about it. */
export interface OAuthErrorRule {
  readonly when: (error: OAuthError, request: OAuthRequest) => boolean;
  readonly code: ErrorCode;
  readonly says: (request: OAuthRequest) => string;
  readonly hint: (request: OAuthRequest) => string;
  readonly details?: (request: OAuthRequest) => Readonly<Record<string, string | readonly string[]>>;
}

const consoleApplication = "Logto's Console (Applications > your application)";

const uses: Partial<Readonly<Record<OAuthRequest['kind'], string>>> = {
  refresh: 'refresh its sessions (grant type refresh_token)',
  'client-credentials': 'get tokens for itself (grant type client_credentials)',
};

function is(...errors: readonly string[]): OAuthErrorRule['when'] {
  return ({ error }) => errors.includes(error);
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
    when: isLogtoClientError((_, { hasSecret }) => !hasSecret),
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
    when: is('invalid_client'),
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
  {
    when: ({ error, description }, { kind }) =>
      kind === 'pushed-authorization' &&
      (error === 'invalid_redirect_uri' || /redirect_uri.*(match|regist)/i.test(description ?? '')),
    code: 'redirect_uri_not_registered',
    says: ({ redirectUri }) => `The redirect URI ${redirectUri ?? ''} is not registered for the application`,
    hint: ({ redirectUri }) => `Add ${redirectUri ?? 'it'} in ${consoleApplication} > Redirect URIs.`,
    details: ({ redirectUri }) => ({ redirect_uri: redirectUri ?? '' }),
  },
  {
    when: ({ error, description }) =>
      ['unauthorized_client', 'unsupported_grant_type'].includes(error) ||
      /grant.type is not allowed/i.test(description ?? ''),
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
    says: () => 'A scope that was asked for is not allowed',
    hint: () => 'Leave it out of --scope, or grant it to the application or the user.',
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
  {
    when: (error, { kind }) => kind === 'authorization' && error.error === 'access_denied',
    code: 'access_denied',
    says: () => 'The sign-in was denied',
    hint: () =>
      'Somebody refused, or this user may not use the application. Sign in again, as another user if need be.',
  },
  {
    when: (error, { kind }) => kind === 'authorization' && error.error === 'login_required',
    code: 'login_required',
    says: () => 'Nobody is signed in at the provider in that browser',
    hint: () => 'Sign in without --prompt none.',
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
    says: () => 'The provider has to show a page first',
    hint: () =>
      'Sign in without --prompt none. With Logto a Native application can never use it; Traditional ones can.',
  },
  {
    when: (_, { kind }) => kind === 'authorization',
    code: 'authorization_error',
    says: () => 'The provider refused the sign-in',
    hint: () => 'Correct what it names; --scope, --resource, --prompt and --param shape the request.',
  },
  {
    when: (error, { kind }) => kind === 'code' && error.error === 'invalid_grant',
    code: 'code_rejected',
    says: () => 'The provider did not accept the authorization code',
    hint: () =>
      'Sign in again. Usual causes: more than 60 seconds between the page and the exchange, a code used twice, ' +
      'a redirect URI or code verifier that differs from the request, a wrong clock.',
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
