import { inConsole, onApplication } from '../logto-console.js';
import type { Explanations } from './explanation.js';

/** Exit code 4: sign in. */
export const sessionErrors = {
  not_signed_in: {
    meaning:
      'Nothing is stored for this profile, or what is stored belongs to another application or provider.',
    causes: [
      {
        cause: 'Nobody has signed in with this profile, or somebody has signed out.',
        tell: '`logto-cli profile list` does not say "signed in" beside it.',
        fix: '`logto-cli sign-in`, with `--profile <name>` unless it is the one in use.',
      },
      {
        cause: 'The settings have changed since the sign-in: another endpoint, issuer or application.',
        tell: 'The message names both: what the session belongs to, and what is set.',
        fix: 'Sign in anew with `logto-cli sign-in`, or leave out `--endpoint`, `--issuer`, `--discovery-url` and `--app-id` and unset `LOGTO_ENDPOINT`, `LOGTO_CLI_ISSUER`, `LOGTO_CLI_DISCOVERY_URL` and `LOGTO_APP_ID`: the session knows its own.',
      },
      {
        cause: 'The session is in another kind of storage than the one that was looked into.',
        tell: 'The message says "looked in", the hint where the last session was put; `printenv LOGTO_CLI_STORAGE` names a kind.',
        fix: 'Leave out `--storage` and unset `LOGTO_CLI_STORAGE`: a profile remembers where its session is.',
      },
      {
        cause: 'The sign-in kept nothing: its storage was `memory`.',
        tell: 'It said that the tokens were kept in memory only.',
        fix: '`logto-cli sign-in --storage keychain`, or `--storage file` where there is no keychain.',
      },
      {
        cause: 'The session is in the home of another user, machine or container.',
        tell: '`id -un` and `printenv LOGTO_CLI_HOME` differ from those of the sign-in.',
        fix: 'Sign in here too. Steps of one CI job share a session with the same `LOGTO_CLI_HOME` and `LOGTO_CLI_STORAGE=file`.',
      },
    ],
    details: { issuer: 'the issuer of the stored session', appId: 'its application' },
    seeAlso: ['session_expired', 'profile_unknown', 'storage_locked'],
  },
  session_expired: {
    meaning: 'The session cannot be refreshed any more: sign in again.',
    causes: [
      {
        cause: 'There is no refresh token, and the access token has ended.',
        tell: '`logto-cli whoami` says "refresh token  none".',
        fix: 'A sign-in that gets none says what this provider lists for one; `logto-cli doctor` does so too.',
        logto:
          'It gives one only with the scope `offline_access` and `prompt=consent`, which `--endpoint` asks for by itself: leave out `--no-prompt`, `--no-default-scopes` and `--prompt login`.',
      },
      {
        cause: 'The refresh token was not used for longer than it lives.',
        tell: '`logto-cli whoami` says when the sign-in was.',
        fix: '`logto-cli sign-in`. How long one lives is a setting of the application at the provider.',
        logto: `14 days; up to 180 by ${onApplication('Refresh token', 'Refresh token time to live (TTL) in days')}.`,
      },
      {
        cause:
          'It was used by somebody else too. An application that rotates takes that for theft and ends the whole session.',
        tell: 'The session is copied: a `LOGTO_CLI_HOME` in an image, a CI cache or a backup, or your own code uses the token.',
        fix: 'Sign in once per machine and never copy a session. Several processes may share one home: they take turns.',
        logto: `It rotates where ${onApplication('Refresh token', 'Rotate refresh token')} is on.`,
      },
      {
        cause: 'It was revoked: a sign-out elsewhere, or the user was suspended, deleted or lost the grant.',
        tell: 'The page of the user at the provider, and its log.',
        fix: 'Reactivate the user there if need be, then `logto-cli sign-in`.',
        logto: `${inConsole('User management', 'the user')} shows whether the user is suspended; ${inConsole('Audit logs')} the refused token exchange.`,
      },
      {
        cause:
          'The provider gives no ID token with a refresh, and an ID token that still lives was asked for.',
        tell: 'Only `logto-cli token --id-token` fails, and the message says so.',
        fix: '`logto-cli sign-in`, or a smaller `--min-ttl`.',
      },
    ],
    details: {
      error: 'what the provider answered: `invalid_grant`, most say no more',
      error_description: 'its own words',
    },
    seeAlso: ['not_signed_in', 'token_rejected', 'code_rejected'],
  },
  token_rejected: {
    meaning:
      'The UserInfo endpoint refuses the stored access token (401, 403), or `token --exchange` the subject or actor token.',
    causes: [
      {
        cause:
          'The token was revoked before its time: a sign-out elsewhere, a suspended user, or a reused code or refresh token.',
        tell: '`logto-cli token --refresh` fails with `session_expired`.',
        fix: '`logto-cli sign-in`',
      },
      {
        cause:
          "The session came without a refresh token, and the provider's session has ended: at some that ends the access token too.",
        tell: '`logto-cli whoami` says "refresh token  none", and somebody signed out in the browser.',
        fix: '`logto-cli sign-in --prompt consent`',
      },
      {
        cause: 'The token is one for an API: UserInfo takes only tokens without a resource.',
        tell: '`logto-cli token --decode` shows an `aud` that is the address of an API.',
        fix: 'Sign in without `--resource`, and let `logto-cli token --resource <uri>` fetch the other one.',
      },
      {
        cause: 'A gateway before the provider removes the header `Authorization`.',
        tell: 'The token works past the gateway: `curl -H "$(logto-cli token --header)" <userinfo_endpoint>`.',
        fix: 'Let the gateway pass the header on to the UserInfo endpoint.',
        logto: 'It is `/oidc/me`.',
      },
      {
        cause:
          'With `--exchange`, the subject token has expired, was revoked or used up, or is of another kind.',
        tell: '`logto-cli verify -` says of a JWT since when; of an opaque token only the provider knows.',
        fix: 'Get a new one, and name its kind: `--subject-token-type access-token`, `pat`, `impersonation` or a URI.',
        logto:
          'An impersonation token works once, for 10 minutes; tokens of third-party and machine-to-machine applications and of suspended users are never exchanged.',
      },
      {
        cause: 'With `--exchange`, the actor token is no access token that the provider takes for one.',
        tell: '`details.possible` names `actor_token`; without it the exchange succeeds.',
        fix: 'Give an access token of whoever acts, with the scope `openid` and without a resource.',
      },
    ],
    details: {
      error: "the provider's `error`",
      error_description: "the provider's `error_description`",
      status: 'the HTTP status',
      words: "the provider's own words",
      possible: 'of an exchange: `subject_token`, and `actor_token` where there was one',
    },
    seeAlso: ['session_expired', 'userinfo_invalid', 'token_invalid'],
  },
} satisfies Explanations;
