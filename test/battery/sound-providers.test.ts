import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSeed, type Emulator, startEmulator } from '../../src/testing.js';
import { type PlainProvider, startPlainProvider } from '../support/plain-provider.js';
import { battery } from './battery-run.js';

let emulator: Emulator;
let plain: PlainProvider;
const requests: string[] = [];
beforeAll(async () => {
  const seed = defaultSeed();
  const thirdParty = { ...seed.applications[0], appId: 'emulator-third-party', thirdParty: true } as const;
  emulator = await startEmulator({
    seed: { ...seed, applications: [...seed.applications, thirdParty as (typeof seed.applications)[0]] },
    onRequest: ({ method, path, status }) => requests.push(`${method} ${path} ${status}`),
  });
  plain = await startPlainProvider();
});
afterAll(async () => {
  await emulator.close();
  await plain.close();
});

const appSecret = 'emulator-only-app-secret';
const ofLogto = ['discovery.id-token-algorithms', 'redirect-uri.dot-segments', 'redirect-uri.missing'];

describe('a sound provider passes', () => {
  it.each([
    ['emulator-native', undefined, ofLogto],
    ['emulator-spa', undefined, ofLogto],
    ['emulator-third-party', undefined, ofLogto],
    // PKCE is optional for these at Logto.
    ['emulator-traditional', appSecret, [...ofLogto, 'pkce.required']],
  ])('as Logto does with %s, and is told what Logto is known for', async (appId, secret, expected) => {
    const { failures, warnings, incomplete, exitCode, outcome } = await battery(
      ['--endpoint', emulator.endpoint, '--app-id', appId],
      { environment: { LOGTO_APP_SECRET: secret } },
    );
    expect({ failures, incomplete, exitCode, outcome }).toEqual({
      failures: {},
      incomplete: {},
      exitCode: 0,
      outcome: 'passed',
    });
    expect(Object.keys(warnings)).toEqual(expected);
  });

  it('as Logto does with an application for the device flow', async () => {
    const { failures, warnings, incomplete, check, exitCode } = await battery([
      ...['--endpoint', emulator.endpoint, '--app-id', 'emulator-device', '--device'],
    ]);
    expect({ failures, incomplete, exitCode }).toEqual({ failures: {}, incomplete: {}, exitCode: 0 });
    expect(Object.keys(warnings)).toEqual(['discovery.id-token-algorithms']);
    expect(check('authorization.request').outcome).toBe('skipped');
    expect(check('token.device-code').outcome).toBe('passed');
  });

  it.each([
    ['plain-public', undefined, ['authorization.post', 'redirect-uri.missing']],
    [
      'plain-confidential',
      'plain-confidential-test-secret',
      ['authorization.post', 'redirect-uri.missing', 'pkce.required'],
    ],
  ])('as another one does with %s', async (appId, secret, expected) => {
    const { failures, warnings, incomplete, exitCode } = await battery(
      ['--issuer', plain.issuer, '--app-id', appId],
      { environment: { LOGTO_APP_SECRET: secret } },
    );
    expect({ failures, incomplete, exitCode }).toEqual({ failures: {}, incomplete: {}, exitCode: 0 });
    expect(Object.keys(warnings)).toEqual(expected);
  });

  it('and hears nothing of Logto where it is set by its issuer', async () => {
    const issuers = [plain.issuer, emulator.issuer];
    for (const [index, appId] of ['plain-public', 'emulator-native'].entries()) {
      const { checks, warnings } = await battery(['--issuer', issuers[index] ?? '', '--app-id', appId]);
      expect(Object.keys(warnings)).toContain('redirect-uri.missing');
      expect(JSON.stringify(checks)).not.toMatch(/Logto|Console/);
    }
    const { warnings } = await battery(['--endpoint', emulator.endpoint, '--app-id', 'emulator-native']);
    expect(warnings['redirect-uri.missing']).toContain('Logto is known for that.');
  });

  it('as one does that wants requests pushed first', async () => {
    const provider = await startPlainProvider({
      configuration: {
        features: {
          introspection: { enabled: true },
          pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
        },
      },
    });
    const { failures, incomplete, check } = await battery([
      ...['--issuer', provider.issuer, '--app-id', 'plain-public'],
    ]);
    await provider.close();
    expect({ failures, incomplete }).toEqual({ failures: {}, incomplete: {} });
    expect(check('redirect-uri.host').outcome).toBe('passed');
    expect(check('pkce.required').outcome).toBe('passed');
    expect(check('par.request').outcome).toBe('passed');
  });
});

describe('the battery', () => {
  it('is some sixty requests that begin no sign-in and leave nothing behind', async () => {
    requests.length = 0;
    await battery(['--endpoint', emulator.endpoint, '--app-id', 'emulator-traditional'], {
      environment: { LOGTO_APP_SECRET: appSecret },
    });
    expect(requests.length).toBeLessThanOrEqual(65);
    expect(requests.length).toBeGreaterThan(40);
    // One pushed request, which expires by itself; no interaction, no token, no device code.
    expect(requests.filter((request) => request.endsWith(' 201'))).toEqual(['POST /oidc/request 201']);
    expect(requests.filter((request) => /sign-in|api\/|device\/auth 200|token 200/.test(request))).toEqual(
      [],
    );
  });

  it('repeats no secret that a provider repeats, and asks for none of the person', async () => {
    const { runtime } = await battery(['--endpoint', emulator.endpoint, '--app-id', 'emulator-traditional'], {
      environment: { LOGTO_APP_SECRET: appSecret },
    });
    expect(runtime.stdout.text + runtime.stderr.text).not.toContain(appSecret);
    expect(runtime.questions).toEqual([]);
  });

  it('needs no storage where nothing says that the secret is there: CI has no keychain', async () => {
    const { runtime } = await battery(['--endpoint', emulator.endpoint, '--app-id', 'emulator-native']);
    expect(runtime.opened).toEqual([]);
  });
});
