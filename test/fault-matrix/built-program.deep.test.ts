import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressFaults } from './address-faults.js';
import { applicationFaults } from './application-faults.js';
import { before, type Fault } from './fault.js';
import { machineFaults } from './machine-faults.js';
import { networkFaults } from './network-faults.js';
import { runPrograms } from './run-programs.js';
import { type Providers, soundSetup, startProviders } from './sound-setup.js';

let providers: Providers;
beforeAll(async () => {
  providers = await startProviders();
});
afterAll(() => providers.close());

/** The matrix itself runs in one process: these show that a real one does the same. */
const chosen = [
  'the host of the endpoint does not exist',
  'the issuer has a slash too many',
  'the certificate has expired',
  'the secret is missing (Traditional)',
  'the redirect URI has 127.0.0.1 for localhost (Native)',
  'the port is held on IPv6',
  'something is in the way of the storage directory',
];

const faults: readonly Fault[] = [
  ...addressFaults,
  ...networkFaults,
  ...applicationFaults,
  ...machineFaults,
].filter(({ name }) => chosen.includes(name));

describe('the built program names a fault, with both commands:', () => {
  it('all of these are in the matrix', () => expect(faults).toHaveLength(chosen.length));

  it.each(faults)('$name', async (fault) => {
    const setup = await soundSetup(fault.at, providers);
    setup.environment['BROWSER'] = process.execPath;
    await fault.inject(setup);
    const { doctor, signIn } = await runPrograms(setup);
    expect(doctor).toEqual({ faults: fault.doctor, exitCode: 1 });
    expect(signIn?.isBrowserOpened).toBe(false);
    const { code, exitCode } = signIn ?? {};
    expect(before(code, Number(exitCode))).toBe(fault.signIn);
  });
});
