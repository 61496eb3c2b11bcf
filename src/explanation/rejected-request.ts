import { inConsole, onApplication } from '../logto-console.js';
import type { Explanations } from './explanation.js';

const answerDetails = {
  error: "the provider's `error`",
  error_description: "the provider's `error_description`",
  status: 'the HTTP status',
};

/** Exit code 9: what the application may ask for. */
export const rejectedRequests = {
  grant_type_not_allowed: {
    meaning: 'The type of the application does not allow what was asked of it.',
    causes: [
      {
        cause:
          'A Machine-to-machine application cannot sign anybody in, and no other can use `--client-credentials`.',
        tell: 'The page of the application at the provider shows its type, or what it may do.',
        fix: 'To sign in, use an application for people (native, single page or web); for `--client-credentials` a machine-to-machine one: `--app-id <App ID>`.',
        logto: `${onApplication()} shows the type.`,
      },
      {
        cause: 'The application was made for the device flow, and cannot use the browser here.',
        tell: 'Its page at the provider says device flow.',
        fix: 'Sign in by a code: `logto-cli sign-in --device`. Or use another one, with the authorization code flow: `--app-id <App ID>`.',
        logto: `${inConsole('Applications', 'Create application', 'Native app')}, with the authorization code flow.`,
      },
      {
        cause:
          'The application lacks the grant `authorization_code`, `refresh_token` or `client_credentials`.',
        tell: '`unauthorized_client` in the message: at sign-in it is the first, at `logto-cli token` the second, with `--client-credentials` the third.',
        fix: 'Allow it at the provider ("Standard flow", "Refresh token", "Service account"). Without refresh tokens: `logto-cli sign-in --no-default-scopes --scope profile`.',
      },
      {
        cause:
          'With `--exchange`, the application may not exchange tokens, which most providers have switched off.',
        tell: 'The command was `logto-cli token --exchange`.',
        fix: 'Switch token exchange on for the application at the provider, or use one that may: `--app-id <App ID>`.',
        logto: `${onApplication('Token exchange', 'Allow token exchange')}. Third-party applications never may.`,
      },
    ],
    details: answerDetails,
    seeAlso: ['client_rejected', 'device_flow_disabled'],
  },
  scope_not_allowed: {
    meaning: 'A scope that was asked for is not allowed, or the session lacks one that this needs.',
    causes: [
      {
        cause: 'An organization token was asked for, and the sign-in was without organizations.',
        tell: 'The message names `urn:logto:scope:organizations`.',
        fix: '`logto-cli sign-in --organization <id>`',
      },
      {
        cause: 'The application may not ask for that scope, such as one of a third party for `profile`.',
        tell: 'The message names the scope where the provider does; `details.scope` has it.',
        fix: 'Allow it at the provider, or leave it out of `--scope`; one of the default ones by `--no-default-scopes`.',
        logto: `${inConsole('Applications', 'Third-party apps', 'the application', 'Permissions')} lacks it.`,
      },
      {
        cause: 'The provider does not know the scope.',
        tell: 'It is not in `scopes_supported` of the discovery document, or misspelt. Many ignore unknown ones: the sign-in then warns "Not granted".',
        fix: 'Leave it out of `--scope`; a scope of an API also needs `--resource <uri>`.',
      },
      {
        cause: 'A refresh asks for more than the sign-in was granted.',
        tell: '`logto-cli whoami` shows the scopes of the session.',
        fix: '`logto-cli sign-in --scope <scope>`, with `--resource <uri>` for one of an API.',
      },
    ],
    details: { ...answerDetails, scope: 'the scope that is missing', organization: 'the organization' },
    seeAlso: ['resource_unknown', 'organization_denied'],
  },
  resource_unknown: {
    meaning: 'The provider does not know this API resource, or it was not asked for at sign-in.',
    causes: [
      {
        cause: 'The sign-in did not ask for it.',
        tell: 'The message says so.',
        fix: '`logto-cli sign-in --resource <uri> --scope <scope>`: with every resource that you need, since the session is replaced.',
      },
      {
        cause: 'It is not the identifier to the letter: a slash at the end, `http:` for `https:`.',
        tell: 'Compare with the identifier that the provider has for the API.',
        fix: '`--resource <API identifier>`; the identifier itself cannot be changed, a new API can be made.',
        logto: `It is the API identifier of ${inConsole('API resources', 'your API')}.`,
      },
      {
        cause: 'With `--client-credentials`, nothing says what the token is for.',
        tell: 'The message says that the provider wants to know.',
        fix: '`logto-cli token --client-credentials --resource <uri>`, or `--organization <id>`.',
      },
      {
        cause: 'The API is in another tenant.',
        tell: '`logto-cli profile show` has another address than the pages that list the API.',
        fix: 'Make it there too.',
        logto: `In the tenant of that endpoint: ${inConsole('API resources', 'Create API resource')}.`,
      },
    ],
    details: {
      ...answerDetails,
      resource: 'the resource',
      resources: 'all that were asked for, where the provider does not say which is meant',
      asked: 'the resources that the sign-in asked for',
    },
    seeAlso: ['scope_not_allowed', 'organization_denied'],
  },
  organization_denied: {
    meaning:
      'The organization is unknown, or the user (with `--client-credentials` the application) is not in it; providers do not say which.',
    causes: [
      {
        cause: 'The user is not a member.',
        tell: '`logto-cli whoami` shows who is signed in, and the claim `organizations`; compare with the members at the provider.',
        fix: 'Add the user there, then run the command again.',
        logto: `They are in ${inConsole('Organizations', 'the organization', 'Members')}.`,
      },
      {
        cause: 'The ID is wrong, or it is the name.',
        tell: 'Compare with the ID at the provider.',
        fix: '`--organization <id>` with that ID.',
        logto: `It stands beside the name: ${inConsole('Organizations', 'the organization')}.`,
      },
      {
        cause: 'Somebody else is signed in than you think.',
        tell: '`logto-cli whoami` shows another user.',
        fix: '`--profile <name>` of the right one, or `logto-cli sign-in --prompt "login consent"`.',
      },
      {
        cause: 'With `--client-credentials`, the application is not in the organization.',
        tell: 'The provider does not list it among those of the organization.',
        fix: 'Add it there, with a role.',
        logto: `They are in ${inConsole('Organizations', 'the organization', 'Machine-to-machine apps')}.`,
      },
    ],
    details: { ...answerDetails, organization: 'the organization that was asked for' },
    seeAlso: ['scope_not_allowed', 'access_denied'],
  },
  device_flow_disabled: {
    meaning: 'The application or the provider does not allow the device flow.',
    causes: [
      {
        cause: 'Only an application that was made for the device flow may use it.',
        tell: 'The message says that the grant type `device_code` is not allowed for this client.',
        fix: 'Allow it for the application at the provider, or use one that has it: `--app-id <App ID>`.',
        logto: `Such a one is made by ${inConsole('Applications', 'Create application', 'Native app', 'Device flow')}.`,
      },
      {
        cause: 'The provider has no device flow.',
        tell: 'Its discovery document has no `device_authorization_endpoint`.',
        fix: 'Use the browser of another machine instead: `logto-cli sign-in --no-browser`, with the port forwarded by `ssh -L 3000:localhost:3000 <host>`.',
      },
    ],
    details: answerDetails,
    seeAlso: ['grant_type_not_allowed'],
  },
  token_request_rejected: {
    meaning:
      'The provider refused a request after the sign-in for a reason that has no code of its own; the message quotes it.',
    causes: [
      {
        cause: 'The request lacks what the provider demands of this application, or has too much.',
        tell: 'The message quotes what the provider says; `--trace` shows the request with its parameters.',
        fix: 'Change that setting of the application at the provider.',
      },
      {
        cause: 'The provider wants tokens bound to a key (DPoP, mTLS), which this program does not do.',
        tell: 'The message says `use_dpop_nonce` or `invalid_dpop_proof`, or speaks of a certificate.',
        fix: 'Turn that off for the application at the provider.',
      },
      {
        cause: 'With `--client-credentials`, the application may not have that token.',
        tell: 'The message says `access_denied` or `invalid_grant`.',
        fix: 'Give the application a role at the provider, or change the rule (policy) that denies it.',
        logto: `The roles are in ${onApplication('Roles')}; a rule may be the script of ${inConsole('Custom JWT')}.`,
      },
    ],
    details: answerDetails,
    seeAlso: ['session_expired', 'grant_type_not_allowed', 'token_response_invalid'],
  },
} satisfies Explanations;
