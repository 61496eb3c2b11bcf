import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withRedirects } from '../../../src/emulator/seed.js';
import { storageKinds } from '../../../src/storage/storage.js';
import { defaultSeed, type Emulator, startEmulator } from '../../../src/testing.js';
import { type PlainProvider, startPlainProvider } from '../../support/plain-provider.js';
import { signInAt } from '../../support/session-home.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { doctor, freeAddresses } from './doctor-run.js';

let emulator: Emulator;
let plain: PlainProvider;
let port: number;
beforeAll(async () => {
  const addresses = await freeAddresses();
  port = addresses.port;
  emulator = await startEmulator({ seed: withRedirects(defaultSeed(), addresses.uris) });
  plain = await startPlainProvider(addresses.uris);
});
afterAll(async () => {
  await emulator.close();
  await plain.close();
});

const secrets: Readonly<Record<string, string>> = {
  'emulator-traditional': 'emulator-only-app-secret',
  'emulator-m2m': 'emulator-only-m2m-secret',
  'plain-confidential': 'plain-confidential-test-secret',
};

function secretOf(appId: string): Record<string, string> {
  const secret = secrets[appId];
  return secret === undefined ? {} : { LOGTO_APP_SECRET: secret };
}

describe('a sound setup', () => {
  describe.each(storageKinds)('with the storage %s', (kind) => {
    it.each(['emulator-native', 'emulator-traditional', 'emulator-spa'])('is %s at Logto', async (appId) => {
      const { faults, exitCode, outcome, check } = await doctor(
        ['--endpoint', emulator.endpoint, '--app-id', appId, '--port', String(port), '--storage', kind],
        { environment: secretOf(appId) },
      );
      expect(faults).toEqual({});
      expect({ exitCode, outcome }).toEqual({ exitCode: 0, outcome: 'passed' });
      for (const id of ['secret', 'redirect-uri', 'authorization-request', 'scopes', 'post-sign-out-uri']) {
        expect(check(`application.${id}`).outcome).toBe('passed');
      }
    });

    it.each(['plain-public', 'plain-confidential'])('is %s at another provider', async (appId) => {
      const { faults, exitCode, check } = await doctor(
        ['--issuer', plain.issuer, '--app-id', appId, '--port', String(port), '--storage', kind],
        { environment: secretOf(appId) },
      );
      expect(faults).toEqual({});
      expect(exitCode).toBe(0);
      expect(check('application.redirect-uri').outcome).toBe('passed');
      expect(check('application.secret').outcome).toBe('passed');
      // Nobody knows what that provider does without a consent.
      expect(check('application.offline-access').outcome).toBe('skipped');
    });
  });

  it('is a machine-to-machine application, of which it says that nobody signs in with it', async () => {
    const { faults, exitCode, check } = await doctor(
      ['--endpoint', emulator.endpoint, '--app-id', 'emulator-m2m', '--storage', 'file'],
      { environment: secretOf('emulator-m2m') },
    );
    expect(faults).toEqual({
      ...portFault(faults),
      'application.type': 'warning grant_type_not_allowed',
    });
    expect(exitCode === 0 || 'machine.callback-port' in faults).toBe(true);
    expect(check('application.secret').outcome).toBe('passed');
    expect(check('application.redirect-uri')).toMatchObject({
      outcome: 'skipped',
      message: expect.stringMatching(/none/),
    });
    expect(check('application.device-flow').outcome).toBe('skipped');
  });

  it.each([{ flags: [] }, { flags: ['--device'] }])(
    'is an application for the device flow, with $flags',
    async ({ flags }) => {
      const { faults, check } = await doctor([
        ...['--endpoint', emulator.endpoint, '--app-id', 'emulator-device', '--port', String(port)],
        ...flags,
      ]);
      const warning = { 'application.type': 'warning grant_type_not_allowed' };
      expect(faults).toEqual(flags.length === 0 ? warning : {});
      expect(check('application.device-flow').outcome).toBe('passed');
      expect(check('application.redirect-uri').outcome).toBe('skipped');
    },
  );

  it('is any port with a Native application, but for the way back from a sign-out', async () => {
    const { faults, check } = await doctor([
      ...['--endpoint', emulator.endpoint, '--app-id', 'emulator-native', '--port', '0'],
    ]);
    expect(faults).toEqual({});
    expect(check('application.redirect-uri').message).toMatch(
      /^any free port \(http:\/\/localhost:[1-9]\d{4}\/callback was accepted\)$/,
    );
    expect(check('application.post-sign-out-uri').outcome).toBe('skipped');
  });

  it('is no free port with an application that has to know it', async () => {
    const { check } = await doctor([
      ...['--endpoint', emulator.endpoint, '--app-id', 'emulator-spa', '--port', '0'],
    ]);
    expect(check('application.redirect-uri')).toMatchObject({
      outcome: 'failed',
      code: 'redirect_uri_not_registered',
      hint: expect.stringContaining('give one, --port <port>, and register its address'),
    });
  });

  it('asks for resources and organizations that there are', async () => {
    const { faults, check } = await doctor([
      ...['--endpoint', emulator.endpoint, '--app-id', 'emulator-native', '--port', String(port)],
      ...[
        '--resource',
        'https://api.example.test',
        '--scope',
        'read:things',
        '--organization',
        'emulator-org-acme',
      ],
    ]);
    expect(faults).toEqual({});
    expect(check('application.resources').outcome).toBe('passed');
    // Nobody refuses a scope of an API before a user is there.
    expect(check('application.scopes')).toMatchObject({
      outcome: 'skipped',
      message: expect.stringMatching(/read:things/),
    });
  });

  it('is one with a session that was made with these settings', async () => {
    const home = await temporaryDirectory();
    await signInAt(emulator, home);
    const { faults, check } = await doctor(
      [
        ...['--endpoint', emulator.endpoint, '--app-id', 'emulator-native', '--port', String(port)],
        ...['--storage', 'file'],
      ],
      { home },
    );
    expect(faults).toEqual({});
    for (const id of ['stored', 'owner', 'refresh-token', 'expiry']) {
      expect(check(`session.${id}`).outcome).toBe('passed');
    }
  });

  it('changes nothing: no session, no configuration, nobody signed in', async () => {
    const home = await temporaryDirectory();
    await signInAt(emulator, home);
    const args = ['--endpoint', emulator.endpoint, '--app-id', 'emulator-native', '--port', String(port)];
    const before = await doctor([...args, '--storage', 'file'], { home });
    const after = await doctor([...args, '--storage', 'file'], { home });
    expect(after.checks.map(({ outcome }) => outcome)).toEqual(before.checks.map(({ outcome }) => outcome));
    expect(after.check('session.stored').outcome).toBe('passed');
  });
});

/** Whoever has port 3000 on the machine of this test is none of its business. */
function portFault(faults: Readonly<Record<string, string>>): Record<string, string> {
  const fault = faults['machine.callback-port'];
  return fault === undefined ? {} : { 'machine.callback-port': fault };
}
