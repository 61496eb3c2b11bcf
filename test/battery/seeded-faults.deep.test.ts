import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checksWithoutUser } from '../../src/check/without-user/checks-without-user.js';
import { defaultSeed, type Emulator, startEmulator } from '../../src/testing.js';
import { type PlainProvider, startPlainProvider } from '../support/plain-provider.js';
import { type BatteryRun, battery } from './battery-run.js';
import { type ApplicationName, seededFaults } from './faults.js';
import { FaultyProvider } from './faulty-provider.js';

let emulator: Emulator;
let plain: PlainProvider;
let faultyEmulator: FaultyProvider;
let faultyPlain: FaultyProvider;
const sound: Partial<Record<ApplicationName, Readonly<Record<string, string>>>> = {};
let found = 0;

beforeAll(async () => {
  const seed = defaultSeed();
  const redirectUris = ['https://app.example.test/callback', 'https://app.example.test/other'];
  const web = { type: 'SPA' as const, appId: 'emulator-web', redirectUris, postLogoutRedirectUris: [] };
  emulator = await startEmulator({ seed: { ...seed, applications: [...seed.applications, web] } });
  plain = await startPlainProvider();
  faultyEmulator = await FaultyProvider.start(emulator.endpoint);
  faultyPlain = await FaultyProvider.start(plain.issuer);
  for (const application of ['native', 'traditional', 'web', 'plain'] as const) {
    const { failures, warnings } = await run(application);
    expect(failures).toEqual({});
    sound[application] = warnings;
  }
});
afterAll(async () => {
  await Promise.all([faultyEmulator.close(), faultyPlain.close(), emulator.close(), plain.close()]);
  console.log(
    `${checksWithoutUser.length} checks, ${Object.keys(seededFaults).length} seeded faults, ${found} found`,
  );
});

function run(application: ApplicationName): Promise<BatteryRun> {
  if (application === 'plain') {
    return battery(['--issuer', faultyPlain.addressOf(plain.issuer), '--app-id', 'plain-public']);
  }
  const endpoint = [
    '--endpoint',
    faultyEmulator.addressOf(emulator.endpoint),
    '--app-id',
    `emulator-${application}`,
  ];
  const uri = application === 'web' ? ['--redirect-uri', 'https://app.example.test/callback'] : [];
  const secret = application === 'traditional' ? { LOGTO_APP_SECRET: 'emulator-only-app-secret' } : {};
  return battery([...endpoint, ...uri], { environment: secret });
}

describe('the checks that need no user', () => {
  it('have a fault each that proves them', () => {
    expect(Object.keys(seededFaults)).toEqual(checksWithoutUser.map(({ id }) => id));
  });

  it.each(Object.entries(seededFaults))(
    '%s finds the provider that has just its fault',
    async (id, { fault, finds = 'failed', application = 'native' }) => {
      const provider = application === 'plain' ? faultyPlain : faultyEmulator;
      provider.fault = fault;
      const { failures, warnings, incomplete, exitCode } = await run(application).finally(() => {
        provider.fault = null;
      });
      const before = { ...sound[application] };
      // What was worth a word before may not have been asked any more.
      const further = Object.keys(warnings).filter((check) => !(check in before));
      expect({ failures: Object.keys(failures), further, incomplete, exitCode }).toEqual(
        finds === 'failed'
          ? { failures: [id], further: [], incomplete: {}, exitCode: 1 }
          : { failures: [], further: [id], incomplete: {}, exitCode: 0 },
      );
      const message = failures[id] ?? warnings[id];
      expect(message).toContain(`[${checksWithoutUser.find((check) => check.id === id)?.clause}]`);
      found += 1;
    },
  );
});
