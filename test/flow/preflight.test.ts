import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { LogtoClient } from '../../src/client/logto-client.js';
import type { LogtoConfig } from '../../src/client/logto-config.js';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { type BrowserSignIn, browserSignIn } from '../../src/flow/browser-sign-in.js';
import { createFetch } from '../../src/network/create-fetch.js';
import type { Fetch } from '../../src/network/fetch.js';
import { MemoryStorage } from '../../src/storage/memory-storage.js';
import { failureOf } from '../support/failure-of.js';
import { freePort } from '../support/free-port.js';
import { HttpBrowser, personNamed } from '../support/http-browser.js';
import type { Answering, Lies } from '../support/lies.js';
import { startLocalServer } from '../support/local-server.js';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.js';
import { type PlainProvider, startPlainProvider } from '../support/plain-provider.js';
import { RecordedProgress } from '../support/recorded-progress.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { type TestMachine, type TestRuntime, testRuntime } from '../support/test-runtime.js';

const alice = { username: 'alice', password: 'emulator-only-alice' };
const carol = { username: 'carol', password: 'carol-password' };
const api = 'https://api.example.test';

let emulator: Emulator;
let plain: PlainProvider;
let fetch: Fetch;
let port: number;
beforeAll(async () => {
  port = await freePort();
  const redirectUris = [`http://localhost:${port}/callback`];
  const { defaultSeed } = await import('../../src/emulator/seed.js');
  const seed = defaultSeed();
  const applications = seed.applications.map((application) =>
    application.redirectUris?.length ? { ...application, redirectUris } : application,
  );
  [emulator, plain, fetch] = await Promise.all([
    startEmulator({ seed: { ...seed, applications } }),
    startPlainProvider({ redirectUris }),
    createFetch({ environment: {} }),
  ]);
});
afterAll(() => Promise.all([emulator.close(), plain.close()]));

let storage: MemoryStorage;
let progress: RecordedProgress;
beforeEach(() => {
  storage = new MemoryStorage();
  progress = new RecordedProgress();
});

/** An application of the emulator's seed. */
function emulated(type: string): LogtoConfig {
  const known = emulator.description.applications.find((application) => application.type === type);
  const { appId = '', appSecret } = known ?? {};
  return { endpoint: emulator.endpoint, appId, ...(appSecret !== undefined && { appSecret }) };
}

const secretOf = (type: string) => emulated(type).appSecret ?? '';

/** Signs in on the port that is registered. */
async function signIn(
  config: LogtoConfig,
  changes: Partial<BrowserSignIn> = {},
  machine: Partial<TestMachine> & Partial<Pick<TestRuntime, 'listen'>> = {},
): Promise<void> {
  const { listen, ...rest } = machine;
  const runtime = testRuntime({ home: await temporaryDirectory(), ...rest });
  await browserSignIn(listen ? { ...runtime, listen } : runtime, {
    client: new LogtoClient(config, { storage, signInStorage: new MemoryStorage(), fetch }),
    options: {},
    redirectUri: `http://localhost:${port}/callback`,
    timeout: 60,
    useBrowser: true,
    preflight: true,
    progress,
    ...changes,
  });
}

/** A provider whose signed-in user is sent straight back, and that answers preflight as told. */
async function lyingProvider(lies: Lies = {}): Promise<{ lying: LyingProvider; config: LogtoConfig }> {
  const lying = await startLyingProvider(lies);
  onTestFinished(() => lying.close());
  return { lying, config: { issuer: lying.issuer, appId: lying.clientId } };
}

const visitor = () => new HttpBrowser(fetch, async (url, tab) => void (await tab.show(url)));

const isProbe = (url: URL) => url.searchParams.get('prompt') === 'none';

/** Answers the preflight's authorization request, and is honest to the browser's. */
const toProbe =
  (answer: Answering): Answering =>
  (request, response) =>
    isProbe(request.url) ? answer(request, response) : 'honest';

describe('a preflight that the provider refuses', () => {
  const refusals: readonly [what: string, code: string, config: () => LogtoConfig, redirectUri?: string][] = [
    ['an unknown application', 'client_unknown', () => ({ ...emulated('Native'), appId: 'nobody' })],
    ['another port', 'redirect_uri_not_registered', () => emulated('SPA'), 'http://localhost:0/callback'],
    ['another path', 'redirect_uri_not_registered', () => emulated('Native'), 'http://localhost:0/other'],
    [
      '127.0.0.1 for localhost',
      'redirect_uri_not_registered',
      () => emulated('Native'),
      'http://127.0.0.1:0/callback',
    ],
    ['a wrong secret', 'client_secret_invalid', () => ({ ...emulated('Traditional'), appSecret: 'wrong' })],
    ['no secret', 'client_secret_missing', () => ({ ...emulated('Traditional'), appSecret: '' })],
    ['a surplus secret', 'client_secret_unexpected', () => ({ ...emulated('SPA'), appSecret: 'surplus' })],
    [
      'an unknown resource',
      'resource_unknown',
      () => ({ ...emulated('Native'), resources: [api, `${api}x`] }),
    ],
    ['an application of the wrong type', 'grant_type_not_allowed', () => emulated('MachineToMachine')],
    [
      'an application that another provider does not know',
      'client_rejected',
      () => ({ issuer: plain.issuer, appId: 'nobody' }),
    ],
    [
      'a path that another provider does not know',
      'redirect_uri_not_registered',
      () => ({ issuer: plain.issuer, appId: 'plain-public' }),
      'http://localhost:0/other',
    ],
    [
      'a wrong secret at another provider',
      'client_rejected',
      () => ({ issuer: plain.issuer, appId: 'plain-confidential', appSecret: 'wrong' }),
    ],
  ];

  it.each(refusals)(
    'for %s is %s before anything is opened or shown',
    async (_, code, config, redirectUri) => {
      await storage.set('tokenSet', 'the session before');
      const browser = visitor();
      const changes = redirectUri === undefined ? {} : { redirectUri };
      const failure = await failureOf(signIn(config(), changes, { browser }));
      expect(failure.code).toBe(code);
      expect(failure.hint).not.toBe('');
      expect(browser.opened).toEqual([]);
      expect(progress.addresses).toEqual([]);
      expect(await storage.get('tokenSet')).toBe('the session before');
    },
  );

  it('names the redirect URI that would have been sent, and the resource', async () => {
    const { details } = await failureOf(
      signIn(emulated('Native'), { redirectUri: 'http://localhost:0/other' }, { browser: visitor() }),
    );
    expect(details?.['redirect_uri']).toMatch(/^http:\/\/localhost:[1-9]\d+\/other$/);
    const resource = await failureOf(signIn({ ...emulated('SPA'), resources: [api, `${api}x`] }));
    expect(resource.details).toMatchObject({ resource: `${api}x` });
  });

  it('leaves out what the other answer has ruled out', async () => {
    const config = { issuer: plain.issuer, appId: 'plain-confidential', appSecret: 'wrong' };
    expect((await failureOf(signIn(config))).details).toMatchObject({
      possible: ['client_secret_invalid', 'client_secret_unexpected', 'auth_method'],
    });
    const unknown = { issuer: plain.issuer, appId: 'nobody', appSecret: 'wrong' };
    expect((await failureOf(signIn(unknown))).details).toMatchObject({ possible: ['client_unknown'] });
  });

  it('repeats no secret', async () => {
    const appSecret = `${secretOf('Traditional')}x`;
    const failure = await failureOf(signIn({ ...emulated('Traditional'), appSecret }));
    expect(JSON.stringify([failure, failure.message, failure.hint, progress])).not.toContain(appSecret);
  });
});

describe('a preflight of a sound sign-in', () => {
  it.each(['Native', 'Traditional', 'SPA'])('lets a %s application sign in', async (type) => {
    const browser = new HttpBrowser(fetch, personNamed(alice));
    await signIn({ ...emulated(type), resources: [api] }, {}, { browser });
    expect(await storage.get('tokenSet')).not.toBeNull();
    expect(progress.details).toEqual([expect.stringContaining('accepts')]);
  });

  it.each(['public', 'confidential'] as const)(
    'lets a %s client of another provider sign in',
    async (kind) => {
      const { clientId, ...secret } = plain.clients[kind];
      const appSecret = 'clientSecret' in secret ? secret.clientSecret : '';
      const browser = new HttpBrowser(fetch, personNamed(carol));
      await signIn({ issuer: plain.issuer, appId: clientId, appSecret }, {}, { browser });
      expect(await storage.get('tokenSet')).not.toBeNull();
    },
  );

  it('lets a client sign in where requests are pushed', async () => {
    const features = {
      pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
    };
    const redirectUris = [`http://localhost:${port}/callback`];
    const pushing = await startPlainProvider({ redirectUris, configuration: { features } });
    onTestFinished(() => pushing.close());
    const { clientId: appId, clientSecret: appSecret } = pushing.clients.confidential;
    const browser = new HttpBrowser(fetch, personNamed(carol));
    await signIn({ issuer: pushing.issuer, appId, appSecret }, {}, { browser });
    expect(await storage.get('tokenSet')).not.toBeNull();
  });

  it('is two requests, for the very redirect URI, scopes and resources of the sign-in', async () => {
    const { lying, config } = await lyingProvider();
    const options = { extraParams: { audience: 'x' }, loginHint: 'alice@example.test' };
    const redirectUri = 'http://localhost:0/callback';
    await signIn(
      { ...config, resources: [api], scopes: ['email'] },
      { options, redirectUri },
      {
        browser: visitor(),
      },
    );
    const [probe, real, ...more] = lying.requestsTo('authorize').map(({ url }) => url.searchParams);
    expect(more).toEqual([]);
    for (const name of ['redirect_uri', 'scope', 'resource', 'audience', 'client_id', 'response_type']) {
      expect(probe?.get(name)).toBe(real?.get(name));
      expect(probe?.get(name)).toBeTruthy();
    }
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(probe?.get(name)).not.toBe(real?.get(name));
    }
    expect(probe?.has('login_hint')).toBe(false);
    const [madeUp, exchange, ...others] = lying.requestsTo('token').map(({ form }) => form);
    expect(others).toEqual([]);
    expect(madeUp?.get('redirect_uri')).toBe(exchange?.get('redirect_uri'));
  });

  it('asks both at once, while the listener starts', async () => {
    let arrived = 0;
    let release = () => {};
    const both = new Promise<void>((resolve) => {
      release = resolve;
    });
    const whenBoth: Answering = (_request, response) => {
      arrived += 1;
      if (arrived === 2) release();
      void both.then(() => response.writeHead(400).end());
      return 'handled';
    };
    const { config } = await lyingProvider({
      answers: {
        authorize: toProbe(whenBoth),
        token: (request, response) => (arrived < 2 ? whenBoth(request, response) : 'honest'),
      },
    });
    const { listenForCallback } = await import('../../src/loopback/listen-for-callback.js');
    const listen: TestRuntime['listen'] = async (options) => {
      await both;
      return listenForCallback(options);
    };
    await signIn(config, {}, { browser: visitor(), listen });
    expect(arrived).toBe(2);
  });

  it('is made only where it is wanted', async () => {
    const { lying, config } = await lyingProvider();
    await signIn(config, { preflight: false }, { browser: visitor() });
    expect(lying.requestsTo('authorize')).toHaveLength(1);
    expect(lying.requestsTo('token')).toHaveLength(1);
  });
});

describe('a preflight that cannot tell', () => {
  const troubles: readonly [what: string, answer: Answering][] = [
    ['shows a page', () => ({ body: '<!doctype html><p>Sign in' })],
    ['sends everybody to its own page', () => ({ status: 302, headers: { Location: '/login' } })],
    ['refuses without a reason', () => ({ status: 403, body: '<p>Forbidden' })],
    ['fails', () => ({ status: 500 })],
    ['is asked too often', () => ({ status: 429 })],
    [
      'breaks the connection',
      (_request, response) => {
        response.destroy();
        return 'handled';
      },
    ],
  ];

  it.each(troubles)(
    'because the provider %s goes on, and says why to whoever wants to know',
    async (_, answer) => {
      const { config } = await lyingProvider({ answers: { authorize: toProbe(answer) } });
      await signIn(config, {}, { browser: visitor() });
      expect(await storage.get('tokenSet')).not.toBeNull();
      expect(progress.details).toEqual([expect.stringContaining('cannot tell')]);
      expect(progress.warnings).toEqual([]);
    },
  );

  it('because the provider is slow keeps the browser waiting for 1.5 s, and then ends its requests', async () => {
    let isEnded = false;
    let arrive = () => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const { config } = await lyingProvider({
      answers: {
        authorize: toProbe((_request, response) => {
          arrive();
          response.once('close', () => {
            isEnded = true;
          });
          return 'handled';
        }),
      },
    });
    const waits: number[] = [];
    const sleep: TestRuntime['sleep'] = (milliseconds) => {
      waits.push(milliseconds);
      return milliseconds === 1500 ? arrived : new Promise(() => {});
    };
    const browser = new HttpBrowser(fetch, async (url, tab) => {
      await expect.poll(() => isEnded).toBe(true);
      await tab.show(url);
    });
    await signIn(config, {}, { browser, sleep });
    await browser.finished();
    expect(await storage.get('tokenSet')).not.toBeNull();
    expect(waits).toEqual([1500, 60_000]);
    expect(progress.details).toEqual([expect.stringContaining('1500 ms')]);
  });

  it('is over when the sign-in fails before', async () => {
    const { config } = await lyingProvider({
      answers: { authorize: () => 'handled', token: () => 'handled' },
    });
    const holder = await startLocalServer(() => {});
    onTestFinished(() => holder.close());
    const redirectUri = `http://127.0.0.1:${holder.port}/callback`;
    const failure = await failureOf(signIn(config, { redirectUri }, { browser: visitor() }));
    expect(failure.code).toBe('port_in_use');
  });
});
