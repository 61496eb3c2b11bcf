import { afterEach, describe, expect, it } from 'vitest';
import type { Answer, Answering, Lies } from '../support/lies.js';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.js';
import { clientSecret, connect, guarded, prepare, signIn } from './protocol-fixture.js';

let lying: LyingProvider;
afterEach(() => lying.close());

async function outcomeOf(answer: Answer | Answering, secret?: string) {
  lying = await startLyingProvider({ answers: { token: answer } });
  return signIn(lying, secret === undefined ? {} : { clientSecret: secret });
}

function logto(status: number, error: string, error_description: string): Answer {
  return {
    status,
    body: { code: `oidc.${error}`, message: 'Localised.', error, error_description },
  };
}

describe('a token response', () => {
  const cases: readonly [what: string, change: (body: Record<string, unknown>) => Record<string, unknown>][] =
    [
      ['without an access token', (body) => ({ ...body, access_token: undefined })],
      ['with an empty access token', (body) => ({ ...body, access_token: '' })],
      ['with an access token that is no text', (body) => ({ ...body, access_token: 1 })],
      ['without a token type', (body) => ({ ...body, token_type: undefined })],
      ['with another token type', (body) => ({ ...body, token_type: 'DPoP' })],
      ['that expired before it was issued', (body) => ({ ...body, expires_in: -1 })],
      ['with a lifetime that is text', (body) => ({ ...body, expires_in: 'soon' })],
      ['with a lifetime that is a list', (body) => ({ ...body, expires_in: [3600] })],
      ['with a scope that is a list of lists', (body) => ({ ...body, scope: [['openid']] })],
      ['with a refresh token that is an object', (body) => ({ ...body, refresh_token: {} })],
      ['with an ID token that is a number', (body) => ({ ...body, id_token: 1 })],
    ];

  it.each(cases)('%s is token_response_invalid', async (_, change) => {
    lying = await startLyingProvider({ tokenResponse: change });
    await expect(signIn(lying)).rejects.toMatchObject({ code: 'token_response_invalid' });
    expect(lying.requestsTo('jwks')).toHaveLength(0);
  });

  it.each([
    ['HTML', { body: '<!doctype html><p>Sign in to the Wi-Fi' }, 'an HTML page'],
    ['HTML that begins with its title', { body: '\n<title>Sign in to the Wi-Fi</title>' }, 'an HTML page'],
    ['HTML as XML', { body: '<?xml version="1.0"?>\n<html xmlns="x">' }, 'an HTML page'],
    ['XML', { body: '<?xml version="1.0"?><policy/>' }, 'XML'],
    ['nothing', { body: '' }, 'nothing'],
    ['a list', { body: [1] }, 'answered with JSON that is no object.'],
    ['null', { body: 'null' }, 'answered with JSON that is no object.'],
    ['truncated JSON', { body: '{"access_token":"access-1' }, 'answered with broken JSON.'],
    ['another success', { status: 202, body: {} }, '202'],
    ['no content', { status: 204 }, '204'],
    ['an error without words', { status: 400 }, '400'],
    ['an error in HTML', { status: 403, body: '<html>' }, '403'],
  ])('of %s is token_response_invalid, and said to be that', async (_, answer, words) => {
    await expect(outcomeOf(answer)).rejects.toMatchObject({
      code: 'token_response_invalid',
      message: expect.stringContaining(words),
    });
  });

  it.each([
    [0, 0],
    [1.9, 1],
    ['3600', 3600],
    ['3600.0', 3600],
    ['1.9', 1],
    [1e300, 2 ** 31 - 1],
    [null, null],
  ])('that lives for %j seconds is taken for %j', async (expires_in, seconds) => {
    lying = await startLyingProvider({ tokenResponse: (body) => ({ ...body, expires_in }) });
    const now = Date.now();
    const tokens = await signIn(lying, { now: () => now });
    expect(tokens.accessTokenExpiresAt).toBe(seconds === null ? null : now + seconds * 1000);
  });
});

describe('what providers write in their own way', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['a list', ['openid', 'profile'], ['openid', 'profile']],
    ['a list of texts with blanks', ['openid profile', ' email '], ['openid', 'profile', 'email']],
    ['a list of nothing', [], []],
    ['commas between names that were asked for', 'openid,profile', ['openid', 'profile']],
    ['a comma in a name', 'read,write', ['read,write']],
    ['nothing', undefined, ['openid', 'profile']],
    ['null', null, ['openid', 'profile']],
    ['an empty text', '', []],
  ])('as scope, %s, is read', async (_, scope, scopes) => {
    lying = await startLyingProvider({ tokenResponse: (body) => ({ ...body, scope }) });
    expect((await signIn(lying, {}, { scopes: ['openid', 'profile'] })).scopes).toEqual(scopes);
  });

  it.each([undefined, null, ''])('as refresh token, %j, is none', async (refresh_token) => {
    lying = await startLyingProvider({ tokenResponse: (body) => ({ ...body, refresh_token }) });
    expect((await signIn(lying)).refreshToken).toBeNull();
  });

  it.each([undefined, null, ''])('as ID token, %j, is a missing one', async (id_token) => {
    lying = await startLyingProvider({ tokenResponse: (body) => ({ ...body, id_token }) });
    await expect(signIn(lying)).rejects.toMatchObject({
      code: 'id_token_invalid',
      message: 'The ID token is missing in the token response, though the scope openid was asked for.',
      hint: expect.stringContaining('Allow the scope openid'),
      details: { reason: 'missing' },
    });
  });

  it('as ID token, nothing, is what was asked for without openid', async () => {
    lying = await startLyingProvider({ tokenResponse: (body) => ({ ...body, id_token: '' }) });
    await expect(signIn(lying, {}, { scopes: ['profile'] })).rejects.toMatchObject({
      message: 'The ID token is missing in the token response.',
      hint: expect.stringContaining('--scope openid'),
    });
  });
});

describe('an error of the token endpoint', () => {
  const cases: readonly [error: string, code: string, answer: Answer, secret?: string][] = [
    ['invalid_grant', 'code_rejected', logto(400, 'invalid_grant', 'grant request is invalid')],
    ['invalid_client (unknown)', 'client_unknown', logto(400, 'invalid_client', 'invalid client app')],
    [
      'invalid_client (no secret)',
      'client_secret_missing',
      logto(401, 'invalid_client', 'client authentication failed'),
    ],
    [
      'invalid_request (expired secret)',
      'client_secret_invalid',
      logto(400, 'invalid_request', 'client secret has expired'),
      clientSecret,
    ],
    [
      'invalid_request (grant)',
      'grant_type_not_allowed',
      logto(400, 'invalid_request', 'requested grant type is not allowed for this client'),
    ],
    ['invalid_scope', 'scope_not_allowed', { status: 400, body: { error: 'invalid_scope' } }],
    ['invalid_target', 'resource_unknown', logto(400, 'invalid_target', 'resource indicator is missing')],
    ['access_denied', 'access_denied', logto(400, 'access_denied', 'Access denied.')],
    ['insufficient_scope', 'scope_not_allowed', { status: 403, body: { error: 'insufficient_scope' } }],
    ['server_error', 'provider_error', { status: 400, body: { error: 'server_error' } }],
    [
      'temporarily_unavailable',
      'provider_error',
      { status: 400, body: { error: 'temporarily_unavailable' } },
    ],
    ['invalid_request', 'token_request_rejected', { status: 400, body: { error: 'invalid_request' } }],
    ['something else', 'token_request_rejected', { status: 418, body: { error: 'teapot' } }],
  ];

  it.each(cases)('%s is %s', async (_, code, answer, secret) => {
    await expect(outcomeOf(answer, secret)).rejects.toMatchObject({
      code,
      details: { error: (answer.body as { error: string }).error },
    });
    expect(lying.requestsTo('token')).toHaveLength(1);
  });

  it.each([
    [undefined, ['client_unknown', 'client_secret_missing']],
    [clientSecret, ['client_unknown', 'client_secret_invalid', 'client_secret_unexpected', 'auth_method']],
  ])(
    'invalid_client of a provider that is not Logto is client_rejected (secret %s)',
    async (secret, possible) => {
      const answer = { status: 401, body: { error: 'invalid_client', error_description: 'invalid client' } };
      await expect(outcomeOf(answer, secret)).rejects.toMatchObject({
        code: 'client_rejected',
        details: { possible },
      });
      expect(lying.requestsTo('token')).toHaveLength(1);
    },
  );

  it.each<[string, string, Answer, Answer, string, string[]?]>([
    [
      'unauthorized_client, where a made-up secret is told something else',
      clientSecret,
      { status: 400, body: { error: 'unauthorized_client' } },
      { status: 401, body: { error: 'invalid_client' } },
      'grant_type_not_allowed',
    ],
    [
      'unauthorized_client, where a made-up secret is told the same',
      clientSecret,
      { status: 400, body: { error: 'unauthorized_client' } },
      { status: 400, body: { error: 'unauthorized_client' } },
      'client_rejected',
      [
        'client_unknown',
        'client_secret_invalid',
        'client_secret_unexpected',
        'auth_method',
        'grant_type_not_allowed',
      ],
    ],
    [
      'unauthorized_client, where a made-up application is told something else',
      '',
      { status: 400, body: { error: 'unauthorized_client' } },
      { status: 400, body: { error: 'invalid_client' } },
      'grant_type_not_allowed',
    ],
    [
      'unauthorized_client, where a made-up application is told the same',
      '',
      { status: 400, body: { error: 'unauthorized_client' } },
      { status: 400, body: { error: 'unauthorized_client' } },
      'client_rejected',
      ['client_unknown', 'client_secret_missing', 'grant_type_not_allowed'],
    ],
    [
      'unauthorized_client, where nobody answers a made-up application',
      '',
      { status: 400, body: { error: 'unauthorized_client' } },
      { status: 503 },
      'client_rejected',
      ['client_unknown', 'client_secret_missing', 'grant_type_not_allowed'],
    ],
    [
      'access_denied with 401',
      clientSecret,
      { status: 401, body: { error: 'access_denied', error_description: 'Unauthorized' } },
      { status: 401, body: { error: 'access_denied' } },
      'client_rejected',
      ['client_unknown', 'client_secret_invalid', 'client_secret_unexpected', 'auth_method'],
    ],
    [
      'unsupported_grant_type, which everybody is told,',
      clientSecret,
      { status: 400, body: { error: 'unsupported_grant_type' } },
      { status: 400, body: { error: 'unsupported_grant_type' } },
      'grant_type_not_allowed',
    ],
  ])('%s is what it is', async (_, secret, ours, theirs, code, possible) => {
    const right = (authorization = '') =>
      Buffer.from(authorization.slice(6), 'base64').toString().split(':')[1];
    const answer = ({
      headers,
      form,
    }: {
      headers: { authorization?: string | undefined };
      form: URLSearchParams;
    }) => {
      const isOurs =
        secret === '' ? form.get('client_id') === 'app' : right(headers.authorization) === secret;
      return isOurs ? ours : theirs;
    };
    const failure = await outcomeOf(answer, secret || undefined).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code, ...(possible && { details: { possible } }) });
    // Nothing of the sign-in goes with the made-up one.
    const [real, control] = lying.requestsTo('token');
    for (const name of ['code', 'code_verifier']) {
      const value = control?.form.get(name);
      if (control !== undefined) expect(value).not.toBe(real?.form.get(name));
    }
  });

  const refused = logto(401, 'invalid_client', 'client authentication failed');

  it.each<[string, Answer | 'none', string]>([
    ['looks at a made-up code', logto(400, 'invalid_grant', 'x'), 'client_secret_unexpected'],
    ['wants a secret first', refused, 'client_secret_invalid'],
    ['says something else', { status: 500 }, 'client_rejected'],
    ['no longer answers', 'none', 'client_rejected'],
  ])('a refused secret where the provider then %s', async (_, second, code) => {
    lying = await startLyingProvider({
      answers: {
        token: ({ headers }, response) => {
          if (headers.authorization !== undefined) return refused;
          if (second !== 'none') return second;
          response.destroy();
          return 'handled';
        },
      },
    });
    await expect(signIn(lying, { clientSecret })).rejects.toMatchObject({ code });
    const [first, probe, ...more] = lying.requestsTo('token');
    expect(more).toEqual([]);
    expect(probe?.form.get('code')).not.toBe(first?.form.get('code'));
    expect(probe?.form.get('client_id')).toBe('app');
    expect(probe?.form.has('client_secret')).toBe(false);
  });

  it.each([
    [{ 'Retry-After': '30' }, 30],
    [{ 'Retry-After': new Date(Date.now() - 5000).toUTCString() }, 0],
    [{ 'Retry-After': 'soon' }, undefined],
    [{}, undefined],
  ])('429 and 503 with %j are provider_error', async (headers, retryAfter) => {
    for (const status of [429, 503]) {
      lying = await startLyingProvider({ answers: { token: { status, headers, body: { error: 'slow' } } } });
      const error = await signIn(lying).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'provider_error', details: { status } });
      expect((error as { details: { retryAfter?: number } }).details.retryAfter).toBe(retryAfter);
      if (status === 429) await lying.close();
    }
  });

  it('that repeats what it was sent is repeated without it', async () => {
    lying = await startLyingProvider({
      answers: {
        token: ({ form, headers }) => ({
          status: 400,
          body: { error: 'invalid_grant', error_description: `${form} ${headers.authorization}` },
        }),
      },
    });
    await expect(signIn(lying, { clientSecret })).rejects.toMatchObject({ code: 'code_rejected' });
  });

  it('is kept short', async () => {
    const answer = { status: 400, body: { error: 'e'.repeat(5000), error_description: 'd'.repeat(5000) } };
    const error = await outcomeOf(answer).catch((reason: Error) => reason);
    expect((error as Error).message.length).toBeLessThan(1000);
  });
});

describe('UserInfo is refused', () => {
  const jwt = (claims: Record<string, unknown>, header = {}) => ({
    headers: { 'Content-Type': 'application/jwt' },
    body: lying.sign(header, claims),
  });
  const cases: readonly [what: string, code: string, lies: () => Lies][] = [
    ['about somebody else', 'userinfo_invalid', () => ({ userInfo: () => ({ sub: 'bob' }) })],
    ['about nobody', 'userinfo_invalid', () => ({ userInfo: () => ({ name: 'Alice' }) })],
    ['about a number', 'userinfo_invalid', () => ({ userInfo: () => ({ sub: 1 }) })],
    ['in HTML', 'userinfo_invalid', () => ({ answers: { userinfo: { body: '<html>' } } })],
    ['of 5 MB', 'userinfo_invalid', () => ({ answers: { userinfo: { body: 'x'.repeat(5_000_000) } } })],
    ['that is not found', 'userinfo_invalid', () => ({ answers: { userinfo: { status: 404 } } })],
    ['with 401', 'token_rejected', () => ({ answers: { userinfo: { status: 401 } } })],
    [
      'with 401 and a challenge',
      'token_rejected',
      () => ({
        answers: {
          userinfo: { status: 401, headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' } },
        },
      }),
    ],
    ['with 403', 'token_rejected', () => ({ answers: { userinfo: { status: 403 } } })],
    ['with 500', 'provider_error', () => ({ answers: { userinfo: { status: 500 } } })],
    [
      'with a redirect',
      'provider_error',
      () => ({ answers: { userinfo: { status: 302, headers: { Location: '/userinfo' } } } }),
    ],
    [
      'as a JWT about somebody else',
      'userinfo_invalid',
      () => ({ answers: { userinfo: () => jwt({ sub: 'bob' }) } }),
    ],
    [
      'as a JWT of another issuer',
      'userinfo_invalid',
      () => ({ answers: { userinfo: () => jwt({ sub: 'alice', iss: 'https://other.test' }) } }),
    ],
    [
      'as a JWT for another client',
      'userinfo_invalid',
      () => ({ answers: { userinfo: () => jwt({ sub: 'alice', aud: 'other' }) } }),
    ],
    [
      'as a JWT with a wrong signature',
      'userinfo_invalid',
      () => ({
        answers: {
          userinfo: () => {
            const { headers, body } = jwt({ sub: 'alice' });
            return { headers, body: `${body.slice(0, -8)}AAAAAAAA` };
          },
        },
      }),
    ],
    [
      'as a JWT without a signature',
      'userinfo_invalid',
      () => ({ answers: { userinfo: () => jwt({ sub: 'alice' }, { alg: 'none' }) } }),
    ],
    [
      'as a JWT of an unknown key',
      'userinfo_invalid',
      () => ({ answers: { userinfo: () => jwt({ sub: 'alice' }, { kid: 'other' }) } }),
    ],
  ];

  it.each(cases)('%s (%s)', async (_, code, lies) => {
    lying = await startLyingProvider();
    Object.assign(lying.lies, lies());
    const provider = await connect(lying);
    await expect(
      guarded(provider.userInfo('access-token-1', 'alice'), ['access-token-1']),
    ).rejects.toMatchObject({ code });
  });

  it('where there is no such endpoint', async () => {
    lying = await startLyingProvider({
      discovery: (document) => ({ ...document, userinfo_endpoint: undefined }),
    });
    await expect((await connect(lying)).userInfo('a', 'alice')).rejects.toMatchObject({
      code: 'discovery_invalid',
    });
  });
});

describe('UserInfo says that the application is refused', () => {
  const gone = (description: string) => `Bearer error="invalid_client", error_description="${description}"`;

  it.each<[string, Answer, string, string]>([
    [
      'as Logto does, once it is gone',
      {
        status: 400,
        headers: { 'WWW-Authenticate': gone('invalid client app') },
        body: {
          code: 'oidc.invalid_client',
          error: 'invalid_client',
          error_description: 'invalid client app',
        },
      },
      'client_unknown',
      'The provider knows no application "app"',
    ],
    [
      'as others do',
      { status: 401, body: { error: 'invalid_client', error_description: 'Client disabled' } },
      'client_rejected',
      'The provider does not accept the application "app"',
    ],
    [
      'in words that leave nothing open',
      { status: 400, body: { error: 'invalid_client', error_description: 'Client not found' } },
      'client_unknown',
      'The provider knows no application "app"',
    ],
    [
      'in the challenge alone',
      { status: 401, headers: { 'WWW-Authenticate': gone('disabled') } },
      'client_rejected',
      'The provider does not accept the application "app"',
    ],
  ])('%s', async (_, userinfo, code, message) => {
    lying = await startLyingProvider({ answers: { userinfo } });
    await expect((await connect(lying)).userInfo('access-1', 'alice')).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
      hint: expect.stringContaining('--app-id'),
    });
  });

  it.each(['invalid_token', 'insufficient_scope', 'unauthorized_client'])(
    'only by its own error, and not by %s, which is about the token',
    async (error) => {
      lying = await startLyingProvider({ answers: { userinfo: { status: 401, body: { error } } } });
      await expect((await connect(lying)).userInfo('access-1', 'alice')).rejects.toMatchObject({
        code: 'token_rejected',
      });
    },
  );
});

describe('a revocation is refused', () => {
  it.each<[string, string, Answer]>([
    ['by 503', 'provider_error', { status: 503 }],
    ['by a redirect', 'provider_error', { status: 302, headers: { Location: '/token' } }],
    ['to a client without its secret', 'client_secret_missing', logto(401, 'invalid_client', 'failed')],
    ['with an error of OAuth', 'token_request_rejected', { status: 400, body: { error: 'invalid_request' } }],
    ['with HTML', 'token_response_invalid', { status: 404, body: '<html>' }],
  ])('%s (%s)', async (_, code, revoke) => {
    lying = await startLyingProvider({ answers: { revoke } });
    const provider = await connect(lying);
    await expect(guarded(provider.revoke('refresh-token-1'), ['refresh-token-1'])).rejects.toMatchObject({
      code,
    });
  });
});

describe('a pushed authorization request is refused', () => {
  it.each<[string, string, Answer]>([
    [
      'for its redirect URI',
      'redirect_uri_not_registered',
      logto(
        400,
        'invalid_request',
        "redirect_uri did not match any of the client's registered redirect_uris",
      ),
    ],
    ['for its scope', 'scope_not_allowed', { status: 400, body: { error: 'invalid_scope' } }],
    ['without a request_uri', 'token_response_invalid', { status: 201, body: { expires_in: 60 } }],
    ['with 500', 'provider_error', { status: 500 }],
  ])('%s (%s)', async (_, code, par) => {
    lying = await startLyingProvider({
      discovery: (document) => ({ ...document, require_pushed_authorization_requests: true }),
      answers: { par },
    });
    const provider = await connect(lying);
    const url = provider.authorizationUrl({ state: 'state-123456', redirect_uri: 'http://localhost:3000/x' });
    await expect(guarded(url, ['state-123456'])).rejects.toMatchObject({ code });
  });

  it('where it is required and there is no endpoint', async () => {
    lying = await startLyingProvider({
      discovery: (document) => ({
        ...document,
        require_pushed_authorization_requests: true,
        pushed_authorization_request_endpoint: undefined,
      }),
    });
    await expect((await connect(lying)).authorizationUrl({})).rejects.toMatchObject({
      code: 'discovery_invalid',
    });
  });
});

describe('a sign-in that failed', () => {
  it('asks for nothing more', async () => {
    lying = await startLyingProvider({
      authorizationResponse: (parameters) => parameters.set('state', 'other'),
    });
    const provider = await connect(lying);
    await expect(provider.exchangeCode(await prepare(lying, provider))).rejects.toMatchObject({
      code: 'state_mismatch',
    });
    expect(lying.requestsTo('token')).toEqual([]);
  });
});
