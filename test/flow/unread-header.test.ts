import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { LogtoClient } from '../../src/client/logto-client.js';
import { type BrowserSignIn, browserSignIn } from '../../src/flow/browser-sign-in.js';
import { createFetch } from '../../src/network/create-fetch.js';
import type { Fetch } from '../../src/network/fetch.js';
import { MemoryStorage } from '../../src/storage/memory-storage.js';
import { failureOf } from '../support/failure-of.js';
import { HttpBrowser } from '../support/http-browser.js';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.js';
import { RecordedProgress } from '../support/recorded-progress.js';
import { onlyFor, type Reading } from '../support/registered-client.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { testRuntime } from '../support/test-runtime.js';

/** A secret that has to be encoded in a header. */
const appSecret = 'a/b+c=: %é';

let fetch: Fetch;
beforeAll(async () => {
  fetch = await createFetch({ environment: {} });
});

/** A provider that reads its application's secret in these ways, wherever it authenticates. */
async function provider(reads: readonly Reading[], isPushed = false): Promise<LyingProvider> {
  const answer = onlyFor({ clientId: 'app', secret: appSecret, reads });
  const lying = await startLyingProvider({
    answers: { token: answer, revoke: answer, par: answer },
    discovery: (document) => ({ ...document, require_pushed_authorization_requests: isPushed }),
  });
  onTestFinished(() => lying.close());
  return lying;
}

async function signIn(lying: LyingProvider, changes: Partial<BrowserSignIn> = {}) {
  const storage = new MemoryStorage();
  const progress = new RecordedProgress();
  const config = { issuer: lying.issuer, appId: 'app', appSecret };
  const browser = new HttpBrowser(fetch, async (url, tab) => void (await tab.show(url)));
  await browserSignIn(testRuntime({ home: await temporaryDirectory(), browser }), {
    client: new LogtoClient(config, { storage, signInStorage: new MemoryStorage(), fetch }),
    options: {},
    redirectUri: 'http://localhost:0/callback',
    timeout: 60,
    useBrowser: true,
    preflight: true,
    progress,
    ...changes,
  });
  lying.requests.length = 0;
  // What another command does with the session that was stored.
  return { progress, storage, later: new LogtoClient(config, { storage, fetch }) };
}

describe('a sign-in where the provider does not read the secret in the header', () => {
  it.each<[string, Reading[], string, boolean]>([
    ['the body', ['basic, not decoded', 'post'], 'client_secret_post', false],
    ['the header as it is', ['basic, not decoded'], 'client_secret_basic_raw', false],
    ['the body, where requests are pushed', ['basic, not decoded', 'post'], 'client_secret_post', true],
    [
      'the header as it is, where requests are pushed',
      ['basic, not decoded'],
      'client_secret_basic_raw',
      true,
    ],
  ])(
    'sends it in %s, says so once, and the session keeps that',
    async (_, reads, authentication, isPushed) => {
      const lying = await provider(reads, isPushed);
      const { progress, storage, later } = await signIn(lying);
      expect(progress.warnings).toEqual([expect.stringContaining('RFC 6749, 2.3.1')]);
      expect(progress.warnings[0]?.includes('--auth-method client_secret_post')).toBe(
        authentication === 'client_secret_post',
      );
      expect(JSON.parse((await storage.get('tokenSet')) ?? '')).toMatchObject({ version: 1, authentication });

      await later.obtainAccessToken({ refresh: true });
      expect(await later.fetchUserInfo()).toMatchObject({ sub: 'alice' });
      expect(await later.signOutWithReport()).toMatchObject({ revocation: 'done' });
      const steps = lying.requests.map(({ step }) => step);
      expect(steps.filter((step) => step === 'token' || step === 'revoke')).toEqual(['token', 'revoke']);
    },
  );

  it('fails as a wrong secret does without a preflight, which would have found it out', async () => {
    const failure = await failureOf(signIn(await provider(['post']), { preflight: false }));
    expect(failure).toMatchObject({
      code: 'client_rejected',
      details: { possible: expect.arrayContaining(['auth_method']) },
      hint: expect.stringContaining('--auth-method'),
    });
  });

  it('is found out in time where the provider is too slow for the browser, and not for its return', async () => {
    const lying = await provider(['post']);
    let showPage = () => {};
    const isShown = new Promise<void>((resolve) => {
      showPage = resolve;
    });
    // The token endpoint answers nobody before the browser is there.
    const slow: Fetch = async (url, init) => {
      if (url.endsWith('/token')) await isShown;
      return fetch(url, init);
    };
    const storage = new MemoryStorage();
    const progress = new RecordedProgress();
    const client = new LogtoClient(
      { issuer: lying.issuer, appId: 'app', appSecret },
      { storage, fetch: slow },
    );
    const browser = new HttpBrowser(fetch, async (url, tab) => {
      showPage();
      await tab.show(url);
    });
    const runtime = testRuntime({ home: await temporaryDirectory(), browser });
    let sleeps = 0;
    const sleep: typeof runtime.sleep = (milliseconds, signal) => {
      const isPreflight = milliseconds === 1500;
      sleeps += isPreflight ? 1 : 0;
      return isPreflight && sleeps === 1 ? Promise.resolve() : runtime.sleep(milliseconds, signal);
    };
    await browserSignIn(
      { ...runtime, sleep },
      {
        client,
        options: {},
        redirectUri: 'http://localhost:0/callback',
        timeout: 60,
        useBrowser: true,
        preflight: true,
        progress,
      },
    );
    expect(progress.warnings).toEqual([expect.stringContaining('--auth-method client_secret_post')]);
    expect(JSON.parse((await storage.get('tokenSet')) ?? '')).toMatchObject({
      authentication: 'client_secret_post',
    });
  });

  it('says nothing where it is read', async () => {
    const { progress, storage } = await signIn(await provider(['basic']));
    expect(progress.warnings).toEqual([]);
    expect(JSON.parse((await storage.get('tokenSet')) ?? '')).not.toHaveProperty('authentication');
  });
});

describe('a method that was chosen', () => {
  it('is the session’s too', async () => {
    const lying = await provider(['post']);
    const storage = new MemoryStorage();
    const config = { issuer: lying.issuer, appId: 'app', appSecret };
    const browser = new HttpBrowser(fetch, async (url, tab) => void (await tab.show(url)));
    await browserSignIn(testRuntime({ home: await temporaryDirectory(), browser }), {
      client: new LogtoClient({ ...config, authMethod: 'client_secret_post' }, { storage, fetch }),
      options: {},
      redirectUri: 'http://localhost:0/callback',
      timeout: 60,
      useBrowser: true,
      progress: new RecordedProgress(),
    });
    const later = new LogtoClient(config, { storage, fetch });
    expect(await later.obtainAccessToken({ refresh: true })).toMatchObject({ tokenType: 'Bearer' });
    // A way that a newer version knows is no reason to lose the session.
    const record = JSON.parse((await storage.get('tokenSet')) ?? '') as object;
    await storage.set('tokenSet', JSON.stringify({ ...record, authentication: 'by_carrier_pigeon' }));
    expect(await new LogtoClient(config, { storage, fetch }).getSession()).not.toHaveProperty(
      'authentication',
    );
  });

  it('none beside a secret is refused before anything is sent', async () => {
    const lying = await provider(['none']);
    const client = new LogtoClient({ issuer: lying.issuer, appId: 'app', appSecret, authMethod: 'none' });
    expect(await failureOf(client.signIn({ redirectUri: 'http://localhost/' }))).toMatchObject({
      code: 'config_invalid',
    });
    expect(lying.requests).toEqual([]);
  });
});
