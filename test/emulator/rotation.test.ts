import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { api, decodeJwt, invalidGrant, refresh, tokens, userInfo } from './raw-client.js';

let emulator: Emulator;
let issuer: string;
beforeAll(async () => {
  emulator = await startEmulator();
  issuer = emulator.issuer;
});
afterAll(() => emulator.close());
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());
const pass = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds);

const rotating = ['emulator-native', 'emulator-spa'] as const;

describe('a rotated refresh token', () => {
  it('works for 3 seconds more, each time for another new one', async () => {
    for (const appId of rotating) {
      const { refresh_token: first } = (await tokens(issuer, appId)).body;
      const successors = [];
      for (let count = 0; count < 3; count += 1) {
        const { status, body } = await refresh(issuer, appId, first);
        expect(status).toBe(200);
        successors.push(body.refresh_token);
        pass(900);
      }
      expect(new Set([first, ...successors]).size).toBe(4);
      pass(4000);
      for (const successor of successors) expect((await refresh(issuer, appId, successor)).status).toBe(200);
    }
  });

  it('serves several refreshes at the same time', async () => {
    const { refresh_token: first } = (await tokens(issuer, 'emulator-native')).body;
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => refresh(issuer, 'emulator-native', first)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(4);
  });

  it('used after 3 seconds is refused and takes the whole grant along', async () => {
    for (const appId of rotating) {
      const first = (await tokens(issuer, appId)).body;
      const second = (await refresh(issuer, appId, first.refresh_token)).body;
      expect((await userInfo(issuer, second.access_token)).status).toBe(200);
      pass(3000);
      expect(await refresh(issuer, appId, first.refresh_token)).toMatchObject(invalidGrant);
      expect(await refresh(issuer, appId, second.refresh_token)).toMatchObject(invalidGrant);
      for (const { access_token: token } of [first, second]) {
        expect((await userInfo(issuer, token)).status).toBe(401);
      }
    }
  });

  it('used after 3 seconds for an organization or a resource does the same', async () => {
    for (const fields of [{ organization_id: 'emulator-org-acme' }, { resource: api }]) {
      const first = (await tokens(issuer, 'emulator-native')).body;
      const second = (await refresh(issuer, 'emulator-native', first.refresh_token)).body;
      pass(3500);
      const late = await refresh(issuer, 'emulator-native', first.refresh_token, fields);
      expect(late).toMatchObject(invalidGrant);
      expect(await refresh(issuer, 'emulator-native', second.refresh_token)).toMatchObject(invalidGrant);
    }
  });
});

describe('the refresh token of a Traditional application', () => {
  it('stays the same and may be used again and again', async () => {
    const { refresh_token: token } = (await tokens(issuer, 'emulator-traditional')).body;
    for (let count = 0; count < 3; count += 1) {
      const { status, body } = await refresh(issuer, 'emulator-traditional', token);
      expect(status).toBe(200);
      expect(body.refresh_token).toBe(token);
      pass(4000);
    }
  });
});

describe('lifetimes', () => {
  it('are an hour for access and ID tokens and 14 days for refresh tokens', async () => {
    const first = (await tokens(issuer, 'emulator-traditional')).body;
    expect(first.expires_in).toBe(3600);
    pass(3_600_000);
    expect((await userInfo(issuer, first.access_token)).status).toBe(401);
    pass(13 * 86_400_000);
    expect((await refresh(issuer, 'emulator-spa', first.refresh_token)).status).toBe(400);
    pass(86_400_000);
    expect(await refresh(issuer, 'emulator-traditional', first.refresh_token)).toMatchObject(invalidGrant);
  });

  it('are those that the emulator was told', async () => {
    const short = await startEmulator({ ttl: { accessToken: 2, idToken: 5, refreshToken: 10 } });
    try {
      const asking = { resource: api, scope: 'openid offline_access read:things' };
      const { body } = await tokens(short.issuer, 'emulator-native', asking);
      expect(body.expires_in).toBe(2);
      const { iat, exp } = decodeJwt(body.id_token).claims;
      expect(Number(exp) - Number(iat)).toBe(5);
      const jwt = (await refresh(short.issuer, 'emulator-native', body.refresh_token, { resource: api }))
        .body;
      expect(jwt.expires_in).toBe(2);
      const { iat: issued, exp: ends } = decodeJwt(jwt.access_token).claims;
      expect(Number(ends) - Number(issued)).toBe(2);
      pass(2000);
      expect((await userInfo(short.issuer, body.access_token)).status).toBe(401);
      pass(8000);
      expect(await refresh(short.issuer, 'emulator-native', jwt.refresh_token)).toMatchObject(invalidGrant);
    } finally {
      await short.close();
    }
  });
});
