import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { isOwnCookie } from '../../src/emulator/own-cookies.js';
import { defaultSeed } from '../../src/emulator/seed.js';
import type { EmulatorVisit } from '../../src/emulator/visits/visit.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import { readForms } from '../../src/headless/html-form.js';
import { visitsOfEachTest } from './begun-visits.js';
import {
  authorizationUrl,
  callback,
  decodeJwt,
  exchange,
  locationOf,
  open,
  type Parameters,
  signIn,
} from './raw-client.js';

let emulator: Emulator;
beforeAll(async () => {
  const { applications, users } = defaultSeed();
  const seed = applications.map((one) => (one.appId === 'emulator-spa' ? { ...one, thirdParty: true } : one));
  emulator = await startEmulator({ seed: { applications: seed, users } });
});
afterAll(() => emulator.close());
const visit = visitsOfEachTest(() => emulator);

/** A browser that has entered a visit. */
async function browserIn({ entrance }: EmulatorVisit): Promise<CookieJar> {
  const cookies = new CookieJar();
  expect((await open(entrance, cookies)).status).toBe(200);
  return cookies;
}

/** Where the redirects of the emulator lead; its last answer. */
async function follow(cookies: CookieJar, overrides: Parameters = {}, appId = 'emulator-native') {
  let response = await open(authorizationUrl(emulator.issuer, appId, overrides), cookies);
  for (let count = 0; count < 8 && response.headers.has('location'); count += 1) {
    const next = locationOf(response);
    if (next.origin !== emulator.endpoint) return { response, next };
    response = await open(next.href, cookies);
  }
  return { response, next: null, text: await response.text() };
}

describe('the guide of a visit', () => {
  it('signs in whom it names without a page, each in the visit that the browser has entered', async () => {
    const [one, other] = [visit(), visit()];
    one.setGuide({ signInAs: () => 'alice' });
    other.setGuide({ signInAs: () => 'bob' });
    const subjects: unknown[] = [];
    for (const own of [one, other]) {
      const { next } = await follow(await browserIn(own));
      const { body } = await exchange(
        emulator.issuer,
        'emulator-native',
        next?.searchParams.get('code') ?? '',
      );
      subjects.push(decodeJwt(body.id_token).claims['username']);
      expect(own.requests.map(({ endpoint }) => endpoint)).toEqual(['authorization', 'token']);
    }
    expect(subjects).toEqual(['alice', 'bob']);
  });

  it('asks nobody for consent either', async () => {
    const own = visit();
    own.setGuide({ signInAs: () => 'alice' });
    expect((await follow(await browserIn(own), {}, 'emulator-spa')).next?.href).toMatch(/[?&]code=/);
  });

  it('changes where a browser is sent, or holds it', async () => {
    const own = visit();
    const seen: URL[] = [];
    own.setGuide({
      signInAs: () => 'alice',
      onCallback: (url) => {
        seen.push(new URL(url));
        url.searchParams.set('state', 'other');
        return url;
      },
    });
    const cookies = await browserIn(own);
    const { next } = await follow(cookies, { state: 'mine' });
    expect(next?.searchParams.get('state')).toBe('other');
    expect(next?.searchParams.get('code')).toBe(seen[0]?.searchParams.get('code'));
    expect(seen.map(({ searchParams }) => searchParams.get('state'))).toEqual(['mine']);

    own.setGuide({ onCallback: () => null });
    const held = await follow(cookies);
    expect(held.next).toBeNull();
    expect(held.text).toContain('This visit ends here');
    own.setGuide({});
    expect((await follow(cookies)).next?.href).toMatch(/[?&]code=/);
  });

  it.each(['form_post', 'fragment'])('shows an answer by %s as a query, and changes it', async (mode) => {
    const own = visit();
    own.setGuide({
      signInAs: () => 'alice',
      onCallback: (url) => {
        expect(url.searchParams.get('code')).toMatch(/./);
        expect(url.origin + url.pathname).toBe(callback);
        url.searchParams.set('code', 'a"b&c');
        return url;
      },
    });
    const { next, text = '' } = await follow(await browserIn(own), { response_mode: mode });
    const form = readForms(text)[0];
    expect(next?.hash ?? form?.action).toMatch(mode === 'fragment' ? /^#.*code=a%22b%26c/ : callback);
    if (mode === 'form_post') expect(form?.fields.get('code')).toBe('a"b&c');
  });

  it('answers a request or does not, and tells of the browser that it holds', async () => {
    const own = visit();
    let held = 0;
    own.setGuide({
      isAnswered: () => false,
      onHeld: () => {
        held += 1;
      },
    });
    const cookies = await browserIn(own);
    expect((await follow(cookies)).text).toContain('This visit ends here');
    expect(held).toBe(1);
    expect(own.requests).toMatchObject([{ endpoint: 'authorization', status: 200 }]);
    // Nobody sees the page of a request that wants none.
    own.setGuide({ signInAs: () => 'alice' });
    expect((await follow(cookies)).next?.href).toMatch(/[?&]code=/);
    own.setGuide({ isAnswered: () => false, onCallback: () => null, onHeld: () => expect.unreachable() });
    const { next } = await follow(cookies, { prompt: 'none' });
    expect(next?.searchParams.get('error')).toBe('login_required');
  });

  it('is told of a browser that stays at a refusal', async () => {
    const own = visit();
    let held = 0;
    own.setGuide({
      onHeld: () => {
        held += 1;
      },
    });
    const cookies = await browserIn(own);
    await open(`${emulator.issuer}/session/end?client_id=emulator-native`, cookies);
    expect(held).toBe(0);
    const back = new URLSearchParams({
      client_id: 'emulator-native',
      post_logout_redirect_uri: 'http://x.test/',
    });
    expect((await open(`${emulator.issuer}/session/end?${back}`, cookies)).status).toBe(400);
    expect(held).toBe(1);
  });

  it('ends with its visit, whose entrance then leads nowhere', async () => {
    const own = visit();
    own.setGuide({ isAnswered: () => false });
    const cookies = await browserIn(own);
    own.close();
    expect((await follow(cookies)).text).toContain('Password');
    expect((await open(own.entrance)).status).toBe(404);
    expect((await open(`${emulator.endpoint}/visit/`)).status).toBe(404);
  });
});

it('every cookie of a sign-in and a sign-out is known as the own one', async () => {
  const cookies = await browserIn(visit());
  await signIn(emulator.issuer, 'emulator-native', {}, cookies);
  await follow(cookies, { prompt: 'login' });
  await open(`${emulator.issuer}/session/end`, cookies);
  const names = cookies.list().map(({ name }) => name);
  expect(names.length).toBeGreaterThan(3);
  expect(names.filter((name) => !isOwnCookie(name))).toEqual([]);
  expect(isOwnCookie('sample_session')).toBe(false);
});
