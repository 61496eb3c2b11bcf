import { afterEach, describe, expect, it } from 'vitest';
import { LogtoError } from '../../src/errors.js';
import { createFetch } from '../../src/network/create-fetch.js';
import type { RefreshRequest } from '../../src/oidc/request.js';
import type { Answer, Lies } from '../support/lies.js';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.js';
import { createSigningKey, type Json, signJwt, unsignedJwt } from '../support/signed-jwt.js';
import { clientSecret, type Session, startSession } from './protocol-fixture.js';

let lying: LyingProvider;
afterEach(() => lying.close());

const resource = 'https://api.example.test';
const organization = 'org-1';
const now = () => Math.floor(Date.now() / 1000);

async function start(lies: Lies = {}, options: Parameters<typeof startSession>[1] = {}): Promise<Session> {
  lying = await startLyingProvider();
  const session = await startSession(lying, options);
  lying.lies = lies;
  return session;
}

describe('the ID token of a refresh is refused', () => {
  it.each<[string, string, Json]>([
    ['about another user', 'sub', { sub: 'bob' }],
    ['about nobody', 'sub', { sub: undefined }],
    ['for another application', 'aud', { aud: 'other' }],
    ['for another application too', 'aud', { aud: ['app', 'other'], azp: 'app' }],
    ['issued to another application', 'azp', { azp: 'other' }],
    ['with an authorized party that the first had not', 'azp', { azp: 'app' }],
    ['with another nonce', 'nonce', { nonce: 'other' }],
    ['with a nonce that is null', 'nonce', { nonce: null }],
    ['that has ended', 'exp', { iat: now() - 7200, exp: now() - 3600 }],
    ['from the future', 'iat', { iat: now() + 3600 }],
  ])('%s (%s)', async (_, reason, claims) => {
    const { refresh } = await start({ idToken: (_, honest) => ({ claims: { ...honest, ...claims } }) });
    await expect(refresh()).rejects.toMatchObject({ code: 'id_token_invalid', details: { reason } });
    expect(lying.requestsTo('jwks')).toHaveLength(0);
  });

  it.each<[string, string, () => Lies]>([
    ['signed by somebody else', 'signature', () => ({ idToken: (h, c) => forged(h, c) })],
    ['by a key that is not published', 'key', () => ({ idToken: () => ({ header: { kid: 'other' } }) })],
    ['without a signature', 'algorithm', () => ({ idToken: (_, c) => unsignedJwt({ alg: 'none' }, c) })],
    ['of garbage', 'malformed', () => ({ idToken: () => 'garbage' })],
  ])('%s (%s)', async (_, reason, lies) => {
    const { refresh } = await start(lies());
    await expect(refresh()).rejects.toMatchObject({ code: 'id_token_invalid', details: { reason } });
    expect(lying.requestsTo('token')).toHaveLength(1);
    expect(lying.requestsTo('jwks').length).toBeLessThanOrEqual(1);
  });

  it('of another issuer (issuer_mismatch)', async () => {
    const { refresh } = await start({
      idToken: (_, claims) => ({ claims: { ...claims, iss: 'https://other.test' } }),
    });
    await expect(refresh()).rejects.toMatchObject({
      code: 'issuer_mismatch',
      details: { found: 'https://other.test' },
    });
  });

  it('of the right issuer where the session is that of another', async () => {
    const { refresh } = await start();
    const idToken = lying.sign({}, lying.claims({ iss: 'https://other.test' }));
    await expect(refresh({ idToken })).rejects.toMatchObject({
      code: 'issuer_mismatch',
      details: { expected: 'https://other.test', found: lying.issuer },
    });
  });

  it('with a nonce, where the session has none to compare it with', async () => {
    const { refresh } = await start();
    const idToken = lying.sign({}, lying.claims());
    await expect(refresh({ idToken })).rejects.toMatchObject({ details: { reason: 'nonce' } });
  });

  it.each([7200, -7200])('for the clock, where that is what is wrong (%i s)', async (offset) => {
    let ahead = 0;
    const { refresh } = await start({}, { now: () => Date.now() + ahead * 1000 });
    ahead = offset;
    await expect(refresh()).rejects.toMatchObject({ code: 'clock_skew' });
  });

  it('for its time, where the provider does not tell its own', async () => {
    let ahead = 0;
    const { refresh } = await start(
      { headers: { token: { Date: '' } } },
      { now: () => Date.now() + ahead * 1000 },
    );
    ahead = 7200;
    await expect(refresh()).rejects.toMatchObject({ code: 'id_token_invalid', details: { reason: 'exp' } });
  });
});

describe('a session whose own ID token cannot be read', () => {
  it('is not refreshed', async () => {
    const { refresh } = await start();
    await expect(refresh({ idToken: 'garbage' })).rejects.toMatchObject({ code: 'id_token_invalid' });
    expect(lying.requests).toEqual([]);
  });
});

describe('a refresh whose keys cannot be reached', () => {
  const cases: readonly [what: string, code: string, jwks: Lies['answers']][] = [
    ['that are down', 'provider_error', { jwks: { status: 500 } }],
    ['that are asked for too often', 'provider_error', { jwks: { status: 429 } }],
    [
      'that redirect elsewhere',
      'provider_error',
      { jwks: { status: 302, headers: { Location: 'http://x.test/' } } },
    ],
    ['that never come', 'request_timeout', { jwks: () => 'handled' }],
    [
      'that hang up',
      'network_unreachable',
      {
        jwks: (_, response) => {
          response.destroy();
          return 'handled';
        },
      },
    ],
  ];

  it.each(cases)('%s is unchecked: %s, and its refresh token is kept', async (_, code, answers) => {
    const { refresh, tokens } = await start(
      { ...(answers && { answers }) },
      { fetch: await createFetch({ environment: {}, timeout: 1000 }) },
    );
    lying.keys = [createSigningKey('second')];
    const response = await refresh();
    expect(response).toEqual({
      refreshToken: expect.stringMatching(/^refresh-/),
      unchecked: expect.any(LogtoError),
      tokens: null,
    });
    expect(response.unchecked?.code).toBe(code);
    expect(response.refreshToken).not.toBe(tokens.refreshToken);
    expect(lying.issued).toContain(response.refreshToken);
    expect(lying.requests.map(({ step }) => step)).toEqual(['token', 'jwks']);

    lying.lies = {};
    await expect(refresh({ refreshToken: response.refreshToken ?? '' })).resolves.toMatchObject({
      unchecked: null,
    });
  });

  it('and that kept its refresh token says so', async () => {
    const { refresh } = await start({
      answers: { jwks: { status: 503 } },
      tokenResponse: (body) => ({ ...body, refresh_token: undefined }),
    });
    lying.keys = [createSigningKey('second')];
    expect(await refresh()).toMatchObject({ refreshToken: null, tokens: null });
  });

  it('is refused all the same for what needs no keys', async () => {
    const { refresh } = await start({
      answers: { jwks: { status: 503 } },
      idToken: (_, claims) => ({ claims: { ...claims, sub: 'bob' } }),
    });
    lying.keys = [createSigningKey('second')];
    await expect(refresh()).rejects.toMatchObject({ details: { reason: 'sub' } });
  });

  it('for being nonsense is refused', async () => {
    const { refresh } = await start({ answers: { jwks: { body: '<html>' } } });
    lying.keys = [createSigningKey('second')];
    await expect(refresh()).rejects.toMatchObject({ code: 'jwks_invalid' });
  });
});

describe('a refresh that the token endpoint refuses', () => {
  function logto(status: number, error: string, error_description: string): Answer {
    return { status, body: { code: `oidc.${error}`, message: 'Localised.', error, error_description } };
  }

  const cases: readonly [
    what: string,
    code: string,
    hint: string,
    answer: Answer,
    wanted?: Partial<RefreshRequest>,
    secret?: string,
  ][] = [
    [
      'for its refresh token',
      'session_expired',
      'logto-cli sign-in',
      logto(400, 'invalid_grant', 'grant request is invalid'),
    ],
    [
      'for the resource',
      'resource_unknown',
      `logto-cli sign-in --resource ${resource}`,
      logto(400, 'invalid_target', 'resource indicator is missing, or unknown'),
      { resource },
    ],
    ['for a resource nobody named', 'resource_unknown', '--resource', logto(400, 'invalid_target', 'x')],
    ['for a scope', 'scope_not_allowed', '--scope', logto(400, 'invalid_scope', 'x')],
    [
      'for the organization',
      'organization_denied',
      'Organizations',
      logto(403, 'access_denied', 'user is not a member of the organization'),
      { organization },
    ],
    [
      'for the scope of organizations',
      'scope_not_allowed',
      `logto-cli sign-in --organization ${organization}`,
      logto(403, 'insufficient_scope', 'x'),
      { organization },
    ],
    [
      'for an unknown application',
      'client_unknown',
      '--app-id',
      logto(400, 'invalid_client', 'invalid client app'),
    ],
    [
      'for a missing secret',
      'client_secret_missing',
      'LOGTO_APP_SECRET',
      logto(401, 'invalid_client', 'client authentication failed'),
    ],
    [
      'for an expired secret',
      'client_secret_invalid',
      'LOGTO_APP_SECRET',
      logto(400, 'invalid_request', 'client secret has expired'),
      {},
      clientSecret,
    ],
    ['by failing', 'provider_error', 'later', { status: 400, body: { error: 'server_error' } }],
    ['with 502', 'provider_error', 'later', { status: 502, body: '<html>' }],
    ['with 429', 'provider_error', '7 seconds', { status: 429, headers: { 'Retry-After': '7' } }],
    [
      'with a redirect',
      'provider_error',
      '--issuer',
      { status: 307, headers: { Location: 'http://x.test/token' } },
    ],
    [
      'with a redirect to its own address',
      'provider_error',
      'gateway',
      { status: 307, headers: { Location: '/token' } },
    ],
    ['with HTML', 'token_response_invalid', 'proxy', { status: 404, body: '<html>' }],
    [
      'to this user',
      'access_denied',
      "Logto's Console (Applications > your application > Rules)",
      logto(400, 'access_denied', 'Access denied.'),
    ],
    [
      'to this user, for an organization',
      'access_denied',
      'Custom JWT',
      logto(400, 'access_denied', 'Access denied.'),
      { organization },
    ],
    [
      'with something else',
      'token_request_rejected',
      'sign in',
      { status: 400, body: { error: 'interaction_required' } },
    ],
  ];

  it.each(cases)('%s is %s (%s)', async (_, code, hint, token, wanted = {}, secret = '') => {
    const { refresh } = await start({ answers: { token } }, { clientSecret: secret, namedBy: 'endpoint' });
    await expect(refresh(wanted)).rejects.toMatchObject({ code, hint: expect.stringContaining(hint) });
    expect(lying.requests.map(({ step }) => step)).toEqual(['token']);
  });

  it.each([
    [
      'that a stranger does not get, is grant_type_not_allowed',
      401,
      'grant_type_not_allowed',
      'type of the application',
    ],
    ['that everybody gets, is client_rejected', 400, 'client_rejected', '--app-id'],
  ])('for the grant type, by an error %s', async (_, status, code, hint) => {
    const error = (request: { readonly form: URLSearchParams }) => {
      const isOurs = request.form.get('client_id') === lying.clientId;
      return { status: isOurs ? 400 : status, body: { error: 'unauthorized_client' } };
    };
    const { refresh } = await start({ answers: { token: error } });
    await expect(refresh()).rejects.toMatchObject({ code, hint: expect.stringContaining(hint) });
    // The control knows neither the application nor the refresh token.
    const [real, control] = lying.requestsTo('token');
    expect(control?.form.get('grant_type')).toBe('refresh_token');
    expect(control?.form.get('client_id')).not.toBe(real?.form.get('client_id'));
    expect(control?.form.get('refresh_token')).not.toBe(real?.form.get('refresh_token'));
    expect(lying.requests).toHaveLength(2);
  });

  it('a second time, with the same refresh token, is session_expired', async () => {
    const { refresh } = await start();
    await refresh();
    await expect(refresh()).rejects.toMatchObject({ code: 'session_expired' });
  });

  it('repeats nothing that it was sent', async () => {
    const { refresh } = await start({
      answers: {
        token: ({ form }) => ({
          status: 400,
          body: { error: 'invalid_grant', error_description: `${form}` },
        }),
      },
    });
    await expect(refresh()).rejects.toMatchObject({ code: 'session_expired' });
  });

  it('by not answering is request_timeout', async () => {
    const { refresh } = await start(
      { answers: { token: () => 'handled' } },
      { fetch: await createFetch({ environment: {}, timeout: 1000 }) },
    );
    await expect(refresh()).rejects.toMatchObject({ code: 'request_timeout' });
  });
});

function forged(header: Json, claims: Json): string {
  return signJwt({ ...header, alg: 'ES256', kid: 'first' }, claims, createSigningKey('first'));
}
