import { onApplication } from '../../logto-console.js';
import type { Wording } from '../../wording.js';
import { mentions } from './error-subject.js';
import type { OAuthError, OAuthErrorRule, OAuthRequest } from './oauth-error.js';

/**
 * What providers other than Logto say about an application in words alone. Only what leaves nothing open is believed:
 * "unknown client, no authentication, or an unsupported method" says nothing.
 */

function sentencesOf({ description }: OAuthError): readonly string[] {
  return (description ?? '')
    .split(/\. |[;\r\n]/)
    .filter((sentence) => !mentions(sentence, 'or unsupported', 'e g'));
}

/** Whether one sentence has a phrase of each group. */
function saysOf(error: OAuthError, subject: readonly string[], predicate: readonly string[]): boolean {
  return sentencesOf(error).some(
    (sentence) => mentions(sentence, ...subject) && mentions(sentence, ...predicate),
  );
}

function says(error: OAuthError, ...phrases: readonly string[]): boolean {
  return sentencesOf(error).some((sentence) => mentions(sentence, ...phrases));
}

const missingSecret = [
  'client secret is missing',
  'client secret missing',
  'missing client secret',
  'missing parameter client secret',
  'missing parameters client secret',
  'missing required parameter client secret',
  'client secret is required',
  'client secret required',
  'client secret not provided',
  'client secret was not provided',
  'client secret not specified',
  'client secret must be provided',
  'client secret must not be empty',
  'client secret parameter is missing',
  'no client secret',
  'must contain the following parameter client assertion or client secret',
  'must contain the following parameter client secret or client assertion',
];

const wrongSecret = [
  'client secret is invalid',
  'client secret is incorrect',
  'client secret is wrong',
  'client secret does not match',
  'client secret mismatch',
  'invalid client secret',
  'incorrect client secret',
  'wrong client secret',
  'bad client secret',
  'secret supplied for a confidential client is invalid',
];

const unknownClient = [
  'client not found',
  'client was not found',
  'client does not exist',
  'client was deleted',
  'unknown client',
  'unknown client id',
  'invalid value for client id parameter',
  'was not found in the directory',
  'application not found',
  'no such client',
];

/** Errors that are about the application, whatever their description says. */
const clientErrors = ['invalid_client', 'unauthorized_client'];

function isMissingSecret(error: OAuthError): boolean {
  return [...clientErrors, 'invalid_request'].includes(error.error) && says(error, ...missingSecret);
}

function isWrongSecret(error: OAuthError): boolean {
  return (
    ['bad_client_secret', 'invalid_client_secret'].includes(error.error) ||
    ([...clientErrors, 'invalid_request'].includes(error.error) && says(error, ...wrongSecret))
  );
}

function lacksSecret(error: OAuthError, { hasSecret }: OAuthRequest): boolean {
  return !hasSecret && (isMissingSecret(error) || isWrongSecret(error));
}

/** A hint about the secret of the application. */
export function aboutSecret(hint: (secret: string) => string): Wording {
  return {
    general: hint('the secret of the application at the provider'),
    logto: hint(`a secret of ${onApplication('App secrets')}`),
  };
}

/** The first rules of all: an application that is told apart by the name of the error or by words. */
export const saidClientRules: readonly OAuthErrorRule[] = [
  {
    when: (error) =>
      saysOf(error, ['client secret', 'client secret keys'], ['has expired', 'is expired', 'are expired']),
    code: 'client_secret_invalid',
    says: () => 'The application secret has expired',
    hint: () => ({
      general: 'Create a new one at the provider, and set LOGTO_APP_SECRET to it.',
      logto: `Create a new one in ${onApplication('App secrets')}, and set LOGTO_APP_SECRET to it.`,
    }),
  },
  {
    when: (error) =>
      ['invalid_client_id', 'deleted_client'].includes(error.error) ||
      (!error.isLogto && clientErrors.includes(error.error) && says(error, ...unknownClient)),
    code: 'client_unknown',
    says: ({ clientId }) => `The provider knows no application ${JSON.stringify(clientId)}`,
    hint: unknownClientHint,
  },
  {
    when: lacksSecret,
    code: 'client_secret_missing',
    says: () => 'The provider wants a secret from this application, and none was given',
    hint: () => aboutSecret((secret) => `Set LOGTO_APP_SECRET (or use --app-secret-stdin) to ${secret}.`),
  },
  {
    when: (error, { hasSecret }) => hasSecret && isMissingSecret(error),
    code: 'client_rejected',
    says: () => 'The secret was sent, and the provider did not find it: it looks for it elsewhere',
    hint: () =>
      'Name the way that the provider wants for this application, such as --auth-method client_secret_post, or set it to ' +
      'client_secret_basic there.',
    details: () => ({ possible: ['auth_method'] }),
  },
  {
    when: (error, { hasSecret }) => hasSecret && isWrongSecret(error),
    code: 'client_secret_invalid',
    says: () => 'The application secret is wrong',
    hint: () => aboutSecret((secret) => `Copy ${secret} into LOGTO_APP_SECRET.`),
  },
  {
    // Ours are encoded as the standard has it: node-oidc-provider says so of signs beyond ASCII (RFC 6749, appendix A.2).
    when: (error, { hasSecret, clientId }) =>
      hasSecret &&
      /^[\x20-\x7e]*$/.test(clientId) &&
      error.error === 'invalid_request' &&
      says(error, 'client secret in the authorization header are not properly encoded'),
    code: 'client_secret_invalid',
    says: () => 'The application secret is wrong: it has signs in it that no secret of this provider has',
    hint: () => aboutSecret((secret) => `Copy ${secret} into LOGTO_APP_SECRET.`),
  },
  {
    when: (error, { hasSecret }) =>
      hasSecret &&
      clientErrors.includes(error.error) &&
      says(error, 'client is public', 'is a public client'),
    code: 'client_secret_unexpected',
    says: () => 'The application is public, and a secret was sent',
    hint: () => 'Unset LOGTO_APP_SECRET and remove the secret from the profile, or use another application.',
  },
];

/** For an application that the provider does not have. */
export function unknownClientHint(): Wording {
  return {
    general:
      'Copy the client ID from the provider into --app-id, and check that --issuer is the one that has it.',
    logto: `Copy the App ID from ${onApplication()} into --app-id, and check that --endpoint is that tenant's.`,
  };
}
