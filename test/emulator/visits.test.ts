import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import type { EmulatorVisit } from '../../src/emulator/visits/visit.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import { failureOf } from '../support/failure-of.js';
import { visitsOfEachTest } from './begun-visits.js';
import {
  authorizationUrl,
  callback,
  exchange,
  fetchIn,
  open,
  post,
  rawFetch,
  refresh,
  secret,
  signIn,
  tokens,
  userInfo,
  verifier,
} from './raw-client.js';

let emulator: Emulator;
let issuer: string;
beforeAll(async () => {
  emulator = await startEmulator();
  issuer = emulator.issuer;
});
afterAll(() => emulator.close());

const visit = visitsOfEachTest(() => emulator);

const endpoints = ({ requests }: EmulatorVisit) => requests.map(({ endpoint }) => endpoint);

async function everything(one?: EmulatorVisit) {
  const { cookies, code } = await signIn(
    issuer,
    'emulator-native',
    {},
    new CookieJar(),
    'alice',
    one === undefined ? rawFetch : fetchIn(one),
  );
  const { body } = await exchange(issuer, 'emulator-native', code);
  await userInfo(issuer, body.access_token);
  const { body: next } = await refresh(issuer, 'emulator-native', body.refresh_token);
  await userInfo(issuer, next.access_token);
  await post(`${issuer}/token/revocation`, 'emulator-native', { token: next.refresh_token });
  await open(`${issuer}/session/end?id_token_hint=${next.id_token}`, cookies);
}

const course = [
  'authorization',
  'token',
  'userinfo',
  'token',
  'userinfo',
  'revocation',
  'end-session',
] as const;

describe('a visit', () => {
  it('keeps everything that an application asks, from its authorization request to the end of the session', async () => {
    const one = visit();
    await everything(one);
    expect(endpoints(one)).toEqual(course);
    expect(one.requests.map(({ method, status }) => [method, status])).toEqual([
      ['GET', 303],
      ['POST', 200],
      ['GET', 200],
      ['POST', 200],
      ['GET', 200],
      ['POST', 200],
      ['GET', 200],
    ]);
    expect(new Set(one.requests.map(({ clientId }) => clientId))).toEqual(new Set(['emulator-native']));
    expect(one.requests.map(({ authorization }) => authorization)).toEqual([
      'none',
      'none',
      'bearer',
      'none',
      'bearer',
      'none',
      'none',
    ]);
  });

  it('is that of a browser that names none, while it is the only one', async () => {
    const one = visit();
    await everything();
    expect(endpoints(one)).toEqual(course);
  });

  it('gets nothing from a browser that names none, where there are two', async () => {
    const both = [visit(), visit()];
    await everything();
    expect(both.map(({ requests }) => requests)).toEqual([[], []]);
  });

  it('is told apart from those beside it, in one browser too', async () => {
    const [one, other] = [visit(), visit()];
    const cookies = new CookieJar();
    const inOne = await signIn(issuer, 'emulator-native', { state: 'one' }, cookies, 'alice', fetchIn(one));
    const inOther = await signIn(
      issuer,
      'emulator-spa',
      { state: 'other' },
      cookies,
      'alice',
      fetchIn(other),
    );
    await exchange(issuer, 'emulator-spa', inOther.code);
    await exchange(issuer, 'emulator-native', inOne.code);
    for (const [{ requests }, state, appId, code] of [
      [one, 'one', 'emulator-native', inOne.code],
      [other, 'other', 'emulator-spa', inOther.code],
    ] as const) {
      expect(requests).toMatchObject([
        {
          endpoint: 'authorization',
          clientId: appId,
          parameters: expect.arrayContaining([['state', state]]),
        },
        { endpoint: 'token', clientId: appId, parameters: expect.arrayContaining([['code', code]]) },
      ]);
    }
  });

  it('shows parameters as they were sent, the repeated ones too, of query and form, and how somebody authenticated', async () => {
    const one = visit();
    const repeated = `${authorizationUrl(issuer, 'emulator-spa')}&state=again`;
    await rawFetch(repeated);
    const form = new URLSearchParams({ client_id: 'emulator-spa', scope: 'openid' });
    await rawFetch(`${issuer}/auth?state=of-query`, { method: 'POST', body: form });
    const { code } = await signIn(issuer, 'emulator-traditional');
    const grant = { grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier: verifier };
    const basic = `Basic ${Buffer.from(`emulator-traditional:${secret}`).toString('base64')}`;
    const answer = await post(`${issuer}/token`, null, grant, { authorization: basic });
    expect(answer.status).toBe(200);
    const [first, second, , last] = one.requests;
    expect(first).toMatchObject({ method: 'GET', clientId: 'emulator-spa', authorization: 'none' });
    expect(first?.parameters.filter(([name]) => name === 'state')).toEqual([
      ['state', 'some-state'],
      ['state', 'again'],
    ]);
    expect(second).toMatchObject({
      method: 'POST',
      parameters: [
        ['state', 'of-query'],
        ['client_id', 'emulator-spa'],
        ['scope', 'openid'],
      ],
      status: 303,
    });
    expect(last).toEqual({
      endpoint: 'token',
      method: 'POST',
      parameters: Object.entries(grant),
      authorization: 'basic',
      userAgent: 'node',
      clientId: 'emulator-traditional',
      status: 200,
    });
  });

  it('takes a request in JSON for the same as a form, and the engine still reads it', async () => {
    const one = visit();
    const { code } = await signIn(issuer, 'emulator-spa');
    const sent = {
      client_id: 'emulator-spa',
      grant_type: 'authorization_code',
      code,
      redirect_uri: callback,
    };
    const response = await fetch(`${issuer}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...sent, code_verifier: verifier }),
    });
    expect(response.status).toBe(200);
    expect(one.requests[1]).toMatchObject({
      parameters: Object.entries({ ...sent, code_verifier: verifier }),
    });
  });

  it('shows a request that was refused, and one whose connection was cut', async () => {
    const one = visit({ userinfo: 'down' });
    const { code } = await signIn(issuer, 'emulator-spa');
    const { body } = await exchange(issuer, 'emulator-spa', code);
    expect((await exchange(issuer, 'emulator-spa', code)).status).toBe(400);
    await expect(userInfo(issuer, body.access_token)).rejects.toThrow();
    await rawFetch(`${issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({ code, x: 'x'.repeat(60_000) }),
    });
    expect(one.requests.slice(1).map(({ endpoint, status }) => [endpoint, status])).toEqual([
      ['token', 200],
      ['token', 400],
      ['userinfo', 0],
    ]);
  });

  it('has faults of its own over those of everybody, until they are changed', async () => {
    emulator.setFaults({ userinfo: 'status:503', token: 'status:500' });
    const [one, other] = [visit({ token: 'status:418' }), visit({})];
    const status = async (of: EmulatorVisit) =>
      (await tokens(issuer, 'emulator-spa', {}, new CookieJar(), 'alice', fetchIn(of))).status;
    expect([await status(one), await status(other)]).toEqual([418, 500]);
    emulator.setFaults({});
    expect([await status(one), await status(other)]).toEqual([418, 200]);
    one.setFaults({});
    expect([await status(one), await status(other)]).toEqual([200, 200]);
  });

  it('knows the codes and tokens that were given out in it, and no others', async () => {
    const [one, other] = [visit(), visit()];
    const { code } = await signIn(issuer, 'emulator-native', {}, new CookieJar(), 'alice', fetchIn(one));
    const { body } = await exchange(issuer, 'emulator-native', code);
    const given = [code, body.access_token, body.id_token, body.refresh_token];
    expect(given.map((value) => one.hasIssued(value))).toEqual([true, true, true, true]);
    expect(given.map((value) => other.hasIssued(value))).toEqual([false, false, false, false]);
    expect(one.hasIssued('anything else')).toBe(false);
  });

  it('is forgotten when it is closed: what comes of it then belongs to nobody, and meets no fault', async () => {
    const [one, other] = [visit({ userinfo: 'status:500' }), visit()];
    const { code } = await signIn(issuer, 'emulator-spa', {}, new CookieJar(), 'alice', fetchIn(one));
    one.close();
    const { body } = await exchange(issuer, 'emulator-spa', code);
    expect((await userInfo(issuer, body.access_token)).status).toBe(200);
    await rawFetch(authorizationUrl(issuer, 'emulator-spa'), { headers: { 'x-logto-cli-visit': one.id } });
    expect(endpoints(one)).toEqual(['authorization']);
    expect(endpoints(other)).toEqual([]);
  });

  it.each([{ discovery: 'down' }, { jwks: 'empty' }, { jwks: 'down' }, { token: 'slow' }])(
    'cannot have %o for a fault of its own',
    async (faults) => {
      const refused = await failureOf(() => emulator.visit(faults as never));
      expect(refused.code).toBe('config_invalid');
      const one = visit({ token: 'status:418' });
      await failureOf(() => one.setFaults(faults as never));
      expect((await tokens(issuer, 'emulator-spa')).status).toBe(418);
    },
  );
});
