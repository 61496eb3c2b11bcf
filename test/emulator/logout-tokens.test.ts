import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { type LogoutTokenFault, logoutTokenFaults } from '../../src/emulator/faults/fault-names.js';
import { defaultSeed, withIdTokenAlgorithm } from '../../src/emulator/seed.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import { failureOf } from '../support/failure-of.js';
import { type LocalServer, readText, startLocalServer } from '../support/local-server.js';
import { visitsOfEachTest } from './begun-visits.js';
import { type AppId, decodeJwt, fetchIn, isSigned, publishedKeys, refresh, tokens } from './raw-client.js';

/** What an application was sent, newest last. */
const received: { method: string; type: string; token: string }[] = [];
let emulator: Emulator;
let application: LocalServer;
let url: string;
beforeAll(async () => {
  emulator = await startEmulator();
  application = await startLocalServer(async (request, response) => {
    const token = new URLSearchParams(await readText(request)).get('logout_token') ?? '';
    received.push({
      method: request.method ?? '',
      type: request.headers['content-type'] ?? '',
      token,
    });
    response.writeHead(request.url === '/refused' ? 400 : 200).end();
  });
  url = `${application.origin}/backchannel-logout`;
});
afterAll(() => Promise.all([emulator.close(), application.close()]));
const begin = visitsOfEachTest(() => emulator);
afterEach(() => {
  received.length = 0;
});

async function signedInVisit(appId: AppId = 'emulator-spa', username = 'alice') {
  const visit = begin();
  const { body } = await tokens(emulator.issuer, appId, {}, new CookieJar(), username, fetchIn(visit));
  return { visit, body, idToken: decodeJwt(body.id_token).claims };
}

const sent = () => received.at(-1)?.token ?? '';
const now = () => Math.floor(Date.now() / 1000);

async function namedKey(token: string) {
  return (await publishedKeys(emulator.issuer)).find(({ kid }) => kid === decodeJwt(token).header['kid']);
}

const sound = (idToken: Readonly<Record<string, unknown>>) => ({
  iss: emulator.issuer,
  aud: 'emulator-spa',
  sub: 'emulator-user-alice',
  sid: idToken['sid'],
  jti: expect.any(String),
  iat: expect.any(Number),
  exp: expect.any(Number),
  events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
});

describe('a logout token', () => {
  it('names the session, the user and the application of the visit, and is signed as ID tokens are', async () => {
    const { visit, body, idToken } = await signedInVisit();
    await expect(emulator.sendLogoutToken(visit, url)).resolves.toEqual({ status: 200 });
    expect(received).toEqual([
      { method: 'POST', type: 'application/x-www-form-urlencoded', token: expect.any(String) },
    ]);
    const { header, claims } = decodeJwt(sent());
    expect(idToken['sid']).toMatch(/^[\w-]{20,}$/);
    expect(claims).toEqual(sound(idToken));
    expect(header).toEqual({ ...decodeJwt(body.id_token).header, typ: 'logout+jwt' });
    expect(Math.abs(Number(claims['iat']) - now())).toBeLessThan(30);
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(120);
    expect(isSigned(sent(), await namedKey(sent()))).toBe(true);
    await emulator.sendLogoutToken(visit, url);
    expect(decodeJwt(sent()).claims['jti']).not.toBe(claims['jti']);
  });

  it('is made for whoever sends it otherwise, and is then the one that can be sent again', async () => {
    const { visit, idToken } = await signedInVisit();
    const token = await emulator.logoutToken(visit, 'with-nonce');
    expect(received).toEqual([]);
    expect(decodeJwt(token).claims).toEqual({ ...sound(idToken), nonce: 'of-a-sign-in' });
    await emulator.sendLogoutToken(visit, url, 'replayed');
    expect(sent()).toBe(token);
    await expect(failureOf(emulator.logoutToken(begin()))).resolves.toMatchObject({ code: 'config_invalid' });
  });

  it('is of its own visit, and names the session that refreshed ID tokens name', async () => {
    const [one, other] = [await signedInVisit(), await signedInVisit('emulator-native', 'bob')];
    const { body } = await refresh(emulator.issuer, 'emulator-spa', one.body.refresh_token);
    expect(decodeJwt(body.id_token).claims['sid']).toBe(one.idToken['sid']);
    await emulator.sendLogoutToken(one.visit, url);
    expect(decodeJwt(sent()).claims).toEqual(sound(one.idToken));
    await emulator.sendLogoutToken(other.visit, url);
    expect(decodeJwt(sent()).claims).toEqual({
      ...sound(other.idToken),
      aud: 'emulator-native',
      sub: 'emulator-user-bob',
    });
    expect(other.idToken['sid']).not.toBe(one.idToken['sid']);
  });

  const claims: readonly [LogoutTokenFault, Readonly<Record<string, unknown>>][] = [
    ['bad-audience', { aud: 'another-application' }],
    ['bad-issuer', { iss: 'https://another-issuer.example.test/oidc' }],
    ['no-events', { events: undefined }],
    ['with-nonce', { nonce: expect.any(String) }],
    ['no-subject', { sub: undefined, sid: undefined }],
    ['expired', {}],
    ['bad-signature', {}],
    ['alg-none', {}],
  ];

  it.each(claims)('of the fault %s is wrong in that alone', async (fault, wrong) => {
    const { visit, idToken } = await signedInVisit();
    await emulator.sendLogoutToken(visit, url, fault);
    const said = decodeJwt(sent());
    expect(said.claims).toEqual({ ...sound(idToken), ...wrong });
    const key = await namedKey(sent());
    expect(key).toBeDefined();
    expect(said.header).toMatchObject({ alg: fault === 'alg-none' ? 'none' : 'ES384', typ: 'logout+jwt' });
    expect(isSigned(sent(), key)).toBe(fault !== 'bad-signature' && fault !== 'alg-none');
    if (fault === 'alg-none') expect(sent()).toMatch(/\.$/);
    const isOver = Number(said.claims['exp']) < now();
    expect(isOver).toBe(fault === 'expired');
    await emulator.sendLogoutToken(visit, url);
    expect(decodeJwt(sent()).claims).toEqual(sound(idToken));
  });

  it('that is replayed is the one before, to the letter', async () => {
    const { visit } = await signedInVisit();
    await emulator.sendLogoutToken(visit, url);
    await emulator.sendLogoutToken(visit, url, 'replayed');
    expect(received[1]).toEqual(received[0]);
    expect(new Set([...claims.map(([fault]) => fault), 'replayed'])).toEqual(new Set(logoutTokenFaults));
  });

  it('is signed by the algorithm of the application', async () => {
    const own = await startEmulator({ seed: withIdTokenAlgorithm(defaultSeed(), 'RS256') });
    try {
      const visit = own.visit();
      await tokens(own.issuer, 'emulator-spa');
      await own.sendLogoutToken(visit, url);
      const key = (await publishedKeys(own.issuer)).find(({ alg }) => alg === 'RS256');
      expect(isSigned(sent(), key)).toBe(true);
    } finally {
      await own.close();
    }
  });

  it('says how it was answered', async () => {
    const { visit } = await signedInVisit();
    expect(await emulator.sendLogoutToken(visit, `${application.origin}/refused`)).toEqual({ status: 400 });
  });

  it('is refused for a visit without a sign-in, and for one that is over', async () => {
    const visit = begin();
    expect((await failureOf(emulator.sendLogoutToken(visit, url))).code).toBe('config_invalid');
    const signedIn = await signedInVisit();
    signedIn.visit.close();
    expect((await failureOf(emulator.sendLogoutToken(signedIn.visit, url))).code).toBe('config_invalid');
    expect(received).toEqual([]);
  });

  it('is what ID tokens have the claim sid for: without a visit there is none', async () => {
    const { body } = await tokens(emulator.issuer, 'emulator-spa');
    expect(decodeJwt(body.id_token).claims).not.toHaveProperty('sid');
  });
});
