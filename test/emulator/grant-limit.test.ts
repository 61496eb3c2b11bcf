import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { defaultSeed } from '../../src/emulator/seed.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import {
  authorizationUrl,
  exchange,
  invalidGrant,
  locationOf,
  open,
  refresh,
  signIn,
  tokens,
  userInfo,
} from './raw-client.js';

let emulator: Emulator;
let issuer: string;
beforeAll(async () => {
  const seed = defaultSeed();
  const applications = seed.applications.map((application) =>
    application.appId === 'emulator-native' ? { ...application, maxAllowedGrants: 2 } : application,
  );
  emulator = await startEmulator({ seed: { ...seed, applications } });
  issuer = emulator.issuer;
});
afterAll(() => emulator.close());

describe('an application with a limit of two sign-ins of a user', () => {
  it('ends the oldest with the third: its tokens, and the session of its browser', async () => {
    const first = new CookieJar();
    const elsewhere = (await tokens(issuer, 'emulator-spa')).body;
    const bob = (await tokens(issuer, 'emulator-native', {}, new CookieJar(), 'bob')).body;
    const oldest = (await tokens(issuer, 'emulator-native', {}, first)).body;
    const second = (await tokens(issuer, 'emulator-native')).body;
    expect((await userInfo(issuer, oldest.access_token)).status).toBe(200);

    const third = (await tokens(issuer, 'emulator-native')).body;
    expect((await userInfo(issuer, oldest.access_token)).status).toBe(401);
    expect(await refresh(issuer, 'emulator-native', oldest.refresh_token)).toMatchObject(invalidGrant);
    const again = await open(authorizationUrl(issuer, 'emulator-native'), first);
    expect(locationOf(again).pathname).toBe('/sign-in');

    for (const { access_token: token } of [second, third, elsewhere, bob]) {
      expect((await userInfo(issuer, token)).status).toBe(200);
    }
  });

  it('counts a browser that is asked again once, and no code that was not exchanged', async () => {
    const cookies = new CookieJar();
    const kept = (await tokens(issuer, 'emulator-native', {}, cookies, 'bob')).body;
    const other = (await tokens(issuer, 'emulator-native', {}, new CookieJar(), 'bob')).body;
    const { code } = await signIn(issuer, 'emulator-native', {}, cookies, 'bob');
    expect((await exchange(issuer, 'emulator-native', code)).status).toBe(200);
    await signIn(issuer, 'emulator-native', {}, new CookieJar(), 'bob');
    for (const { access_token: token } of [kept, other]) {
      expect((await userInfo(issuer, token)).status).toBe(200);
    }
  });
});
