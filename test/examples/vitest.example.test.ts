import { type Emulator, followSignIn, signIn, startEmulator } from 'logto-cli/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Application, startApplication } from './application.js';

let emulator: Emulator;
let application: Application;
beforeAll(async () => {
  emulator = await startEmulator();
  application = await startApplication({ endpoint: emulator.endpoint, appId: 'emulator-native' });
});
afterEach(() => emulator.setFaults({}));
afterAll(() => Promise.all([application.close(), emulator.close()]));

it('the API greets the user of an access token', async () => {
  const client = await signIn(emulator, { username: 'bob' });
  const headers = { authorization: `Bearer ${await client.getAccessToken()}` };
  const response = await fetch(`${application.url}/api/hello`, { headers });
  expect(await response.text()).toBe('Hello bob');
});

it('the application signs nobody in with the ID token of another sign-in', async () => {
  emulator.setFaults({ idToken: 'bad-nonce' });
  const { headers } = await fetch(`${application.url}/sign-in`, { redirect: 'manual' });
  const callback = await followSignIn({
    authorizationUrl: headers.get('location') ?? '',
    username: 'alice',
    password: 'emulator-only-alice',
  });
  const response = await fetch(callback);
  expect(response.status).toBe(401);
  expect(await response.text()).toBe('Nobody is signed in: id_token_invalid');
});
