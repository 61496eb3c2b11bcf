import { afterEach, describe, expect, it } from 'vitest';
import type { Lies } from '../support/lies.js';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.js';
import { createSigningKey } from '../support/signed-jwt.js';
import { clientSecret, connect, prepare, signIn } from './protocol-fixture.js';

let lying: LyingProvider;
afterEach(() => lying.close());

async function start(lies: Lies = {}) {
  lying = await startLyingProvider(lies);
  return lying;
}

describe('a sign-in at an honest provider', () => {
  it('yields every token, the claims and what was granted', async () => {
    const before = Date.now();
    const tokens = await signIn(await start());
    expect(lying.issued).toEqual(
      expect.arrayContaining([tokens.accessToken, tokens.refreshToken, tokens.idToken]),
    );
    expect(tokens).toMatchObject({
      tokenType: 'Bearer',
      scopes: ['openid', 'profile', 'offline_access'],
      claims: { iss: lying.issuer, sub: 'alice', aud: 'app' },
    });
    expect(tokens.accessTokenExpiresAt).toBeGreaterThanOrEqual(before + 3_600_000);
    expect(tokens.accessTokenExpiresAt).toBeLessThanOrEqual(Date.now() + 3_600_000);
    expect(lying.requests.map(({ step }) => step)).toEqual(['discovery', 'authorize', 'token', 'jwks']);
  });

  it('sends a public client its ID and no secret', async () => {
    await signIn(await start());
    const [request] = lying.requestsTo('token');
    expect(request?.headers.authorization).toBeUndefined();
    expect(Object.fromEntries(request?.form ?? [])).toMatchObject({
      grant_type: 'authorization_code',
      client_id: 'app',
    });
    expect(request?.form.has('client_secret')).toBe(false);
  });

  it.each([
    [['client_secret_basic', 'client_secret_post'], 'basic'],
    [['client_secret_post'], 'post'],
    [undefined, 'basic'],
  ])('authenticates a confidential client, with %j by %s', async (methods, expected) => {
    await start({
      discovery: (document) => ({ ...document, token_endpoint_auth_methods_supported: methods }),
    });
    await signIn(lying, { clientSecret });
    const [request] = lying.requestsTo('token');
    const basic = request?.headers.authorization?.replace('Basic ', '') ?? '';
    const sent = Buffer.from(basic, 'base64').toString();
    expect(decodeURIComponent(sent)).toBe(expected === 'basic' ? `app:${clientSecret}` : '');
    expect(request?.form.get('client_secret')).toBe(expected === 'post' ? clientSecret : null);
  });

  it('begins for nobody who could not authenticate later: no address, and nothing is sent', async () => {
    await start({
      discovery: (document) => ({ ...document, token_endpoint_auth_methods_supported: ['private_key_jwt'] }),
    });
    await expect(signIn(lying, { clientSecret })).rejects.toMatchObject({
      code: 'config_missing',
      hint: expect.stringContaining('--client-key'),
    });
    expect(lying.requests.map(({ step }) => step)).toEqual(['discovery']);
  });

  it.each([
    'http://localhost:3000/callback',
    'http://localhost:3000',
    'http://localhost:3000/callback?tenant=a%20b&x',
    'http://LOCALHOST:3000/a/../b',
    'com.example.app:/callback',
  ])('sends the redirect URI %s to the token endpoint as it was asked for', async (redirectUri) => {
    await signIn(await start(), {}, { redirectUri });
    expect(lying.requestsTo('token')[0]?.form.get('redirect_uri')).toBe(redirectUri);
  });

  it('takes an ID token with its sign-in time where one was asked for', async () => {
    const tokens = await signIn(await start(), {}, { maxAge: 60 });
    expect(tokens.claims['auth_time']).toBeTypeOf('number');
  });

  it('takes several audiences where this client is the authorized party', async () => {
    await start({ idToken: (_, claims) => ({ claims: { ...claims, aud: ['app', 'other'], azp: 'app' } }) });
    expect((await signIn(lying)).claims['aud']).toEqual(['app', 'other']);
  });

  it('takes a token response with little in it', async () => {
    await start({
      tokenResponse: ({ access_token, id_token }) => ({ access_token, id_token, token_type: 'bEARER' }),
    });
    expect(await signIn(lying)).toMatchObject({
      tokenType: 'Bearer',
      accessTokenExpiresAt: null,
      refreshToken: null,
      scopes: ['openid'],
    });
  });

  it.each([7200, -7200])('reads the clock that it is given (%i s from ours)', async (offset) => {
    await start({
      idToken: (_, claims) => ({
        claims: { ...claims, iat: Number(claims['iat']) + offset, exp: Number(claims['exp']) + offset },
      }),
    });
    await expect(signIn(lying)).rejects.toMatchObject({ details: { reason: offset > 0 ? 'iat' : 'exp' } });
    await expect(signIn(lying, { now: () => Date.now() + offset * 1000 })).resolves.toBeDefined();
  });

  it('stops with the reason of the signal', async () => {
    await start({ answers: { token: () => 'handled' } });
    const provider = await connect(lying);
    const controller = new AbortController();
    const exchange = await prepare(lying, provider, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('enough')), 50);
    await expect(provider.exchangeCode(exchange)).rejects.toThrow('enough');
  });
});

describe('the keys of the provider', () => {
  it('are no longer waited for where the signal ends the sign-in', async () => {
    const controller = new AbortController();
    await start({
      answers: {
        jwks: () => {
          controller.abort(new Error('enough'));
          return 'handled';
        },
      },
    });
    const provider = await connect(lying);
    const exchange = await prepare(lying, provider, { signal: controller.signal });
    await expect(provider.exchangeCode(exchange)).rejects.toThrow('enough');
  });

  it('are fetched once for several sign-ins', async () => {
    const provider = await connect(await start());
    for (let count = 0; count < 3; count++) await provider.exchangeCode(await prepare(lying, provider));
    expect(lying.requestsTo('jwks')).toHaveLength(1);
  });

  it('are fetched again, once, when they have been rotated between two sign-ins', async () => {
    const provider = await connect(await start());
    await provider.exchangeCode(await prepare(lying, provider));
    lying.keys = [createSigningKey('second')];
    await provider.exchangeCode(await prepare(lying, provider));
    expect(lying.requestsTo('jwks')).toHaveLength(2);
    expect(lying.requestsTo('token')).toHaveLength(2);
  });

  it('are fetched again where a rotation kept the name of the key', async () => {
    const provider = await connect(await start());
    await provider.exchangeCode(await prepare(lying, provider));
    lying.keys = [createSigningKey('first')];
    await provider.exchangeCode(await prepare(lying, provider));
    expect(lying.requestsTo('jwks')).toHaveLength(2);
  });

  it('are not fetched again and again for a key that is nowhere', async () => {
    const provider = await connect(await start());
    await provider.exchangeCode(await prepare(lying, provider));
    lying.lies.idToken = () => ({ header: { kid: 'nowhere' } });
    await expect(provider.exchangeCode(await prepare(lying, provider))).rejects.toMatchObject({
      details: { reason: 'key' },
    });
    expect(lying.requestsTo('jwks')).toHaveLength(2);
  });

  it('may be RSA, and lack a name where there is one only', async () => {
    await start({ idToken: () => ({ header: { kid: undefined } }) });
    lying.keys = [createSigningKey('rsa', 'RS256')];
    await expect(signIn(lying)).resolves.toBeDefined();
  });

  it('may be behind a redirect within the origin', async () => {
    await start({
      discovery: (document) => ({ ...document, jwks_uri: `${lying.origin}/moved` }),
      answers: { elsewhere: { status: 307, headers: { Location: '/jwks' } } },
    });
    await expect(signIn(lying)).resolves.toBeDefined();
  });
});

describe('the authorization URL', () => {
  it('has the parameters, the client, and the query that the endpoint had', async () => {
    await start({
      discovery: (document) => ({
        ...document,
        authorization_endpoint: `${lying.origin}/authorize?tenant=a`,
      }),
    });
    const provider = await connect(lying);
    const url = new URL(
      await provider.authorizationUrl({ scope: 'openid a', resource: ['https://a.test', 'https://b.test'] }),
    );
    expect(`${url.origin}${url.pathname}`).toBe(`${lying.origin}/authorize`);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      tenant: 'a',
      client_id: 'app',
      response_type: 'code',
      scope: 'openid a',
    });
    expect(url.searchParams.getAll('resource')).toEqual(['https://a.test', 'https://b.test']);
  });

  it('is pushed first where the provider requires that', async () => {
    await start({
      discovery: (document) => ({ ...document, require_pushed_authorization_requests: true }),
    });
    const provider = await connect(lying, { clientSecret });
    const url = new URL(await provider.authorizationUrl({ scope: 'openid', state: 'kept-to-ourselves' }));
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'app',
      request_uri: 'urn:example:pushed',
    });
    expect(Object.fromEntries(lying.requestsTo('par')[0]?.form ?? [])).toMatchObject({
      scope: 'openid',
      state: 'kept-to-ourselves',
      response_type: 'code',
    });
    expect(lying.requestsTo('par')[0]?.headers.authorization).toMatch(/^Basic /);
  });
});

describe('the address that ends the session', () => {
  it('names the client, and keeps the query that the endpoint had', async () => {
    await start({
      discovery: (document) => ({ ...document, end_session_endpoint: `${lying.origin}/end-session?a=b` }),
    });
    const provider = await connect(lying);
    const url = provider.endSessionUrl({ post_logout_redirect_uri: 'http://localhost:3000/', state: 's' });
    expect(url).toBe(
      `${lying.origin}/end-session?a=b&post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A3000%2F&state=s&client_id=app`,
    );
  });

  it('is null where there is none', async () => {
    await start({ discovery: (document) => ({ ...document, end_session_endpoint: undefined }) });
    expect((await connect(lying)).endSessionUrl({})).toBeNull();
  });
});

describe('a revocation', () => {
  it('sends the refresh token and is done', async () => {
    const provider = await connect(await start());
    expect(await provider.revoke('refresh-1')).toBe('done');
    expect(Object.fromEntries(lying.requestsTo('revoke')[0]?.form ?? [])).toEqual({
      token: 'refresh-1',
      token_type_hint: 'refresh_token',
      client_id: 'app',
    });
  });

  it('is unsupported without an endpoint, or where the type is', async () => {
    await start({ discovery: (document) => ({ ...document, revocation_endpoint: undefined }) });
    expect(await (await connect(lying)).revoke('refresh-1')).toBe('unsupported');
    lying.lies = { answers: { revoke: { status: 400, body: { error: 'unsupported_token_type' } } } };
    expect(await (await connect(lying)).revoke('refresh-1')).toBe('unsupported');
  });
});

describe('UserInfo', () => {
  it('is asked with the access token and yields its claims', async () => {
    const provider = await connect(await start());
    expect(await provider.userInfo('access-1', 'alice')).toEqual({ sub: 'alice', name: 'Alice' });
    expect(lying.requestsTo('userinfo')[0]?.headers.authorization).toBe('Bearer access-1');
  });

  it('may be a JWT, which is verified', async () => {
    await start({
      answers: {
        userinfo: () => ({
          headers: { 'Content-Type': 'application/JWT; charset=utf-8' },
          body: lying.sign({}, { sub: 'alice', name: 'Alice', iss: lying.issuer, aud: 'app' }),
        }),
      },
    });
    const provider = await connect(lying);
    expect(await provider.userInfo('access-1', 'alice')).toMatchObject({ sub: 'alice', name: 'Alice' });
    expect(lying.requestsTo('jwks')).toHaveLength(1);
  });
});
