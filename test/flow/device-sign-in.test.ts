import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LogtoClient } from '../../src/client/logto-client.js';
import { deviceProgress } from '../../src/commands/report/device-words.js';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { deviceSignIn } from '../../src/flow/device-sign-in.js';
import type { JourneyEvent } from '../../src/flow/journey-event.js';
import { createFetch } from '../../src/network/create-fetch.js';
import type { Fetch } from '../../src/network/fetch.js';
import { createOutput } from '../../src/output/output.js';
import { MemoryStorage } from '../../src/storage/memory-storage.js';
import { failureOf } from '../support/failure-of.js';
import { finishOnOtherDevice } from '../support/other-device.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import {
  interruption,
  patienceUntil,
  Recorder,
  type TestMachine,
  testRuntime,
} from '../support/test-runtime.js';

const alice = { username: 'alice', password: 'emulator-only-alice' };

let emulator: Emulator;
let fetch: Fetch;
beforeAll(async () => {
  [emulator, fetch] = await Promise.all([startEmulator(), createFetch({ environment: {} })]);
});
afterAll(() => emulator.close());

let storage: MemoryStorage;
let events: JourneyEvent[];
let stderr: Recorder;
beforeEach(() => {
  storage = new MemoryStorage();
  events = [];
  stderr = new Recorder(true);
});

/** Signs in on this machine, where nobody waits for the interval. */
async function signIn(
  machine: Partial<TestMachine> = {},
  { useBrowser = true, flags = {}, onEvent = (_event: JourneyEvent) => {} } = {},
) {
  const runtime = testRuntime({ home: await temporaryDirectory(), sleep: () => delay(20), ...machine });
  const client = new LogtoClient(
    { endpoint: emulator.endpoint, appId: 'emulator-device' },
    { storage, fetch },
  );
  const people = deviceProgress(createOutput(new Recorder(), stderr, flags));
  const programs = deviceProgress({
    ...createOutput(new Recorder(), new Recorder(), {}),
    event: (event) => {
      events.push(event);
      onEvent(event);
    },
  });
  const progress = {
    tell: (moment: Parameters<typeof people.tell>[0]) => {
      people.tell(moment);
      programs.tell(moment);
    },
  };
  return deviceSignIn(runtime, { client, options: {}, useBrowser, progress });
}

/** A person who finishes on a page that is opened here. */
const browser = {
  available: () => true,
  open: async (url: string) => {
    await finishOnOtherDevice(url, alice);
    return true;
  },
};
/** One who finishes on a phone. */
const onPhone = (event: JourneyEvent) => {
  if (event.event === 'device_code')
    void finishOnOtherDevice(event.verificationUri, alice, event.userCode).catch(() => {});
};

describe('a sign-in on another device', () => {
  it('tells programs the code and the address, once', async () => {
    const session = await signIn({}, { onEvent: onPhone });
    expect(session.subject).toBe('emulator-user-alice');
    expect(events).toEqual([
      {
        event: 'device_code',
        userCode: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/),
        verificationUri: `${emulator.endpoint}/device`,
        verificationUriComplete: expect.stringContaining('/device?user_code='),
        expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      },
    ]);
  });

  it('opens the whole address in a browser here too, unless told otherwise', async () => {
    const opened: string[] = [];
    const watched = {
      ...browser,
      open: (url: string) => {
        opened.push(url);
        return browser.open(url);
      },
    };
    await signIn({ browser: watched });
    expect(opened).toEqual([expect.stringContaining('/device?user_code=')]);
    await signIn({ browser: watched }, { useBrowser: false, onEvent: onPhone });
    expect(opened).toHaveLength(1);
  });

  it('goes on where no browser could be started', async () => {
    await signIn({ browser: { available: () => true, open: async () => false } }, { onEvent: onPhone });
    expect(stderr.text).toContain('No browser could be started.');
  });

  it('shows people the address and the code, each alone on its line, the code large, and a QR code', async () => {
    await signIn({}, { onEvent: onPhone });
    const code = events.flatMap((event) => (event.event === 'device_code' ? [event.userCode] : []))[0];
    expect(stderr.lines).toContain(`${emulator.endpoint}/device`);
    expect(stderr.lines).toContain(code);
    expect(stderr.lines.filter((line) => /^ {2}[ ▀▄█]+$/.test(line)).length).toBeGreaterThanOrEqual(3);
    expect(stderr.text).toContain('Or scan this');
    expect(stderr.text).toMatch(/Waiting up to 600 s/);
  });

  it('breaks its words at blanks on a narrow terminal', async () => {
    stderr = new Recorder(true, { columns: 40 });
    await signIn({}, { onEvent: onPhone });
    expect(stderr.lines).toContain('Or scan this: the page then shows the');
    expect(stderr.lines).toContain('same code.');
  });

  it('draws nothing where nobody looks on, or little is wanted, and tells the code all the same', async () => {
    for (const [recorder, flags] of [
      [new Recorder(false), {}],
      [new Recorder(true), { quiet: true }],
    ] as const) {
      stderr = recorder;
      events = [];
      await signIn({}, { flags, onEvent: onPhone });
      const code = events.flatMap((event) => (event.event === 'device_code' ? [event.userCode] : []))[0];
      expect(stderr.lines).toContain(`${emulator.endpoint}/device`);
      expect(stderr.lines).toContain(code);
      expect(stderr.text).not.toMatch(/[▀▄█]/);
    }
  });

  it('ends at once when it is interrupted, and keeps nothing', async () => {
    const ending = new AbortController();
    const done = signIn(
      {
        interruption: ending.signal,
        sleep: patienceUntil(ending.signal),
      },
      { onEvent: () => ending.abort(interruption()) },
    );
    expect(await failureOf(done)).toMatchObject({ code: 'interrupted' });
    expect(await storage.get('tokenSet')).toBeNull();
  });
});
