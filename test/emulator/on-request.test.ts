import { describe, expect, it } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.js';
import type { EmulatorRequest } from '../../src/emulator/emulator-request.js';
import { api, open, post, refresh, tokens } from './raw-client.js';

describe('onRequest', () => {
  it('hears of each request before its answer is read: method, path, status, and what it was found to be', async () => {
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
      const alice = { clientId: 'emulator-native', subject: 'emulator-user-alice' };
      expect(last()).toEqual({ ...token, grantType: 'authorization_code', ...alice, status: 200 });
      await open(`${issuer}/me`, undefined, { headers: { authorization: `Bearer ${body.access_token}` } });
      expect(last()).toEqual({ method: 'GET', path: '/oidc/me', ...alice, status: 200 });
      await refresh(issuer, 'emulator-native', body.refresh_token);
      expect(last()).toEqual({ ...token, grantType: 'refresh_token', ...alice, status: 200 });
      await refresh(issuer, 'emulator-native', 'bogus');
      const { clientId } = alice;
      expect(last()).toEqual({ ...token, grantType: 'refresh_token', clientId, status: 400 });
      await refresh(issuer, 'emulator-native', 'bogus', { client_secret: 'x' });
      expect(last()).toEqual({ ...token, grantType: 'refresh_token', clientId, status: 401 });
      await post(`${issuer}/token`, 'emulator-m2m', { grant_type: 'client_credentials', resource: api });
      const machine = { clientId: 'emulator-m2m' };
      expect(last()).toEqual({ ...token, grantType: 'client_credentials', ...machine, status: 200 });
      await post(`${issuer}/token`, 'emulator-m2m', {});
      expect(last()).toEqual({ ...token, ...machine, status: 400 });
      emulator.setFaults({ token: 'status:503', idToken: 'expired', userinfo: 'html', clock: '+10m' });
      await refresh(issuer, 'emulator-native', 'bogus');
      const faults = ['token=status:503', 'idToken=expired', 'clock=+10m'];
      expect(last()).toEqual({ ...token, faults, status: 503 });
      emulator.setFaults({});
      const refreshes = heard.filter(({ grantType }) => grantType === 'refresh_token');
      expect(refreshes).toHaveLength(3);
    } finally {
      await emulator.close();
    }
  });

  it('hears once of a request whose connection ends without an answer, and why that is', async () => {
    const heard: EmulatorRequest[] = [];
    const emulator = await startEmulator({ onRequest: (request) => heard.push(request) });
    const { issuer } = emulator;
    const of = (path: string) => heard.filter((request) => request.path === path);
    try {
      const { body } = await tokens(issuer, 'emulator-native');
      heard.length = 0;
      emulator.setFaults({ jwks: 'down', refresh: 'lost-answer', userinfo: 'slow:30s' });
      await expect(open(`${issuer}/jwks`)).rejects.toThrow();
      await expect.poll(() => of('/oidc/jwks')).toHaveLength(1);
      expect(of('/oidc/jwks')).toEqual([
        { method: 'GET', path: '/oidc/jwks', faults: ['jwks=down'], status: null },
      ]);
      const { reads } = emulator.publication;
      await expect(refresh(issuer, 'emulator-native', body.refresh_token)).rejects.toThrow();
      await expect.poll(() => of('/oidc/token')).toHaveLength(1);
      const spent = {
        grantType: 'refresh_token',
        clientId: 'emulator-native',
        subject: 'emulator-user-alice',
      };
      expect(of('/oidc/token')).toMatchObject([{ ...spent, status: null }]);
      // Whoever asked has gone before the answer.
      await expect(open(`${issuer}/me`, undefined, { signal: AbortSignal.timeout(50) })).rejects.toThrow();
      await expect
        .poll(() => of('/oidc/me'))
        .toMatchObject([{ faults: ['userinfo=slow:30s'], status: null }]);
      emulator.setFaults({});
      // What was not answered was not read.
      expect(emulator.publication.reads).toEqual(reads);
      expect(heard).toHaveLength(3);
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
