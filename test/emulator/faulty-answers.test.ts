import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import { visitsOfEachTest } from './begun-visits.js';
import {
  callback,
  decodeJwt,
  exchange,
  fetchIn,
  invalidGrant,
  isSigned,
  publishedKeys,
  rawFetch,
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
const begin = visitsOfEachTest(() => emulator);

const grant = (code: string) => ({
  grant_type: 'authorization_code',
  code,
  redirect_uri: callback,
  code_verifier: verifier,
});

describe('a code', () => {
  it('that is reusable is answered again and again as it was at first, with tokens that work', async () => {
    emulator.setFaults({ code: 'reusable' });
    const { code } = await signIn(issuer, 'emulator-spa');
    for (const _ of [1, 2, 3]) {
      const { status, body } = await exchange(issuer, 'emulator-spa', code);
      expect(status).toBe(200);
      expect(decodeJwt(body.id_token).claims).toMatchObject({
        sub: 'emulator-user-alice',
        nonce: 'some-nonce',
      });
      expect((await userInfo(issuer, body.access_token)).status).toBe(200);
    }
    const wrong = await exchange(issuer, 'emulator-spa', code, { code_verifier: 'w'.repeat(50) });
    expect(wrong).toMatchObject(invalidGrant);
  });

  it('is spent by one use, in a visit beside one in which it is reusable, and when that is lifted', async () => {
    const visits = [begin({ code: 'reusable' }), begin()];
    const codes = await Promise.all(
      visits.map(async (visit) => {
        const jar = new CookieJar();
        return (await signIn(issuer, 'emulator-spa', {}, jar, 'alice', fetchIn(visit))).code;
      }),
    );
    const twice = async (code = '') => [
      (await exchange(issuer, 'emulator-spa', code)).status,
      (await exchange(issuer, 'emulator-spa', code)).status,
    ];
    expect(await Promise.all(codes.map(twice))).toEqual([
      [200, 200],
      [200, 400],
    ]);
    for (const visit of visits) visit.close();
    expect(await twice(codes[0])).toEqual([200, 400]);
  });
});

describe('the token endpoint', () => {
  it('leaves the access token out, and nothing else', async () => {
    emulator.setFaults({ token: 'no-access-token' });
    const { status, body } = await tokens(issuer, 'emulator-spa');
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual([
      'expires_in',
      'id_token',
      'refresh_token',
      'scope',
      'token_type',
    ]);
    const keys = await publishedKeys(issuer);
    expect(isSigned(body.id_token, keys[0])).toBe(true);
  });

  it('never answers, until whoever asks gives up', async () => {
    const visit = begin({ token: 'never' });
    const { code } = await signIn(issuer, 'emulator-spa');
    const gone = new AbortController();
    const asked = rawFetch(`${issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: 'emulator-spa', ...grant(code) }),
      signal: gone.signal,
    });
    asked.catch(() => {});
    await expect
      .poll(() => visit.requests.map(({ endpoint }) => endpoint), { timeout: 15_000 })
      .toContain('token');
    expect(visit.requests.at(-1)).toMatchObject({ status: 0, clientId: 'emulator-spa' });
    gone.abort();
    await expect(asked).rejects.toThrow();
    visit.setFaults({});
    expect((await exchange(issuer, 'emulator-spa', code)).status).toBe(200);
  });

  it('never answers, until the emulator closes', async () => {
    const own = await startEmulator({ faults: { token: 'never' } });
    const asked = request(`${own.issuer}/token`, { method: 'POST' });
    const failed = once(asked, 'error');
    asked.end();
    await once(asked, 'finish');
    await own.close();
    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
  });

  it('redirects to another host name of this machine, and keeps what follows', async () => {
    const visit = begin({ token: 'redirect' });
    const { code } = await signIn(issuer, 'emulator-traditional');
    const basic = `Basic ${Buffer.from(`emulator-traditional:${secret}`).toString('base64')}`;
    const init = {
      method: 'POST',
      headers: { authorization: basic },
      body: new URLSearchParams(grant(code)),
    };
    const answer = await rawFetch(`${issuer}/token`, init);
    const location = answer.headers.get('location') ?? '';
    expect(answer.status).toBe(307);
    expect(new URL(location).origin).toBe(`http://127.0.0.1:${new URL(issuer).port}`);
    expect(new URL(location).pathname).toBe('/elsewhere');
    expect((await rawFetch(location, init)).status).toBe(404);
    expect((await rawFetch(`${location}&more=1`)).status).toBe(404);
    expect(visit.requests.slice(1)).toEqual([
      {
        endpoint: 'token',
        method: 'POST',
        parameters: Object.entries(grant(code)),
        authorization: 'basic',
        userAgent: expect.any(String),
        clientId: 'emulator-traditional',
        status: 307,
      },
      {
        endpoint: 'elsewhere',
        method: 'POST',
        parameters: Object.entries(grant(code)),
        authorization: 'basic',
        userAgent: expect.any(String),
        clientId: 'emulator-traditional',
        status: 404,
      },
      {
        endpoint: 'elsewhere',
        method: 'GET',
        parameters: [['more', '1']],
        authorization: 'none',
        userAgent: expect.any(String),
        clientId: null,
        status: 404,
      },
    ]);
  });

  it('has nothing of what goes elsewhere kept where nobody visits', async () => {
    emulator.setFaults({ token: 'redirect' });
    const answer = await rawFetch(`${issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams(grant('c')),
    });
    expect(answer.headers.get('location')).toBe(`http://127.0.0.1:${new URL(issuer).port}/elsewhere`);
    expect((await rawFetch(answer.headers.get('location') ?? '')).status).toBe(404);
  });
});

describe('the UserInfo endpoint', () => {
  it('answers with the claims of somebody else', async () => {
    const { body } = await tokens(issuer, 'emulator-spa');
    const right = (await userInfo(issuer, body.access_token)).body;
    emulator.setFaults({ userinfo: 'other-subject' });
    const wrong = (await userInfo(issuer, body.access_token)).body;
    expect(right).toMatchObject({ sub: 'emulator-user-alice', username: 'alice' });
    expect(wrong).toEqual({ ...right, sub: 'another-user', username: 'another_user', name: 'Another User' });
    emulator.setFaults({});
    expect((await userInfo(issuer, body.access_token)).body).toEqual(right);
  });

  it('answers with no claim more than were asked for', async () => {
    emulator.setFaults({ userinfo: 'other-subject' });
    const { body } = await tokens(issuer, 'emulator-spa', { scope: 'openid' });
    expect((await userInfo(issuer, body.access_token)).body).toEqual({ sub: 'another-user' });
  });
});

describe('what is published', () => {
  it('is a discovery document of another issuer, with everything else of this one', async () => {
    const read = async () => (await rawFetch(`${issuer}/.well-known/openid-configuration`)).json();
    const right = await read();
    emulator.setFaults({ discovery: 'other-issuer' });
    expect(await read()).toEqual({ ...right, issuer: 'https://another-issuer.example.test/oidc' });
    emulator.setFaults({});
    expect(await read()).toEqual(right);
  });

  it('is several keys of other types, the same each time, and tokens are signed by the one that they name', async () => {
    const own = await publishedKeys(issuer);
    emulator.setFaults({ jwks: 'several' });
    const keys = await publishedKeys(issuer);
    expect(keys.map(({ alg }) => alg)).toEqual(['RS256', 'ES256', 'EdDSA', 'ES384']);
    expect(keys.at(-1)).toEqual(own[0]);
    for (const key of keys) expect(key).not.toHaveProperty('d');
    expect(await publishedKeys(issuer)).toEqual(keys);
    const { body } = await tokens(issuer, 'emulator-spa');
    expect(decodeJwt(body.id_token).header['kid']).toBe(own[0]?.kid);
    expect(isSigned(body.id_token, own[0])).toBe(true);
    emulator.setFaults({});
    expect(await publishedKeys(issuer)).toEqual(own);
  });
});
