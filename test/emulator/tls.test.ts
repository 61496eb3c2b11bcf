import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LogtoClient } from '../../src/client/logto-client.js';
import { startEmulator } from '../../src/emulator/emulator.js';
import { CookieJar } from '../../src/headless/cookie-jar.js';
import { followSignIn } from '../../src/headless/follow-sign-in.js';
import { createFetch } from '../../src/network/create-fetch.js';
import { say } from '../loopback/http-client.js';
import { certificateFile, serverCertificate } from '../support/certificate-files.js';
import { failureOf } from '../support/failure-of.js';
import { runInProcess } from '../support/run-in-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { testRuntime } from '../support/test-runtime.js';
import { callback } from './raw-client.js';

const trusting = () => createFetch({ environment: {}, caFile: certificateFile('authority') });
const tls = serverCertificate('localhost');
const alice = { username: 'alice', password: 'emulator-only-alice' };

describe('an emulator with a certificate', () => {
  it('speaks https in all that it says of itself, and signs people in', async () => {
    const emulator = await startEmulator({ tls });
    try {
      expect(emulator.endpoint).toMatch(/^https:\/\/localhost:\d+$/);
      expect(emulator.issuer).toBe(`${emulator.endpoint}/oidc`);
      const fetch = await trusting();
      const discovery = await (await fetch(`${emulator.issuer}/.well-known/openid-configuration`)).json();
      const addresses = Object.entries(discovery).filter(([name]) => /_endpoint$|_uri$|^issuer$/.test(name));
      expect(addresses.length).toBeGreaterThan(5);
      for (const [, address] of addresses) expect(address).toMatch(`${emulator.issuer}`);
      const client = new LogtoClient({ endpoint: emulator.endpoint, appId: 'emulator-native' }, { fetch });
      const authorizationUrl = await client.signIn({ redirectUri: callback });
      const cookies = new CookieJar();
      const told: string[] = [];
      const watching: typeof fetch = async (url, init) => {
        const answer = await fetch(url, init);
        told.push(...answer.headers.getSetCookie());
        return answer;
      };
      await client.handleSignInCallback(
        await followSignIn({ authorizationUrl, ...alice, fetch: watching, cookies }),
      );
      expect((await client.getIdTokenClaims())['iss']).toBe(emulator.issuer);
      const sessions = told.filter((cookie) => cookie.startsWith('_session='));
      expect(sessions.length).toBeGreaterThan(0);
      for (const cookie of sessions) expect(cookie.toLowerCase()).toContain('; secure');
    } finally {
      await emulator.close();
    }
  });

  it('is untrusted by whoever does not know its authority', async () => {
    const emulator = await startEmulator({ tls });
    try {
      const fetch = await createFetch({ environment: {} });
      expect((await failureOf(fetch(`${emulator.issuer}/jwks`))).code).toBe('tls_untrusted');
    } finally {
      await emulator.close();
    }
  });

  it('ends although somebody has begun to connect, and says nothing', async () => {
    const emulator = await startEmulator({ tls });
    await say(Number(new URL(emulator.endpoint).port));
    // The handshake may take longer than a test.
    await emulator.close();
  });

  it('redirects a token request to an address for which the certificate is good too', async () => {
    const emulator = await startEmulator({ tls, faults: { token: 'redirect' } });
    try {
      const fetch = await trusting();
      const { status, headers } = await fetch(`${emulator.issuer}/token`, { method: 'POST', body: 'code=c' });
      expect(status).toBe(307);
      const location = headers.get('location') ?? '';
      expect(location).toBe(`https://127.0.0.1:${new URL(emulator.issuer).port}/elsewhere`);
      expect((await fetch(location, { method: 'POST', body: 'code=c' })).status).toBe(404);
    } finally {
      await emulator.close();
    }
  });

  it('refuses to redirect to where its certificate is not good', async () => {
    const emulator = await startEmulator({ tls: serverCertificate('elsewhere') });
    try {
      const faults = { token: 'redirect' } as const;
      for (const refused of [() => emulator.setFaults(faults), () => emulator.visit(faults)]) {
        expect((await failureOf(refused)).code).toBe('config_invalid');
      }
    } finally {
      await emulator.close();
    }
  });

  it.each([
    ['no PEM', { cert: 'x', key: 'y' }],
    [
      'the key of another certificate',
      {
        cert: tls.cert,
        key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
          type: 'pkcs8',
          format: 'pem',
        }) as string,
      },
    ],
    ['no key', { cert: tls.cert, key: '' }],
  ])('is not started with %s, and nothing of a key is repeated', async (_, wrong) => {
    const { code, message, hint } = await failureOf(startEmulator({ tls: wrong }));
    expect(code).toBe('config_invalid');
    expect(`${message}${hint}`).not.toMatch(/BEGIN|MII|OpenSSL/);
  });
});

describe('emulator --tls-cert and --tls-key', () => {
  it('speaks https, and signs by the algorithm that is named', async () => {
    const home = await temporaryDirectory();
    const key = join(home, 'key.pem');
    await writeFile(key, tls.key);
    const end = new AbortController();
    const runtime = testRuntime({ home, interruption: end.signal });
    const flags = [
      '--tls-cert',
      certificateFile('localhost'),
      '--tls-key',
      key,
      '--id-token-algorithm',
      'RS256',
    ];
    const running = runInProcess(runtime, ['emulator', '--port', '0', '--json', ...flags]);
    await expect.poll(() => runtime.stdout.lines, { timeout: 15_000 }).toHaveLength(1);
    const { issuer, applications } = JSON.parse(runtime.stdout.text);
    expect(issuer).toMatch(/^https:\/\/localhost:\d+\/oidc$/);
    const fetch = await trusting();
    const discovery = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
    expect(discovery.id_token_signing_alg_values_supported).toEqual(['RS256']);
    expect(
      applications.map((application: { idTokenAlgorithm?: string }) => application.idTokenAlgorithm),
    ).toEqual(['RS256', 'RS256', 'RS256', undefined, 'RS256']);
    end.abort();
    expect(await running).toBe(130);
  });

  it.each([
    [['--tls-cert', certificateFile('localhost')], 'usage_invalid', /--tls-cert <pem> --tls-key <pem>/],
    [['--tls-key', 'key.pem'], 'usage_invalid', /--tls-cert <pem> --tls-key <pem>/],
    [['--tls-cert', '/nothing/a.pem', '--tls-key', 'key.pem'], 'config_invalid', /PEM/],
    [['--tls-cert', 'a.pem', '--tls-key', tls.key], 'usage_invalid', /consider it known/],
  ] as const)('refuses %j', async (flags, code, hint) => {
    const runtime = testRuntime({ home: await temporaryDirectory() });
    const failure = await failureOf(runInProcess(runtime, ['emulator', '--port', '0', ...flags]));
    expect(failure.code).toBe(code);
    expect(failure.hint).toMatch(hint);
    expect(`${failure.message}${failure.hint}`).not.toContain('PRIVATE');
  });
});
