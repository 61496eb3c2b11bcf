import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LogtoClient } from '../../src/client/logto-client.js';
import type { LogtoConfig } from '../../src/client/logto-config.js';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { defaultSeed } from '../../src/emulator/seed.js';
import { LogtoError } from '../../src/errors.js';
import { browserSignIn } from '../../src/flow/browser-sign-in.js';
import { type BrowserSignOut, browserSignOut } from '../../src/flow/browser-sign-out.js';
import { createFetch } from '../../src/network/create-fetch.js';
import type { Fetch } from '../../src/network/fetch.js';
import { MemoryStorage } from '../../src/storage/memory-storage.js';
import { failureOf } from '../support/failure-of.js';
import { freePort } from '../support/free-port.js';
import { holdPort } from '../support/held-port.js';
import { confirmSignOut, HttpBrowser, personNamed } from '../support/http-browser.js';
import { type PlainProvider, startPlainProvider } from '../support/plain-provider.js';
import { RecordedProgress } from '../support/recorded-progress.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { interruption, patienceUntil, type TestMachine, testRuntime } from '../support/test-runtime.js';

const alice = { username: 'alice', password: 'emulator-only-alice' };
const carol = { username: 'carol', password: 'carol-password' };

let fetch: Fetch;
beforeAll(async () => {
  fetch = await createFetch({ environment: {} });
});

let home: string;
let port: number;
let storage: MemoryStorage;
let progress: RecordedProgress;
let cleanUp: (() => Promise<void>)[];
beforeEach(async () => {
  [home, port] = await Promise.all([temporaryDirectory(), freePort()]);
  storage = new MemoryStorage();
  progress = new RecordedProgress();
  cleanUp = [];
});
afterEach(async () => {
  for (const close of cleanUp) await close();
});

const uris = () => ({
  redirectUris: [`http://localhost:${port}/callback`],
  postLogoutRedirectUris: [`http://localhost:${port}/`],
});

async function emulatorHere(): Promise<Emulator> {
  const seed = defaultSeed();
  const applications = seed.applications.map((application) =>
    (application.redirectUris ?? []).length > 0 ? { ...application, ...uris() } : application,
  );
  const emulator = await startEmulator({ seed: { ...seed, applications } });
  cleanUp.push(() => emulator.close());
  return emulator;
}

async function plainProviderHere(configuration = {}): Promise<PlainProvider> {
  const provider = await startPlainProvider({ ...uris(), configuration });
  cleanUp.push(() => provider.close());
  return provider;
}

const clientOf = (config: LogtoConfig) => new LogtoClient(config, { storage, fetch });
const nativeOf = ({ endpoint }: Emulator) => clientOf({ endpoint, appId: 'emulator-native' });
const plainOf = ({ issuer }: PlainProvider) => clientOf({ issuer, appId: 'plain-public' });

/** Signs in with this browser, so that the provider has a session in it. */
async function signIn(client: LogtoClient, person = alice): Promise<HttpBrowser> {
  const signedIn = new HttpBrowser(fetch, personNamed(person));
  await browserSignIn(testRuntime({ home, browser: signedIn }), {
    client,
    options: {},
    redirectUri: `http://localhost:${port}/callback`,
    timeout: 300,
    useBrowser: true,
    progress: new RecordedProgress(),
  });
  await signedIn.finished();
  return signedIn;
}

/** The same browser, with somebody who does this with the address of a sign-out. */
function withCookiesOf(signedIn: HttpBrowser, visit = confirmSignOut): HttpBrowser {
  return new HttpBrowser(fetch, (url, tab) => {
    Object.assign(tab, { cookies: signedIn.cookies });
    return visit(url, tab);
  });
}

function signOut(client: LogtoClient, machine: Partial<TestMachine>, changes: Partial<BrowserSignOut> = {}) {
  return browserSignOut(testRuntime({ home, ...machine }), {
    client,
    postLogoutRedirectUri: `http://localhost:${port}/`,
    timeout: 60,
    useBrowser: true,
    idTokenHint: false,
    progress,
    ...changes,
  });
}

const stored = () => storage.get('tokenSet');
const noPatience = { sleep: async () => {} };

describe('a sign-out', () => {
  it('revokes, clears, ends the provider’s session, and is confirmed when the browser comes back', async () => {
    const client = nativeOf(await emulatorHere());
    const browser = withCookiesOf(await signIn(client));
    const outcome = await signOut(client, { browser });
    await browser.finished();
    expect(outcome).toEqual({ revocation: 'done', failure: null, endSession: 'confirmed', warnings: [] });
    expect(await stored()).toBeNull();
    expect(browser.pages.at(-1)?.text).toContain('You are signed out');
    expect(browser.pages.at(-1)?.url).not.toContain('state=');
  });

  it('has cleared the tokens, and what goes with them, before the browser opens', async () => {
    const client = nativeOf(await emulatorHere());
    const events: string[] = [];
    const browser = withCookiesOf(await signIn(client), async (url, tab) => {
      events.push(`opened with ${await stored()}`);
      await confirmSignOut(url, tab);
    });
    await signOut(client, { browser }, { onCleared: async () => void events.push('cleared') });
    await browser.finished();
    expect(events).toEqual(['cleared', 'opened with null']);
  });

  it('sends client_id, a state and the post sign-out URI, and no token', async () => {
    const client = nativeOf(await emulatorHere());
    const browser = withCookiesOf(await signIn(client));
    await signOut(client, { browser });
    const parameters = new URL(browser.opened[0] ?? '').searchParams;
    expect(Object.fromEntries(parameters)).toEqual({
      client_id: 'emulator-native',
      post_logout_redirect_uri: `http://localhost:${port}/`,
      state: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(progress.addresses).toEqual(browser.opened);
    expect(progress.words).not.toContain(parameters.get('state'));
  });

  it('sends parameters of other providers’ own ways, and comes back by them', async () => {
    const client = nativeOf(await emulatorHere());
    const back = `http://localhost:${port}/`;
    // As Amazon Cognito does it: it reads its own parameter, and sends nothing along.
    const browser = withCookiesOf(await signIn(client), async (url, tab) => {
      await tab.show(new URL(url).searchParams.get('logout_uri') ?? '');
    });
    const outcome = await signOut(
      client,
      { browser },
      { extraParams: { logout_uri: back, client_id: 'emulator-native' } },
    );
    await browser.finished();
    expect(outcome.endSession).toBe('returned');
    expect(new URL(browser.opened[0] ?? '').searchParams.getAll('client_id')).toEqual(['emulator-native']);
  });

  it.each(['client_id', 'id_token_hint', 'post_logout_redirect_uri', 'state'])(
    'is refused a %s of somebody’s own, before anything is forgotten',
    async (name) => {
      const client = nativeOf(await emulatorHere());
      await signIn(client);
      const failure = await failureOf(signOut(client, {}, { extraParams: { [name]: 'x' } }));
      expect(failure).toMatchObject({ code: 'config_invalid', message: expect.stringContaining(name) });
      expect(await stored()).not.toBeNull();
    },
  );

  it('asks for no way back where none is wanted, and listens for nobody', async () => {
    const client = nativeOf(await emulatorHere());
    const browser = withCookiesOf(await signIn(client), async () => {});
    // That somebody else has the port would be told by whoever listens.
    await holdPort(port);
    const outcome = await signOut(client, { browser }, { postLogoutRedirectUri: null });
    expect(outcome).toEqual({ revocation: 'done', failure: null, endSession: 'opened', warnings: [] });
    expect(Object.fromEntries(new URL(browser.opened[0] ?? '').searchParams)).toEqual({
      client_id: 'emulator-native',
    });
    expect(progress.notes.join()).not.toContain('Waiting');
  });

  it.each(['https://app.example/bye', 'http://app.example/', 'com.example.app:/bye', 'https://localhost:1/'])(
    'waits for nobody whom the provider sends on to %s, and warns of nothing',
    async (postLogoutRedirectUri) => {
      const client = nativeOf(await emulatorHere());
      const browser = withCookiesOf(await signIn(client), async () => {});
      const outcome = await signOut(client, { browser }, { postLogoutRedirectUri });
      expect(outcome).toEqual({
        revocation: 'done',
        failure: null,
        endSession: 'opened',
        unseen: 'elsewhere',
        warnings: [],
      });
      const sent = new URL(browser.opened[0] ?? '').searchParams.get('post_logout_redirect_uri');
      expect(sent).toBe(postLogoutRedirectUri);
      expect(progress.notes.join()).not.toContain('Waiting');
    },
  );

  it('is not confirmed by a browser that comes with another state', async () => {
    const client = nativeOf(await emulatorHere());
    const over = new AbortController();
    const sleep = patienceUntil(over.signal);
    const browser = withCookiesOf(await signIn(client), async (_url, tab) => {
      await tab.show(`http://localhost:${port}/?state=another`);
      over.abort();
    });
    const outcome = await signOut(client, { browser, sleep });
    await browser.finished();
    expect(outcome.endSession).toBe('opened');
    expect(browser.pages.map(({ text }) => text).join()).not.toContain('You are signed out');
  });

  it('is opened when the browser does not come back in time', async () => {
    const client = nativeOf(await emulatorHere());
    const browser = withCookiesOf(await signIn(client), async () => {});
    const outcome = await signOut(client, { browser, ...noPatience });
    expect(outcome).toMatchObject({ revocation: 'done', endSession: 'opened' });
  });

  it('waits as long as it was told, in milliseconds', async () => {
    const client = nativeOf(await emulatorHere());
    const browser = withCookiesOf(await signIn(client), async () => {});
    const waits: number[] = [];
    await signOut(
      client,
      { browser, sleep: async (milliseconds) => void waits.push(milliseconds) },
      { timeout: 9 },
    );
    expect(waits).toEqual([9000]);
  });

  it('without a browser prints the address, and is confirmed by whoever opens it', async () => {
    const client = nativeOf(await emulatorHere());
    const tab = withCookiesOf(await signIn(client));
    const done = signOut(client, { browser: tab }, { useBrowser: false });
    await tab.visit(await progress.firstAddress, tab);
    expect((await done).endSession).toBe('confirmed');
    expect(tab.opened).toEqual([]);
  });

  it.each([
    ['there is none', { available: () => false, open: async () => true }],
    ['it cannot be started', { available: () => true, open: async () => false }],
  ])(
    'skips the end of the provider’s session, and says so, where no browser will come: %s',
    async (_, browser) => {
      const client = nativeOf(await emulatorHere());
      await signIn(client);
      const outcome = await signOut(client, { browser });
      expect(outcome).toMatchObject({ revocation: 'done', endSession: 'skipped' });
      expect(await stored()).toBeNull();
      expect(progress.addresses).toHaveLength(1);
    },
  );

  it('goes on with a warning when its port is taken', async () => {
    const client = nativeOf(await emulatorHere());
    const browser = withCookiesOf(await signIn(client), async () => {});
    await holdPort(port);
    const outcome = await signOut(client, { browser });
    expect(outcome).toMatchObject({ revocation: 'done', failure: null, endSession: 'opened' });
    expect(outcome.unseen).toBe('not-listened');
    expect(outcome.warnings).toHaveLength(1);
    expect(outcome.warnings[0]).toContain(String(port));
    expect(await stored()).toBeNull();
    expect(new URL(browser.opened[0] ?? '').searchParams.get('post_logout_redirect_uri')).toBe(
      `http://localhost:${port}/`,
    );
  });

  it('clears the tokens and says what failed, when the provider is out of reach', async () => {
    const emulator = await emulatorHere();
    const client = nativeOf(emulator);
    await signIn(client);
    await emulator.close();
    const browser = new HttpBrowser(fetch, confirmSignOut);
    const outcome = await signOut(nativeOf(emulator), { browser });
    expect(outcome).toMatchObject({
      revocation: 'failed',
      failure: { code: 'network_unreachable' },
      endSession: 'failed',
    });
    expect(await stored()).toBeNull();
    expect(browser.opened).toEqual([]);
  });

  it('says unsupported where the provider can neither revoke nor end a session', async () => {
    const provider = await plainProviderHere({
      features: {
        devInteractions: { enabled: false },
        revocation: { enabled: false },
        rpInitiatedLogout: { enabled: false },
      },
    });
    const client = clientOf({ ...plainConfig(provider), scopes: ['offline_access'], prompt: 'consent' });
    await signIn(client, carol);
    const browser = new HttpBrowser(fetch, confirmSignOut);
    const outcome = await signOut(client, { browser }, { idTokenHint: true });
    expect(outcome).toMatchObject({ revocation: 'unsupported', failure: null, endSession: 'unsupported' });
    expect(await stored()).toBeNull();
    expect(browser.opened).toEqual([]);
  });

  it('is not_signed_in when nobody is, and opens nothing', async () => {
    const browser = new HttpBrowser(fetch, confirmSignOut);
    const failure = await failureOf(signOut(nativeOf(await emulatorHere()), { browser }));
    expect(failure).toMatchObject({ code: 'not_signed_in' });
    expect(browser.opened).toEqual([]);
  });

  it.each(['', '?other=1'])(
    'is told at once when the browser comes back without our state (%s)',
    async (query) => {
      const client = nativeOf(await emulatorHere());
      const browser = withCookiesOf(await signIn(client), async (_, tab) => {
        await tab.show(`http://localhost:${port}/${query}`);
      });
      // Nobody waits for the end of the time.
      const outcome = await signOut(client, { browser, sleep: () => new Promise(() => {}) });
      await browser.finished();
      expect(outcome).toMatchObject({ revocation: 'done', endSession: 'returned' });
      expect(browser.pages.at(-1)?.text).toContain('You are back');
      expect(browser.pages.at(-1)?.text).not.toContain('You are signed out');
    },
  );

  it('that is interrupted before anything was cleared is an interruption', async () => {
    const client = nativeOf(await emulatorHere());
    await signIn(client);
    const browser = new HttpBrowser(fetch, confirmSignOut);
    const failure = await failureOf(
      signOut(client, { browser, interruption: AbortSignal.abort(interruption()) }),
    );
    expect(failure.code).toBe('interrupted');
    expect(browser.opened).toEqual([]);
  });

  it('that is interrupted while what else there is is forgotten opens no browser any more', async () => {
    const client = nativeOf(await emulatorHere());
    const browser = withCookiesOf(await signIn(client));
    const ended = new AbortController();
    const onCleared = async () => ended.abort(interruption());
    const outcome = await signOut(client, { browser, interruption: ended.signal }, { onCleared });
    expect(outcome).toMatchObject({ endSession: 'skipped', interruption: { code: 'interrupted' } });
    expect(browser.opened).toEqual([]);
    expect(await stored()).toBeNull();
  });

  it('that is interrupted while it waits never says that what was stored is still there', async () => {
    const client = nativeOf(await emulatorHere());
    const ended = new AbortController();
    const browser = withCookiesOf(await signIn(client), async () => ended.abort(interruption()));
    const ending = await signOut(client, { browser, interruption: ended.signal });
    expect(await stored()).toBeNull();
    // The provider's session is not ended for sure, and nothing else of the sign-out is undone by that.
    expect(ending).toMatchObject({
      revocation: 'done',
      endSession: 'opened',
      interruption: { code: 'interrupted' },
    });
  });

  it('that cannot forget what else there is has still signed out', async () => {
    const client = nativeOf(await emulatorHere());
    const browser = withCookiesOf(await signIn(client));
    const unwritable = new LogtoError('config_invalid', 'The configuration cannot be written.', 'Mend it.');
    const outcome = await signOut(client, { browser }, { onCleared: () => Promise.reject(unwritable) });
    await browser.finished();
    expect(outcome).toMatchObject({ revocation: 'done', endSession: 'confirmed' });
    expect(outcome.warnings.join()).toContain('The configuration cannot be written.');
  });
});

describe('the hint for a provider that insists on the ID token', () => {
  it('reaches it through a one-time address, and stands in no address that is printed or opened', async () => {
    const provider = await plainProviderHere();
    const client = plainOf(provider);
    const signedIn = await signIn(client, carol);
    const { idToken } = JSON.parse((await stored()) ?? '') as { idToken: string };
    const seen: (string | null)[] = [];
    const over = new AbortController();
    const browser = withCookiesOf(signedIn, async (url) => {
      seen.push(new URL((await fetch(url)).headers.get('location') ?? '').searchParams.get('id_token_hint'));
      expect((await fetch(url)).status).toBe(404);
      over.abort();
    });
    const machine = { browser, sleep: patienceUntil(over.signal) };
    const outcome = await signOut(client, machine, { idTokenHint: true });
    await browser.finished();
    expect(outcome.endSession).toBe('opened');
    expect(seen).toEqual([idToken]);
    for (const address of [...browser.opened, ...progress.addresses]) {
      expect(address).toMatch(new RegExp(`^http://localhost:${port}/continue/[\\w-]{32,}$`));
    }
    expect(JSON.stringify([outcome, progress])).not.toContain(idToken);
  });

  it('is confirmed like any other', async () => {
    const provider = await plainProviderHere();
    const client = plainOf(provider);
    const browser = withCookiesOf(await signIn(client, carol));
    const outcome = await signOut(client, { browser }, { idTokenHint: true });
    await browser.finished();
    expect(outcome.endSession).toBe('confirmed');
  });

  it('is left out when nobody can be led through the one-time address: the port is taken', async () => {
    const provider = await plainProviderHere();
    const client = plainOf(provider);
    const browser = withCookiesOf(await signIn(client, carol), async () => {});
    await holdPort(port);
    await signOut(client, { browser }, { idTokenHint: true });
    expect(browser.opened).toHaveLength(1);
    for (const address of [...browser.opened, ...progress.addresses])
      expect(address).not.toContain('id_token_hint');
  });

  it('never makes an address that is dead when it is read: without a wait, the provider’s own is printed', async () => {
    const provider = await plainProviderHere();
    const client = plainOf(provider);
    const tab = withCookiesOf(await signIn(client, carol));
    await signOut(client, { browser: tab }, { idTokenHint: true, useBrowser: false, timeout: 0 });
    expect(new URL(progress.addresses[0] ?? '').origin).toBe(provider.issuer);
    expect(progress.addresses[0]).not.toContain('id_token_hint');
  });
});

function plainConfig({ issuer }: PlainProvider): LogtoConfig {
  return { issuer, appId: 'plain-public' };
}
