import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { type ResponseFault, responseFaults } from '../../src/emulator/faults/fault-names.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import {
  authorizationUrl,
  exchange,
  fetchIn,
  locationOf,
  open,
  type Parameters,
  signIn,
} from './raw-client.js';

let emulator: Emulator;
let issuer: string;
beforeAll(async () => {
  emulator = await startEmulator();
  issuer = emulator.issuer;
});
afterAll(() => emulator.close());
afterEach(() => emulator.setFaults({}));

type Pair = readonly [string, string];

/** Where the parameters of a response can be. */
const modes = ['query', 'fragment', 'form_post'] as const;
type Mode = (typeof modes)[number];

/** What a browser that has signed in already is sent back with. */
async function respondTo(overrides: Parameters, mode: Mode, cookies = new CookieJar()): Promise<Pair[]> {
  const asked = { response_mode: mode, prompt: undefined, scope: 'openid', ...overrides };
  const response = await open(authorizationUrl(issuer, 'emulator-spa', asked), cookies);
  if (mode === 'form_post') {
    const fields = (await response.text()).matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g);
    return [...fields].map(([, name = '', value = '']) => [name, unescaped(value)]);
  }
  const url = locationOf(response);
  expect(url.href).toMatch(/^http:\/\/localhost:3000\/callback[?#]/);
  return [...new URLSearchParams(mode === 'query' ? url.search : url.hash.slice(1))];
}

const unescaped = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');

async function signedIn(): Promise<CookieJar> {
  return (await signIn(issuer, 'emulator-spa', { prompt: undefined, scope: 'openid' })).cookies;
}

const code: Pair = ['code', expect.stringMatching(/^[\w-]{20,}$/)];
const state: Pair = ['state', 'some-state'];
const iss = (): Pair => ['iss', issuer];

/** What each fault makes of code, state and issuer. */
const expected: Readonly<Record<ResponseFault, () => readonly Pair[]>> = {
  'no-state': () => [code, iss()],
  'wrong-state': () => [code, ['state', 'of-another-sign-in'], iss()],
  'repeated-state': () => [code, state, state, iss()],
  'no-iss': () => [code, state],
  'other-iss': () => [code, state, ['iss', 'https://another-issuer.example.test/oidc']],
  'no-code': () => [state, iss()],
  'repeated-code': () => [code, code, state, iss()],
};

const byName = (pairs: readonly Pair[]) => [...pairs].sort(([one], [other]) => (one < other ? -1 : 1));

describe.each(modes)('an authorization response by %s', (mode) => {
  it.each(responseFaults)(
    'of the fault %s is wrong in that alone, and sound when it is lifted',
    async (fault) => {
      const cookies = await signedIn();
      emulator.setFaults({ response: fault });
      const wrong = await respondTo({}, mode, cookies);
      expect(byName(wrong)).toEqual(byName(expected[fault]()));
      const codes = new Set(wrong.filter(([name]) => name === 'code').map(([, value]) => value));
      for (const value of codes) expect((await exchange(issuer, 'emulator-spa', value)).status).toBe(200);
      emulator.setFaults({});
      expect(byName(await respondTo({}, mode, cookies))).toEqual(byName([code, state, iss()]));
    },
  );

  it('gets nothing put into it that was not there', async () => {
    const cookies = await signedIn();
    for (const fault of ['wrong-state', 'repeated-state', 'no-state'] as const) {
      emulator.setFaults({ response: fault });
      const response = await respondTo({ state: undefined }, mode, cookies);
      expect(byName(response)).toEqual(byName([code, iss()]));
    }
  });

  it('is an error without a state, where both are wrong', async () => {
    emulator.setFaults({ authorization: 'error:access_denied', response: 'no-state' });
    expect(byName(await respondTo({}, mode))).toEqual(
      byName([['error', 'access_denied'], ['error_description', 'a fault of the emulator'], iss()]),
    );
  });

  it('is an error with markup that a page must not show as such, beside a sound state and issuer', async () => {
    emulator.setFaults({ authorization: 'markup:access_denied' });
    const response = new Map(await respondTo({}, mode));
    expect([...response.keys()].sort()).toEqual(['error', 'error_description', 'iss', 'state']);
    expect(response.get('error')).toMatch(/^access_denied<script>.*<\/script>$/);
    expect(response.get('error_description')).toMatch(/^<img src=x onerror=.*>/);
    // RFC 6749, appendix A.7 and A.8.
    for (const name of ['error', 'error_description']) {
      expect(response.get(name)).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
    }
    expect(response.get('state')).toBe('some-state');
  });
});

describe('a response that comes of a sign-in on a page', () => {
  it('is wrong too, in its own visit alone', async () => {
    const visits = [emulator.visit({ response: 'wrong-state' }), emulator.visit()];
    const [wrong, right] = await Promise.all(
      visits.map(async (visit) => {
        const signed = await signIn(issuer, 'emulator-native', {}, new CookieJar(), 'alice', fetchIn(visit));
        return signed.callbackUrl;
      }),
    );
    for (const visit of visits) visit.close();
    expect(wrong?.searchParams.get('state')).toBe('of-another-sign-in');
    expect(right?.searchParams.get('state')).toBe('some-state');
  });
});
