import { type ErrorCode, LogtoError } from '../errors.js';
import { type JsonObject, parseJsonObject } from './http-answer.js';

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
   * `revocation`: RFC 7009.
   */
  readonly kind: 'authorization' | 'pushed-authorization' | 'code' | 'revocation';
  readonly clientId: string;
  readonly hasSecret: boolean;
  readonly redirectUri?: string;
  /** Whether the provider takes the client for a public one; `null` when nobody asked. */
  readonly isPublicClient?: boolean | null;
}

interface Rule {
  readonly when: (error: OAuthError, request: OAuthRequest) => boolean;
  readonly code: ErrorCode;
  readonly says: (request: OAuthRequest) => string;
  readonly hint: (request: OAuthRequest) => string;
  readonly details?: (request: OAuthRequest) => Readonly<Record<string, string | readonly string[]>>;
}

const consoleApplication = "Logto's Console (Applications > your application)";

function is(...errors: readonly string[]): Rule['when'] {
  return ({ error }) => errors.includes(error);
}

function isLogtoClientError(test: (error: OAuthError, request: OAuthRequest) => boolean): Rule['when'] {
  return (error, request) => error.isLogto && error.error === 'invalid_client' && test(error, request);
}

/** The first rule that fits decides. Texts are matched only where a provider says it in no other way. */
const rules: readonly Rule[] = [
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
    says: () => 'The application may not use this way to sign in',
    hint: () =>
      `Check the type of the application in ${consoleApplication}: it must be Native, Traditional or single page.`,
  },
  {
    when: is('invalid_scope'),
    code: 'scope_not_allowed',
    says: () => 'A scope that was asked for is not allowed',
    hint: () => 'Leave it out of --scope, or grant it to the application or the user.',
  },
  {
    when: is('invalid_target'),
    code: 'resource_unknown',
    says: () => 'The provider does not know a resource that was asked for',
    hint: () =>
      "Give --resource exactly the identifier of Logto's Console (API resources), and ask for it at sign-in.",
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
    when: is('access_denied', 'insufficient_scope'),
    code: 'organization_denied',
    says: () => 'The organization is unknown, the user is no member, or its scope was not asked for',
    hint: () => 'Check the ID and the membership in the Console (Organizations), and sign in with it.',
  },
];

const otherwise: Rule = {
  when: () => true,
  code: 'token_request_rejected',
  says: () => 'The provider refused the request',
  hint: () => 'Correct what it names, then sign in again.',
};

/**
 * The error that a provider's error means, by one table for every place where such errors come.
 *
 * The provider's words are kept in the message and the details; whoever prints them strips what a terminal obeys.
 */
export function errorFromOAuth(error: OAuthError, request: OAuthRequest): LogtoError {
  const rule = rules.find(({ when }) => when(error, request)) ?? otherwise;
  const words = error.description === null ? error.error : `${error.error}: ${error.description}`;
  return new LogtoError(rule.code, `${rule.says(request)} (${words}).`, rule.hint(request), {
    error: error.error,
    ...(error.description !== null && { error_description: error.description }),
    ...(error.status !== null && { status: error.status }),
    ...rule.details?.(request),
  });
}

/** The OAuth error in the body of an answer; `null` when there is none. Secrets that it repeats are blacked out. */
export function parseOAuthError(text: string, status: number, secrets: readonly string[]): OAuthError | null {
  const body: JsonObject | null = parseJsonObject(text);
  const error = body?.['error'];
  if (body === null || typeof error !== 'string' || error === '') return null;
  const { error_description: description, code } = body;
  return {
    error: presentable(error, secrets),
    description: typeof description === 'string' ? presentable(description, secrets) : null,
    status,
    isLogto: typeof code === 'string' && /^(oidc|session)\./.test(code),
  };
}

/** A provider's words, short, and without any of the values that must not be repeated. */
export function presentable(text: string, secrets: readonly string[]): string {
  const clean = secrets
    .filter((secret) => secret !== '')
    .reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
  return clean.length > 300 ? `${clean.slice(0, 300)}…` : clean;
}
