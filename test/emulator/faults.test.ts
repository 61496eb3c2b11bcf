import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LogtoClient } from '../../src/client/logto-client.js';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import type { EmulatorRequest } from '../../src/emulator/emulator-request.js';
import { checkFaults, type EmulatorFaults, faultNames } from '../../src/emulator/faults/emulator-faults.js';
import type { ErrorCode } from '../../src/errors.js';
import { signIn } from '../../src/flow/sign-in-to-emulator.js';
import { followSignOut } from '../../src/headless/follow-sign-in.js';
import { createFetch } from '../../src/network/create-fetch.js';
import { failureOf } from '../support/failure-of.js';
import { runInProcess } from '../support/run-in-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { testRuntime } from '../support/test-runtime.js';
import { api, callback, decodeJwt, isSigned, open, rawFetch, refresh, tokens } from './raw-client.js';

/** A fault, what our own client calls it, and what it says about it. */
type Row = [faults: EmulatorFaults, code: ErrorCode, details?: Record<string, unknown>];

const atSignIn: readonly Row[] = [
  [{ discovery: 'down' }, 'network_unreachable'],
  [{ discovery: 'status:500' }, 'provider_error'],
  [{ discovery: 'status:404' }, 'discovery_invalid'],
  [{ discovery: 'html' }, 'discovery_invalid'],
  [{ discovery: 'invalid-json' }, 'discovery_invalid'],
  [{ jwks: 'down' }, 'network_unreachable'],
  [{ jwks: 'status:503' }, 'provider_error'],
  [{ jwks: 'html' }, 'jwks_invalid'],
  [{ jwks: 'invalid-json' }, 'jwks_invalid'],
  [{ jwks: 'empty' }, 'id_token_invalid', { reason: 'key' }],
  [{ authorization: 'down' }, 'network_unreachable'],
  [{ authorization: 'status:500' }, 'provider_error'],
  [{ authorization: 'html' }, 'headless_unsupported'],
  [{ authorization: 'error:access_denied' }, 'access_denied', { error: 'access_denied' }],
  [{ authorization: 'error:login_required' }, 'login_required'],
  [{ token: 'down' }, 'network_unreachable'],
  [{ token: 'status:429' }, 'provider_error', { retryAfter: 30 }],
  [{ token: 'status:503' }, 'provider_error'],
  [{ token: 'html' }, 'token_response_invalid'],
  [{ token: 'invalid-json' }, 'token_response_invalid'],
  [{ token: 'error:invalid_grant' }, 'code_rejected'],
  [{ token: 'error:invalid_client' }, 'client_secret_missing'],
  [{ token: 'error:server_error' }, 'provider_error'],
  [{ idToken: 'bad-nonce' }, 'id_token_invalid', { reason: 'nonce' }],
  [{ idToken: 'no-nonce' }, 'id_token_invalid', { reason: 'nonce' }],
  [{ idToken: 'bad-signature' }, 'id_token_invalid', { reason: 'signature' }],
  [{ idToken: 'bad-audience' }, 'id_token_invalid', { reason: 'aud' }],
  [{ idToken: 'bad-issuer' }, 'issuer_mismatch'],
  [{ idToken: 'expired' }, 'id_token_invalid', { reason: 'exp' }],
  [{ idToken: 'alg-none' }, 'id_token_invalid', { reason: 'algorithm' }],
  [{ idToken: 'missing' }, 'id_token_invalid', { reason: 'missing' }],
  [{ clock: '+10m' }, 'clock_skew'],
  [{ clock: '-2h' }, 'clock_skew'],
];

const atRefresh: readonly Row[] = [
  [{ token: 'down' }, 'network_unreachable'],
  [{ token: 'error:invalid_grant' }, 'session_expired'],
  [{ refresh: 'lost-answer' }, 'network_unreachable'],
  [{ idToken: 'other-subject' }, 'id_token_invalid', { reason: 'sub' }],
  [{ idToken: 'bad-nonce' }, 'id_token_invalid', { reason: 'nonce' }],
  [{ idToken: 'bad-signature' }, 'id_token_invalid', { reason: 'signature' }],
];

const atUserInfo: readonly Row[] = [
  [{ userinfo: 'down' }, 'network_unreachable'],
  [{ userinfo: 'status:500' }, 'provider_error'],
  [{ userinfo: 'html' }, 'userinfo_invalid'],
  [{ userinfo: 'invalid-json' }, 'userinfo_invalid'],
  [{ userinfo: 'error:invalid_token' }, 'token_rejected'],
];

const atSignOut: readonly Row[] = [
  [{ revocation: 'down' }, 'network_unreachable'],
  [{ revocation: 'status:503' }, 'provider_error'],
  [{ revocation: 'error:server_error' }, 'provider_error'],
];

const atEndSession: readonly Row[] = [
  [{ endSession: 'down' }, 'network_unreachable'],
  [{ endSession: 'status:500' }, 'provider_error'],
  [{ endSession: 'error:invalid_request' }, 'authorization_error', { error: 'invalid_request' }],
];

const heard: EmulatorRequest[] = [];
let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ onRequest: (request) => heard.push(request) });
});
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.setFaults({});
  heard.length = 0;
});

describe('by its name our own client knows', () => {
  async function expectFailure(work: () => Promise<unknown>, [faults, code, details = {}]: Row) {
    emulator.setFaults(faults);
    const failure = await failureOf(work());
    expect({ code: failure.code, details: { ...failure.details } }).toMatchObject({ code, details });
  }

  it.each<Row>(atSignIn)('at a sign-in %o: %s', async (...row) => {
    await expectFailure(() => signIn(emulator), row);
  });

  it.each<Row>(atRefresh)('at a refresh %o: %s', async (...row) => {
    const client = await signIn(emulator);
    const idToken = await client.getIdToken();
    await expectFailure(() => client.getIdToken({ refresh: true }), row);
    expect(await client.getIdToken()).toBe(idToken);
  });

  it.each<Row>(atUserInfo)('at UserInfo %o: %s', async (...row) => {
    const client = await signIn(emulator);
    await expectFailure(() => client.fetchUserInfo(), row);
  });

  it.each<Row>(atSignOut)('at a revocation %o: %s', async (...row) => {
    const client = await signIn(emulator);
    await expectFailure(async () => {
      throw (await client.signOutWithReport()).failure;
    }, row);
  });

  it.each<Row>(atEndSession)('at the end of the session %o: %s', async (...row) => {
    const fetch = await createFetch({ environment: {} });
    const endSessionUrl = `${emulator.issuer}/session/end?client_id=emulator-native`;
    await expectFailure(() => followSignOut({ endSessionUrl, fetch }), row);
  });

  it('a provider that is slower than it waits: request_timeout', async () => {
    const fetch = await createFetch({ environment: {}, timeout: 100 });
    const client = new LogtoClient({ endpoint: emulator.endpoint, appId: 'emulator-native' }, { fetch });
    await expectFailure(
      () => client.signIn({ redirectUri: callback }),
      [{ discovery: 'slow:30s' }, 'request_timeout'],
    );
  });
});

describe('faults', () => {
  it('slow keeps an answer waiting, and changes nothing of it', async () => {
    emulator.setFaults({ jwks: 'slow:200ms' });
    const begin = Date.now();
    const { keys } = await (await fetch(`${emulator.issuer}/jwks`)).json();
    expect(Date.now() - begin).toBeGreaterThanOrEqual(190);
    expect(keys).toHaveLength(1);
  });

  it('a rotated key is one that a client must ask for again, at each token answer', async () => {
    const client = await signIn(emulator);
    emulator.setFaults({ jwks: 'rotate' });
    const asked = () => heard.filter(({ path }) => path === '/oidc/jwks').length;
    const before = asked();
    const kids = [];
    for (let count = 1; count <= 2; count += 1) {
      const idToken = await client.getIdToken({ refresh: true });
      kids.push(decodeJwt(idToken).header['kid']);
      expect(asked()).toBe(before + count);
    }
    expect(new Set(kids).size).toBe(2);
  });

  it('an ID token of a rotated key is a hint that a sign-out takes', async () => {
    emulator.setFaults({ jwks: 'rotate' });
    const { body } = await tokens(emulator.issuer, 'emulator-native');
    const forged = `${body.id_token.slice(0, -8)}AAAAAAAA`;
    const end = (hint: string) => open(`${emulator.issuer}/session/end?id_token_hint=${hint}`);
    expect((await end(body.id_token)).status).toBe(200);
    expect((await end(forged)).status).toBe(400);
  });

  it('no rotation means the same refresh token, which goes on working', async () => {
    emulator.setFaults({ refresh: 'no-rotation' });
    const { body } = await tokens(emulator.issuer, 'emulator-native');
    for (const _ of [1, 2]) {
      const answer = await refresh(emulator.issuer, 'emulator-native', body.refresh_token);
      expect(answer.body).toMatchObject({ refresh_token: body.refresh_token, id_token: expect.any(String) });
    }
    emulator.setFaults({});
    const { body: rotated } = await refresh(emulator.issuer, 'emulator-native', body.refresh_token);
    expect(rotated.refresh_token).not.toBe(body.refresh_token);
  });

  it('another clock is in Date and in every JWT, and each is signed as it should be', async () => {
    emulator.setFaults({ clock: '-45s' });
    const { body: first } = await tokens(emulator.issuer, 'emulator-native', { resource: api });
    const { body, headers } = await refresh(emulator.issuer, 'emulator-native', first.refresh_token, {
      resource: api,
    });
    const difference = (seconds: unknown) => Math.round(Number(seconds) - Date.now() / 1000 + 45);
    const jwk = (await (await fetch(`${emulator.issuer}/jwks`)).json()).keys[0];
    for (const token of [body.access_token, body.id_token]) {
      const { iat, exp } = decodeJwt(token).claims;
      expect(Math.abs(difference(iat))).toBeLessThan(30);
      expect(Number(exp) - Number(iat)).toBe(3600);
      expect(isSigned(token, jwk)).toBe(true);
    }
    expect(Math.abs(difference(Date.parse(headers.get('date') ?? '') / 1000))).toBeLessThan(30);
    // Within the tolerance of our own client.
    await expect(signIn(emulator)).resolves.toBeInstanceOf(LogtoClient);
  });

  it('an OAuth error goes back only to where a browser may be sent', async () => {
    emulator.setFaults({ authorization: 'error:access_denied' });
    const stranger = `${emulator.issuer}/auth?client_id=emulator-native&redirect_uri=http%3A%2F%2Fevil.example%2F`;
    const { status, headers } = await rawFetch(stranger);
    expect({ status, location: headers.get('location') }).toEqual({ status: 400, location: null });
  });

  it('can be there from the start', async () => {
    const faulty = await startEmulator({ faults: { token: 'error:invalid_grant' } });
    try {
      expect((await failureOf(signIn(faulty))).code).toBe('code_rejected');
    } finally {
      await faulty.close();
    }
  });

  it('are over with the next ones', async () => {
    emulator.setFaults({ discovery: 'down' });
    emulator.setFaults({ userinfo: 'down' });
    await expect(signIn(emulator)).resolves.toBeInstanceOf(LogtoClient);
  });

  it.each<[Record<string, unknown>, RegExp]>([
    [
      { tokn: 'down' },
      /discovery, jwks, authorization, response, code, token, userinfo, revocation, endSession, idToken/,
    ],
    [{ token: 'slow' }, /slow:5s, slow:200ms, down, status:503, html, invalid-json, error:invalid_grant/],
    [{ token: 'status:200' }, /status:503/],
    [{ token: 'rotate' }, /never, redirect, slow:5s/],
    [{ token: 5 }, /slow:5s/],
    [{ jwks: 'rotating' }, /rotate, rotated, empty, several, slow:5s/],
    [{ idToken: 'bad' }, /bad-nonce, no-nonce, .*, bad-signature/],
    [{ refresh: '' }, /no-rotation, lost-answer/],
    [{ clock: '10m' }, /\+10m, -90s/],
    [{ toString: 'down' }, /discovery/],
  ])('refuses %o and names the good ones', async (faults, good) => {
    const error = await failureOf(() => checkFaults(faults));
    expect(error.code).toBe('config_invalid');
    expect(error.hint).toMatch(good);
    expect((await failureOf(startEmulator({ faults }))).code).toBe('config_invalid');
  });

  it('that are refused leave the ones before them', async () => {
    emulator.setFaults({ discovery: 'status:500' });
    // @ts-expect-error the types say so as well
    expect(() => emulator.setFaults({ token: 'slow' })).toThrow('slow');
    expect((await failureOf(signIn(emulator))).code).toBe('provider_error');
  });
});

describe('emulator --fault', () => {
  it('is told on its help page by every name', () => {
    const page = readFileSync(fileURLToPath(new URL('../../src/help/emulator.md', import.meta.url)), 'utf8');
    const names = faultNames().flatMap(({ name, values }) => [
      name,
      ...values.filter((value) => /^[a-z][\w-]*$/i.test(value)),
    ]);
    expect(names.length).toBeGreaterThan(40);
    for (const name of names) expect(page).toContain(`\`${name}\``);
  });

  it('does wrong what it is told, until it is interrupted', async () => {
    const end = new AbortController();
    const runtime = testRuntime({ home: await temporaryDirectory(), interruption: end.signal });
    const faults = ['--fault', 'token=error:invalid_grant', '--fault', 'jwks=empty'];
    const running = runInProcess(runtime, ['emulator', '--port', '0', '--json', ...faults]);
    await expect.poll(() => runtime.stdout.lines, { timeout: 15_000 }).toHaveLength(1);
    const { issuer } = JSON.parse(runtime.stdout.text);
    expect(await (await fetch(`${issuer}/jwks`)).json()).toEqual({ keys: [] });
    const token = await fetch(`${issuer}/token`, { method: 'POST' });
    expect(await token.json()).toMatchObject({ code: 'oidc.invalid_grant', error: 'invalid_grant' });
    end.abort();
    expect(await running).toBe(130);
  });

  it.each(['token', 'token=slow', '=down', 'nothing=down'])('refuses %s', async (fault) => {
    const runtime = testRuntime({ home: await temporaryDirectory() });
    const error = await failureOf(runInProcess(runtime, ['emulator', '--port', '0', '--fault', fault]));
    expect(error.code).toBe('config_invalid');
  });
});
