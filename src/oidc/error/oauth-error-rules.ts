import { inConsole, onApplication } from '../../logto-console.js';
import type { Wording } from '../../wording.js';
import { addressRules, authorizationRules } from './authorization-error-rules.js';
import { aboutSecret, saidClientRules, unknownClientHint } from './client-error-words.js';
import { deviceRules } from './device-error-rules.js';
import { exchangeRules } from './exchange-error-rules.js';
import { failureRules, faultHint, grantRules } from './grant-error-rules.js';
import type { OAuthError, OAuthErrorRule, OAuthRequest } from './oauth-error.js';
import { organizationRule, targetRules } from './target-error-rules.js';

/** Where browsers or access tokens are sent: a client does not authenticate there. */
const withoutAuthentication: readonly OAuthRequest['kind'][] = ['authorization', 'end-session', 'user-info'];

const uses: Partial<Readonly<Record<OAuthRequest['kind'], string>>> = {
  refresh: 'refresh its sessions (grant type refresh_token)',
  'client-credentials': 'get tokens for itself (grant type client_credentials)',
  'token-exchange': 'exchange tokens (grant type token-exchange, RFC 8693)',
};

/** Whether it is a request of the device flow (RFC 8628). */
function isDeviceFlow(kind: OAuthRequest['kind']): boolean {
  return kind === 'device-authorization' || kind === 'device-code';
}

/** Whether an error says that the client may not use this grant. */
function isAboutGrantType({ error, description }: OAuthError, { kind }: Pick<OAuthRequest, 'kind'>): boolean {
  return (
    ['unauthorized_client', 'unsupported_grant_type'].includes(error) ||
    /(grant|response).type is not allowed/i.test(description ?? '') ||
    // Logto, and GitHub's own name for it.
    (isDeviceFlow(kind) &&
      (error === 'device_flow_disabled' || /not allowed for this client/i.test(description ?? '')))
  );
}

/**
 * Whether an error that is about the grant may have come before anybody was authenticated: then it says nothing about the
 * client. Logto authenticates first, and a text about credentials is about the authentication whoever says so.
 */
export function isGrantInDoubt(error: OAuthError, request: Pick<OAuthRequest, 'kind'>): boolean {
  return (
    !withoutAuthentication.includes(request.kind) &&
    !error.isLogto &&
    !isAboutCredentials(error) &&
    isAboutGrantType(error, request)
  );
}

/**
 * Whether the client, or its proof, may be what is refused. RFC 6749, section 5.2 has `invalid_client` for that, and
 * `unauthorized_client` for clients that have authenticated; providers say that, and `access_denied`, before it too.
 */
function isClientInDoubt(error: OAuthError, { kind, isAuthenticated }: OAuthRequest): boolean {
  if (['invalid_client', 'incorrect_client_credentials'].includes(error.error)) return true;
  if (error.isLogto || withoutAuthentication.includes(kind)) return false;
  // In the device flow it is the person's answer (RFC 8628, section 3.5).
  if (error.error === 'access_denied') return error.status === 401 && kind !== 'device-code';
  return error.error === 'unauthorized_client' && isAuthenticated !== true;
}

/** What it can be that a client is rejected for. */
function possibleCauses(error: OAuthError, request: OAuthRequest): readonly string[] {
  const { kind, hasSecret, hasKey } = request;
  const ofGrant = isDeviceFlow(kind) ? 'device_flow_disabled' : 'grant_type_not_allowed';
  return [
    'client_unknown',
    ...(hasSecret ? ['client_secret_invalid', 'client_secret_unexpected'] : []),
    ...(hasSecret || hasKey ? ['auth_method'] : ['client_secret_missing']),
    ...(isGrantInDoubt(error, request) ? [ofGrant] : []),
  ];
}

/** A grant is called `client_credentials`: that is about no credentials. */
function isAboutCredentials({ description }: OAuthError): boolean {
  const words = description ?? '';
  return /credential|secret|not found/i.test(words) && !/grant|flow/i.test(words);
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

const machineHint = {
  general:
    'Use a machine-to-machine application (one with the grant type client_credentials, often called a service ' +
    'account), or leave out --client-credentials.',
  logto:
    'Use the App ID and a secret of a machine-to-machine application ' +
    `(${inConsole('Applications', 'Create application', 'Machine-to-machine')}), or leave out --client-credentials.`,
};

const exchangeHint = {
  general:
    'Allow the application to exchange tokens (RFC 8693) at the provider, or use one that may: --app-id.',
  logto:
    `Turn it on: ${onApplication('Token exchange', 'Allow token exchange')}. A third-party application can never have ` +
    'it: use another one with --app-id.',
};

function signInHint(kind: OAuthRequest['kind']): Wording {
  const grant = kind === 'refresh' ? 'refresh_token' : 'authorization_code';
  return {
    general: `Check the type of the application at the provider: it must allow the grant type ${grant}.`,
    logto: `Check the type of the application in ${onApplication()}: it must be Native, Traditional or single page.`,
  };
}

/** Requests for tokens of a user that nobody is asked about: in the device flow it can be the person's own answer. */
const ofUser: readonly OAuthRequest['kind'][] = ['code', 'refresh', 'token-exchange'];

/** A rule of the provider: for this application, this user, or what was asked for. */
function deniedHint({ kind }: OAuthRequest): Wording {
  const isOfUser = ofUser.includes(kind);
  const whom = isOfUser ? 'this user and application' : 'this application';
  const then = kind === 'code' ? ' Then sign in again.' : '';
  return {
    general:
      `Correct the rules (policies) of the provider for ${whom}` +
      `${isOfUser ? ', or take a user whom they allow' : ': it knows the application, and denies the token'}.${then}`,
    logto:
      `Correct ${onApplication('Rules')} for ${whom} or, where there is one, the script in ` +
      `${inConsole('Custom JWT')}: Logto knows the application, and denies the token.${then}`,
  };
}

/** What RFC 6749 has for the authorization endpoint alone: this user may not use the application, or have that token. */
const deniedRule: OAuthErrorRule = {
  when: ({ error }, { kind }) => error === 'access_denied' && ofUser.includes(kind),
  code: 'access_denied',
  says: () => 'The provider denied the token',
  hint: deniedHint,
};

/** The first rule that fits decides. Texts are matched only where a provider says it in no other way. */
const rules: readonly OAuthErrorRule[] = [
  ...saidClientRules,
  {
    when: isLogtoClientError(({ description }) => /^invalid client/i.test(description ?? '')),
    code: 'client_unknown',
    says: ({ clientId }) => `The provider knows no application ${JSON.stringify(clientId)}`,
    hint: unknownClientHint,
  },
  {
    when: isLogtoClientError((_, { kind, hasSecret }) => !hasSecret && !withoutAuthentication.includes(kind)),
    code: 'client_secret_missing',
    says: () => 'The application is confidential, and no secret was given',
    hint: () => aboutSecret((secret) => `Set LOGTO_APP_SECRET (or use --app-secret-stdin) to ${secret}.`),
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
    hint: () => aboutSecret((secret) => `Copy ${secret} into LOGTO_APP_SECRET.`),
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
    when: (error, request) => isDeviceFlow(request.kind) && isAboutGrantType(error, request),
    code: 'device_flow_disabled',
    says: () => 'The application may not use the device flow',
    hint: () => ({
      general: 'Allow the device authorization grant for the application at the provider.',
      logto: `Use a Native application made for it: ${inConsole('Applications', 'Create application', 'Native app', 'Device flow')}.`,
    }),
  },
  {
    when: isAboutGrantType,
    code: 'grant_type_not_allowed',
    says: ({ kind, isAuthenticated }) =>
      isAuthenticated === false
        ? 'The provider does not take this grant type from a made-up application either'
        : `The application may not ${uses[kind] ?? 'use this way to sign in'}`,
    hint: ({ kind, isAuthenticated }) => {
      if (kind === 'token-exchange') return exchangeHint;
      if (isAuthenticated === false) return 'Turn the grant type on at the provider.';
      return kind === 'client-credentials' ? machineHint : signInHint(kind);
    },
  },
  ...targetRules,
  ...failureRules,
  ...authorizationRules,
  ...deviceRules,
  ...grantRules,
  ...exchangeRules,
  organizationRule,
  deniedRule,
];

/** Where no other rule fits. */
const otherwise: OAuthErrorRule = {
  when: () => true,
  code: 'token_request_rejected',
  says: () => 'The provider refused the request',
  hint: (request, { error, description }) => {
    const { kind } = request;
    if (error === 'access_denied') return deniedHint(request);
    const fault = kind === 'code' ? faultHint(description, request) : null;
    const isOfSignIn = !['client-credentials', 'token-exchange'].includes(kind);
    return fault ?? `Correct what it names, then ${isOfSignIn ? 'sign in' : 'try'} again.`;
  },
};

/** Every rule, in the order in which they are tried; the last one always fits. */
export const oauthErrorRules: readonly OAuthErrorRule[] = [...rules, otherwise];

/** The meaning of an OAuth error. */
export function ruleFor(error: OAuthError, request: OAuthRequest): OAuthErrorRule {
  return rules.find(({ when }) => when(error, request)) ?? otherwise;
}
