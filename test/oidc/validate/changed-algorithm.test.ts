import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Provider } from '../../../src/oidc/provider.js';
import type { ProviderOptions } from '../../../src/oidc/provider-options.js';
import { MemoryStorage } from '../../../src/storage/memory-storage.js';
import type { Answer } from '../../support/lies.js';
import { type LyingProvider, startLyingProvider } from '../../support/lying-provider.js';
import { createSigningKey, hmacJwt, type Json } from '../../support/signed-jwt.js';
import { connect, prepare, startSession } from '../protocol-fixture.js';

const minute = 60_000;
const rsa = createSigningKey('rsa', 'RS256');
let lying: LyingProvider;
let cache: MemoryStorage;
let clock: number;

beforeEach(async () => {
  lying = await startLyingProvider({ discovery: announcing('ES256') });
  cache = new MemoryStorage();
  clock = 0;
});
afterEach(() => lying.close());

function announcing(...algorithms: readonly string[]) {
  return (document: Json): Json => ({ ...document, id_token_signing_alg_values_supported: algorithms });
}

/** As Logto does when its key becomes an RSA key: that has no `alg`, and the one before it stays published. */
function changeToRsa(): void {
  const [ec] = lying.keys;
  lying.keys = [rsa, ...(ec ? [ec] : [])];
  lying.lies.discovery = announcing('PS256', 'RS256', 'ES256');
  lying.lies.jwks = ({ keys }) => ({
    keys: (keys as Json[]).map(({ alg, ...key }) => (key['kty'] === 'RSA' ? key : { ...key, alg })),
  });
}

function options(changes: Partial<ProviderOptions> = {}): Partial<ProviderOptions> {
  return { cache, now: () => Date.now() + clock, ...changes };
}

/** Another process, that uses what the cache knows. */
function nextProcess(changes: Partial<ProviderOptions> = {}): Promise<Provider> {
  return connect(lying, options(changes), { useCache: true });
}

const steps = () => lying.requests.map(({ step }) => step);

describe('a signing key that changes its algorithm', () => {
  it('between a sign-in and a refresh in another process is asked for anew, and nothing is lost', async () => {
    const session = await startSession(lying, options());
    changeToRsa();
    const { tokens, refreshToken, unchecked } = await session.refresh({}, await nextProcess());
    expect(unchecked).toBeNull();
    expect(tokens?.idToken).toBeTypeOf('string');
    expect(lying.issued).toContain(refreshToken);
    expect(steps()).toEqual(['token', 'discovery', 'jwks']);

    lying.requests.length = 0;
    const next = await nextProcess();
    expect(next.metadata.id_token_signing_alg_values_supported).toEqual(['PS256', 'RS256', 'ES256']);
    await session.refresh({ refreshToken: refreshToken ?? '' }, next);
    expect(steps()).toEqual(['token']);
  });

  it('is asked for anew by a refresh whose keys are not known', async () => {
    const session = await startSession(lying, options());
    changeToRsa();
    const record = JSON.parse((await cache.get(lying.issuer)) ?? '');
    await cache.set(lying.issuer, JSON.stringify({ ...record, keys: null }));
    expect(await session.refresh({}, await nextProcess())).toMatchObject({ unchecked: null });
    expect(steps()).toEqual(['jwks', 'token', 'discovery']);
  });

  it('is asked for anew for a signed UserInfo', async () => {
    await startSession(lying, options());
    changeToRsa();
    lying.lies.userInfo = (claims) => lying.sign({}, claims);
    expect(await (await nextProcess()).userInfo('access-1', 'alice')).toMatchObject({ sub: 'alice' });
    expect(steps()).toEqual(['userinfo', 'discovery', 'jwks']);
  });

  it('while the person is at the browser is asked for anew at the end of the sign-in', async () => {
    const provider = await connect(lying, options());
    const exchange = await prepare(lying, provider);
    changeToRsa();
    clock = 2 * minute;
    lying.requests.length = 0;
    expect((await provider.exchangeCode(exchange)).claims['sub']).toBe('alice');
    expect(steps()).toEqual(['token', 'discovery', 'jwks']);
  });

  it('in a process that goes on for long is asked for anew', async () => {
    const { refresh } = await startSession(lying, options());
    changeToRsa();
    clock = 2 * minute;
    expect(await refresh()).toMatchObject({ unchecked: null });
    expect(steps()).toEqual(['token', 'discovery', 'jwks']);
  });

  it('may become an HMAC by the secret of the client', async () => {
    const clientSecret = 'a-secret-of-32-bytes-0123456789-';
    const session = await startSession(lying, options({ clientSecret }));
    lying.lies.discovery = announcing('HS256');
    lying.lies.idToken = (_, claims) => hmacJwt({ alg: 'HS256' }, claims, clientSecret);
    expect(await session.refresh({}, await nextProcess({ clientSecret }))).toMatchObject({ unchecked: null });
    expect(steps()).toEqual(['token', 'discovery']);
  });

  it('and is not announced is refused, after one look', async () => {
    const session = await startSession(lying, options());
    changeToRsa();
    lying.lies.discovery = announcing('ES256', 'ES384');
    await expect(session.refresh({}, await nextProcess())).rejects.toMatchObject({
      message: 'The ID token is signed with RS256, and the provider announces ES256, ES384.',
      details: { reason: 'algorithm', found: 'RS256', expected: ['ES256', 'ES384'] },
    });
    expect(steps()).toEqual(['token', 'discovery']);
  });

  it.each(['none', 'ES256K', 'es256', ''])('to %j is not looked for at all', async (alg) => {
    const session = await startSession(lying, options());
    lying.lies.idToken = () => ({ header: { alg } });
    await expect(session.refresh({}, await nextProcess())).rejects.toMatchObject({
      details: { reason: 'algorithm' },
    });
    expect(steps()).toEqual(['token']);
  });

  it.each<[string, Answer]>([
    ['is down', { status: 503 }],
    ['wants to be left alone', { status: 429 }],
  ])('at a provider whose discovery document %s leaves the refresh unchecked', async (_, discovery) => {
    const session = await startSession(lying, options());
    changeToRsa();
    lying.lies.answers = { discovery };
    const { refreshToken, unchecked, tokens } = await session.refresh({}, await nextProcess());
    expect(unchecked).toMatchObject({ code: 'provider_error' });
    expect(tokens).toBeNull();
    lying.lies.answers = {};
    const next = await nextProcess();
    expect(await session.refresh({ refreshToken: refreshToken ?? '' }, next)).toMatchObject({
      unchecked: null,
    });
  });
});

describe('keys that are published elsewhere by now', () => {
  function moveKeys(): void {
    const keys = { body: { keys: lying.keys.map(({ jwk }) => jwk) } };
    lying.lies.discovery = (document) => ({ ...document, jwks_uri: `${lying.origin}/moved-keys` });
    lying.lies.answers = { jwks: { status: 404 }, elsewhere: keys };
  }

  it('are found by a refresh that has none, before its token is spent', async () => {
    const session = await startSession(lying, options());
    const record = JSON.parse((await cache.get(lying.issuer)) ?? '');
    await cache.set(lying.issuer, JSON.stringify({ ...record, keys: null }));
    moveKeys();
    expect(await session.refresh({}, await nextProcess())).toMatchObject({ unchecked: null });
    expect(steps()).toEqual(['jwks', 'discovery', 'elsewhere', 'token']);
  });

  it('are found by a refresh whose keys are old', async () => {
    const session = await startSession(lying, options());
    lying.keys = [createSigningKey('second')];
    moveKeys();
    expect(await session.refresh({}, await nextProcess())).toMatchObject({ unchecked: null });
    expect(steps()).toEqual(['token', 'jwks', 'discovery', 'elsewhere']);
  });

  it('are found where the old place still answers with the old ones', async () => {
    const session = await startSession(lying, options());
    const old = { body: { keys: lying.keys.map(({ jwk }) => jwk) } };
    lying.keys = [createSigningKey('second')];
    moveKeys();
    lying.lies.answers = { ...lying.lies.answers, jwks: old };
    clock = 2 * minute;
    expect(await session.refresh({}, await nextProcess())).toMatchObject({ unchecked: null });
    expect(steps()).toEqual(['token', 'jwks', 'discovery', 'elsewhere']);
  });
});

describe('the keys of a refresh', () => {
  async function forgetKeys(): Promise<void> {
    const record = JSON.parse((await cache.get(lying.issuer)) ?? '');
    await cache.set(lying.issuer, JSON.stringify({ ...record, keys: null }));
  }

  it('come before it where none are known, and are kept though nothing was signed', async () => {
    const session = await startSession(lying, options());
    await forgetKeys();
    lying.lies.tokenResponse = (body) => ({ ...body, id_token: undefined });
    const { refreshToken } = await session.refresh({}, await nextProcess());
    expect(steps()).toEqual(['jwks', 'token']);
    await session.refresh({ refreshToken: refreshToken ?? '' }, await nextProcess());
    expect(steps()).toEqual(['jwks', 'token', 'token']);
  });

  it('that are nonsense spend no refresh token', async () => {
    const session = await startSession(lying, options());
    await forgetKeys();
    lying.lies.answers = { jwks: { body: '<html>' } };
    await expect(session.refresh({}, await nextProcess())).rejects.toMatchObject({ code: 'jwks_invalid' });
    expect(lying.requestsTo('token')).toEqual([]);
    lying.lies.answers = {};
    expect(await session.refresh({}, await nextProcess())).toMatchObject({ unchecked: null });
  });

  it('that are out of reach are not waited for once there is an answer, whose refresh token is kept', async () => {
    const session = await startSession(lying, options());
    await forgetKeys();
    lying.lies.answers = { jwks: { status: 503 } };
    const { refreshToken, unchecked } = await session.refresh({}, await nextProcess());
    expect(unchecked).toMatchObject({ code: 'provider_error' });
    expect(lying.issued).toContain(refreshToken);
    expect(steps()).toEqual(['jwks', 'token']);
  });

  it('that are out of reach do not matter where nothing is signed', async () => {
    const session = await startSession(lying, options());
    await forgetKeys();
    lying.lies = { answers: { jwks: { status: 503 } }, tokenResponse: (body) => ({ ...body, id_token: '' }) };
    expect(await session.refresh({}, await nextProcess())).toMatchObject({ unchecked: null });
  });
});
