import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { defaultSeed } from '../../src/emulator/seed.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import { followSignOut } from '../../src/headless/follow-sign-in.js';
import { type LocalServer, readText, startLocalServer } from '../support/local-server.js';
import { decodeJwt, isSigned, publishedKeys, rawFetch, tokens } from './raw-client.js';

/** What the application was told, newest last. */
const told: string[] = [];
let application: LocalServer;
let emulator: Emulator;
beforeAll(async () => {
  application = await startLocalServer(async (request, response) => {
    told.push(new URLSearchParams(await readText(request)).get('logout_token') ?? '');
    response.writeHead(request.url === '/refused' ? 400 : 200).end();
  });
  const at = (path: string) => `${application.origin}${path}`;
  emulator = await startEmulator({
    seed: {
      applications: defaultSeed().applications.map((own) => ({
        ...own,
        ...(own.appId === 'emulator-spa' && { backchannelLogoutUri: at('/logout') }),
        ...(own.appId === 'emulator-traditional' && { backchannelLogoutUri: at('/refused') }),
      })),
    },
  });
});
afterAll(() => Promise.all([emulator.close(), application.close()]));
afterEach(() => {
  told.length = 0;
  emulator.setFaults({});
});

async function signInAndOut(appId: 'emulator-spa' | 'emulator-native' | 'emulator-traditional') {
  const cookies = new CookieJar();
  const { body } = await tokens(emulator.issuer, appId, {}, cookies);
  const endSessionUrl = `${emulator.issuer}/session/end?client_id=${appId}`;
  const end = await followSignOut({ endSessionUrl, cookies, fetch: rawFetch });
  return { idToken: decodeJwt(body.id_token).claims, end };
}

it('tells an application that has an address for it of the end of its session', async () => {
  const { idToken } = await signInAndOut('emulator-spa');
  expect(told).toHaveLength(1);
  const [token = ''] = told;
  const { header, claims } = decodeJwt(token);
  expect(idToken['sid']).toEqual(expect.any(String));
  expect(claims).toMatchObject({ aud: 'emulator-spa', sub: 'emulator-user-alice', sid: idToken['sid'] });
  expect(header['typ']).toBe('logout+jwt');
  const keys = await publishedKeys(emulator.issuer);
  expect(
    isSigned(
      token,
      keys.find(({ kid }) => kid === header['kid']),
    ),
  ).toBe(true);
});

it('tells nobody else, and ends a session also where it is answered that it is refused', async () => {
  const { idToken } = await signInAndOut('emulator-native');
  expect(idToken).not.toHaveProperty('sid');
  expect(told).toEqual([]);
  const { end } = await signInAndOut('emulator-traditional');
  expect(told).toHaveLength(1);
  expect(new URL(end).pathname).toBe('/oidc/session/end/success');
});

it('does wrong what it is told, the one before included', async () => {
  emulator.setFaults({ logoutToken: 'with-nonce', clock: '-1h' });
  await signInAndOut('emulator-spa');
  expect(decodeJwt(told[0] ?? '').claims).toMatchObject({ nonce: 'of-a-sign-in' });
  expect(Number(decodeJwt(told[0] ?? '').claims['exp'])).toBeLessThan(Date.now() / 1000);
  emulator.setFaults({ logoutToken: 'replayed' });
  await signInAndOut('emulator-spa');
  expect(told[1]).toBe(told[0]);
});

it('does wrong what the visit says, where a logout token is sent by hand', async () => {
  const visit = emulator.visit({ logoutToken: 'no-events' });
  await tokens(emulator.issuer, 'emulator-spa');
  await emulator.sendLogoutToken(visit, application.origin);
  await emulator.sendLogoutToken(visit, application.origin, 'with-nonce');
  visit.close();
  expect(told.map((token) => 'events' in decodeJwt(token).claims)).toEqual([false, true]);
});
