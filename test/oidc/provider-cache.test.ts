import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogtoError } from '../../src/errors.js';
import type { Provider } from '../../src/oidc/provider.js';
import type { ProviderCache, ProviderOptions } from '../../src/oidc/provider-options.js';
import { FileStorage } from '../../src/storage/file-storage.js';
import { MemoryStorage } from '../../src/storage/memory-storage.js';
import type { Answer } from '../support/lies.js';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.js';
import { createSigningKey, type Json, signJwt } from '../support/signed-jwt.js';
import { connect, prepare, type Session, startSession } from './protocol-fixture.js';

const hour = 3_600_000;
let lying: LyingProvider;
let cache: MemoryStorage;
let clock: number;

beforeEach(async () => {
  lying = await startLyingProvider();
  cache = new MemoryStorage();
  clock = 0;
});
afterEach(() => lying.close());

/** What a process knows that was started with this cache; the clock is ours. */
function options(changes: Partial<ProviderOptions> = {}): Partial<ProviderOptions> {
  return { cache, now: () => Date.now() + clock, ...changes };
}

/** Tokens that are fresh by our clock, however far it has been put forward. */
function keepTokensFresh() {
  lying.lies.idToken = (_, claims) => ({
    claims: { ...claims, iat: secondsOf(claims['iat']), exp: secondsOf(claims['exp']) },
  });
}

function secondsOf(claim: unknown): number {
  return Number(claim) + clock / 1000;
}

/** Another process, that may use what the cache knows. */
function nextProcess(changes: Partial<ProviderOptions> = {}): Promise<Provider> {
  return connect(lying, options(changes), { useCache: true });
}

function steps(): string[] {
  return lying.requests.map(({ step }) => step);
}

/** What a refresh by another process asks the provider for. */
async function stepsOfNextRefresh({ refresh }: Session, refreshToken?: string): Promise<string[]> {
  lying.requests.length = 0;
  await refresh(refreshToken === undefined ? {} : { refreshToken }, await nextProcess());
  return steps();
}

interface CacheRecord {
  readonly version: number;
  readonly metadata: { readonly value: Json; readonly since: unknown };
  readonly keys: Json | null;
}

async function record(): Promise<CacheRecord> {
  return JSON.parse((await cache.get(lying.issuer)) ?? 'null');
}

async function changeRecord(change: (record: CacheRecord) => unknown): Promise<void> {
  await cache.set(lying.issuer, JSON.stringify(change(await record())));
}

/** Changes the document in a record. */
function withDocument(changes: Json) {
  return ({ metadata: { value, since }, ...rest }: CacheRecord) => ({
    ...rest,
    metadata: { value: { ...value, ...changes }, since },
  });
}

describe('what a sign-in learnt of its provider', () => {
  it('makes a refresh by another process exactly one request', async () => {
    expect(await stepsOfNextRefresh(await startSession(lying, options()))).toEqual(['token']);
  });

  it('is in a file as well as anywhere', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'provider-cache-'));
    try {
      const files = new FileStorage({ directory });
      const session = await startSession(lying, options({ cache: files }));
      expect(await readdir(directory)).toHaveLength(1);
      lying.requests.length = 0;
      const { refreshToken } = await session.refresh({}, await nextProcess({ cache: files }));
      expect(steps()).toEqual(['token']);

      const [file = ''] = await readdir(directory);
      await writeFile(join(directory, file), Buffer.from([0xff, 0x00]));
      await session.refresh({ refreshToken: refreshToken ?? '' }, await nextProcess({ cache: files }));
      expect(steps()).toEqual(['token', 'discovery', 'jwks', 'token']);
      await nextProcess({ cache: files });
      expect(steps()).toHaveLength(4);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('holds no secret', async () => {
    await startSession(lying, options({ clientSecret: 'app-secret-0123456789' }));
    const text = (await cache.get(lying.issuer)) ?? '';
    for (const secret of [...lying.issued, 'app-secret-0123456789', '"app"'])
      expect(text).not.toContain(secret);
  });

  it('is not believed by the next sign-in, which replaces it', async () => {
    await startSession(lying, options());
    lying.lies.discovery = (document) => ({ ...document, scopes_supported: ['openid', 'new'] });
    await startSession(lying, options());
    expect((await nextProcess()).metadata.scopes_supported).toEqual(['openid', 'new']);
  });

  it('makes a sign-in ask for document and keys all the same', async () => {
    await startSession(lying, options());
    lying.requests.length = 0;
    const provider = await connect(lying, options());
    await provider.exchangeCode(await prepare(lying, provider));
    expect(steps()).toEqual(['discovery', 'authorize', 'token', 'jwks']);
  });

  it('is of no use to another issuer', async () => {
    await startSession(lying, options());
    const other = await startLyingProvider();
    try {
      await connect(other, options(), { useCache: true });
      expect(other.requestsTo('discovery')).toHaveLength(1);
    } finally {
      await other.close();
    }
  });

  it.each([
    [24 * hour - 60_000, ['token']],
    [24 * hour + 60_000, ['discovery', 'jwks', 'token']],
    [-60_000, ['discovery', 'jwks', 'token']],
  ])('is used %i ms later: %j', async (later, expected) => {
    const session = await startSession(lying, options());
    clock = later;
    keepTokensFresh();
    expect(await stepsOfNextRefresh(session)).toEqual(expected);
  });

  it('is replaced after 24 hours, and then used again', async () => {
    const session = await startSession(lying, options());
    clock = 25 * hour;
    keepTokensFresh();
    const { refreshToken } = await session.refresh({}, await nextProcess());
    clock = 48 * hour;
    expect(await stepsOfNextRefresh(session, refreshToken ?? '')).toEqual(['token']);
  });

  it('has keys with an age of their own', async () => {
    const session = await startSession(lying, options());
    await changeRecord(({ keys, ...rest }) => ({
      ...rest,
      keys: { ...keys, since: Date.now() - 25 * hour },
    }));
    expect(await stepsOfNextRefresh(session)).toEqual(['jwks', 'token']);
  });

  it('does not get younger by new keys', async () => {
    const session = await startSession(lying, options());
    const since = Date.now() - 23 * hour;
    await changeRecord(({ metadata, ...rest }) => ({
      ...rest,
      metadata: { ...metadata, since },
      keys: null,
    }));
    expect(await stepsOfNextRefresh(session)).toEqual(['jwks', 'token']);
    expect((await record()).metadata.since).toBe(since);
  });

  it('serves one process for as long, and no longer', async () => {
    const session = await startSession(lying, options());
    clock = 23 * hour;
    keepTokensFresh();
    const { refreshToken } = await session.refresh();
    expect(steps()).toEqual(['token']);
    clock = 25 * hour;
    await session.refresh({ refreshToken: refreshToken ?? '' });
    expect(steps()).toEqual(['token', 'jwks', 'token']);
  });
});

describe('keys that have been rotated', () => {
  it.each(['second', 'first'])('are fetched once, and kept (the new one is named %s)', async (name) => {
    const session = await startSession(lying, options());
    lying.keys = [createSigningKey(name)];
    const next = await nextProcess();
    const { refreshToken } = await session.refresh({}, next);
    expect(steps()).toEqual(['token', 'jwks']);
    expect(await stepsOfNextRefresh(session, refreshToken ?? '')).toEqual(['token']);
  });

  it('are not fetched twice for a signature that no key made, which is not kept either', async () => {
    const session = await startSession(lying, options());
    lying.lies.idToken = (header, claims) =>
      signJwt({ ...header, alg: 'ES256', kid: 'first' }, claims, createSigningKey('first'));
    await expect(session.refresh({}, await nextProcess())).rejects.toMatchObject({
      details: { reason: 'signature' },
    });
    expect(steps()).toEqual(['token', 'jwks']);
    expect(await cache.get(lying.issuer)).toBeNull();
  });

  it('and cannot be reached leave the refresh unchecked, and the next command a fresh start', async () => {
    const session = await startSession(lying, options());
    lying.keys = [createSigningKey('second')];
    lying.lies.answers = { jwks: { status: 503 } };
    const { unchecked, refreshToken } = await session.refresh({}, await nextProcess());
    expect(unchecked).toMatchObject({ code: 'provider_error' });
    expect(await cache.get(lying.issuer)).toBeNull();
    lying.lies = {};
    expect(await stepsOfNextRefresh(session, refreshToken ?? '')).toEqual(['discovery', 'jwks', 'token']);
  });
});

describe('a provider that has moved since', () => {
  it.each<[string, Answer]>([
    ['and answers 404 there', { status: 404, body: '<html>' }],
    ['and answers 503 there', { status: 503 }],
    ['and answers there with something else', { body: { access_token: 1 } }],
  ])('%s is asked again by the next command', async (_, answer) => {
    const session = await startSession(lying, options());
    lying.lies.answers = { token: answer };
    await expect(session.refresh({}, await nextProcess())).rejects.toMatchObject({
      hint: expect.any(String),
    });
    expect(await cache.get(lying.issuer)).toBeNull();
    lying.lies = {};
    expect(await stepsOfNextRefresh(session)).toEqual(['discovery', 'jwks', 'token']);
  });

  it('and is gone altogether is forgotten', async () => {
    const session = await startSession(lying, options());
    await changeRecord(withDocument({ token_endpoint: 'http://127.0.0.1:1/' }));
    await expect(session.refresh({}, await nextProcess())).rejects.toMatchObject({
      code: 'network_unreachable',
    });
    expect(await cache.get(lying.issuer)).toBeNull();
  });

  it('only if the session has not just ended', async () => {
    const session = await startSession(lying, options());
    const next = await nextProcess();
    await expect(session.refresh({ refreshToken: 'refresh-0' }, next)).rejects.toMatchObject({
      code: 'session_expired',
    });
    expect(await cache.get(lying.issuer)).not.toBeNull();
  });
});

describe('a record that cannot be used', () => {
  const broken: readonly [what: string, change: (record: CacheRecord) => unknown][] = [
    ['of another version', (record) => ({ ...record, version: 2 })],
    ['of nothing', () => ({})],
    ['of null', () => null],
    ['of a list', () => []],
    ['without a document', ({ metadata: _, ...record }) => record],
    ['with a document of another issuer', withDocument({ issuer: 'https://other.test' })],
    ['with a document that leads astray', withDocument({ token_endpoint: 'http://evil.test/token' })],
    ['with a document without a token endpoint', withDocument({ token_endpoint: undefined })],
    ['from the future', at(Date.now() + hour)],
    ['from no time', at(null)],
    ['from a time that is text', at('now')],
  ];

  function at(since: unknown) {
    return ({ metadata, ...record }: CacheRecord) => ({ ...record, metadata: { ...metadata, since } });
  }

  it.each(broken)('%s is ignored and replaced', async (_, change) => {
    const session = await startSession(lying, options());
    await changeRecord(change);
    const { refreshToken } = await session.refresh({}, await nextProcess());
    expect(steps()).toEqual(['discovery', 'jwks', 'token']);
    expect(await stepsOfNextRefresh(session, refreshToken ?? '')).toEqual(['token']);
  });

  it.each(['{', 'nonsense', '{"version":1'])('of the text %s is ignored and replaced', async (text) => {
    await cache.set(lying.issuer, text);
    await nextProcess();
    await nextProcess();
    expect(steps()).toEqual(['discovery']);
  });

  it.each<[string, unknown]>([
    ['of nothing', {}],
    ['that are no list', { keys: 'x' }],
    ['that are no keys', { keys: ['x'] }],
  ])('but for its keys (%s) is used without them', async (_, value) => {
    const session = await startSession(lying, options());
    await changeRecord((record) => ({ ...record, keys: { value, since: Date.now() } }));
    lying.lies.idToken = () => ({ header: { kid: 'nowhere' } });
    await expect(session.refresh({}, await nextProcess())).rejects.toMatchObject({
      details: { reason: 'key' },
    });
    // Had they been taken for keys, the real ones would be asked for after the refresh.
    expect(steps()).toEqual(['jwks', 'token']);
  });

  it('but for a key that is broken gets new ones', async () => {
    const session = await startSession(lying, options());
    const keys = [{ ...lying.keys[0]?.jwk, x: 'AAAA' }];
    await changeRecord((record) => ({ ...record, keys: { value: { keys }, since: Date.now() } }));
    expect(await stepsOfNextRefresh(session)).toEqual(['token', 'jwks']);
  });
});

describe('a cache that fails', () => {
  function failing(error: () => Error): ProviderCache {
    const fail = async () => {
      throw error();
    };
    return { get: fail, set: fail, delete: fail };
  }

  it('costs requests and nothing else', async () => {
    const failed = failing(() => new LogtoError('storage_failed', 'The disk is full.', 'Make room.'));
    const session = await startSession(lying, options({ cache: failed }));
    await session.refresh({}, await nextProcess({ cache: failed }));
    expect(steps()).toEqual(['discovery', 'jwks', 'token']);
  });

  it('does not hide the failure of the provider', async () => {
    const failed = failing(() => new LogtoError('storage_failed', 'The disk is full.', 'Make room.'));
    const session = await startSession(lying, options({ cache: failed }));
    lying.lies.answers = { token: { status: 503 } };
    await expect(session.refresh()).rejects.toMatchObject({ code: 'provider_error' });
  });

  it('by a mistake of ours is not kept quiet', async () => {
    const mistaken = failing(() => new TypeError('not a function'));
    await expect(nextProcess({ cache: mistaken })).rejects.toThrow('not a function');
    await expect(connect(lying, options({ cache: mistaken }))).rejects.toThrow('not a function');
  });
});
