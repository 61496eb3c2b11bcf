/**
 * What names mean, and whether their values may be seen. A value is shown only where its name stands under `shown`: a
 * name that is in neither list is redacted.
 */
export interface Meanings {
  readonly shown: Readonly<Record<string, string>>;
  /** Secrets: the kind that is shown in the place of the value, and what it means. */
  readonly hidden: Redactions;
  /** What is nobody's business, and no secret: its value may stand elsewhere too. */
  readonly personal: Redactions;
}

type Redactions = Readonly<Record<string, readonly [kind: string, meaning: string]>>;

const accessToken = ['access token', 'opens the API or UserInfo to whoever has it'] as const;
const refreshToken = [
  'refresh token',
  'gets new tokens without the person; may change with each use',
] as const;
const idToken = ['ID token', 'says who signed in, signed by the provider'] as const;
const code = ['authorization code', 'stands for the sign-in; works once, for about a minute'] as const;
const state = ['state', 'ties the response to its request; must come back unchanged'] as const;

/** Parameters of requests and of messages through the browser. */
export const parameterMeanings: Meanings = {
  shown: {
    client_id: 'the application',
    redirect_uri: 'where the browser is sent back; registered, to the letter',
    post_logout_redirect_uri: 'where the browser is sent after the sign-out; registered',
    response_type: 'what comes back: a code',
    response_mode: 'how it comes back: query, fragment or form_post',
    scope: 'what is asked for: openid for an ID token, offline_access for a refresh token…',
    resource: 'the API that the access token is for (RFC 8707)',
    audience: 'the API that the access token is for, at some providers',
    organization_id: 'the organization that the access token is for',
    prompt: 'what the provider must do: consent, login, none (no page at all)…',
    code_challenge: 'the hash of the code verifier (PKCE, RFC 7636)',
    code_challenge_method: 'how the code challenge was made',
    grant_type: 'what is given for the tokens',
    token_type_hint: 'what kind of token it is',
    subject_token_type: 'what kind of token is exchanged (RFC 8693)',
    actor_token_type: 'what kind of token the actor has',
    requested_token_type: 'what kind of token is wanted for it',
    max_age: 'seconds since the last sign-in at most',
    acr_values: 'how strongly to authenticate',
    ui_locales: 'languages of the pages',
    display: 'the kind of page',
    first_screen: 'the first page to show',
    interaction_mode: 'the first page to show, the old way',
    identifier: 'what to ask for on the first page',
    direct_sign_in: 'the connector to go to at once',
    client_assertion_type: 'how the application proves who it is',
    iss: 'which provider the response is from (RFC 9207)',
    error: 'why it was refused',
    error_description: "the provider's words for that",
    error_uri: "the provider's page about that",
  },
  hidden: {
    code,
    state,
    access_token: accessToken,
    refresh_token: refreshToken,
    id_token: idToken,
    id_token_hint: ['ID token', 'whose session is meant'],
    token: ['token', 'the token that is meant'],
    subject_token: ['subject token', 'stands for the user whom the new token is to be of'],
    actor_token: ['actor token', 'stands for whoever acts for that user'],
    nonce: ['nonce', 'ties the ID token to the request; must be in it'],
    code_verifier: ['code verifier', 'proves that the code was asked for here (PKCE)'],
    client_secret: ['client secret', 'proves who the application is'],
    client_assertion: ['client assertion', 'proves who the application is'],
    password: ['password', 'proves who signs in'],
    one_time_token: ['one-time token', 'signs in who got it by mail'],
    request_uri: ['request URI', 'stands for the request that was pushed before (RFC 9126)'],
    request: ['request object', 'the request as a JWT'],
    device_code: ['device code', 'stands for the sign-in on another device'],
    user_code: ['user code', 'what the person types on the other device'],
    session_state: ['session state', "stands for the provider's session"],
  },
  personal: {
    username: ['user name', 'who signs in'],
    login_hint: ['login hint', 'who will sign in, to be filled in'],
    logout_hint: ['logout hint', 'who signs out'],
  },
};

/** Fields of JSON that is sent: none is shown. */
export const bodyMeanings: Meanings = { ...parameterMeanings, shown: {} };

/** Fields of JSON that a provider answers with. */
export const answerMeanings: Meanings = {
  shown: {
    token_type: 'how the access token is used',
    issued_token_type: 'what kind of token came of the exchange',
    expires_in: 'seconds that the access token lives',
    scope: 'what was granted',
    iss: 'which provider answers',
    interval: 'seconds to wait between two polls',
    verification_uri: 'where the person types the user code',
    error: 'why it was refused (RFC 6749, 5.2)',
    error_description: "the provider's words for that",
    error_uri: "the provider's page about that",
    message: "the provider's words for that",
    // What others have in the place of these.
    errorCode: "the provider's own name for the error",
    errorSummary: "the provider's words for that",
    error_code: "the provider's own name for the error",
    error_message: "the provider's words for that",
    errorMessage: "the provider's words for that",
    detail: "the provider's words for that",
    title: "the provider's words for that",
    'error.code': "the provider's own name for the error",
    'error.type': "the provider's own name for the error",
    'error.status': "the provider's own name for the error",
    'error.message': "the provider's words for that",
    'error.error_description': "the provider's words for that",
  },
  hidden: {
    ...parameterMeanings.hidden,
    request_uri: ['request URI', 'stands for the pushed request; goes through the browser in its place'],
  },
  personal: {
    verification_uri_complete: ['address', 'the same address with the user code in it'],
  },
};

/** Fields of a discovery document that this program uses. The others are counted. */
export const discoveryMeanings: Meanings = {
  shown: {
    issuer: "the provider's name; equal to what was expected, or not trusted",
    authorization_endpoint: 'where the browser is sent to sign in',
    token_endpoint: 'where codes and refresh tokens become tokens',
    jwks_uri: 'the keys that its signatures are verified with',
    userinfo_endpoint: 'more about the person, for an access token',
    revocation_endpoint: 'where a token is ended (RFC 7009)',
    end_session_endpoint: 'where the browser is sent to sign out',
    device_authorization_endpoint: 'the start of a sign-in on another device (RFC 8628)',
    pushed_authorization_request_endpoint: 'where requests are pushed (RFC 9126)',
    require_pushed_authorization_requests: 'whether they must be pushed',
    authorization_response_iss_parameter_supported: 'whether iss is in every response (RFC 9207)',
    scopes_supported: 'scopes that it knows',
    grant_types_supported: 'what it gives tokens for',
    response_types_supported: 'what it sends back through the browser',
    prompt_values_supported: 'prompts that it knows',
    code_challenge_methods_supported: 'kinds of PKCE; S256 is the one to have',
    token_endpoint_auth_methods_supported: 'how applications may prove who they are',
    id_token_signing_alg_values_supported: 'how its ID tokens may be signed',
    userinfo_signing_alg_values_supported: 'how its UserInfo may be signed',
  },
  hidden: {},
  personal: {},
};

/** Claims and header fields of a JWT, and claims of UserInfo. A person's own data is redacted. */
export const claimMeanings: Meanings = {
  shown: {
    alg: 'how it is signed',
    kid: 'the key that it is signed with',
    typ: 'what kind of JWT it is',
    iss: 'who issued it',
    sub: 'who signed in: the one name that never changes',
    aud: 'who it is for',
    azp: 'the application that it was issued to',
    client_id: 'the application that it was issued to',
    exp: 'when it ends',
    iat: 'when it was issued',
    nbf: 'when it begins',
    auth_time: 'when the person signed in',
    acr: 'how strongly the person authenticated',
    amr: 'by what means',
    scope: 'what it allows',
  },
  hidden: {
    nonce: ['nonce', 'the one of the request'],
    at_hash: ['hash', 'ties the ID token to the access token'],
    c_hash: ['hash', 'ties the ID token to the code'],
    s_hash: ['hash', 'ties the ID token to the state'],
    jti: ['token ID', 'the name of this very token'],
    sid: ['session ID', "the provider's session"],
  },
  personal: {},
};

/** Headers, in lower case. Those in neither list are left out. */
export const headerMeanings: Meanings = {
  shown: {
    'content-type': 'the form of the body',
    'cache-control': 'whether it may be kept; no-store for tokens (RFC 6749, 5.1)',
    'retry-after': 'when to ask again (RFC 9110, 10.2.3)',
  },
  hidden: {
    authorization: ['credentials', 'who asks, and the proof'],
    cookie: ['cookies', 'sent by us: never'],
    'set-cookie': ['cookie', "the provider's own; we keep none"],
    'dpop-nonce': ['nonce', 'for a proof of possession (RFC 9449)'],
  },
  personal: {},
};
