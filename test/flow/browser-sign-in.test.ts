import { createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LogtoClient } from '../../src/client/logto-client.js';
import type { Session } from '../../src/client/session.js';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { LogtoError } from '../../src/errors.js';
import { type BrowserSignIn, browserSignIn } from '../../src/flow/browser-sign-in.js';
import { signInTimeout } from '../../src/flow/sign-in-timeout.js';
import { cameWithoutTls } from '../../src/loopback/request-problem.js';
import { createFetch } from '../../src/network/create-fetch.js';
import type { Fetch } from '../../src/network/fetch.js';
import { MemoryStorage } from '../../src/storage/memory-storage.js';
import type { Storage } from '../../src/storage/storage.js';
import { failureOf } from '../support/failure-of.js';
import { callbackOf, HttpBrowser, personNamed, sentBackWith } from '../support/http-browser.js';
import { listenOnLoopback } from '../support/local-server.js';
import { RecordedProgress } from '../support/recorded-progress.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import {
  interruption,
  patienceUntil,
  type TestMachine,
  type TestRuntime,
  testRuntime,
} from '../support/test-runtime.js';

const alice = { username: 'alice', password: 'emulator-only-alice' };
const bob = { username: 'bob', password: 'emulator-only-bob' };
/** A wait that is over at once, for a person who never comes. */
const noPatience = { sleep: async () => {} };

let emulator: Emulator;
let fetch: Fetch;
beforeAll(async () => {
  [emulator, fetch] = await Promise.all([startEmulator(), createFetch({ environment: {} })]);
});
afterAll(() => emulator.close());

let home: string;
let storage: Storage;
let progress: RecordedProgress;
beforeEach(async () => {
  home = await temporaryDirectory();
  storage = new MemoryStorage();
  progress = new RecordedProgress();
});

const clientOf = (kept: Storage = storage) =>
  new LogtoClient(
    { endpoint: emulator.endpoint, appId: 'emulator-native' },
    { storage: kept, signInStorage: new MemoryStorage(), fetch },
  );

/** Signs in on this machine, with whatever a test wants different. */
function signIn(
  machine: Partial<TestMachine>,
  changes: Partial<BrowserSignIn> = {},
): { readonly runtime: TestRuntime; readonly done: Promise<Session> } {
  const runtime = testRuntime({ home, ...machine });
  const journey: BrowserSignIn = {
    client: clientOf(),
    options: {},
    redirectUri: 'http://localhost:0/callback',
    timeout: 300,
    useBrowser: true,
    progress,
    ...changes,
  };
  return { runtime, done: browserSignIn(runtime, journey) };
}

const stored = () => storage.get('tokenSet');

describe('a sign-in in the browser', () => {
  it('ends with a session, and a page that says so', async () => {
    const browser = new HttpBrowser(fetch, personNamed(alice));
    await signIn({ browser }).done;
    await browser.finished();
    expect((await clientOf().getSession())?.subject).toBe('emulator-user-alice');
    const page = browser.pages.at(-1);
    expect(page?.text).toContain('You are signed in');
    expect(page?.text).toContain('alice');
    expect(page?.url).not.toMatch(/code=|state=/);
  });

  it('has succeeded although another process ends the session as soon as it is stored', async () => {
    const emptied: Storage = {
      get: async () => null,
      delete: (key) => storage.delete(key),
      set: (key, value) => storage.set(key, value),
    };
    const browser = new HttpBrowser(fetch, personNamed(alice));
    const session = await signIn({ browser }, { client: clientOf(emptied) }).done;
    await browser.finished();
    expect(session).toMatchObject({ subject: 'emulator-user-alice', appId: 'emulator-native' });
    expect(browser.pages.at(-1)?.text).toContain('You are signed in');
    expect(browser.pages.at(-1)?.text).toContain('alice');
  });

  it('prints the address alone on its line, and opens that very address', async () => {
    const browser = new HttpBrowser(fetch, personNamed(alice));
    await signIn({ browser }).done;
    expect(progress.addresses).toEqual(browser.opened);
    expect(progress.addresses).toHaveLength(1);
    expect(progress.addresses[0]).toMatch(/^http:\/\/localhost:\d+\/oidc\/auth\?/);
  });

  it('says what it waits for, and nothing secret', async () => {
    const browser = new HttpBrowser(fetch, personNamed(alice));
    await signIn({ browser }).done;
    const state = new URL(browser.opened[0] ?? '').searchParams.get('state') ?? '-';
    expect(progress.words).toMatch(/waiting/i);
    expect(progress.words).toContain('300');
    expect(progress.words).not.toContain(state);
    expect(progress.words).not.toMatch(/code=|eyJ/);
  });

  it('tells the browser only when the storage has the tokens', async () => {
    const events: string[] = [];
    const slow: Storage = {
      get: (key) => storage.get(key),
      delete: (key) => storage.delete(key),
      async set(key, value) {
        // Long enough for a page that does not wait to come first.
        await new Promise((resolve) => setTimeout(resolve, 200));
        await storage.set(key, value);
        events.push(`stored ${key}`);
      },
    };
    const browser = new HttpBrowser(fetch, async (url, tab) => {
      await personNamed(alice)(url, tab);
      events.push(`page ${tab.pages.at(-1)?.text.includes('You are signed in')}`);
    });
    await signIn({ browser }, { client: clientOf(slow) }).done;
    await browser.finished();
    expect(events).toEqual(['stored tokenSet', 'page true']);
  });

  it('needs no browser: the address is printed, for whoever opens it', async () => {
    const browser = new HttpBrowser(fetch, personNamed(alice));
    const { done } = signIn({ browser }, { useBrowser: false });
    const url = await progress.firstAddress;
    expect(browser.opened).toEqual([]);
    await personNamed(alice)(url, browser);
    await done;
    expect(await clientOf().isAuthenticated()).toBe(true);
  });

  it.each([
    ['there is none', { available: () => false, open: async () => true }],
    ['it cannot be started', { available: () => true, open: async () => false }],
  ])('goes on with the printed address where %s', async (_, browser) => {
    const tab = new HttpBrowser(fetch, personNamed(alice));
    const { done } = signIn({ browser });
    await personNamed(alice)(await progress.firstAddress, tab);
    await done;
    expect(await clientOf().isAuthenticated()).toBe(true);
  });

  it('is not delayed by a browser that takes its time to start', async () => {
    const tab = new HttpBrowser(fetch, personNamed(alice));
    const never = new Promise<boolean>(() => {});
    const { done } = signIn({ browser: { available: () => true, open: () => never } });
    await personNamed(alice)(await progress.firstAddress, tab);
    await done;
  });

  it('listens elsewhere when that is asked for, and keeps the redirect URI', async () => {
    const browser = new HttpBrowser(fetch, async (url, tab) => {
      expect(new URL(url).searchParams.get('redirect_uri')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/other$/);
      await tab.show(callbackOf(url, { error: 'access_denied', iss: emulator.issuer }));
    });
    const { done } = signIn({ browser }, { redirectUri: 'http://127.0.0.1:3999/other', port: 0 });
    expect(await failureOf(done)).toMatchObject({ code: 'access_denied' });
    await browser.finished();
  });
});

describe('a sign-in that nobody finishes', () => {
  it('is sign_in_timeout, and names the flag', async () => {
    const failure = await failureOf(signIn({ ...noPatience }, { timeout: 7 }).done);
    expect(failure).toMatchObject({ code: 'sign_in_timeout' });
    expect(failure.message).toContain('7 s');
    expect(failure.hint).toContain('--timeout');
  });

  it('waits as long as it was told, in milliseconds', async () => {
    const waits: number[] = [];
    const sleep = async (milliseconds: number) => void waits.push(milliseconds);
    await failureOf(signIn({ sleep }, { timeout: 7 }).done);
    expect(waits).toEqual([7000]);
  });

  it('is state_mismatch when only callbacks with another state came', async () => {
    const over = new AbortController();
    const sleep = patienceUntil(over.signal);
    const browser = new HttpBrowser(fetch, async (url, tab) => {
      const strange = new URL(callbackOf(url, { code: 'another-code' }));
      strange.searchParams.set('state', 'another-state');
      const page = await tab.show(strange.href);
      expect(page.text).not.toContain('You are signed in');
      over.abort();
    });
    const failure = await failureOf(signIn({ browser, sleep }).done);
    await browser.finished();
    expect(failure).toMatchObject({ code: 'state_mismatch' });
    expect(progress.warnings).toHaveLength(1);
    expect(JSON.stringify([failure, progress])).not.toMatch(/another-(state|code)/);
  });

  it('is sign_in_timeout, not state_mismatch, when only favicons and other paths were asked for', async () => {
    const over = new AbortController();
    const sleep = patienceUntil(over.signal);
    const browser = new HttpBrowser(fetch, async (url, tab) => {
      await tab.show(new URL('/favicon.ico', callbackOf(url, {})).href);
      over.abort();
    });
    const failure = await failureOf(signIn({ browser, sleep }).done);
    await browser.finished();
    expect(failure).toMatchObject({ code: 'sign_in_timeout' });
    expect(progress.warnings).toEqual([]);
  });

  it('says that nothing came at all, and what to do then', async () => {
    const failure = await failureOf(signIn({ ...noPatience }).done);
    expect(failure.message).toContain('nothing at all');
    expect(failure.hint).toMatch(/ssh -L (\d+):localhost:\1 /);
    expect(failure.details).toMatchObject({ wrongStates: 0, missingStates: 0, otherRequests: 0 });
  });

  it.each([
    ['requests without a state', '?code=x', { missingStates: 5, otherRequests: 0 }, 'without a state'],
    ['other requests', '/favicon.ico', { missingStates: 0, otherRequests: 5 }, 'other requests'],
  ])('says that only %s came, and how many', async (_, target, details, words) => {
    const over = new AbortController();
    const browser = new HttpBrowser(fetch, async (url, tab) => {
      const callback = callbackOf(url, {}).split('?')[0];
      const pages = Array.from({ length: 5 }, () => tab.show(`${callback}${target}`));
      await Promise.all(pages);
      over.abort();
    });
    const failure = await failureOf(signIn({ browser, sleep: patienceUntil(over.signal) }).done);
    await browser.finished();
    expect(failure).toMatchObject({ code: 'sign_in_timeout', details });
    expect(failure.message).toContain(words);
    expect(failure.message).toContain('5');
  });

  it.each([
    ['1 connection', 1],
    ['2 connections', 2],
  ])('says that whoever came does not trust the certificate: %s', (words, distrusted) => {
    const failure = signInTimeout({
      seconds: 1,
      redirectUri: 'https://localhost:3000/callback',
      opensPage: true,
      came: {
        strangers: { wrong_state: 0, missing_state: 0, other: 1 },
        unusable: { count: 0, problems: [] },
        withoutState: [],
        distrusted,
      },
    });
    expect(failure).toMatchObject({ code: 'sign_in_timeout', details: { distrusted } });
    expect(failure.message).toContain(`does not trust its certificate (${words})`);
    expect(failure.hint).toContain('mkcert -install');
  });

  it.each([
    ['nothing', {}],
    ['another state', { wrong_state: 1 }],
    ['no state', { missing_state: 1 }],
    ['something else', { other: 1 }],
  ])('says where to finish as it was begun: %s came', (_, strangers) => {
    const hint = (opensPage: boolean) =>
      signInTimeout({
        seconds: 1,
        redirectUri: 'http://localhost:3000/callback',
        opensPage,
        came: {
          strangers: { wrong_state: 0, missing_state: 0, other: 0, ...strangers },
          unusable: { count: 0, problems: [] },
          withoutState: [],
          distrusted: 0,
        },
      }).hint;
    expect(hint(true)).toMatch(/the page that (it )?opens/);
    expect(hint(false)).toContain('the address that it prints');
    expect(hint(false)).not.toContain('opens');
  });

  it('says that it came without TLS where only https is answered', () => {
    const failure = signInTimeout({
      seconds: 1,
      redirectUri: 'https://localhost:3000/callback',
      opensPage: true,
      came: {
        strangers: { wrong_state: 0, missing_state: 0, other: 0 },
        unusable: { count: 1, problems: [cameWithoutTls] },
        withoutState: [],
        distrusted: 0,
      },
    });
    // Whether it was a response nobody can tell.
    expect(failure.message).toContain('a request came that could not be used');
    expect(failure.message).toContain('came with http:, where only https: is answered');
    expect(failure.hint).toContain('open its address with the https:');
  });

  /** Where the browser ends up, without and with words of ours in the terminal; then nobody comes any more. */
  async function endingAt(
    callback: (url: string) => string,
    changes: Partial<BrowserSignIn> = {},
  ): Promise<{ readonly failure: LogtoError; readonly page: string }> {
    const over = new AbortController();
    const browser = new HttpBrowser(fetch, async (url, tab) => {
      await tab.show(callback(url));
      over.abort();
    });
    const failure = await failureOf(signIn({ browser, sleep: patienceUntil(over.signal) }, changes).done);
    await browser.finished();
    return { failure, page: browser.pages.at(-1)?.text ?? '' };
  }

  it.each([
    ['a parameter twice', '&code=a-code&iss=a&iss=b', 'repeated the parameter iss'],
    [
      'an error beside a code',
      '&code=a-code&error=access_denied',
      'both a code and an error (error=access_denied)',
    ],
    ['neither a code nor an error', '', 'neither a code nor an error'],
  ])(
    'because its response carries %s says so at once, on the page and at the end',
    async (_, more, words) => {
      const { failure, page } = await endingAt((url) => `${callbackOf(url, {})}${more}`);
      expect(failure).toMatchObject({
        code: 'sign_in_timeout',
        message: expect.stringContaining(words),
        details: { unusableResponses: 1, problems: [expect.stringContaining(words)] },
      });
      expect(failure.message).not.toMatch(/none of them a callback|nothing at all/);
      expect(progress.warnings).toEqual([expect.stringContaining(words)]);
      expect(page).toContain(words);
      const told = JSON.stringify([failure, progress.warnings, page]) + failure.message + failure.hint;
      expect(told).not.toContain('a-code');
    },
  );

  it.each(['see https://help.test', 'error 431'])(
    'because of an error beside a code that says %j gives no advice about what that does not mean',
    async (words) => {
      const more = new URLSearchParams({ code: 'a-code', error: 'access_denied', error_description: words });
      const { failure } = await endingAt((url) => `${callbackOf(url, {})}&${more}`);
      expect(failure.message).toContain(words);
      expect(failure.hint).toContain('tell whoever runs the provider');
    },
  );

  it('is sign_in_timeout, not state_mismatch, when its own response came too and could not be used', async () => {
    const over = new AbortController();
    const browser = new HttpBrowser(fetch, async (url, tab) => {
      await tab.show(callbackOf(url, { state: 'another', code: 'c' }));
      await tab.show(`${callbackOf(url, { code: 'c' })}&code=d`);
      over.abort();
    });
    const failure = await failureOf(signIn({ browser, sleep: patienceUntil(over.signal) }).done);
    await browser.finished();
    expect(failure).toMatchObject({
      code: 'sign_in_timeout',
      details: { wrongStates: 1, unusableResponses: 1 },
    });
  });

  it('because the provider leaves the state out is told with the error, which is not believed', async () => {
    const { failure, page } = await endingAt(
      (url) => `${callbackOf(url, {}).split('?')[0]}?error=login_required`,
    );
    expect(failure).toMatchObject({ code: 'sign_in_timeout', details: { missingStates: 1 } });
    for (const told of [failure.message, page, progress.warnings.join()]) {
      expect(told).toContain('error=login_required');
      expect(told).toContain('RFC 6749 4.1.2.1');
    }
    expect(failure.message).toContain('without a state');
  });

  it.each([
    [true, 'perhaps Cancel was pressed on the consent page'],
    [false, 'perhaps it was cancelled at the provider'],
  ])(
    'because the browser came back with nothing says what that may be (Logto: %s)',
    async (isLogto, words) => {
      const { failure, page } = await endingAt((url) => callbackOf(url, {}).split('?')[0] ?? '', { isLogto });
      expect(failure).toMatchObject({ code: 'sign_in_timeout', details: { missingStates: 1 } });
      for (const told of [failure.message, page, progress.warnings.join()]) {
        expect(told).toContain(words);
        expect(told).toContain('response_mode=fragment');
      }
      expect(failure.hint).toContain('If nothing was cancelled there');
      expect(failure.hint).not.toContain('leaves out its `state`');
    },
  );

  it('because the response is a signed one does not blame the provider for a state that it may hold', async () => {
    const { failure, page } = await endingAt((url) => `${callbackOf(url, {}).split('?')[0]}?response=a.b.c`);
    expect(failure).toMatchObject({ code: 'sign_in_timeout', details: { missingStates: 1 } });
    expect(failure.hint).toContain('response_mode=jwt');
    for (const told of [failure.message, page, progress.warnings.join()]) {
      expect(told).toContain('a signed response (JARM), which was not asked for');
    }
    expect(failure.message + failure.hint).not.toContain('leaves');
  });

  it('still succeeds after a callback with another state', async () => {
    const browser = new HttpBrowser(fetch, async (url, tab) => {
      await tab.show(callbackOf(url, { state: 'another', error: 'access_denied' }));
      await personNamed(alice)(url, tab);
    });
    await signIn({ browser }).done;
    expect(await clientOf().isAuthenticated()).toBe(true);
  });
});

describe('a sign-in that fails', () => {
  /** A session that must survive. */
  async function signedInAs(person: typeof alice): Promise<string | null> {
    await signIn({ browser: new HttpBrowser(fetch, personNamed(person)) }).done;
    return stored();
  }

  it.each([
    ['access_denied', 'access_denied'],
    ['server_error', 'provider_error'],
    ['something_else', 'authorization_error'],
  ])(
    'with %s from the provider is %s, tells the browser, and leaves the old session',
    async (error, code) => {
      const before = await signedInAs(alice);
      const browser = new HttpBrowser(fetch, sentBackWith({ error, iss: emulator.issuer }));
      const failure = await failureOf(signIn({ browser }).done);
      await browser.finished();
      expect(failure.code).toBe(code);
      const page = browser.pages.at(-1);
      expect(page?.text).toContain('Sign-in failed');
      expect(page?.text).toContain(code);
      expect(page?.text).not.toContain('You are signed in');
      expect(page?.url).not.toMatch(/state=|error=/);
      expect(await stored()).toBe(before);
    },
  );

  it('because a Native application asked for no page says that it never works', async () => {
    const error = 'interaction_required';
    const error_description = 'native clients require End-User interaction';
    const browser = new HttpBrowser(fetch, sentBackWith({ error, error_description, iss: emulator.issuer }));
    const failure = await failureOf(signIn({ browser }, { options: { prompt: 'none' } }).done);
    await browser.finished();
    expect(failure).toMatchObject({ code: error });
    expect(failure.message).toContain('A Native application of Logto can never');
    expect(failure.hint).toContain('--prompt none');
  });

  it('because the code is refused says what that cannot be, and how long it took', async () => {
    const browser = new HttpBrowser(fetch, sentBackWith({ code: 'made-up', iss: emulator.issuer }));
    const failure = await failureOf(signIn({ browser }).done);
    await browser.finished();
    expect(failure).toMatchObject({
      code: 'code_rejected',
      details: {
        possible: ['code_used_before', 'user_suspended', 'code_lost'],
        ruledOut: expect.arrayContaining(['redirect_uri_differs', 'code_verifier_differs', 'code_expired']),
        secondsSinceCallback: expect.any(Number),
      },
    });
    expect(failure.message + failure.hint + JSON.stringify(failure.details)).not.toContain('made-up');
  });

  it('because the storage is full tells the browser the truth', async () => {
    const full: Storage = {
      get: (key) => storage.get(key),
      delete: (key) => storage.delete(key),
      set: async () => {
        throw new LogtoError('storage_failed', 'The disk is full.', 'Make room.');
      },
    };
    const browser = new HttpBrowser(fetch, personNamed(alice));
    const failure = await failureOf(signIn({ browser }, { client: clientOf(full) }).done);
    await browser.finished();
    expect(failure).toMatchObject({ code: 'storage_failed' });
    expect(browser.pages.at(-1)?.text).toContain('storage_failed');
    expect(browser.pages.at(-1)?.text).not.toContain('You are signed in');
  });

  it('because of a bug of ours tells the browser no more than that', async () => {
    const broken: Storage = {
      get: (key) => storage.get(key),
      delete: (key) => storage.delete(key),
      set: async (_key, value) => {
        throw new TypeError(`cannot write ${value}`);
      },
    };
    const browser = new HttpBrowser(fetch, personNamed(alice));
    await expect(signIn({ browser }, { client: clientOf(broken) }).done).rejects.toBeInstanceOf(TypeError);
    await browser.finished();
    expect(browser.pages.at(-1)?.text).toContain('internal_error');
    expect(browser.pages.at(-1)?.text).not.toMatch(/cannot write|eyJ/);
  });

  it('because the new session cannot be read back does not leave the browser without an answer', async () => {
    let isStored = false;
    const forgetful: Storage = {
      async get(key) {
        if (isStored) throw new LogtoError('storage_locked', 'It is locked.', 'Unlock it.');
        return storage.get(key);
      },
      delete: (key) => storage.delete(key),
      async set(key, value) {
        await storage.set(key, value);
        isStored = true;
      },
    };
    const browser = new HttpBrowser(fetch, personNamed(alice));
    await signIn({ browser }, { client: clientOf(forgetful) }).done.catch(() => {});
    await browser.finished();
    expect(browser.pages).toHaveLength(1);
  });

  it('before the browser opens opens none: the provider is down', async () => {
    const before = await signedInAs(alice);
    const browser = new HttpBrowser(fetch, personNamed(bob));
    const client = new LogtoClient(
      { endpoint: 'http://localhost:1', appId: 'emulator-native' },
      { storage, fetch },
    );
    expect(await failureOf(signIn({ browser }, { client }).done)).toMatchObject({
      code: 'network_unreachable',
    });
    expect(browser.opened).toEqual([]);
    expect(await stored()).toBe(before);
  });

  it('before the browser opens opens none: the port is taken', async () => {
    const server = createServer();
    const port = await listenOnLoopback(server);
    try {
      const browser = new HttpBrowser(fetch, personNamed(alice));
      const { done } = signIn({ browser }, { redirectUri: `http://localhost:${port}/callback` });
      const failure = await failureOf(done);
      expect(failure).toMatchObject({ code: 'port_in_use' });
      expect(failure.message).toContain(String(port));
      expect(browser.opened).toEqual([]);
    } finally {
      server.close();
    }
  });

  it.each(['https://example.com/callback', 'http://192.168.0.1:3000/callback', 'not an address'])(
    'before the browser opens opens none: the redirect URI is %s',
    async (redirectUri) => {
      const browser = new HttpBrowser(fetch, personNamed(alice));
      const failure = await failureOf(signIn({ browser }, { redirectUri }).done);
      expect(failure).toMatchObject({ code: 'config_invalid' });
      expect(browser.opened).toEqual([]);
    },
  );

  it('by an interruption ends at once with its reason, and leaves the old session', async () => {
    const before = await signedInAs(alice);
    const ended = new AbortController();
    const reason = interruption();
    const browser = new HttpBrowser(fetch, async () => ended.abort(reason));
    const failure = await failureOf(signIn({ browser, interruption: ended.signal }).done);
    expect(failure).toBe(reason);
    expect(await stored()).toBe(before);
  });

  it('by an interruption while the code is exchanged leaves the old session too', async () => {
    const before = await signedInAs(alice);
    const ended = new AbortController();
    const interrupting: Fetch = (url, init) => {
      if (new URL(url).pathname.endsWith('/token')) ended.abort(interruption());
      return fetch(url, init);
    };
    const client = new LogtoClient(
      { endpoint: emulator.endpoint, appId: 'emulator-native' },
      { storage, signInStorage: new MemoryStorage(), fetch: interrupting },
    );
    const browser = new HttpBrowser(fetch, personNamed(bob));
    const failure = await failureOf(signIn({ browser, interruption: ended.signal }, { client }).done);
    await browser.finished();
    expect(failure).toMatchObject({ code: 'interrupted' });
    expect(await stored()).toBe(before);
    expect(browser.pages.at(-1)?.text).not.toContain('You are signed in');
  });

  it('frees its port, however it ended', async () => {
    const browser = new HttpBrowser(fetch, sentBackWith({ error: 'access_denied', iss: emulator.issuer }));
    await failureOf(signIn({ browser }).done);
    await browser.finished();
    const callback = callbackOf(browser.opened[0] ?? '', {});
    expect(await failureOf(fetch(callback))).toMatchObject({ code: 'network_unreachable' });
  });
});
