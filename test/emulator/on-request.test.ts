import { describe, expect, it } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.js';
import type { EmulatorRequest } from '../../src/emulator/emulator-request.js';
import { api, open, post, refresh, tokens } from './raw-client.js';

describe('onRequest', () => {
  it('hears of each request before its answer is read: method, path, status, and the grant type', async () => {
    const heard: EmulatorRequest[] = [];
    const emulator = await startEmulator({ onRequest: (request) => heard.push(request) });
    const { issuer } = emulator;
    try {
      const last = () => heard.at(-1);
      await open(`${emulator.endpoint}/`);
      expect(last()).toEqual({ method: 'GET', path: '/', status: 200 });
      await open(`${emulator.endpoint}/nothing?a=b`);
      expect(last()).toEqual({ method: 'GET', path: '/nothing', status: 404 });
      await open(`${issuer}/auth?client_id=emulator-spa`, undefined, { method: 'POST' });
      expect(last()).toMatchObject({ method: 'POST', path: '/oidc/auth' });
      const token = { method: 'POST', path: '/oidc/token' };
      const { body } = await tokens(issuer, 'emulator-native');
      expect(last()).toEqual({ ...token, grantType: 'authorization_code', status: 200 });
      await refresh(issuer, 'emulator-native', body.refresh_token);
      expect(last()).toEqual({ ...token, grantType: 'refresh_token', status: 200 });
      await refresh(issuer, 'emulator-native', 'bogus');
      expect(last()).toEqual({ ...token, grantType: 'refresh_token', status: 400 });
      await refresh(issuer, 'emulator-native', 'bogus', { client_secret: 'x' });
      expect(last()).toEqual({ ...token, grantType: 'refresh_token', status: 401 });
      await post(`${issuer}/token`, 'emulator-m2m', { grant_type: 'client_credentials', resource: api });
      expect(last()).toEqual({ ...token, grantType: 'client_credentials', status: 200 });
      await post(`${issuer}/token`, 'emulator-m2m', {});
      expect(last()).toEqual({ ...token, status: 400 });
      const refreshes = heard.filter(({ grantType }) => grantType === 'refresh_token');
      expect(refreshes).toHaveLength(3);
    } finally {
      await emulator.close();
    }
  });

  it('failing is told to onFailure and changes no answer', async () => {
    const failures: unknown[] = [];
    const broken = new Error('broken');
    const emulator = await startEmulator({
      onRequest: () => {
        throw broken;
      },
      onFailure: (error) => failures.push(error),
    });
    try {
      expect((await open(`${emulator.endpoint}/`)).status).toBe(200);
      expect((await open(`${emulator.issuer}/jwks`)).status).toBe(200);
      expect(failures).toEqual([broken, broken]);
    } finally {
      await emulator.close();
    }
  });
});
