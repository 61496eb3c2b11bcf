import type { CheckOutcome } from '../../src/check/run/check.js';
import type { Fault, FaultyAnswer, FaultyRequest, Step } from './faulty-provider.js';

/** The applications that faults are shown with. */
export type ApplicationName = 'native' | 'traditional' | 'web' | 'plain';

/** A fault, and what one check is to make of it. */
export interface SeededFault {
  readonly finds?: CheckOutcome;
  /** Default: the public one at the emulator. */
  readonly application?: ApplicationName;
  readonly fault: Fault;
}

type Json = Record<string, unknown>;
type When = (parameters: URLSearchParams, request: FaultyRequest) => boolean;

const always: When = () => true;
const has =
  (name: string, value: string | null): When =>
  (sent) =>
    sent.get(name) === value;
const twice =
  (name: string): When =>
  (sent) =>
    sent.getAll(name).length > 1;
const redirect =
  (is: (uri: URL) => boolean): When =>
  (sent) =>
    sent.getAll('redirect_uri').length === 1 && is(new URL(String(sent.get('redirect_uri'))));

/** Answers that are changed where the request is like that. */
function at(
  step: Step,
  when: When,
  change: (honest: FaultyAnswer, sent: URLSearchParams) => FaultyAnswer,
): Fault {
  return (request, honest) =>
    request.step === step && when(request.parameters, request) ? change(honest, request.parameters) : honest;
}

function json(status: number, body: Json): (honest: FaultyAnswer) => FaultyAnswer {
  return ({ headers }) => ({
    status,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

const document = (change: (document: Json) => Json): Fault =>
  at('discovery', always, (honest) => ({ ...honest, body: JSON.stringify(change(JSON.parse(honest.body))) }));

const keySet = (change: (keys: Json[]) => Json[]): Fault =>
  at('keys', always, (honest) => ({
    ...honest,
    body: JSON.stringify({ keys: change(JSON.parse(honest.body).keys) }),
  }));

function headers(changes: Record<string, string | undefined>): (honest: FaultyAnswer) => FaultyAnswer {
  return (honest) => {
    const kept = Object.entries({ ...honest.headers, ...changes }).filter(([, value]) => value !== undefined);
    return { ...honest, headers: Object.fromEntries(kept) as Record<string, string> };
  };
}

/** Where a browser is sent instead. */
function location(change: (location: URL) => void): (honest: FaultyAnswer) => FaultyAnswer {
  return (honest) => {
    const url = new URL(String(honest.headers['location']));
    change(url);
    return { ...honest, headers: { ...honest.headers, location: url.href } };
  };
}

/** The browser comes back from a request as from a sound one. */
const accepted =
  (error = 'login_required') =>
  (honest: FaultyAnswer, sent: URLSearchParams): FaultyAnswer => {
    const url = new URL(sent.getAll('redirect_uri').at(-1) ?? 'https://app.example.test/callback');
    url.searchParams.set('error', error);
    url.searchParams.set('state', sent.get('state') ?? '');
    return { ...honest, status: 303, headers: { location: url.href } };
  };

const accepts = (when: When): Fault => at('authorization', when, accepted());
const begins = (when: When): Fault =>
  at('authorization', when, (honest) => ({ ...honest, status: 303, headers: { location: '/sign-in' } }));
const token = (when: When, error: string): Fault => at('token', when, json(400, { error }));
const tokens = json(200, { access_token: 'x', token_type: 'Bearer' });
const isCode: When = (sent, { method }) =>
  sent.get('grant_type') === 'authorization_code' && method === 'POST';
const both =
  (...conditions: readonly When[]): When =>
  (sent, request) =>
    conditions.every((when) => when(sent, request));
const nobody: When = (sent, request) => !sent.has('client_id') && request.headers.authorization === undefined;
const rightSecret = `Basic ${Buffer.from('emulator-traditional:emulator-only-app-secret').toString('base64')}`;
const isWrongSecret: When = (_, { headers: { authorization } }) =>
  authorization !== undefined && authorization !== rightSecret;
const readable = {
  'access-control-allow-origin': 'https://logto-cli-test.example',
  'access-control-allow-credentials': 'true',
};
const fromElsewhere: When = (_, request) => request.headers.origin !== undefined;
const elsewhere = 'https://logto-cli-test.example/signed-out';

/** For each check a provider with a fault that this check, and no other, finds. */
export const seededFaults: Readonly<Record<string, SeededFault>> = {
  'discovery.document': { fault: at('discovery', always, (honest) => ({ ...honest, body: '<html>' })) },
  'discovery.issuer': { fault: document((is) => ({ ...is, issuer: 'https://other.example.test' })) },
  'discovery.endpoints': {
    fault: document((is) => ({ ...is, token_endpoint: 'http://other.example.test/token' })),
  },
  'discovery.required': { fault: document((is) => ({ ...is, subject_types_supported: undefined })) },
  'discovery.code-flow': { fault: document((is) => ({ ...is, response_types_supported: ['id_token'] })) },
  'discovery.id-token-algorithms': {
    fault: document((is) => ({ ...is, id_token_signing_alg_values_supported: ['HS256'] })),
  },
  'discovery.pkce': { fault: document((is) => ({ ...is, code_challenge_methods_supported: ['plain'] })) },
  'discovery.response-issuer': {
    finds: 'warning',
    fault: document((is) => ({ ...is, authorization_response_iss_parameter_supported: undefined })),
  },
  'keys.document': { fault: at('keys', always, json(200, { keys: 'none' })) },
  'keys.public': { fault: keySet(([key]) => [{ ...key, d: 'AAAA' }]) },
  'keys.ids': { fault: keySet(([key]) => [{ ...key }, { ...key }]) },
  'keys.strength': { fault: keySet(([key]) => [{ ...key, x: 'AAAA' }]) },
  'keys.algorithms': { fault: keySet(([key]) => [{ ...key, alg: 'ES256' }]) },
  'authorization.request': {
    fault: at('authorization', always, (honest) => ({
      ...honest,
      status: 303,
      headers: { location: 'http://localhost:3000/callback?code=for-nobody' },
    })),
  },
  'authorization.state': {
    fault: (request, honest) =>
      request.step === 'authorization' && honest.headers['location']?.includes('state=')
        ? location((url) =>
            url.searchParams.set('state', String(url.searchParams.get('state')).split(' ')[0] ?? ''),
          )(honest)
        : honest,
  },
  'authorization.issuer': {
    fault: (request, honest) =>
      request.step === 'authorization' && honest.headers['location']?.includes('iss=')
        ? location((url) => url.searchParams.set('iss', 'https://other.example.test'))(honest)
        : honest,
  },
  'authorization.response-mode': {
    fault: at('authorization', has('prompt', 'none'), (honest) => ({
      ...honest,
      ...(honest.headers['location'] && {
        headers: { ...honest.headers, location: honest.headers['location'].replace('?', '#') },
      }),
    })),
  },
  'authorization.post': {
    finds: 'warning',
    fault: at('authorization', (_, { method }) => method === 'POST', json(404, { error: 'invalid_request' })),
  },
  'application.unknown': {
    fault: at('authorization', has('client_id', 'emulator-native-unknown'), accepted('unauthorized_client')),
  },
  'redirect-uri.path': { fault: accepts(redirect(({ pathname }) => pathname === '/logto-cli-test')) },
  'redirect-uri.path-below': {
    fault: accepts(redirect(({ pathname }) => pathname === '/callback/logto-cli-test')),
  },
  'redirect-uri.trailing-slash': { fault: accepts(redirect(({ pathname }) => pathname === '/callback/')) },
  'redirect-uri.case': { fault: accepts(redirect(({ pathname }) => pathname === '/CALLBACK')) },
  'redirect-uri.query': { fault: accepts(redirect(({ search }) => search !== '')) },
  'redirect-uri.fragment': { fault: accepts(redirect(({ hash }) => hash !== '')) },
  'redirect-uri.host': {
    fault: accepts(
      redirect(({ hostname, username }) => hostname === 'logto-cli-test.example' && username === ''),
    ),
  },
  'redirect-uri.host-suffix': {
    fault: accepts(redirect(({ hostname }) => hostname === 'localhost.logto-cli-test.example')),
  },
  // Even an error must not be told there.
  'redirect-uri.userinfo': {
    fault: at(
      'authorization',
      redirect(({ username }) => username === 'localhost'),
      accepted('invalid_request'),
    ),
  },
  'redirect-uri.scheme': { fault: accepts(redirect(({ protocol }) => protocol === 'https:')) },
  'redirect-uri.port': { application: 'web', fault: accepts(redirect(({ port }) => port !== '')) },
  'redirect-uri.dot-segments': {
    application: 'plain',
    finds: 'warning',
    fault: accepts((sent) => String(sent.get('redirect_uri')).includes('/..')),
  },
  'redirect-uri.missing': { application: 'web', finds: 'warning', fault: accepts(has('redirect_uri', null)) },
  'redirect-uri.twice': { fault: accepts(twice('redirect_uri')) },
  'prompt.none-and-login': { fault: begins(has('prompt', 'none login')) },
  'prompt.unknown': { finds: 'warning', fault: begins(has('prompt', 'logto-cli-test')) },
  'response-type.missing': { fault: accepts(has('response_type', null)) },
  'response-type.unknown': { fault: accepts(has('response_type', 'logto-cli-test')) },
  'response-type.token': { finds: 'warning', fault: accepts(has('response_type', 'token')) },
  'response-type.id-token': { finds: 'warning', fault: accepts(has('response_type', 'id_token')) },
  'response-type.code-id-token': { finds: 'warning', fault: accepts(has('response_type', 'code id_token')) },
  'pkce.required': { fault: accepts(has('code_challenge', null)) },
  'pkce.plain': { fault: accepts(has('code_challenge_method', 'plain')) },
  'pkce.no-method': {
    fault: accepts((sent) => sent.has('code_challenge') && !sent.has('code_challenge_method')),
  },
  'pkce.unknown-method': { fault: accepts(has('code_challenge_method', 'S1')) },
  'pkce.short-challenge': { finds: 'warning', fault: accepts(has('code_challenge', 'too-tiny')) },
  'duplicate.state': { fault: accepts(twice('state')) },
  'duplicate.client-id': { fault: accepts(twice('client_id')) },
  'duplicate.response-type': { fault: accepts(twice('response_type')) },
  'request-object.unsigned': { fault: accepts((sent) => sent.has('request')) },
  'request-object.elsewhere': {
    fault: accepts((sent) => String(sent.get('request_uri')).startsWith('https://')),
  },
  'client.authentication': { fault: token(always, 'invalid_client') },
  'client.unknown': {
    fault: at(
      'token',
      both(isCode, (sent) => sent.get('client_id') !== 'emulator-native'),
      tokens,
    ),
  },
  'client.wrong-secret': { application: 'traditional', fault: token(isWrongSecret, 'invalid_grant') },
  'client.no-secret': {
    application: 'traditional',
    fault: token(both(isCode, has('client_id', 'emulator-traditional')), 'invalid_grant'),
  },
  'client.challenge': {
    application: 'traditional',
    finds: 'warning',
    fault: at('token', isWrongSecret, headers({ 'www-authenticate': undefined })),
  },
  'token.code': {
    fault: at(
      'token',
      both(isCode, has('client_id', 'emulator-native'), (sent) => sent.getAll('code').length === 1),
      tokens,
    ),
  },
  'token.refresh-token': { fault: at('token', has('grant_type', 'refresh_token'), tokens) },
  'token.device-code': { fault: at('token', (sent) => sent.has('device_code'), tokens) },
  'token.password': { fault: at('token', has('grant_type', 'password'), tokens) },
  'token.unknown-grant': { fault: at('token', has('grant_type', 'logto-cli-test'), tokens) },
  'token.no-grant': { fault: at('token', has('grant_type', null), json(200, {})) },
  'token.duplicate': { fault: at('token', both(isCode, twice('code')), tokens) },
  'token.method': { fault: token((_, { method }) => method === 'GET', 'invalid_grant') },
  'token.content-type': { fault: at('token', isCode, headers({ 'content-type': 'text/html' })) },
  'token.no-store': {
    finds: 'warning',
    fault: at('token', always, headers({ 'cache-control': 'max-age=60' })),
  },
  'userinfo.no-token': {
    fault: at(
      'userinfo',
      (_, request) => request.headers.authorization === undefined,
      json(200, { sub: 'x' }),
    ),
  },
  'userinfo.made-up-token': {
    fault: at(
      'userinfo',
      (_, request) => request.headers.authorization !== undefined,
      json(200, { sub: 'x' }),
    ),
  },
  'introspection.anonymous': { fault: at('introspection', nobody, json(200, { active: false })) },
  'introspection.made-up-token': {
    fault: at('introspection', (sent) => sent.has('client_id'), json(200, { active: true })),
  },
  'revocation.anonymous': { fault: at('revocation', nobody, json(200, {})) },
  'revocation.unknown-token': {
    fault: at('revocation', (sent) => sent.has('client_id'), json(400, { error: 'invalid_request' })),
  },
  'device.anonymous': { fault: at('device', nobody, json(200, { device_code: 'x' })) },
  'par.request': { fault: at('par', always, json(400, { error: 'invalid_request' })) },
  'par.redirect-uri': {
    fault: at(
      'par',
      redirect(({ hostname }) => hostname !== 'localhost'),
      json(201, { request_uri: 'urn:x' }),
    ),
  },
  'par.request-uri': {
    fault: at('par', (sent) => sent.has('request_uri'), json(201, { request_uri: 'urn:x' })),
  },
  'par.client': {
    application: 'traditional',
    fault: at(
      'par',
      (_, request) => request.headers.authorization === undefined,
      json(201, { request_uri: 'urn:x' }),
    ),
  },
  'end-session.redirect-uri': {
    fault: at('end-session', always, (honest) => ({
      ...honest,
      status: 303,
      headers: { location: elsewhere },
    })),
  },
  'cors.token-endpoint': { fault: at('token', fromElsewhere, headers(readable)) },
  'cors.authorization-endpoint': { fault: at('authorization', fromElsewhere, headers(readable)) },
};
