import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LogtoClient } from '../../src/client/logto-client.js';
import type { LogtoClientOptions } from '../../src/client/logto-client-options.js';
import type { ApplicationConfig, LogtoConfig, LogtoProvider } from '../../src/client/logto-config.js';
import type { SignInOptions } from '../../src/client/logto-parameters.js';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { LogtoError } from '../../src/errors.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import { followSignIn, followSignOut } from '../../src/headless/follow-sign-in.js';
import { createFetch } from '../../src/network/create-fetch.js';
import type { Fetch } from '../../src/network/fetch.js';
import { MemoryStorage } from '../../src/storage/memory-storage.js';
import type { Storage } from '../../src/storage/storage.js';
import { failureOf } from '../support/failure-of.js';
import { callbackOf } from '../support/http-browser.js';

const redirectUri = 'http://localhost:3000/callback';
const postLogoutRedirectUri = 'http://localhost:3000/';
const alice = { username: 'alice', password: 'emulator-only-alice' };
const bob = { username: 'bob', password: 'emulator-only-bob' };

let emulator: Emulator;
let fetch: Fetch;
beforeAll(async () => {
  [emulator, fetch] = await Promise.all([startEmulator(), createFetch({ environment: {} })]);
});
afterAll(() => emulator.close());

/** A storage whose every value can be looked at. */
class OpenStorage extends MemoryStorage {
  readonly keys = new Set<string>();

  override async set(key: string, value: string): Promise<void> {
    this.keys.add(key);
    await super.set(key, value);
  }

  async everything(): Promise<Record<string, string | null>> {
    const entries = [...this.keys].map(async (key) => [key, await this.get(key)] as const);
    return Object.fromEntries((await Promise.all(entries)).filter(([, value]) => value !== null));
  }
}

let storage: OpenStorage;
beforeEach(() => {
  storage = new OpenStorage();
});

function clientOf(
  config: Partial<ApplicationConfig & LogtoProvider> = {},
  options: LogtoClientOptions = {},
): LogtoClient {
  const { endpoint } = emulator;
  return new LogtoClient({ endpoint, appId: 'emulator-native', ...config }, { storage, fetch, ...options });
}

/** The person at the browser; the callback is not handled yet. */
const follow = (authorizationUrl: string, person = alice, cookies = new CookieJar(), signUp = false) =>
  followSignIn({ ...person, authorizationUrl, fetch, cookies, signUp });

async function signIn(client: LogtoClient, person = alice, options: Partial<SignInOptions> = {}) {
  await client.handleSignInCallback(await follow(await client.signIn({ redirectUri, ...options }), person));
}

describe('the check of an application', () => {
  it('is accepted for a sound one, and starts no sign-in', async () => {
    expect(await clientOf().checkApplication({ redirectUri })).toEqual({ verdict: 'accepted' });
    expect(await storage.everything()).toEqual({});
  });

  it('names what the provider would refuse', async () => {
    const unregistered = clientOf().checkApplication({ redirectUri: 'http://localhost:3000/other' });
    expect(await unregistered).toMatchObject({ error: { code: 'redirect_uri_not_registered' } });
    const resources = ['https://typo.example.test'];
    const typo = clientOf({ resources }).checkApplication({ redirectUri });
    expect(await typo).toMatchObject({
      error: { code: 'resource_unknown', details: { resource: resources[0] } },
    });
  });

  it('refuses what signIn refuses, and ends with its signal', async () => {
    const options = { redirectUri, extraParams: { state: 'x' } };
    expect(await failureOf(clientOf().checkApplication(options))).toMatchObject({ code: 'config_invalid' });
    const reason = new LogtoError('interrupted', 'Enough.', 'Run it again.');
    const checked = clientOf().checkApplication({ redirectUri }, AbortSignal.abort(reason));
    expect(await failureOf(checked)).toBe(reason);
  });
});

describe('a sign-in', () => {
  it('ends with a session, its claims and UserInfo', async () => {
    const client = clientOf();
    expect(await client.isAuthenticated()).toBe(false);
    expect(await client.getSession()).toBeNull();
    const before = Date.now();
    await signIn(client);
    expect(await client.isAuthenticated()).toBe(true);
    const claims = await client.getIdTokenClaims();
    expect(claims).toMatchObject({
      iss: emulator.issuer,
      aud: 'emulator-native',
      sub: 'emulator-user-alice',
    });
    expect((await client.fetchUserInfo())['sub']).toBe('emulator-user-alice');
    const session = await client.getSession();
    expect(session).toMatchObject({
      issuer: emulator.issuer,
      endpoint: emulator.endpoint,
      appId: 'emulator-native',
      redirectUri,
      subject: 'emulator-user-alice',
      scopes: ['openid', 'profile', 'offline_access'],
      resources: [],
      hasRefreshToken: true,
      accessTokens: [{ resource: null, organization: null }],
    });
    expect(session?.signedInAt).toBeGreaterThanOrEqual(before);
    expect(session?.idTokenExpiresAt).toBe(Number(claims['exp']) * 1000);
    expect(session?.accessTokens[0]?.expiresAt).toBeGreaterThan(Date.now());
  });

  it('asks with S256, state and nonce, each new and unguessable, and leaves nothing of it in the storage', async () => {
    const client = clientOf();
    const urls = [await client.signIn({ redirectUri }), await client.signIn({ redirectUri })];
    const [first, second] = urls.map((url) => new URL(url));
    expect(first?.origin).toBe(emulator.endpoint);
    expect(first?.searchParams.get('code_challenge_method')).toBe('S256');
    expect(first?.searchParams.get('response_type')).toBe('code');
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(first?.searchParams.get(name)).toMatch(/^[\w-]{43}$/);
      expect(first?.searchParams.get(name)).not.toBe(second?.searchParams.get(name));
    }
    await client.handleSignInCallback(await follow(urls[1] ?? ''));
    expect(Object.keys(await storage.everything())).toHaveLength(1);
  });

  it('keeps the verifier and the nonce out of the address, but for the nonce itself', async () => {
    const url = await clientOf().signIn({ redirectUri });
    const kept = JSON.stringify(await storage.everything());
    const { codeVerifier } = JSON.parse(JSON.parse(kept).signInSession) as { codeVerifier: string };
    expect(codeVerifier.length).toBeGreaterThanOrEqual(43);
    expect(url).not.toContain(codeVerifier);
  });

  it('uses the state that it is given', async () => {
    const state = 'f'.repeat(43);
    expect(new URL(await clientOf().signIn({ redirectUri, state })).searchParams.get('state')).toBe(state);
  });

  it('repeats the parameter for several resources', async () => {
    const resources = ['https://a.test', 'https://b.test', 'https://a.test'];
    const url = new URL(await clientOf({ resources }).signIn({ redirectUri }));
    expect(url.searchParams.getAll('resource')).toEqual(['https://a.test', 'https://b.test']);
  });

  it('is finished by another client that has the same storage, as another process has', async () => {
    const url = await clientOf().signIn({ redirectUri });
    await clientOf().handleSignInCallback(await follow(url));
    expect(await clientOf().isAuthenticated()).toBe(true);
  });

  it('with sign-up registers a new person', async () => {
    const client = clientOf();
    const url = await client.signIn({ redirectUri, interactionMode: 'signUp' });
    expect(new URL(url).searchParams.get('first_screen')).toBe('register');
    expect(new URL(url).searchParams.get('interaction_mode')).toBeNull();
    const newcomer = { username: 'newcomer', password: 'a-long-password-1' };
    await client.handleSignInCallback(await follow(url, newcomer, new CookieJar(), true));
    const { sub } = await client.getIdTokenClaims();
    expect(emulator.description.users.map(({ id }) => id)).not.toContain(sub);
    expect(await client.fetchUserInfo()).toMatchObject({ sub });
  });

  it('works for a confidential application with its secret', async () => {
    const client = clientOf({ appId: 'emulator-traditional', appSecret: 'emulator-only-app-secret' });
    await signIn(client);
    expect(await client.isAuthenticated()).toBe(true);
  });

  it('replaces the session before it as a whole, and revokes nothing', async () => {
    const client = clientOf();
    await signIn(client, alice);
    const { refreshToken } = await storedTokens();
    await signIn(client, bob);
    expect((await client.getSession())?.subject).toBe('emulator-user-bob');
    expect((await refresh(refreshToken)).status).toBe(200);
  });

  it('without a refresh token says so', async () => {
    const client = clientOf({ defaultScopes: false });
    await signIn(client);
    expect((await client.getSession())?.hasRefreshToken).toBe(false);
  });
});

describe('a callback', () => {
  it('with another state leaves the sign-in waiting, and the true one ends it', async () => {
    const client = clientOf();
    const callback = await follow(await client.signIn({ redirectUri }));
    const wrong = new URL(callback);
    wrong.searchParams.set('state', 'x'.repeat(43));
    expect(await failureOf(client.handleSignInCallback(wrong.href))).toMatchObject({
      code: 'state_mismatch',
    });
    wrong.searchParams.delete('state');
    expect(await failureOf(client.handleSignInCallback(wrong.href))).toMatchObject({
      code: 'state_mismatch',
    });
    const error = `${redirectUri}?error=access_denied&state=another`;
    expect(await failureOf(client.handleSignInCallback(error))).toMatchObject({ code: 'state_mismatch' });
    expect(await client.isAuthenticated()).toBe(false);
    await client.handleSignInCallback(callback);
    expect(await client.isAuthenticated()).toBe(true);
  });

  it.each(['', '/callback?code=x', 'not an address'])(
    'that is no address (%j) is a failure of ours, and leaves the sign-in waiting',
    async (address) => {
      const client = clientOf();
      const callback = await follow(await client.signIn({ redirectUri }));
      expect(await client.handleSignInCallback(address).catch((error: unknown) => error)).toBeInstanceOf(
        LogtoError,
      );
      await client.handleSignInCallback(callback);
      expect(await client.isAuthenticated()).toBe(true);
    },
  );

  it('is not_signed_in when no sign-in is under way', async () => {
    const failure = await failureOf(clientOf().handleSignInCallback(`${redirectUri}?code=x&state=y`));
    expect(failure).toMatchObject({ code: 'not_signed_in' });
  });

  it('works once', async () => {
    const client = clientOf();
    const callback = await follow(await client.signIn({ redirectUri }));
    await client.handleSignInCallback(callback);
    const session = await storage.everything();
    expect(await failureOf(client.handleSignInCallback(callback))).toMatchObject({ code: 'not_signed_in' });
    expect(await storage.everything()).toEqual(session);
  });

  it('of another application’s sign-in is refused, and leaves that one waiting', async () => {
    const callback = await follow(await clientOf().signIn({ redirectUri }));
    const other = clientOf({ appId: 'emulator-spa' });
    expect(await failureOf(other.handleSignInCallback(callback))).toMatchObject({ code: 'not_signed_in' });
    expect(await other.isAuthenticated()).toBe(false);
    await clientOf().handleSignInCallback(callback);
    expect(await clientOf().isAuthenticated()).toBe(true);
  });

  it('meets a sign-in under way that is damaged', async () => {
    await storage.set('signInSession', '{"state":');
    const failure = await failureOf(clientOf().handleSignInCallback(`${redirectUri}?code=x&state=y`));
    expect(failure).toMatchObject({ code: 'storage_corrupt' });
    await signIn(clientOf());
  });

  it('is over when its signal is aborted, with the signal’s reason', async () => {
    const client = clientOf();
    const callback = await follow(await client.signIn({ redirectUri }));
    const reason = new LogtoError('interrupted', 'Interrupted.', '-');
    const work = client.handleSignInCallback(callback, { signal: AbortSignal.abort(reason) });
    expect(await failureOf(work)).toBe(reason);
    expect(await client.isAuthenticated()).toBe(false);
  });
});

describe('a sign-in that fails leaves the session before it byte for byte', () => {
  const secretApplication = { appId: 'emulator-traditional', appSecret: 'emulator-only-app-secret' };
  const unreachable: Fetch = () =>
    Promise.reject(new LogtoError('network_unreachable', 'Nobody answers.', 'Try again.'));

  /** Signs alice in, then lets bob's sign-in fail, and looks at what is stored. */
  async function failing(
    fail: (client: LogtoClient) => Promise<unknown>,
    config: Partial<ApplicationConfig & LogtoProvider> = {},
  ): Promise<LogtoError> {
    await signIn(clientOf(config));
    const before = await storage.everything();
    const failure = await failureOf(fail(clientOf(config)));
    expect((await storage.everything())['tokenSet']).toBe(before['tokenSet']);
    expect((await clientOf(config).getSession())?.subject).toBe('emulator-user-alice');
    return failure;
  }

  it('when access is denied', async () => {
    const failure = await failing(async (client) => {
      const url = await client.signIn({ redirectUri });
      await client.handleSignInCallback(callbackOf(url, { error: 'access_denied', iss: emulator.issuer }));
    });
    expect(failure).toMatchObject({ code: 'access_denied' });
  });

  it('when the code is bogus, which is not repeated', async () => {
    const failure = await failing(async (client) => {
      const url = await client.signIn({ redirectUri });
      await client.handleSignInCallback(callbackOf(url, { code: 'bogus-code', iss: emulator.issuer }));
    });
    expect(failure).toMatchObject({ code: 'code_rejected' });
    expect(JSON.stringify([failure.message, failure.hint, failure.details])).not.toContain('bogus-code');
  });

  it('when the answer comes from another issuer', async () => {
    const failure = await failing(async (client) => {
      const callback = new URL(await follow(await client.signIn({ redirectUri }), bob));
      callback.searchParams.set('iss', 'https://evil.test');
      await client.handleSignInCallback(callback.href);
    });
    expect(failure).toMatchObject({ code: 'issuer_mismatch' });
  });

  it.each<[string, string | undefined]>([
    ['client_secret_invalid', 'wrong-secret'],
    ['client_secret_missing', undefined],
  ])('when the secret is not the right one: %s', async (code, appSecret) => {
    const failure = await failing(async () => {
      const client = clientOf({ appId: 'emulator-traditional', ...(appSecret && { appSecret }) });
      await client.handleSignInCallback(await follow(await client.signIn({ redirectUri }), bob));
    }, secretApplication);
    expect(failure).toMatchObject({ code });
    expect(JSON.stringify([failure.message, failure.hint, failure.details])).not.toContain('wrong-secret');
  });

  it('when the provider is out of reach at the start', async () => {
    const failure = await failing(() => clientOf({}, { fetch: unreachable }).signIn({ redirectUri }));
    expect(failure).toMatchObject({ code: 'network_unreachable' });
  });

  it('when the provider is out of reach at the end', async () => {
    let isDown = false;
    const flaky: Fetch = (url, init) => (isDown ? unreachable(url, init) : fetch(url, init));
    const failure = await failing(async () => {
      const client = clientOf({}, { fetch: flaky });
      const callback = await follow(await client.signIn({ redirectUri }), bob);
      isDown = true;
      await client.handleSignInCallback(callback);
    });
    expect(failure).toMatchObject({ code: 'network_unreachable' });
  });

  it('when it is asked for something impossible', async () => {
    const failure = await failing((client) =>
      client.signIn({ redirectUri, extraParams: { redirect_uri: 'https://evil.test' } }),
    );
    expect(failure).toMatchObject({ code: 'config_invalid' });
  });

  it('when it is interrupted in the middle of the exchange', async () => {
    const interruption = new AbortController();
    const reason = new LogtoError('interrupted', 'Interrupted.', '-');
    const failure = await failing(async () => {
      const interrupted: Fetch = (url, init) => {
        if (new URL(url).pathname.endsWith('/token')) interruption.abort(reason);
        return fetch(url, init);
      };
      const client = clientOf({}, { fetch: interrupted });
      const callback = await follow(await client.signIn({ redirectUri }), bob);
      await client.handleSignInCallback(callback, { signal: interruption.signal });
    });
    expect(failure).toBe(reason);
  });

  it('when it is interrupted as soon as the last answer is there', async () => {
    const interruption = new AbortController();
    const reason = new LogtoError('interrupted', 'Interrupted.', '-');
    const failure = await failing(async () => {
      const interrupted: Fetch = async (url, init) => {
        const response = await fetch(url, init);
        if (new URL(url).pathname.endsWith('/jwks')) interruption.abort(reason);
        return response;
      };
      const client = clientOf({}, { fetch: interrupted });
      const callback = await follow(await client.signIn({ redirectUri }), bob);
      await client.handleSignInCallback(callback, { signal: interruption.signal });
    });
    expect(failure).toBe(reason);
  });

  it('when it is interrupted while it waits for the lock', async () => {
    const interruption = new AbortController();
    const reason = new LogtoError('interrupted', 'Interrupted.', '-');
    const failure = await failing(async () => {
      const lock = <T>(work: () => Promise<T>): Promise<T> => {
        interruption.abort(reason);
        return work();
      };
      const client = clientOf({}, { lock });
      const callback = await follow(await client.signIn({ redirectUri }), bob);
      await client.handleSignInCallback(callback, { signal: interruption.signal });
    });
    expect(failure).toBe(reason);
  });

  it('when the storage refuses the new one', async () => {
    await signIn(clientOf());
    const before = await storage.everything();
    const full: Storage = {
      get: (key) => storage.get(key),
      delete: (key) => storage.delete(key),
      async set(key, value) {
        if (key === 'tokenSet') throw new LogtoError('storage_failed', 'Full.', 'Make room.');
        await storage.set(key, value);
      },
    };
    const client = clientOf({}, { storage: full });
    expect(await failureOf(signIn(client, bob))).toMatchObject({ code: 'storage_failed' });
    expect((await storage.everything())['tokenSet']).toBe(before['tokenSet']);
  });
});

describe('a session', () => {
  it('is of one application at one provider: to any other nobody is signed in', async () => {
    await signIn(clientOf());
    for (const other of [clientOf({ appId: 'emulator-spa' }), clientOf({ endpoint: 'http://localhost:1' })]) {
      expect(await other.isAuthenticated()).toBe(false);
      expect(await other.getSession()).toBeNull();
      expect(await failureOf(other.getIdTokenClaims())).toMatchObject({ code: 'not_signed_in' });
      expect(await failureOf(other.fetchUserInfo())).toMatchObject({ code: 'not_signed_in' });
      expect(await failureOf(other.signOut())).toMatchObject({ code: 'not_signed_in' });
    }
    expect(await clientOf().isAuthenticated()).toBe(true);
  });

  it('is the same when the provider is named by its issuer', async () => {
    await signIn(clientOf());
    const byIssuer = new LogtoClient(
      { issuer: emulator.issuer, appId: 'emulator-native' },
      { storage, fetch },
    );
    expect(await byIssuer.isAuthenticated()).toBe(true);
  });

  it('in memory is never shared between clients', async () => {
    const config = { endpoint: emulator.endpoint, appId: 'emulator-native' };
    const [one, other] = [new LogtoClient(config, { fetch }), new LogtoClient(config, { fetch })];
    await signIn(one);
    expect(await one.isAuthenticated()).toBe(true);
    expect(await other.isAuthenticated()).toBe(false);
    const callback = await follow(await one.signIn({ redirectUri }));
    expect(await failureOf(other.handleSignInCallback(callback))).toMatchObject({ code: 'not_signed_in' });
  });

  it('that is damaged is storage_corrupt, never "not signed in", and a new sign-in mends it', async () => {
    await storage.set('tokenSet', '{"version":1}');
    expect(await failureOf(clientOf().isAuthenticated())).toMatchObject({ code: 'storage_corrupt' });
    expect(await failureOf(clientOf().getSession())).toMatchObject({ code: 'storage_corrupt' });
    await signIn(clientOf());
    expect(await clientOf().isAuthenticated()).toBe(true);
  });

  it('whose access token has ended, and that cannot be refreshed, has no UserInfo', async () => {
    await signIn(clientOf({ defaultScopes: false }));
    const later = clientOf({}, { now: () => Date.now() + 86_400_000 });
    expect(await failureOf(later.fetchUserInfo())).toMatchObject({ code: 'session_expired' });
  });
});

describe('a sign-out', () => {
  it('revokes the refresh token, forgets everything, and returns where the browser has to go', async () => {
    const client = clientOf();
    await signIn(client);
    const { refreshToken } = await storedTokens();
    const url = new URL(await client.signOut({ postLogoutRedirectUri }));
    expect(url.origin).toBe(emulator.endpoint);
    expect(url.searchParams.get('client_id')).toBe('emulator-native');
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(postLogoutRedirectUri);
    expect(url.searchParams.get('id_token_hint')).toBeNull();
    expect(await storage.everything()).toEqual({});
    expect(await client.isAuthenticated()).toBe(false);
    expect((await refresh(refreshToken)).status).toBe(400);
  });

  it('ends at the post sign-out URI', async () => {
    const client = clientOf();
    const cookies = new CookieJar();
    await client.handleSignInCallback(await follow(await client.signIn({ redirectUri }), alice, cookies));
    const endSessionUrl = await client.signOut({ postLogoutRedirectUri });
    expect(await followSignOut({ endSessionUrl, fetch, cookies })).toBe(postLogoutRedirectUri);
  });

  it('hands the ID token over only when that is asked for', async () => {
    const client = clientOf();
    await signIn(client);
    const { idToken } = await storedTokens();
    const { endSessionUrl } = await client.signOutWithReport({ idTokenHint: true, state: 's'.repeat(43) });
    const parameters = new URL(endSessionUrl ?? '').searchParams;
    expect(parameters.get('id_token_hint')).toBe(idToken);
    expect(parameters.get('state')).toBe('s'.repeat(43));
  });

  it('forgets everything and says why, when the provider is out of reach', async () => {
    await signIn(clientOf());
    const down = new LogtoError('network_unreachable', 'Nobody answers.', 'Try again.');
    const offline = clientOf({}, { fetch: () => Promise.reject(down) });
    expect(await offline.signOutWithReport()).toEqual({
      revocation: 'failed',
      failure: down,
      endSessionUrl: null,
    });
    expect(await storage.everything()).toEqual({});
    await signIn(clientOf());
    expect(await failureOf(offline.signOut())).toBe(down);
    expect(await storage.everything()).toEqual({});
  });

  it('forgets everything and says why, when only the revocation fails', async () => {
    await signIn(clientOf());
    const down = new LogtoError('provider_error', 'It is broken.', 'Try again.');
    const client = clientOf(
      {},
      { fetch: (url, init) => (init?.method === 'POST' ? Promise.reject(down) : fetch(url, init)) },
    );
    const report = await client.signOutWithReport({ postLogoutRedirectUri });
    expect(report).toMatchObject({ revocation: 'failed', failure: { code: 'provider_error' } });
    expect(report.endSessionUrl).toContain(emulator.endpoint);
    expect(await storage.everything()).toEqual({});
  });

  it('forgets everything even when the way to the network breaks its promise', async () => {
    await signIn(clientOf());
    const client = clientOf({}, { fetch: () => Promise.reject(new TypeError('fetch failed')) });
    await client.signOutWithReport().catch(() => {});
    expect(await storage.everything()).toEqual({});
  });

  it('has nothing to revoke without a refresh token', async () => {
    const client = clientOf({ defaultScopes: false });
    await signIn(client);
    expect(await client.signOutWithReport()).toMatchObject({ revocation: 'skipped', failure: null });
  });

  it('is not_signed_in when nobody is', async () => {
    expect(await failureOf(clientOf().signOut())).toMatchObject({ code: 'not_signed_in' });
  });

  it('and a sign-in take the same lock to write', async () => {
    const held: string[] = [];
    const lock = async <T>(work: () => Promise<T>): Promise<T> => {
      const before = JSON.stringify(await storage.everything());
      const result = await work();
      held.push(before === JSON.stringify(await storage.everything()) ? 'nothing' : 'a change');
      return result;
    };
    const client = clientOf({}, { lock });
    await signIn(client);
    await client.signOut();
    expect(held).toEqual(['a change', 'a change']);
  });
});

describe('clearAllTokens', () => {
  it('forgets every token, tells the provider nothing, and may be repeated', async () => {
    const client = clientOf();
    await signIn(client);
    const { refreshToken } = await storedTokens();
    const offline = clientOf({}, { fetch: () => Promise.reject(new Error('no network here')) });
    await offline.clearAllTokens();
    await offline.clearAllTokens();
    expect(await client.isAuthenticated()).toBe(false);
    expect((await refresh(refreshToken)).status).toBe(200);
  });
});

describe('a configuration that is not whole', () => {
  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['no provider', { appId: 'app' }, 'config_missing'],
    ['no application', { endpoint: 'http://localhost:1', appId: '' }, 'config_missing'],
    [
      'two providers',
      { endpoint: 'https://a.test', issuer: 'https://b.test', appId: 'app' },
      'config_invalid',
    ],
    ['an endpoint that is none', { endpoint: 'tenant', appId: 'app' }, 'config_invalid'],
    ['an issuer that is none', { issuer: 'tenant', appId: 'app' }, 'config_invalid'],
    ['an endpoint without TLS', { endpoint: 'http://tenant.test', appId: 'app' }, 'issuer_insecure'],
  ])('is found at the first call, not when the client is made: %s', async (_, config, code) => {
    const asked: string[] = [];
    // As JavaScript lets it.
    const client = new LogtoClient(config as unknown as LogtoConfig, {
      fetch: async (url) => {
        asked.push(url);
        throw new Error('no network here');
      },
    });
    expect(await failureOf(client.signIn({ redirectUri }))).toMatchObject({ code });
    expect(asked).toEqual([]);
  });
});

interface StoredTokens {
  readonly refreshToken: string;
  readonly idToken: string;
}

async function storedTokens(): Promise<StoredTokens> {
  return JSON.parse((await storage.get('tokenSet')) ?? '') as StoredTokens;
}

/** What anybody who has this refresh token gets for it. */
function refresh(refreshToken: string): Promise<Response> {
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    client_id: 'emulator-native',
  });
  return fetch(`${emulator.issuer}/token`, { method: 'POST', body });
}
