import { afterEach, describe, expect, it } from 'vitest';
import { LogtoError } from '../../src/errors.js';
import { MemoryStorage } from '../../src/storage/memory-storage.js';
import { describeAnswer } from '../../src/trace/describe-message.js';
import { TraceRecorder } from '../../src/trace/recorder.js';
import { Redactor } from '../../src/trace/redactor.js';
import { clientSecret, connect, prepare, signIn, startSession, testFetch } from '../oidc/protocol-fixture.js';
import type { Lies } from '../support/lies.js';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.js';
import { createSigningKey, type Json } from '../support/signed-jwt.js';
import { beginTrace, checksOf, stepNamed } from './traced-provider.js';

let lying: LyingProvider;
afterEach(() => lying?.close());

const outcome = { program: 'logto-cli 0.0.0', command: 'test', exitCode: 0, error: null };

describe('a sign-in', () => {
  it('is told step by step in order, each with what was sent and answered', async () => {
    lying = await startLyingProvider();
    const { options, finish } = await beginTrace();
    await signIn(lying, { ...options, clientSecret });
    const { steps } = finish();

    expect(steps.map(({ number, kind, name }) => [number, kind, name])).toEqual([
      [1, 'exchange', 'discovery'],
      [2, 'browser', 'authorization request (browser)'],
      [3, 'browser', 'authorization response (browser)'],
      [4, 'exchange', 'token endpoint (authorization_code)'],
      [5, 'exchange', 'key set'],
    ]);
    const values = (fields: readonly { name: string; value: string }[] = []) =>
      Object.fromEntries(fields.map(({ name, value }) => [name, value]));
    const token = stepNamed({ steps }, 'token endpoint (authorization_code)');
    expect(token.request).toMatchObject({ method: 'POST', url: `${lying.origin}/token` });
    expect(values(token.request?.parameters)).toEqual({
      grant_type: 'authorization_code',
      redirect_uri: 'http://localhost:3000/callback',
      code: expect.stringMatching(/^‹authorization code, \d+ characters›$/),
      code_verifier: '‹code verifier, 43 characters›',
    });
    expect(values(token.request?.headers)['Authorization']).toMatch(/^Basic ‹client ID and secret, \d+ char/);
    expect(values(token.answer?.fields)).toMatchObject({
      access_token: expect.stringMatching(/^‹access token, \d+ characters›$/),
      id_token: expect.stringMatching(/^‹ID token, a JWT of \d+ characters›$/),
      refresh_token: expect.stringMatching(/^‹refresh token, \d+ characters›$/),
      token_type: 'Bearer',
      expires_in: '3600',
    });
    expect(values(token.answer?.headers)).toMatchObject({ 'Cache-Control': 'no-store' });
    const request = stepNamed({ steps }, 'authorization request (browser)');
    expect(values(request.request?.parameters)).toMatchObject({
      client_id: 'app',
      state: '‹state, 43 characters›',
      nonce: '‹nonce, 43 characters›',
      code_challenge_method: 'S256',
    });
  });

  it('has every check that was made, with its clause, and none of another step', async () => {
    lying = await startLyingProvider();
    const { options, finish, lines } = await beginTrace();
    await signIn(lying, options, { maxAge: 600 });
    const trace = finish();

    expect(checksOf(trace).every(({ passed, clause, what }) => passed && clause !== '' && what !== '')).toBe(
      true,
    );
    expect(trace.steps.map(({ name, checks }) => [name, [...new Set(checks.map(({ of }) => of))]])).toEqual([
      ['discovery', ['discovery document']],
      ['authorization request (browser)', []],
      ['authorization response (browser)', ['authorization response']],
      ['token endpoint (authorization_code)', ['token response', 'ID token']],
      ['key set', ['key set']],
    ]);
    const clauses = checksOf(trace).map(({ clause }) => clause);
    for (const number of [2, 3, 6, 7, 9, 10, 11, 13]) {
      expect(clauses).toContain(`OpenID Connect Core 1.0, 3.1.3.7 (${number})`);
    }
    expect(clauses).toContain('RFC 9207, 2.4');
    expect(lines).toContain('✓ ID token: nonce is the one of the request');
    expect(lines).toContainEqual(
      expect.stringMatching(/^→ POST token endpoint \(authorization_code\) 200 in \d+ ms$/),
    );
  });

  it('that is pushed shows its parameters where they are sent', async () => {
    lying = await startLyingProvider({
      discovery: (document) => ({ ...document, require_pushed_authorization_requests: true }),
    });
    const { options, finish } = await beginTrace();
    await prepare(lying, await connect(lying, options));
    const pushed = stepNamed(finish(), 'pushed authorization request endpoint');
    expect(pushed.request?.parameters.map(({ name }) => name)).toContain('code_challenge');
    expect(pushed.answer?.fields).toContainEqual(
      expect.objectContaining({ name: 'request_uri', redacted: true }),
    );
  });
});

describe('a check that fails', () => {
  const changed = (claims: Json): Lies => ({
    idToken: (_, honest) => ({ claims: { ...honest, ...claims } }),
  });
  const now = Math.floor(Date.now() / 1000);

  it.each<[clause: string, lies: Lies]>([
    ['OpenID Connect Core 1.0, 3.1.3.7 (2)', changed({ iss: 'https://other.test' })],
    ['OpenID Connect Core 1.0, 3.1.3.7 (3)', changed({ aud: 'other' })],
    ['OpenID Connect Core 1.0, 3.1.3.7 (3)', changed({ aud: ['app', 'other'] })],
    ['OpenID Connect Core 1.0, 3.1.3.7 (5)', changed({ azp: 'other' })],
    ['OpenID Connect Core 1.0, 3.1.3.7 (9)', changed({ exp: now - 600 })],
    ['OpenID Connect Core 1.0, 3.1.3.7 (10)', changed({ iat: now + 600 })],
    ['OpenID Connect Core 1.0, 3.1.3.7 (11)', changed({ nonce: 'other' })],
    ['OpenID Connect Core 1.0, 2', changed({ sub: '' })],
    ['OpenID Connect Core 1.0, 2', changed({ auth_time: 'now' })],
    ['RFC 7519, 4.1.5', changed({ nbf: now + 600 })],
    ['RFC 7519, 7.2', { idToken: () => 'no-jwt' }],
    ['RFC 7515, 4.1.11', { idToken: (_, claims) => ({ header: { crit: ['x'] }, claims }) }],
    [
      'OpenID Connect Core 1.0, 3.1.3.7 (7)',
      { idToken: (_, claims) => ({ header: { alg: 'HS256' }, claims }) },
    ],
    ['OpenID Connect Core 1.0, 3.1.3.7 (6)', { jwks: () => ({ keys: [createSigningKey('first').jwk] }) }],
    ['RFC 7517, 5', { jwks: () => ({}) }],
    ['RFC 6749, 5.1', { tokenResponse: (body) => ({ ...body, access_token: undefined }) }],
    ['RFC 6749, 5.1', { tokenResponse: (body) => ({ ...body, expires_in: 'soon' }) }],
    ['OpenID Connect Core 1.0, 3.1.3.3', { tokenResponse: (body) => ({ ...body, token_type: 'mac' }) }],
    ['RFC 9207, 2.4', { authorizationResponse: (parameters) => parameters.set('iss', 'https://other.test') }],
    ['RFC 6749, 4.1.2 and 10.12', { authorizationResponse: (parameters) => parameters.set('state', 'x') }],
    ['RFC 6749, 3.1', { authorizationResponse: (parameters) => parameters.append('code', 'x') }],
    ['RFC 6749, 4.1.2', { authorizationResponse: (parameters) => parameters.delete('code') }],
    [
      'OpenID Connect Discovery 1.0, 4.3',
      { discovery: (document) => ({ ...document, issuer: 'https://x.test' }) },
    ],
    ['OpenID Connect Discovery 1.0, 3', { discovery: (document) => ({ ...document, jwks_uri: undefined }) }],
    [
      'OpenID Connect Discovery 1.0, 3',
      { discovery: (document) => ({ ...document, jwks_uri: 'http://x.test' }) },
    ],
    [
      'OpenID Connect Discovery 1.0, 3',
      { discovery: (document) => ({ ...document, scopes_supported: 'x' }) },
    ],
  ])('is told as the only one, and the last: %s %#', async (clause, lies) => {
    lying = await startLyingProvider(lies);
    const { options, finish } = await beginTrace();
    await expect(signIn(lying, options)).rejects.toThrow(LogtoError);
    const inTime = checksOf(finish()).sort((one, other) => one.atMs - other.atMs);
    expect(inTime.filter(({ passed }) => !passed)).toMatchObject([{ clause }]);
    expect(inTime.at(-1)?.passed).toBe(false);
  });

  it.each<[what: string, change: Json]>([
    ['sub is that of the sign-in', { sub: 'mallory' }],
    ['azp is that of the sign-in', { azp: 'app' }],
    ['nonce is that of the sign-in', { nonce: 'other' }],
  ])('at a refresh is told: %s', async (what, change) => {
    lying = await startLyingProvider();
    const { options, finish } = await beginTrace();
    const { refresh } = await startSession(lying, options);
    lying.lies = changed(change);
    await expect(refresh()).rejects.toThrow(LogtoError);
    expect(checksOf(finish()).filter(({ passed }) => !passed)).toMatchObject([
      { what, clause: 'OpenID Connect Core 1.0, 12.2' },
    ]);
  });

  it('in UserInfo and in an access token is told', async () => {
    lying = await startLyingProvider({
      userInfo: (claims) => ({ ...claims, sub: 'mallory' }),
      accessToken: (claims) => ({ ...claims, aud: 'https://other.test' }),
    });
    const { options, finish } = await beginTrace();
    const { provider, refresh } = await startSession(lying, options);
    await expect(provider.userInfo('access', lying.subject)).rejects.toThrow(LogtoError);
    await expect(refresh({ resource: 'https://api.test' })).rejects.toThrow(LogtoError);
    expect(checksOf(finish()).filter(({ passed }) => !passed)).toMatchObject([
      { of: 'UserInfo response', what: 'sub is that of the ID token' },
      { of: 'access token', what: 'aud has what was asked for' },
    ]);
  });
});

describe('an exchange', () => {
  it('that is sent on is followed by one of its own', async () => {
    const location = '/elsewhere/.well-known/openid-configuration?x=1';
    lying = await startLyingProvider({
      answers: {
        discovery: ({ url }) =>
          url.search === '' ? { status: 302, headers: { Location: location } } : 'honest',
      },
    });
    const { options, finish } = await beginTrace();
    await connect(lying, options);
    expect(finish().steps.map(({ name, answer }) => [name, answer?.status])).toEqual([
      ['discovery', 302],
      ['discovery', 200],
    ]);
  });

  it('with a document that is elsewhere is known by where somebody set it', async () => {
    const place = '/metadata.json';
    lying = await startLyingProvider({
      answers: { elsewhere: ({ url }) => (url.pathname === place ? { body: document } : { status: 404 }) },
    });
    const document = (await (await fetch(`${lying.issuer}/.well-known/openid-configuration`)).json()) as Json;
    const { options, finish } = await beginTrace();
    await connect(lying, { ...options, discoveryUrl: `${lying.origin}${place}` });
    const { steps } = finish();
    expect(steps.map(({ name }) => name)).toEqual(['discovery']);
    expect(steps[0]?.answer?.fields).toContainEqual(
      expect.objectContaining({ name: 'issuer', value: lying.issuer }),
    );
  });

  it('without an answer says why', async () => {
    lying = await startLyingProvider();
    const { issuer } = lying;
    await lying.close();
    const { options, finish, lines } = await beginTrace();
    await expect(connect(lying, options)).rejects.toThrow(LogtoError);
    expect(issuer).toBe(lying.issuer);
    expect(finish().steps).toMatchObject([
      { name: 'discovery', answer: null, failure: { code: 'network_unreachable' }, checks: [] },
    ]);
    expect(lines[0]).toMatch(/^→ GET discovery network_unreachable in \d+ ms$/);
  });

  it('with a code that no browser brought is told from the true one', async () => {
    lying = await startLyingProvider();
    const { options, finish } = await beginTrace();
    const provider = await connect(lying, options);
    const probe = new URLSearchParams({
      grant_type: 'authorization_code',
      code: 'made-up',
      client_id: 'app',
    });
    await options.fetch(provider.metadata.token_endpoint, { method: 'POST', body: probe });
    await provider.exchangeCode(await prepare(lying, provider));
    expect(
      finish().steps.flatMap(({ name, isProbe }) => (/^token/.test(name) ? [[name, isProbe]] : [])),
    ).toEqual([
      ['token endpoint (authorization_code, made-up code)', true],
      ['token endpoint (authorization_code)', false],
    ]);
  });

  it('is a probe where no client says that it is at work', async () => {
    const recorder = new TraceRecorder({ now: Date.now, elapsed: () => performance.now() });
    const fetch = recorder.watch(async () => new Response('{}', { status: 400 }));
    await fetch('https://tenant.test/.well-known/openid-configuration');
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'made-up' });
    await fetch('https://tenant.test/token', { method: 'POST', body });
    expect(recorder.finish(outcome).steps.map(({ name, isProbe }) => [name, isProbe])).toEqual([
      ['discovery', false],
      ['token endpoint (refresh_token)', true],
    ]);
  });

  it('at the authorization endpoint is a probe, unless it is what a program in the place of a browser was given', async () => {
    lying = await startLyingProvider();
    const recorder = new TraceRecorder({ now: Date.now, elapsed: () => performance.now() });
    const { observe } = recorder;
    const { metadata } = await connect(lying, { fetch: recorder.watch(await testFetch()), observe });
    const url = `${metadata.authorization_endpoint}?state=x7Rk2`;
    const page = `${lying.origin}/sign-in/6f1c6f2b-2a2a-4f2e-9d0e-1a2b3c4d5e6f?x=1`;
    observe({ kind: 'browser', message: 'authorization request', url });
    const sentOn = async () => new Response(null, { status: 303, headers: { location: page } });
    for (const address of [`${url}b`, url, page, 'nowhere']) await recorder.watch(sentOn)(address);
    const { steps } = recorder.finish(outcome);
    expect(steps.map(({ name, isProbe }) => [name, isProbe])).toEqual([
      ['discovery', false],
      ['authorization request (browser)', false],
      ['authorization endpoint (probe)', true],
      ['authorization endpoint', false],
      ['request to /sign-in/…', false],
      ['request to nowhere', false],
    ]);
  });

  it("that was refused shows Logto's own name for the error, and no other code", async () => {
    for (const [code, shown] of [
      ['oidc.invalid_grant', 'oidc.invalid_grant'],
      ['SplxlOBeZQQYbYS6WxSbIA', '‹authorization code, 22 characters›'],
    ]) {
      const body = JSON.stringify({ code, error: 'invalid_grant' });
      const answer = { status: 400, headers: new Headers(), body };
      const { fields } = describeAnswer(answer, 'token', 0, new Redactor());
      expect(fields[0]).toMatchObject({ name: 'code', value: shown });
    }
  });

  it('is not needed for what was kept from before, which is told as that', async () => {
    lying = await startLyingProvider();
    const cache = new MemoryStorage();
    await connect(lying, { cache });
    const { options, finish } = await beginTrace();
    await connect(lying, { ...options, cache }, { useCache: true });
    const { steps } = finish();
    expect(steps).toMatchObject([
      { kind: 'local', name: 'discovery document, kept from before', request: null, durationMs: 0 },
    ]);
    expect(steps[0]?.checks.map(({ of }) => of)).toContain('discovery document');
  });
});

describe('times', () => {
  it("count from the beginning, and the provider's clock is compared with ours", async () => {
    let elapsed = 1000;
    const recorder = new TraceRecorder({ now: () => Date.UTC(2026, 0, 1, 12), elapsed: () => elapsed });
    const fetch = recorder.watch(async () => {
      elapsed += 31.26;
      return new Response('{}', { headers: { date: new Date(Date.UTC(2026, 0, 1, 11, 58)).toUTCString() } });
    });
    elapsed += 5;
    await fetch('https://tenant.test/anything');
    elapsed += 100;
    const trace = recorder.finish(outcome);

    expect(trace).toMatchObject({ startedAt: '2026-01-01T12:00:00.000Z', durationMs: 136.3 });
    expect(trace.steps).toMatchObject([{ startMs: 5, durationMs: 31.3 }]);
    expect(trace.steps[0]?.answer?.headers).toContainEqual({
      name: 'Date',
      value: 'Thu, 01 Jan 2026 11:58:00 GMT',
      redacted: false,
      meaning: "the provider's clock: 120 s behind ours",
    });
  });

  it('of what is not over have no end, and the person in the browser is timed', async () => {
    let elapsed = 0;
    const recorder = new TraceRecorder({ now: Date.now, elapsed: () => elapsed });
    void recorder.watch(() => new Promise(() => {}))('https://tenant.test/slow');
    const url = 'http://localhost:3000/callback?code=abc&state=def';
    recorder.observe({ kind: 'browser', message: 'authorization request', url: 'https://tenant.test/auth' });
    elapsed = 20_000;
    recorder.observe({ kind: 'browser', message: 'authorization response', url });
    expect(recorder.finish(outcome).steps).toMatchObject([
      { name: expect.stringMatching(/^request to \//), durationMs: null, answer: null, failure: null },
      { name: 'authorization request (browser)', durationMs: 20_000 },
      { name: 'authorization response (browser)', durationMs: 0 },
    ]);
  });
});
