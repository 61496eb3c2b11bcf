import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { ExperienceBrowser } from './experience-browser.js';
import { exchange, locationOf, open } from './raw-client.js';

const key = 'key-of-this-emulator';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ controlKey: key, faults: { clock: '+10m' } });
});
afterAll(() => emulator.close());

/** Tells the emulator something, as a program does. */
async function tell(change: unknown, headers: Readonly<Record<string, string>> = {}, method = 'PATCH') {
  const response = await fetch(`${emulator.endpoint}/.emulator`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...headers },
    body: typeof change === 'string' ? change : JSON.stringify(change),
  });
  return { status: response.status, body: await response.json(), headers: response.headers };
}

/** The claims of an ID token of a user who signs in by the form. */
async function claimsOf(username: string, secret: string): Promise<Record<string, unknown>> {
  const browser = await new ExperienceBrowser(emulator).begin('emulator-native', {
    scope: 'openid profile email phone roles',
  });
  const body = new URLSearchParams({ identifier: username, password: secret });
  const response = await open(browser.page.href, browser.cookies, { method: 'POST', body });
  const end = await browser.follow(locationOf(response).href);
  const { body: tokens } = await exchange(
    emulator.issuer,
    'emulator-native',
    end.searchParams.get('code') ?? '',
  );
  return JSON.parse(Buffer.from(String(tokens.id_token).split('.')[1] ?? '', 'base64url').toString());
}

const down = { faults: { userinfo: 'status:503' } };
const untouched = async () => expect((await tell({})).body.faults).toEqual({ clock: '+10m' });

beforeEach(() => emulator.setFaults({ clock: '+10m' }));

describe('who may tell a running emulator', () => {
  it.each([
    ['no key', { authorization: '' }],
    ['another key', { authorization: `Bearer ${key.replace('key', 'kez')}` }],
    ['the key of Basic', { authorization: `Basic ${key}` }],
    ['the beginning of the key', { authorization: `Bearer ${key.slice(0, -1)}` }],
    ['a page of another origin', { origin: 'http://localhost:3000' }],
    ['a page of its own', { 'sec-fetch-site': 'same-origin' }],
  ])('not whoever has %s', async (_who, headers) => {
    const { status, body, headers: answered } = await tell(down, headers);
    expect(status).toBe(403);
    expect(JSON.stringify(body)).not.toContain(key);
    expect(answered.get('access-control-allow-origin')).toBeNull();
    expect(answered.get('cache-control')).toBe('no-store');
    await untouched();
  });

  it('not whoever calls this machine by another name', async () => {
    const status = await new Promise((resolve, reject) => {
      const headers = { host: 'rebound.test', authorization: `Bearer ${key}` };
      request(`${emulator.endpoint}/.emulator`, { method: 'PATCH', headers }, ({ statusCode }) =>
        resolve(statusCode),
      )
        .on('error', reject)
        .end(JSON.stringify(down));
    });
    expect(status).toBe(421);
    await untouched();
  });

  it('nobody, where it was given no key', async () => {
    const closed = await startEmulator();
    onTestFinished(() => closed.close());
    for (const authorization of [`Bearer ${key}`, 'Bearer ', 'Bearer undefined']) {
      const headers = { authorization };
      const response = await fetch(`${closed.endpoint}/.emulator`, { method: 'PATCH', headers, body: '{}' });
      expect(response.status).toBe(404);
    }
  });

  it('by PATCH alone', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) expect((await tell(down, {}, method)).status).toBe(405);
    await untouched();
  });
});

describe('what a running emulator can be told', () => {
  it('faults: beside those that it has, in their place, or instead of all', async () => {
    expect((await tell(down)).body.faults).toEqual({ clock: '+10m', userinfo: 'status:503' });
    expect((await fetch(`${emulator.issuer}/me`)).status).toBe(503);
    const other = { faults: { userinfo: 'status:504' } };
    expect((await tell(other)).body.faults).toEqual({ clock: '+10m', userinfo: 'status:504' });
    expect((await tell({ clearFaults: true, ...down })).body.faults).toEqual({ userinfo: 'status:503' });
    expect((await tell({ clearFaults: true })).body.faults).toEqual({});
    expect((await fetch(`${emulator.issuer}/me`)).status).toBe(401);
  });

  it('claims of a user, which the next ID token has, and none of a name', async () => {
    const before = await claimsOf('alice', 'emulator-only-alice');
    const claims = { name: 'Alice', email: 'alice@example.test', phone: '15550100', roles: ['admin'] };
    const { body } = await tell({ users: [{ username: 'alice', ...claims }] });
    expect(body.users).toEqual([expect.objectContaining({ id: 'emulator-user-alice', ...claims })]);
    expect(await claimsOf('alice', 'emulator-only-alice')).toMatchObject({
      sub: 'emulator-user-alice',
      name: 'Alice',
      email: 'alice@example.test',
      email_verified: true,
      phone_number: '15550100',
      roles: ['admin'],
      created_at: before['created_at'],
    });
    await tell({ users: [{ username: 'alice', email: null }] });
    expect(await claimsOf('alice', 'emulator-only-alice')).toMatchObject({ name: 'Alice', email: null });
  });

  it('a user whom it does not have, with a password that can be written down, and a button', async () => {
    const { body } = await tell({ users: [{ username: 'carol' }] });
    const carol = { id: 'emulator-user-carol', username: 'carol', password: 'emulator-only-carol' };
    expect(body.users).toEqual([carol]);
    expect((await claimsOf('carol', carol.password))['sub']).toBe(carol.id);
    const browser = await new ExperienceBrowser(emulator).begin();
    const page = await (await open(browser.page.href, browser.cookies)).text();
    expect(page).toContain('value="Continue as carol"');
  });

  it('a second factor, which is asked for from then on', async () => {
    await tell({ users: [{ username: 'dora', totpSecret: 'GEZDGNBVGY3TQOJQ' }] });
    const browser = await new ExperienceBrowser(emulator).begin();
    const body = new URLSearchParams({ identifier: 'dora', password: 'emulator-only-dora' });
    const response = await open(browser.page.href, browser.cookies, { method: 'POST', body });
    expect(locationOf(response).pathname).toBe('/mfa-verification/totp');
  });

  it.each([
    ['{', 'is JSON'],
    ['[]', 'is an object'],
    [{ fault: {} }, 'cannot be told "fault"'],
    [{ clearFaults: 'yes' }, 'clearFaults must be true or false'],
    [{ faults: { token: 'nothing' } }, 'The fault "nothing" is none of token.'],
    [{ faults: { nothing: 'down' } }, 'The emulator has no fault "nothing".'],
    [{ users: {} }, 'users must be a list'],
    [{ users: [{ name: 'Alice' }] }, 'each with a username'],
    [{ users: [{ username: 'bob', phone: 'x' }] }, 'The user bob: phone must be digits, without +.'],
    [{ users: [{ username: 'bob', nothing: 1 }] }, 'The user bob: nothing is not known'],
    [{ users: [{ username: 'bob', password: null }] }, 'The user bob: password'],
    [{ users: [{ username: 'bob', id: 'other' }] }, 'The id of the user bob stays what it is'],
    [{ users: [{ username: 'erin', id: 'emulator-user-bob' }] }, 'Another user has the id'],
    [{ users: [{ username: 'bob', personalAccessTokens: [] }] }, 'Management API'],
  ])('all of it or nothing: %j', async (change, problem) => {
    const whole = typeof change === 'object' ? { ...down, ...change } : change;
    const { status, body } = await tell(whole);
    expect([status, body.message]).toEqual([400, expect.stringContaining(problem)]);
    expect(body.hint).not.toBe('');
    await untouched();
  });

  it('no more than a little at once', async () => {
    expect((await tell({ users: [{ username: 'x'.repeat(60_000) }] })).status).toBe(413);
  });
});
