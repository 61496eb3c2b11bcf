import type { Wording } from '../../wording.js';
import { mentions } from './error-subject.js';
import type { OAuthError, OAuthErrorRule, OAuthRequest } from './oauth-error.js';

/** Names that providers have for a token that they do not take in an exchange. */
const refusedToken = ['invalid_grant', 'invalid_token'];

/** RFC 8693, section 2.2.2 has `invalid_request` for it, and RFC 6749 for whatever else is wrong with a request. */
function isAboutToken({ error, description }: OAuthError): boolean {
  return (
    error === 'invalid_request' &&
    mentions(description, 'subject token', 'actor token') &&
    !mentions(description, 'missing', 'must not be provided twice', 'required')
  );
}

/** What was sent, and may be what is refused. */
function possibleTokens({ exchanged }: OAuthRequest): readonly string[] {
  return ['subject_token', ...(exchanged?.hasActor ? ['actor_token'] : [])];
}

function hintOf({ exchanged }: OAuthRequest): Wording {
  const general =
    'Get a new one. It may have expired, be revoked or used up, be of another kind than --subject-token-type says, or be ' +
    'of a user or an application that the provider does not let it be exchanged for.';
  const actor = exchanged?.hasActor
    ? ' An actor token must be an opaque access token with the scope openid.'
    : '';
  const personal =
    exchanged?.looksPersonal && !exchanged.type.endsWith(':personal_access_token')
      ? 'It begins as a personal access token does: say --subject-token-type pat. '
      : '';
  return {
    general,
    logto:
      `${personal}Logto does not say which it is: expired, revoked or deleted, used before (an impersonation token works ` +
      'once), of another kind than --subject-token-type says, of a suspended user, or of a third-party or ' +
      `machine-to-machine application.${actor}`,
  };
}

/** What becomes of the tokens of an exchange (RFC 8693, section 2.2.2). */
export const exchangeRules: readonly OAuthErrorRule[] = [
  {
    when: (error, { kind }) =>
      kind === 'token-exchange' && (refusedToken.includes(error.error) || isAboutToken(error)),
    code: 'token_rejected',
    says: ({ exchanged }) =>
      exchanged?.hasActor
        ? 'The provider does not accept the subject token or the actor token'
        : 'The provider does not accept the subject token',
    hint: hintOf,
    details: (request) => ({ possible: possibleTokens(request) }),
  },
  {
    when: ({ error }, { kind }) => kind === 'token-exchange' && error === 'invalid_request',
    code: 'token_request_rejected',
    says: () => 'The provider refused the request',
    hint: () =>
      'Correct what it names, then try again. By RFC 8693 a provider says this, too, of a subject or actor token that it ' +
      'does not accept.',
  },
];
