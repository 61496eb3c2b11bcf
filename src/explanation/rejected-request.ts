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
        tell: "Logto's Console (Applications > your application) shows the type.",
        fix: 'To sign in, use a Native, Single page or Traditional web application; for `--client-credentials` a Machine-to-machine one: `--app-id <App ID>`.',
      },
      {
        cause: 'The application was made for the device flow, and cannot use the browser here.',
        tell: 'It is Native, and its page in the Console says device flow.',
        fix: "Logto's Console (Applications > Create application > Native), with the authorization code flow.",
      },
      {
        cause:
          'At another provider, the application lacks the grant `authorization_code`, `refresh_token` or `client_credentials`.',
        tell: '`unauthorized_client` in the message: at sign-in it is the first, at `logto-cli token` the second, with `--client-credentials` the third.',
        fix: 'Allow it at the provider ("Standard flow", "Refresh token", "Service account"). Without refresh tokens: `logto-cli sign-in --no-default-scopes --scope profile`.',
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
        cause: 'It is a third-party application on Logto, and may not ask for that scope.',
        tell: "The message quotes the scope; Logto's Console (Applications > Third-party apps > the application > Permissions) lacks it.",
        fix: 'Add it there, or leave it out of `--scope`.',
      },
      {
        cause: 'The provider does not know the scope.',
        tell: 'It is not in `scopes_supported` of the discovery document, or misspelt. Logto ignores unknown ones, unless of third-party applications: the sign-in then warns "Not granted".',
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
        tell: "Compare with Logto's Console (API resources > your API > API identifier).",
        fix: '`--resource <API identifier>`; the identifier itself cannot be changed, a new API can be made.',
      },
      {
        cause: 'With `--client-credentials`, nothing says what the token is for.',
        tell: 'The message says that the provider wants to know.',
        fix: '`logto-cli token --client-credentials --resource <uri>`, or `--organization <id>`.',
      },
      {
        cause: 'The API is in another tenant.',
        tell: '`logto-cli profile show` has another endpoint than the Console that lists the API.',
        fix: 'Make it there too: the Console of that tenant (API resources > Create API resource).',
      },
    ],
    details: {
      ...answerDetails,
      resource: 'the resource',
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
        tell: "Logto's Console (Organizations > the organization > Members); `logto-cli whoami` shows who is signed in, and the claim `organizations`.",
        fix: 'Add the user there, then run the command again.',
      },
      {
        cause: 'The ID is wrong, or it is the name.',
        tell: "Logto's Console (Organizations > the organization) shows the ID beside the name.",
        fix: '`--organization <id>` with that ID.',
      },
      {
        cause: 'Somebody else is signed in than you think.',
        tell: '`logto-cli whoami` shows another user.',
        fix: '`--profile <name>` of the right one, or `logto-cli sign-in --prompt "login consent"`.',
      },
      {
        cause: 'With `--client-credentials`, the application is not in the organization.',
        tell: "Logto's Console (Organizations > the organization > Machine-to-machine) does not list it.",
        fix: 'Add it there, with a role.',
      },
    ],
    details: { ...answerDetails, organization: 'the organization that was asked for' },
    seeAlso: ['scope_not_allowed', 'access_denied'],
  },
  device_flow_disabled: {
    meaning: 'The application or the provider does not allow the device flow.',
    causes: [
      {
        cause: 'On Logto only a Native application that was made for the device flow may use it.',
        tell: 'The message says that the grant type `device_code` is not allowed for this client.',
        fix: "Logto's Console (Applications > Create application > Native, device flow), and `--app-id <App ID>` of that one.",
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
        fix: 'Give the application a role at the provider. On Logto: Console (Applications > your application > Roles).',
      },
    ],
    details: answerDetails,
    seeAlso: ['session_expired', 'grant_type_not_allowed', 'token_response_invalid'],
  },
} satisfies Explanations;
