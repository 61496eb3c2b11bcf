import { expect, it, onTestFinished } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.js';
import { signInThroughExperience } from '../../src/headless/experience-sign-in.js';
import { followSignIn } from '../../src/headless/follow-sign-in.js';
import type { Fetch } from '../../src/network/fetch.js';
import { authorizationUrl, callback, rawFetch } from '../emulator/raw-client.js';

it('journeys without a browser open addresses as a browser does, and ask the API for JSON', async () => {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  const accepted = { pages: new Set<string | undefined>(), api: new Set<string | undefined>() };
  const encodings = new Set<string | undefined>();
  const fetch: Fetch = (url, init) => {
    const kind = new URL(url).pathname.startsWith('/api/') ? 'api' : 'pages';
    accepted[kind].add(init?.headers?.['accept']);
    encodings.add(init?.headers?.['accept-encoding']);
    return rawFetch(url, init);
  };
  const url = () => authorizationUrl(emulator.issuer, 'emulator-native', {});
  const user = { identifier: { type: 'username', value: 'alice' }, password: 'emulator-only-alice' } as const;
  const journey = {
    redirectUri: callback,
    origins: [new URL(emulator.issuer).origin],
    user,
    fetch,
    now: Date.now,
  };
  await signInThroughExperience({ ...journey, authorizationUrl: url() });
  const { identifier, password } = user;
  await followSignIn({ authorizationUrl: url(), username: identifier.value, password, fetch });
  expect([...accepted.pages]).toEqual(['text/html,application/xhtml+xml;q=0.9,*/*;q=0.8']);
  expect([...accepted.api]).toEqual(['application/json']);
  expect([...encodings]).toEqual(['gzip, deflate, br']);
});
