import { strangersHost } from '../../src/oidc/probe/authorization-control.js';
import type { Answer, Answering, Lies } from '../support/lies.js';
import type { Json } from '../support/signed-jwt.js';
import { before, type Fault, later, works } from './fault.js';
import { fromKnownClients, lie, type Setup } from './sound-setup.js';

/** The one that the lying provider knows. */
const application = 'app';
const page = (text: string) => `<!doctype html><title>Welcome</title><p>${text}`;
const html: Answer = { headers: { 'Content-Type': 'text/html' }, body: page('Hello.') };
const cutOff: Answering = (_request, response) => {
  response.destroy();
  return 'handled';
};

/** Sends the browser back with an error: what nobody being signed in cannot explain. */
function sentBack(error: string, description: string): Answering {
  return ({ url: { searchParams } }) => {
    const state = searchParams.get('state') ?? '';
    const parameters = new URLSearchParams({ error, error_description: description, state });
    return { status: 303, headers: { Location: `${searchParams.get('redirect_uri')}?${parameters}` } };
  };
}

/** As a provider does that looks first who asks, and for which address: others are refused for that. */
function toItsClient(answer: Answer | Answering): Answering {
  return (request, response) => {
    const { searchParams } = request.url;
    const isForeign = searchParams.get('redirect_uri')?.includes(strangersHost);
    if (isForeign || searchParams.get('client_id') !== application) return 'honest';
    return typeof answer === 'function' ? answer(request, response) : answer;
  };
}

function lying(
  name: string,
  lies: Lies,
  doctor: Fault['doctor'],
  signIn: string,
  also: (setup: Setup) => void = () => {},
): Fault {
  const inject = (setup: Setup) => {
    lie(setup, lies);
    also(setup);
  };
  return { name, at: 'liar', inject, doctor, signIn };
}

const discovered = (change: (document: Json) => Json): Lies => ({ discovery: change });
const lacks = (name: string) => discovered(({ [name]: _, ...rest }) => rest);
const impatient = ({ signInFlags }: Setup) => {
  signInFlags['--timeout'] = '1';
};

const noDiscovery = { 'provider.discovery': 'failed discovery_invalid' };
const badDiscovery = before('discovery_invalid', 6);
const badKeys = { 'provider.keys': 'failed jwks_invalid' };

/** The provider itself does not do as it should. */
export const providerFaults: readonly Fault[] = [
  lying('discovery is an HTML page', { answers: { discovery: html } }, noDiscovery, badDiscovery),
  lying(
    'discovery is cut off',
    { answers: { discovery: { body: '{"issuer":"htt' } } },
    noDiscovery,
    badDiscovery,
  ),
  lying(
    'discovery is not found',
    { answers: { discovery: { status: 404, body: 'no' } } },
    noDiscovery,
    badDiscovery,
  ),
  lying('discovery lacks an endpoint', lacks('token_endpoint'), noDiscovery, badDiscovery),
  lying(
    'discovery names an endpoint that is not safe',
    discovered((document) => ({ ...document, token_endpoint: 'http://login.example.com/token' })),
    noDiscovery,
    badDiscovery,
  ),
  lying(
    'discovery has no end',
    { answers: { discovery: { body: `{"issuer":"${'x'.repeat(1_200_000)}"}` } } },
    noDiscovery,
    badDiscovery,
  ),
  lying(
    'discovery is moved to another host',
    { answers: { discovery: { status: 302, headers: { Location: 'https://login.example.com/' } } } },
    { 'provider.discovery': 'failed provider_error' },
    before('provider_error', 7),
  ),
  lying(
    'the provider fails (500)',
    { answers: { discovery: { status: 500 } } },
    { 'provider.discovery': 'failed provider_error' },
    before('provider_error', 7),
  ),
  lying(
    'the provider is asked too often (429)',
    { answers: { discovery: { status: 429, headers: { 'Retry-After': '7' } } } },
    { 'provider.discovery': 'incomplete provider_error' },
    before('provider_error', 7),
  ),
  lying(
    'the provider breaks the connection',
    { answers: { discovery: cutOff } },
    { 'provider.reachable': 'failed network_unreachable' },
    before('network_unreachable', 7),
  ),
  // Keys may be on their way: a sign-in says that none fits its token.
  lying('the key set is empty', { jwks: () => ({ keys: [] }) }, badKeys, later('id_token_invalid', 6)),
  lying('the key set is an HTML page', { answers: { jwks: html } }, badKeys, later('jwks_invalid', 6)),
  lying(
    'the keys are of another algorithm',
    discovered((document) => ({ ...document, id_token_signing_alg_values_supported: ['RS256'] })),
    badKeys,
    later('id_token_invalid', 6),
  ),
  lying(
    'the key set cannot be reached',
    { answers: { jwks: cutOff } },
    { 'provider.keys': 'failed network_unreachable' },
    later('network_unreachable', 7),
  ),
  lying(
    'the key set fails (503)',
    { answers: { jwks: { status: 503 } } },
    { 'provider.keys': 'failed provider_error' },
    later('provider_error', 7),
  ),
  lying(
    'there is no end session',
    lacks('end_session_endpoint'),
    { 'provider.end-session': 'warning' },
    works,
  ),
  lying(
    'UserInfo is at another site',
    discovered((document) => ({ ...document, userinfo_endpoint: 'https://elsewhere.invalid/userinfo' })),
    { 'provider.sites': 'warning' },
    works,
  ),
  lying('there is no revocation', lacks('revocation_endpoint'), { 'provider.revocation': 'warning' }, works),
  lying(
    'there is no refresh',
    {
      ...discovered((document) => ({ ...document, grant_types_supported: ['authorization_code'] })),
      answers: {
        token: (request, response) =>
          request.form.get('grant_type') === 'refresh_token'
            ? { status: 400, body: { error: 'unsupported_grant_type' } }
            : fromKnownClients(request, response),
      },
    },
    { 'provider.refresh': 'warning' },
    works,
  ),
  lying(
    'there is no S256',
    discovered((document) => ({ ...document, code_challenge_methods_supported: ['plain'] })),
    { 'provider.pkce': 'warning' },
    works,
  ),
  lying(
    'answers do not name their issuer',
    {
      ...lacks('authorization_response_iss_parameter_supported'),
      authorizationResponse: (parameters) => parameters.delete('iss'),
    },
    { 'provider.response-issuer': 'warning' },
    works,
  ),
  lying(
    'PKCE is refused',
    {
      answers: {
        authorize: toItsClient(sentBack('invalid_request', 'code_challenge_method S256 is not supported')),
      },
    },
    { 'application.authorization-request': 'failed authorization_error' },
    before('authorization_error', 5),
  ),
  lying(
    'the code flow is refused',
    {
      answers: {
        authorize: toItsClient(
          sentBack('unauthorized_client', 'response_type is not allowed for this client'),
        ),
      },
    },
    { 'application.authorization-request': 'failed grant_type_not_allowed' },
    before('grant_type_not_allowed', 9),
  ),
  lying(
    'a scope is refused',
    {
      answers: {
        authorize: (request, response) =>
          request.url.searchParams.get('scope')?.includes('payments')
            ? sentBack('invalid_scope', 'requested scope is not allowed')(request, response)
            : 'honest',
      },
    },
    { 'application.scopes': 'failed scope_not_allowed' },
    before('scope_not_allowed', 9),
    ({ flags }) => {
      flags['--scope'] = 'payments';
    },
  ),
  lying(
    'the secret has expired',
    {
      answers: {
        token: {
          status: 400,
          body: {
            code: 'oidc.invalid_request',
            error: 'invalid_request',
            error_description: 'client secret has expired',
          },
        },
      },
    },
    { 'application.secret': 'failed client_secret_invalid' },
    before('client_secret_invalid', 9),
    ({ environment }) => {
      environment['LOGTO_APP_SECRET'] = 'a-secret-of-last-year';
    },
  ),
  lying(
    'the redirect URI is refused on a page (redirect_uri_mismatch)',
    {
      answers: {
        authorize: toItsClient({ ...html, status: 400, body: page('Error 400: redirect_uri_mismatch') }),
      },
    },
    { 'application.redirect-uri': 'failed redirect_uri_not_registered' },
    before('redirect_uri_not_registered', 9),
  ),
  lying(
    'the redirect URI is refused on a page without a code, as Keycloak does it',
    {
      answers: {
        authorize: toItsClient({ ...html, status: 400, body: page('Invalid parameter: redirect_uri') }),
      },
    },
    { 'application.redirect-uri': 'failed redirect_uri_not_registered' },
    before('redirect_uri_not_registered', 9),
  ),
  lying(
    'the application is unknown to a provider like Keycloak',
    {
      answers: {
        authorize: { ...html, status: 400, body: page('Client not found.') },
        token: { status: 401, body: { error: 'invalid_client', error_description: 'Invalid client' } },
      },
    },
    { 'application.exists': 'failed client_unknown' },
    before('client_unknown', 9),
  ),
  lying(
    'the secret is wrong for a provider like Keycloak',
    {
      answers: {
        token: {
          status: 401,
          body: {
            error: 'unauthorized_client',
            error_description: 'Invalid client or Invalid client credentials',
          },
        },
      },
    },
    { 'application.secret': 'failed client_rejected' },
    before('client_rejected', 9),
    ({ environment }) => {
      environment['LOGTO_APP_SECRET'] = 'not-the-secret';
    },
  ),
  lying(
    'the token endpoint is an HTML page',
    { answers: { token: html } },
    { 'application.type': 'incomplete' },
    later('token_response_invalid', 6),
  ),
  lying(
    'the token endpoint fails (500)',
    { answers: { token: { status: 500 } } },
    { 'application.type': 'failed provider_error' },
    later('provider_error', 7),
  ),
  lying(
    'the authorization endpoint fails (500)',
    { answers: { authorize: { status: 500 } } },
    { 'application.redirect-uri': 'failed provider_error' },
    later('sign_in_timeout', 124),
    impatient,
  ),
  lying(
    'the revocation endpoint is asked too often (429)',
    { answers: { revoke: { status: 429, headers: { 'Retry-After': '7' } } } },
    { 'provider.revocation': 'incomplete provider_error' },
    works,
  ),
  lying(
    'everything is a page',
    {
      answers: {
        authorize: html,
        token: html,
        revoke: html,
        'end-session': html,
        par: html,
        elsewhere: html,
      },
    },
    { 'application.exists': 'incomplete' },
    later('sign_in_timeout', 124),
    impatient,
  ),
];
