import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LogtoClient } from '../../src/client/logto-client.js';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { type BrowserSignIn, browserSignIn } from '../../src/flow/browser-sign-in.js';
import type { JourneyMoment } from '../../src/flow/journey-event.js';
import { createFetch } from '../../src/network/create-fetch.js';
import type { Fetch } from '../../src/network/fetch.js';
import { MemoryStorage } from '../../src/storage/memory-storage.js';
import { failureOf } from '../support/failure-of.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { patienceUntil, type TestMachine, testRuntime } from '../support/test-runtime.js';

let emulator: Emulator;
let fetch: Fetch;
beforeAll(async () => {
  [emulator, fetch] = await Promise.all([startEmulator(), createFetch({ environment: {} })]);
});
afterAll(() => emulator.close());

/** What a sign-in tells and starts the browser with, and what comes of that address the first and the second time. */
async function begun(machine: Partial<TestMachine>, changes: Partial<BrowserSignIn> = { aid: 'keys' }) {
  const told: JourneyMoment[] = [];
  const opened: string[] = [];
  const answers: (string | number | null)[] = [];
  const over = new AbortController();
  const browser = {
    available: () => true,
    open: async (url: string) => {
      opened.push(url);
      if (url.includes('/start/')) {
        answers.push((await fetch(url)).headers.get('location'), (await fetch(url)).status);
      }
      over.abort();
      return true;
    },
  };
  const home = await temporaryDirectory();
  const copied: string[] = [];
  const runtime = testRuntime({
    home,
    browser,
    sleep: patienceUntil(over.signal),
    onKeys: (listener) => listener.onTyped({ key: 'c' }),
    copy: async (text) => {
      copied.push(text);
      return null;
    },
    ...machine,
  });
  const client = new LogtoClient(
    { endpoint: emulator.endpoint, appId: 'emulator-native' },
    { storage: new MemoryStorage(), fetch },
  );
  const journey = {
    client,
    options: {},
    redirectUri: 'http://localhost:0/callback',
    timeout: 300,
    useBrowser: true,
    progress: { tell: (moment: JourneyMoment) => void told.push(moment) },
    ...changes,
  };
  expect(await failureOf(browserSignIn(runtime, journey))).toMatchObject({ code: 'sign_in_timeout' });
  const opening = told.find((moment) => moment.event === 'opening');
  return { told, opened, copied, answers, opening };
}

describe('the browser of a sign-in', () => {
  it('is started on this machine with an address that works once, and shows no state in its arguments', async () => {
    const { opened, copied, answers, opening } = await begun({});
    expect(opened).toEqual([expect.stringMatching(/^http:\/\/localhost:\d+\/start\/[\w-]{32}$/)]);
    expect(answers).toEqual([opening?.url, 404]);
    expect(opening?.url).toContain('state=');
    expect(opening?.shortUrl).toMatch(/^http:\/\/localhost:\d+\/[a-z]{12}$/);
    // Nor is one in the clipboard, which other programs read.
    expect(copied).toEqual([opening?.shortUrl]);
  });

  it.each<[string, Partial<TestMachine>]>([
    ['on Windows, from WSL', { farBrowser: { kind: 'wsl' } }],
    ['beside a codespace', { farBrowser: { kind: 'codespaces' } }],
    [
      'at the other end of SSH, by BROWSER',
      { farBrowser: { kind: 'ssh' }, environment: { BROWSER: 'open-at-home' } },
    ],
  ])('that may not reach this program gets the whole address: %s', async (_where, machine) => {
    const { opened, copied, opening, told } = await begun(machine);
    expect([opened, copied]).toEqual([[opening?.url], [opening?.url]]);
    const events = told.map(({ event }) => event);
    expect(events.indexOf('far_browser')).toBeGreaterThanOrEqual(0);
    expect(events.indexOf('far_browser')).toBeLessThan(events.indexOf('waiting'));
  });

  it('of a container is told of to who can paste alone', async () => {
    const { told } = await begun({ farBrowser: { kind: 'container' } }, {});
    expect(told.map(({ event }) => event)).not.toContain('far_browser');
  });
});
