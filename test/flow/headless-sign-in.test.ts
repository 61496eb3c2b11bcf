import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LogtoClient } from '../../src/client/logto-client.js';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { defaultSeed, withRedirects } from '../../src/emulator/seed.js';
import { headlessSignIn } from '../../src/flow/headless-sign-in.js';
import { createFetch } from '../../src/network/create-fetch.js';
import type { Fetch } from '../../src/network/fetch.js';
import { failureOf } from '../support/failure-of.js';
import { interruption } from '../support/test-runtime.js';

/** Nobody listens there, here or anywhere. */
const redirectUri = 'https://app.example/callback';
const alice = { identifier: { type: 'username', value: 'alice' } as const, password: 'emulator-only-alice' };

let emulator: Emulator;
let fetch: Fetch;
beforeAll(async () => {
  emulator = await startEmulator({ seed: withRedirects(defaultSeed(), { redirectUris: [redirectUri] }) });
  fetch = await createFetch({ environment: {} });
});
afterAll(() => emulator.close());

const machine = { now: Date.now, interruption: new AbortController().signal };
const clientOf = (appId = 'emulator-native', appSecret?: string) =>
  new LogtoClient({ endpoint: emulator.endpoint, appId, ...(appSecret && { appSecret }) }, { fetch });

describe('headlessSignIn', () => {
  it.each([
    ['emulator-native', undefined],
    ['emulator-spa', undefined],
    ['emulator-traditional', 'emulator-only-app-secret'],
  ])('signs in to %s as a browser would, wherever its redirect URI is', async (appId, secret) => {
    const client = clientOf(appId, secret);
    const signedIn = await headlessSignIn(machine, {
      client,
      options: {},
      redirectUri,
      origins: [emulator.endpoint],
      user: alice,
      fetch,
    });
    const session = await client.getSession();
    expect(signedIn).toEqual(session);
    expect(session?.claims['username']).toBe('alice');
    expect(session?.hasRefreshToken).toBe(true);
    expect((await client.fetchUserInfo())['username']).toBe('alice');
    expect((await client.obtainAccessToken()).accessToken).not.toBe('');
  });

  it('takes an error response as with a browser', async () => {
    const journey = {
      client: clientOf(),
      options: { prompt: 'none' },
      redirectUri,
      origins: [emulator.endpoint],
      user: alice,
      fetch,
    };
    expect((await failureOf(headlessSignIn(machine, journey))).code).toBe('login_required');
  });

  it('leaves the session before it as it was when it fails', async () => {
    const client = clientOf();
    const journey = { client, options: {}, redirectUri, origins: [emulator.endpoint], user: alice, fetch };
    await headlessSignIn(machine, journey);
    const wrong = { ...alice, password: 'wrong' };
    const failure = await failureOf(headlessSignIn(machine, { ...journey, user: wrong }));
    expect(failure.code).toBe('credentials_rejected');
    expect((await client.getSession())?.claims['username']).toBe('alice');
  });

  it('ends with an interruption, wherever it is', async () => {
    const interrupted = new AbortController();
    let asked = '';
    const interrupting: Fetch = (url, init) => {
      asked = url;
      if (url.endsWith('/identification')) interrupted.abort(interruption());
      return fetch(url, init);
    };
    const client = clientOf();
    const failure = await failureOf(
      headlessSignIn(
        { ...machine, interruption: interrupted.signal },
        { client, options: {}, redirectUri, origins: [emulator.endpoint], user: alice, fetch: interrupting },
      ),
    );
    expect(failure.code).toBe('interrupted');
    expect(asked).toMatch(/\/identification$/);
    expect(await client.getSession()).toBeNull();
  });
});
