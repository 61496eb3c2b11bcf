import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.js';
import { defaultSeed, printedDescription } from '../../src/emulator/seed.js';
import { LogtoError } from '../../src/errors.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import {
  authorizationUrl,
  decodeJwt,
  exchange,
  open,
  refresh,
  signIn,
  tokens,
  userInfo,
} from './raw-client.js';

const native = {
  type: 'Native',
  appId: 'app',
  redirectUris: ['http://localhost:3000/callback'],
  postLogoutRedirectUris: [],
} as const;

describe('startEmulator', () => {
  it('describes itself as the seed plus where it is', async () => {
    const emulator = await startEmulator();
    try {
      expect(emulator.endpoint).toMatch(/^http:\/\/localhost:\d+$/);
      expect(emulator.issuer).toBe(`${emulator.endpoint}/oidc`);
      expect(printedDescription(emulator.description)).toEqual({
        endpoint: emulator.endpoint,
        issuer: emulator.issuer,
        applications: [
          {
            type: 'Native',
            appId: 'emulator-native',
            redirectUris: ['http://localhost:3000/callback'],
            postLogoutRedirectUris: ['http://localhost:3000/'],
          },
          {
            type: 'Traditional',
            allowTokenExchange: true,
            appId: 'emulator-traditional',
            appSecret: 'emulator-only-app-secret',
            redirectUris: ['http://localhost:3000/callback'],
            postLogoutRedirectUris: ['http://localhost:3000/'],
          },
          {
            type: 'SPA',
            appId: 'emulator-spa',
            redirectUris: ['http://localhost:3000/callback'],
            postLogoutRedirectUris: ['http://localhost:3000/'],
          },
          {
            type: 'MachineToMachine',
            allowTokenExchange: true,
            appId: 'emulator-m2m',
            appSecret: 'emulator-only-m2m-secret',
          },
          { type: 'Native', deviceFlow: true, appId: 'emulator-device' },
        ],
        users: [
          {
            id: 'emulator-user-alice',
            username: 'alice',
            password: 'emulator-only-alice',
            roles: ['things-user'],
            personalAccessTokens: [{ name: 'cli', value: 'pat_emulatorOnlyAlice000000000000000' }],
          },
          { id: 'emulator-user-bob', username: 'bob', password: 'emulator-only-bob' },
        ],
        resources: [{ indicator: 'https://api.example.test', scopes: ['read:things', 'write:things'] }],
        organizations: [
          { id: 'emulator-org-acme', name: 'Acme', scopes: ['read:org', 'write:org'], members: ['alice'] },
          { id: 'emulator-org-other', name: 'Other', members: [] },
        ],
      });
    } finally {
      await emulator.close();
    }
  });

  it('answers on both loopback addresses', async () => {
    const emulator = await startEmulator();
    try {
      const { port } = new URL(emulator.endpoint);
      for (const host of ['127.0.0.1', '[::1]']) {
        const response = await fetch(`http://${host}:${port}/oidc/.well-known/openid-configuration`);
        expect((await response.json()).issuer).toBe(emulator.issuer);
      }
    } finally {
      await emulator.close();
    }
  });

  it.each(['127.0.0.1', '::1'])('reports a port that is taken on %s', async (host) => {
    const other = createServer();
    const port = await listen(other, host);
    try {
      const error = await startEmulator({ port }).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(LogtoError);
      expect(error).toMatchObject({ code: 'port_in_use', details: { address: host, port } });
      if (process.platform === 'linux') expect(error).toHaveProperty('details.pid', process.pid);
      expect((error as LogtoError).message).not.toContain('callback');
    } finally {
      other.close();
    }
  });

  it.each([-1, 65_536, 1.5])('refuses port %s', async (port) => {
    await expect(startEmulator({ port })).rejects.toMatchObject({ code: 'config_invalid' });
  });

  it('closes at once although a socket is idle, and frees the port on both addresses', async () => {
    const emulator = await startEmulator();
    const port = Number(new URL(emulator.endpoint).port);
    const idle = connect(port, '127.0.0.1');
    await once(idle, 'connect');
    const closed = once(idle, 'close');
    await emulator.close();
    await closed;
    const next = await startEmulator({ port });
    await next.close();
  });

  it('refuses an application that cannot be registered, and frees the port', async () => {
    const first = await startEmulator();
    const port = Number(new URL(first.endpoint).port);
    await first.close();
    const applications = [{ ...native, redirectUris: ['http://example.com/callback'] }];
    const error = await startEmulator({ port, seed: { applications, users: [] } }).catch((caught) => caught);
    expect(error).toMatchObject({ code: 'config_invalid', details: { appId: 'app' } });
    expect(error.message).toContain('loopback addresses');
    // Whoever gave them by flags has no seed.
    expect(error.message).not.toContain('seed');
    expect(error.hint).toContain('--redirect-uri and --post-logout-redirect-uri');
    await (await startEmulator({ port })).close();
  });

  it('keeps two emulators apart', async () => {
    const [one, other] = await Promise.all([startEmulator(), startEmulator()]);
    try {
      const { body } = await tokens(one.issuer, 'emulator-native');
      expect((await userInfo(one.issuer, body.access_token)).status).toBe(200);
      expect((await userInfo(other.issuer, body.access_token)).status).toBe(401);
      expect((await refresh(other.issuer, 'emulator-native', body.refresh_token)).status).toBe(400);
      const keys = await Promise.all(
        [one, other].map(async ({ issuer }) => (await (await fetch(`${issuer}/jwks`)).json()).keys[0].kid),
      );
      expect(keys[0]).not.toBe(keys[1]);
      // A browser sends the cookies of one to the other, since cookies know no ports.
      const { cookies } = await signIn(one.issuer, 'emulator-spa');
      const response = await open(authorizationUrl(other.issuer, 'emulator-spa'), cookies);
      expect(response.headers.get('location')).toMatch(/^\/sign-in/);
    } finally {
      await Promise.all([one.close(), other.close()]);
    }
  });

  it('serves the users and claims of a seed', async () => {
    const emulator = await startEmulator({
      seed: {
        applications: defaultSeed().applications,
        users: [
          {
            id: 'erin-1',
            username: 'erin',
            password: 'emulator-only-erin',
            name: 'Erin <b>',
            email: 'erin@example.test',
            picture: 'https://example.test/erin.png',
            roles: ['admin'],
            customData: { plan: 'pro' },
          },
        ],
      },
    });
    try {
      const scope = { scope: 'openid profile email roles custom_data' };
      const { code } = await signIn(emulator.issuer, 'emulator-spa', scope, new CookieJar(), 'erin');
      const { body } = await exchange(emulator.issuer, 'emulator-spa', code);
      expect(decodeJwt(body.id_token).claims).toMatchObject({
        sub: 'erin-1',
        name: 'Erin <b>',
        email: 'erin@example.test',
        email_verified: true,
        picture: 'https://example.test/erin.png',
        roles: ['admin'],
      });
      expect((await userInfo(emulator.issuer, body.access_token)).body).toMatchObject({
        custom_data: { plan: 'pro' },
      });
      expect(await (await fetch(emulator.endpoint)).text()).toContain('Erin &#60;b&#62;');
    } finally {
      await emulator.close();
    }
  });
});

async function listen(server: Server, host: string): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
