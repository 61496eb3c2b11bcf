import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LogtoClient } from '../../src/client/logto-client.js';
import type { LogtoClientOptions } from '../../src/client/logto-client-options.js';
import type { TokenSet } from '../../src/client/token-set.js';
import { LogtoError } from '../../src/errors.js';
import { createFetch } from '../../src/network/create-fetch.js';
import { memoryLock } from '../../src/storage/memory-lock.js';
import { MemoryStorage } from '../../src/storage/memory-storage.js';
import type { Lock } from '../../src/storage/storage.js';
import { failureOf } from '../support/failure-of.js';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.js';

const api = 'https://api.test';
const organization = 'org_1';

const diskIsFull = new LogtoError('storage_failed', 'The disk is full.', 'Make room.');

/** A storage that can break, and that somebody else may write to. */
class TestStorage extends MemoryStorage {
  writes = 0;
  /** What the next write fails with. */
  failure: LogtoError | null = null;
  /** How many characters it takes, by the writes to come; the last one goes for all that follow. */
  room: readonly number[] = [];
  tries = 0;
  /** What it fails with once something has been written. */
  failureAfterwards: LogtoError | null = null;

  override async set(key: string, value: string): Promise<void> {
    this.tries += 1;
    if (this.failure !== null) throw this.failure;
    const [limit, ...others] = this.room;
    if (others.length > 0) this.room = others;
    if (limit !== undefined && value.length > limit) throw diskIsFull;
    if (key === 'tokenSet') this.writes += 1;
    await super.set(key, value);
    this.failure = this.failureAfterwards;
  }

  async tokenSet(): Promise<TokenSet> {
    return JSON.parse((await this.get('tokenSet')) ?? 'null');
  }

  async change(change: (tokenSet: TokenSet) => Partial<TokenSet>): Promise<void> {
    const tokenSet = await this.tokenSet();
    await super.set('tokenSet', JSON.stringify({ ...tokenSet, ...change(tokenSet) }));
  }

  /** Lets every access token end at this moment. */
  endAt(expiresAt: number): Promise<void> {
    return this.change(({ accessTokens }) => ({
      accessTokens: accessTokens.map((token) => ({ ...token, expiresAt })),
    }));
  }
}

let provider: LyingProvider;
let storage: TestStorage;
/** Milliseconds by which the clock of the clients is ahead of the provider's. */
let ahead: number;
beforeEach(async () => {
  provider = await startLyingProvider();
  storage = new TestStorage();
  ahead = 0;
  vi.useFakeTimers({ toFake: ['Date'] });
  return () => provider.close();
});
afterEach(() => void vi.useRealTimers());

async function clientOf(options: LogtoClientOptions = {}): Promise<LogtoClient> {
  const { issuer, clientId } = provider;
  return new LogtoClient(
    {
      issuer,
      appId: clientId,
      scopes: ['urn:logto:scope:organizations'],
      resources: [api, 'urn:logto:resource:organizations'],
    },
    {
      storage,
      fetch: await createFetch({ environment: {} }),
      now: () => Date.now() + ahead,
      ...options,
    },
  );
}

async function signedIn(options: LogtoClientOptions = {}): Promise<LogtoClient> {
  const client = await clientOf(options);
  const url = await client.signIn({ redirectUri: 'http://localhost:3000/callback' });
  await client.handleSignInCallback(await provider.authorize(url));
  provider.requests.length = 0;
  storage.writes = 0;
  return client;
}

const refreshes = () =>
  provider.requestsTo('token').filter(({ form }) => form.get('grant_type') === 'refresh_token');

/** Lets time pass, for clients and provider alike. */
const passed = (minutes: number) => vi.setSystemTime(Date.now() + minutes * 60_000);

describe('an access token', () => {
  it('that lives is handed out as it is stored, and nobody is asked', async () => {
    const client = await signedIn();
    const [stored] = (await storage.tokenSet()).accessTokens;
    expect(await client.getAccessToken()).toBe(stored?.token);
    expect(await client.obtainAccessToken()).toEqual({
      accessToken: stored?.token,
      tokenType: 'Bearer',
      expiresAt: stored?.expiresAt,
      scopes: stored?.scopes,
      resource: null,
      organization: null,
    });
    expect(provider.requests).toEqual([]);
    expect(storage.writes).toBe(0);
  });

  it('that has ended is refreshed once, and stored before it is handed out', async () => {
    const client = await signedIn();
    const before = await storage.tokenSet();
    passed(61);

    const token = await client.getAccessToken();

    const after = await storage.tokenSet();
    expect(refreshes()).toHaveLength(1);
    // One proves that the answer can be stored, the other stores it.
    expect(storage.writes).toBe(2);
    expect(after.accessTokens.map((stored) => stored.token)).toEqual([token]);
    expect(after.refreshToken).not.toBe(before.refreshToken);
    expect(after).toEqual({
      ...before,
      refreshToken: after.refreshToken,
      idToken: after.idToken,
      accessTokens: after.accessTokens,
    });
    expect(await client.getAccessToken()).toBe(token);
    expect(refreshes()).toHaveLength(1);
  });

  it('whose end the provider never told lives until it is refreshed on purpose', async () => {
    const client = await signedIn();
    await storage.change(({ accessTokens }) => ({
      accessTokens: accessTokens.map((token) => ({ ...token, expiresAt: null })),
    }));
    passed(100_000);
    await client.getAccessToken();
    expect(refreshes()).toHaveLength(0);
    await client.obtainAccessToken({ refresh: true });
    expect(refreshes()).toHaveLength(1);
  });

  it.each([
    { left: 31, minTtl: undefined, cost: 0 },
    { left: 29, minTtl: undefined, cost: 1 },
    { left: 1, minTtl: 0, cost: 0 },
    { left: -1, minTtl: 0, cost: 1 },
    { left: 601, minTtl: 600, cost: 0 },
    { left: 599, minTtl: 600, cost: 1 },
  ])('with $left s left, where $minTtl s are needed, costs $cost refreshes', async (row) => {
    const client = await signedIn();
    await storage.endAt(Date.now() + row.left * 1000);
    await client.obtainAccessToken({ ...(row.minTtl !== undefined && { minTtl: row.minTtl }) });
    expect(refreshes()).toHaveLength(row.cost);
  });

  it('of each target has its own place, and the ended ones are dropped when another is stored', async () => {
    const client = await signedIn();
    await client.getAccessToken(api);
    await client.getOrganizationToken(organization);
    await client.getAccessToken(api, organization);
    const targets = async () =>
      (await storage.tokenSet()).accessTokens.map((token) => [token.resource, token.organization]);
    expect(await targets()).toEqual([
      [null, null],
      [api, null],
      [null, organization],
      [api, organization],
    ]);
    expect(refreshes().map(({ form }) => [form.get('resource'), form.get('organization_id')])).toEqual([
      [api, null],
      [null, organization],
      [api, organization],
    ]);

    passed(61);
    await client.getAccessToken(api);
    expect(await targets()).toEqual([[api, null]]);
  });
});

describe('claims', () => {
  it('are those of the JWT, of a resource and of an organization', async () => {
    const client = await signedIn();
    expect(await client.getAccessTokenClaims(api)).toMatchObject({ aud: api });
    const audience = `urn:logto:organization:${organization}`;
    expect(await client.getOrganizationTokenClaims(organization)).toMatchObject({ aud: audience });
    expect(await client.getAccessTokenClaims()).toBeNull();
    expect(refreshes()).toHaveLength(2);
  });
});

describe('several tokens wanted at once', () => {
  it('cost one refresh each, and the same one twice costs one', async () => {
    const client = await signedIn();
    passed(61);

    const [first, second, ofApi, again, ofOrganization, ofBoth] = await Promise.all([
      client.getAccessToken(),
      client.getAccessToken(),
      client.getAccessToken(api),
      client.getAccessToken(api),
      client.getOrganizationToken(organization),
      client.getAccessToken(api, organization),
    ]);

    expect(second).toBe(first);
    expect(again).toBe(ofApi);
    expect(new Set([first, ofApi, ofOrganization, ofBoth]).size).toBe(4);
    expect(refreshes()).toHaveLength(4);
    // Each refresh used the refresh token that the one before it left.
    expect(new Set(refreshes().map(({ form }) => form.get('refresh_token'))).size).toBe(4);
    expect((await storage.tokenSet()).accessTokens).toHaveLength(4);
  });

  it('cost one when a refresh is forced twice, and one more when it is forced again', async () => {
    const client = await signedIn();
    const refresh = true;
    const [one, two] = await Promise.all([
      client.obtainAccessToken({ refresh }),
      client.obtainAccessToken({ refresh }),
    ]);
    expect(two).toEqual(one);
    expect(refreshes()).toHaveLength(1);
    await client.obtainAccessToken({ refresh });
    expect(refreshes()).toHaveLength(2);
  });

  it('cost one when the ID token is wanted twice', async () => {
    const client = await signedIn();
    const refresh = true;
    await Promise.all([client.getIdToken({ refresh }), client.getIdToken({ refresh })]);
    expect(refreshes()).toHaveLength(1);
  });

  it('by clients that share a storage and a lock cost one', async () => {
    const lock = memoryLock();
    const client = await signedIn({ lock });
    const clients = [client, await clientOf({ lock }), await clientOf({ lock })];
    passed(61);
    const tokens = await Promise.all(clients.map((one) => one.getAccessToken()));
    expect(new Set(tokens).size).toBe(1);
    expect(refreshes()).toHaveLength(1);
  });

  it('fail together, and are tried again the next time', async () => {
    const client = await signedIn();
    passed(61);
    provider.lies = { answers: { token: { status: 500 } } };
    const outcomes = await Promise.allSettled([client.getAccessToken(), client.getAccessToken()]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(refreshes()).toHaveLength(1);
    provider.lies = {};
    expect(await client.getAccessToken()).toMatch(/^access-/);
  });

  it('with an ID token cost one when its refresh brings both', async () => {
    const client = await signedIn();
    passed(61);
    const [idToken] = await Promise.all([client.getIdToken({ refresh: true }), client.getAccessToken()]);
    expect((await storage.tokenSet()).idToken).toBe(idToken);
    expect(refreshes()).toHaveLength(1);
  });
});

/** A lock that somebody else holds for a while whenever it is wanted. */
function busyLock(): { readonly lock: Lock; meanwhile: () => Promise<void> } {
  const inner = memoryLock();
  const busy = {
    lock: ((work) => inner(() => busy.meanwhile().then(work))) as Lock,
    meanwhile: async () => {},
  };
  return busy;
}

describe('what a sibling stored', () => {
  it('while we waited for the lock is used, and nobody is asked', async () => {
    const waiting = busyLock();
    const client = await signedIn({ lock: waiting.lock });
    passed(61);
    waiting.meanwhile = () =>
      storage.change(({ accessTokens }) => ({
        refreshToken: 'the-refresh-token-of-the-sibling',
        accessTokens: accessTokens.map((token) => ({
          ...token,
          token: 'the-token-of-the-sibling',
          expiresAt: Date.now() + 3_600_000,
        })),
      }));

    expect(await client.getAccessToken()).toBe('the-token-of-the-sibling');
    expect(provider.requests).toEqual([]);
    expect((await storage.tokenSet()).refreshToken).toBe('the-refresh-token-of-the-sibling');
  });

  it.each([
    { what: 'young', waited: 4, left: 5, minTtl: undefined, cost: 0 },
    { what: 'past half of its life', waited: 6, left: 5, minTtl: undefined, cost: 1 },
    { what: 'young, but wanted for longer', waited: 4, left: 5, minTtl: 6, cost: 1 },
    { what: 'young, and wanted for less', waited: 4, left: 5, minTtl: 4, cost: 0 },
  ])('of a short life, $what, costs $cost refreshes', async ({ waited, left, minTtl, cost }) => {
    const waiting = busyLock();
    const client = await signedIn({ lock: waiting.lock });
    passed(61);
    waiting.meanwhile = async () => {
      vi.setSystemTime(Date.now() + waited * 1000);
      const expiresAt = Date.now() + left * 1000;
      await storage.change(({ accessTokens }) => ({
        accessTokens: accessTokens.map((token) => ({ ...token, token: 'of-the-sibling', expiresAt })),
      }));
    };

    const { accessToken } = await client.obtainAccessToken(minTtl === undefined ? {} : { minTtl });
    expect(refreshes()).toHaveLength(cost);
    expect(accessToken === 'of-the-sibling').toBe(cost === 0);
  });

  it('is not what was there before we waited', async () => {
    const client = await signedIn();
    await storage.endAt(Date.now() + 10_000);
    await client.getAccessToken();
    expect(refreshes()).toHaveLength(1);
  });

  it('while our refresh token was refused is used, and never deleted', async () => {
    const client = await signedIn();
    const elsewhere = new TestStorage();
    await signedIn({ storage: elsewhere });
    passed(61);
    const newer = await elsewhere.tokenSet();
    let refused = 0;
    provider.lies = {
      answers: {
        token: ({ form }) => {
          if (form.get('refresh_token') === newer.refreshToken) return 'honest';
          refused += 1;
          void storage.change(() => newer);
          return { status: 400, body: { error: 'invalid_grant' } };
        },
      },
    };

    // Their access token has ended too, so that it is their refresh token that serves us.
    expect(await client.getAccessToken()).toMatch(/^access-/);
    expect(refused).toBe(1);
    expect(refreshes()).toHaveLength(2);
    const after = await storage.tokenSet();
    expect(after.refreshToken).toBe(provider.issued.findLast((secret) => secret.startsWith('refresh-')));
    expect(after.signedInAt).toBe(newer.signedInAt);
  });

  it('is not there: session_expired, and the record stays as it was', async () => {
    const client = await signedIn();
    const before = await storage.tokenSet();
    passed(61);
    provider.lies = { answers: { token: { status: 400, body: { error: 'invalid_grant' } } } };
    expect(await failureOf(client.getAccessToken())).toMatchObject({ code: 'session_expired' });
    expect(await storage.tokenSet()).toEqual(before);
    expect(await client.isAuthenticated()).toBe(true);
  });

  it('is a sign-out: not_signed_in, and nobody is asked', async () => {
    const waiting = busyLock();
    const client = await signedIn({ lock: waiting.lock });
    passed(61);
    waiting.meanwhile = () => storage.delete('tokenSet');
    expect(await failureOf(client.getAccessToken())).toMatchObject({ code: 'not_signed_in' });
    expect(provider.requests).toEqual([]);
    expect(await storage.get('tokenSet')).toBeNull();
  });
});

describe('a storage that breaks in the middle of a refresh', () => {
  it('fails with its own code, leaves the old record, and no token is handed out', async () => {
    const client = await signedIn();
    const before = await storage.tokenSet();
    passed(61);
    storage.failure = new LogtoError('storage_failed', 'The disk is full.', 'Make room.');
    expect(await failureOf(client.getAccessToken())).toBe(storage.failure);
    expect(await storage.tokenSet()).toEqual(before);
  });

  it('is noticed before the refresh token is spent, where it was broken before', async () => {
    const client = await signedIn();
    passed(61);
    storage.failure = new LogtoError('storage_failed', 'The disk is full.', 'Make room.');
    expect(await failureOf(client.getAccessToken())).toBe(storage.failure);
    storage.failure = null;
    expect(await client.getAccessToken()).toMatch(/^access-/);
  });

  it('lets the lock go: the next one may try', async () => {
    const client = await signedIn();
    // A provider whose refresh tokens stay, as that of a Traditional application does.
    provider.lies = {
      answers: { token: { body: { access_token: 'a-token', token_type: 'Bearer', expires_in: 60 } } },
    };
    passed(61);
    storage.failure = new LogtoError('storage_locked', 'Locked.', 'Unlock it.');
    expect(await failureOf(client.getAccessToken())).toMatchObject({ code: 'storage_locked' });
    storage.failure = null;
    expect(await client.getAccessToken()).toBe('a-token');
    expect((await storage.tokenSet()).refreshToken).toMatch(/^refresh-/);
  });
});

describe('a storage that has no room for the answer of a refresh', () => {
  const sizeOf = async () => ((await storage.get('tokenSet')) ?? '').length;
  const answering = (body: object) => {
    const token = { access_token: 'a'.repeat(500), token_type: 'Bearer', expires_in: 60, ...body };
    provider.lies = { answers: { token: { body: token } } };
  };

  it('keeps the session with the new refresh token and the tokens that it had, and says so', async () => {
    const client = await signedIn();
    const before = await storage.tokenSet();
    storage.room = [(await sizeOf()) + 100];
    answering({ refresh_token: 'the-new-one' });

    const failure = await failureOf(client.getAccessToken(api));

    expect(failure).toMatchObject({
      code: 'storage_failed',
      message: expect.stringMatching(/^The disk is full\. .*its refresh token is: the session goes on\.$/),
      hint: 'Make room.',
      details: { session: 'kept' },
    });
    expect(await storage.tokenSet()).toEqual({ ...before, refreshToken: 'the-new-one' });
    expect(await client.getAccessToken()).toBe(before.accessTokens[0]?.token);
  });

  it('gives the access tokens up where the new refresh token has no room beside them', async () => {
    const client = await signedIn();
    const before = await storage.tokenSet();
    const longer = `${before.refreshToken}-${'x'.repeat(100)}`;
    storage.room = [(await sizeOf()) + 10];
    answering({ refresh_token: longer });

    expect(await failureOf(client.getAccessToken(api))).toMatchObject({ details: { session: 'kept' } });

    expect(await storage.tokenSet()).toEqual({ ...before, refreshToken: longer, accessTokens: [] });
    // The next command begins with it.
    provider.lies = {};
    storage.room = [];
    provider.requests.length = 0;
    await failureOf((await clientOf()).getAccessToken(api));
    expect(refreshes().map(({ form }) => form.get('refresh_token'))).toEqual([longer]);
    expect(await client.getIdTokenClaims()).toMatchObject({ iss: provider.issuer });
  });

  it('says that the session may be lost where nothing could be kept, and leaves what there was', async () => {
    const client = await signedIn();
    const before = await storage.tokenSet();
    storage.room = [await sizeOf(), 0];
    answering({ refresh_token: 'the-new-one' });

    expect(await failureOf(client.getAccessToken(api))).toMatchObject({
      code: 'storage_failed',
      message: expect.stringContaining('could not be kept: the stored session may not be refreshed any more'),
      hint: expect.stringMatching(/^Make room\. .*sign in again: logto-cli sign-in$/),
      details: { session: 'lost' },
    });
    expect(await storage.tokenSet()).toEqual(before);
  });

  it('says nothing of the session where the refresh token is the same: it is as good as it was', async () => {
    const client = await signedIn();
    const before = await storage.tokenSet();
    storage.room = [await sizeOf()];
    answering({});
    storage.tries = 0;

    expect(await failureOf(client.getAccessToken(api))).toBe(diskIsFull);

    expect(storage.tries).toBe(2);
    expect(await storage.tokenSet()).toEqual(before);
  });

  it('is not asked again where it was locked meanwhile, which may have asked a person', async () => {
    const client = await signedIn();
    answering({ refresh_token: 'the-new-one' });
    storage.failureAfterwards = new LogtoError('storage_locked', 'Locked.', 'Unlock it.');
    storage.tries = 0;

    const failure = await failureOf(client.getAccessToken(api));

    expect(failure).toMatchObject({ code: 'storage_locked', details: { session: 'lost' } });
    expect(storage.tries).toBe(2);
  });
});

describe('a refresh that the provider denies to this user', () => {
  it('leaves the session as it was, says so, and works once the user is let in again', async () => {
    const client = await signedIn();
    const before = await storage.tokenSet();
    passed(61);
    provider.lies = {
      answers: { token: { status: 400, body: { error: 'access_denied', error_description: 'No.' } } },
    };
    expect(await failureOf(client.getAccessToken())).toMatchObject({
      code: 'access_denied',
      message: 'The provider denied the token (access_denied: No.). The stored session is kept as it was.',
      hint: expect.stringContaining('The next refresh tells'),
      details: { error: 'access_denied', error_description: 'No.', status: 400, session: 'kept' },
    });
    expect(await storage.tokenSet()).toEqual(before);
    expect(await client.isAuthenticated()).toBe(true);
    provider.lies = {};
    expect(await client.getAccessToken()).toMatch(/^access-/);
  });
});

describe('a refresh whose answer cannot be checked', () => {
  it('because the keys are away keeps the refresh token alone, and the next one works', async () => {
    const client = await signedIn();
    const before = await storage.tokenSet();
    passed(61);
    provider.lies = { answers: { jwks: { status: 503 } } };
    // A client of a new process: it has no keys yet.
    const fresh = await clientOf();

    expect(await failureOf(fresh.getAccessToken())).toMatchObject({ code: 'provider_error' });

    const after = await storage.tokenSet();
    expect(after.refreshToken).not.toBe(before.refreshToken);
    expect(after).toEqual({ ...before, refreshToken: after.refreshToken });
    provider.lies = {};
    expect(await fresh.getAccessToken()).toMatch(/^access-/);
    expect(await client.getAccessToken()).toMatch(/^access-/);
    expect(refreshes()).toHaveLength(2);
  });

  it.each([
    { difference: 7200, says: 'behind' },
    { difference: -7200, says: 'ahead of' },
  ])('because our clock is wrong says so ($says)', async ({ difference, says }) => {
    const client = await signedIn();
    const before = await storage.tokenSet();
    ahead = -difference * 1000;
    expect(await failureOf(client.obtainAccessToken({ refresh: true }))).toMatchObject({
      code: 'clock_skew',
      message: expect.stringContaining(says),
      details: { skewSeconds: expect.closeTo(difference, -1) },
    });
    expect(await storage.tokenSet()).toEqual(before);
  });

  it('within a minute of clock difference is fine', async () => {
    const client = await signedIn();
    for (const seconds of [50, -50]) {
      ahead = seconds * 1000;
      expect(await client.getAccessToken(api)).toMatch(/^ey/);
      await client.obtainAccessToken({ resource: api, refresh: true });
    }
  });
});

describe('the ID token', () => {
  it('is refreshed by its own end, and for minTtl', async () => {
    const client = await signedIn();
    const first = await client.getIdToken();
    await storage.endAt(0);
    expect(await client.getIdToken()).toBe(first);
    expect(await client.getIdToken({ minTtl: 3000 })).toBe(first);
    expect(refreshes()).toHaveLength(0);
    passed(30);
    expect(await client.getIdToken({ minTtl: 3000 })).not.toBe(first);
    expect(refreshes()).toHaveLength(1);
    passed(59);
    await client.getIdToken();
    expect(refreshes()).toHaveLength(1);
    passed(2);
    await client.getIdToken();
    expect(refreshes()).toHaveLength(2);
  });

  it('is the new one even if the provider makes none that lives for minTtl', async () => {
    const client = await signedIn();
    const first = await client.getIdToken();
    passed(1);
    const second = await client.getIdToken({ minTtl: 86_400 });
    expect(second).not.toBe(first);
    expect((await storage.tokenSet()).idToken).toBe(second);
  });

  it('that does not come with the refresh is session_expired once it has ended', async () => {
    const client = await signedIn();
    passed(61);
    provider.lies = {
      tokenResponse: ({ id_token: _, ...body }) => body,
    };
    expect(await failureOf(client.getIdToken())).toMatchObject({ code: 'session_expired' });
    // The refresh itself was a good one.
    expect(await client.getAccessToken()).toMatch(/^access-/);
    expect(refreshes()).toHaveLength(1);
  });
});

describe('forgetting', () => {
  it('the access tokens makes the next one a new one, and keeps the session', async () => {
    const client = await signedIn();
    const first = await client.getAccessToken();
    await client.getAccessToken(api);
    await client.clearAccessToken();
    expect((await storage.tokenSet()).accessTokens).toEqual([]);
    expect(await client.isAuthenticated()).toBe(true);
    expect(await client.getAccessToken()).not.toBe(first);
  });

  it('all tokens ends the session here, and tells the provider nothing', async () => {
    const client = await signedIn();
    await client.clearAllTokens();
    expect(await storage.get('tokenSet')).toBeNull();
    expect(await client.isAuthenticated()).toBe(false);
    expect(provider.requests).toEqual([]);
    for (const call of [client.getAccessToken(), client.getIdToken(), client.fetchUserInfo()]) {
      expect(await failureOf(call)).toMatchObject({ code: 'not_signed_in' });
    }
  });

  it('waits for a refresh that is under way, which does not bring the tokens back', async () => {
    const client = await signedIn();
    passed(61);
    let cleared: Promise<void> | null = null;
    provider.lies = {
      answers: {
        token: () => {
          cleared = client.clearAllTokens();
          return 'honest';
        },
      },
    };
    expect(await client.getAccessToken()).toMatch(/^access-/);
    await cleared;
    expect(await storage.get('tokenSet')).toBeNull();
  });

  it('access tokens of nobody is not_signed_in', async () => {
    const client = await clientOf();
    expect(await failureOf(client.clearAccessToken())).toMatchObject({ code: 'not_signed_in' });
  });
});

describe('UserInfo', () => {
  it('is asked with a token of its own, refreshed when it must be, never with one of a resource', async () => {
    const client = await signedIn();
    const ofApi = await client.getAccessToken(api);
    passed(61);
    expect(await client.fetchUserInfo()).toMatchObject({ sub: 'alice' });
    const [asked] = provider.requestsTo('userinfo');
    expect(asked?.headers.authorization).toMatch(/^Bearer access-/);
    expect(asked?.headers.authorization).not.toContain(ofApi);
    expect(refreshes().map(({ form }) => form.get('resource'))).toEqual([api, null]);
  });
});

describe('a token that the sign-in cannot bring', () => {
  it.each([
    { what: 'a resource that was not asked for', call: ['https://other.test'], code: 'resource_unknown' },
    { what: 'an empty resource', call: [''], code: 'config_invalid' },
    { what: 'a relative resource', call: ['things'], code: 'config_invalid' },
    { what: 'an empty organization', call: [undefined, ''], code: 'config_invalid' },
  ] as const)('for $what is $code, before anybody is asked', async ({ call, code }) => {
    const client = await signedIn();
    const [resource, id] = call;
    expect(await failureOf(client.getAccessToken(resource, id))).toMatchObject({ code });
    expect(provider.requests).toEqual([]);
  });

  it('for an organization without the scope is scope_not_allowed', async () => {
    const client = await signedIn();
    await storage.change(() => ({ scopes: ['openid', 'offline_access'] }));
    expect(await failureOf(client.getOrganizationToken(organization))).toMatchObject({
      code: 'scope_not_allowed',
      hint: expect.stringContaining(`logto-cli sign-in --organization ${organization}`),
    });
    expect(provider.requests).toEqual([]);
  });
});
