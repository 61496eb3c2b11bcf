import { describe, expect, it, onTestFinished } from 'vitest';
import { keyringMissing } from '../support/capabilities.js';
import { startMuteBus } from '../support/false-bus.js';
import { type KeyringSession, lockKeyring, startBareBus, startKeyring } from '../support/keyring-session.js';
import { runPrograms } from './run-programs.js';
import { soundSetup, startProviders } from './sound-setup.js';

/** A setup that is sound but for the keyring of its session. */
async function inSession(starting: Promise<KeyringSession>, prepare = (_session: KeyringSession) => {}) {
  const [session, providers] = await Promise.all([starting, startProviders()]);
  onTestFinished(async () => {
    await Promise.all([session.stop(), providers.close()]);
  });
  prepare(session);
  const setup = await soundSetup('Traditional', providers);
  setup.flags['--storage'] = 'keychain';
  Object.assign(setup.environment, session.environment, { BROWSER: process.execPath });
  return setup;
}

describe.skipIf(keyringMissing() !== null)('the built program, with a real keyring,', () => {
  it('calls a sound setup sound', async () => {
    const setup = await inSession(startKeyring());
    expect((await runPrograms(setup, ['doctor'])).doctor).toEqual({ faults: {}, exitCode: 0 });
  });

  it.each([
    ['is locked', startKeyring, lockKeyring, 'storage_locked'],
    ['is absent', startBareBus, () => {}, 'storage_unavailable'],
  ] as const)('names one that %s, before any browser, and nothing else', async (_, start, prepare, code) => {
    const setup = await inSession(start(), prepare);
    expect(await runPrograms(setup)).toEqual({
      doctor: { faults: { 'machine.storage': `failed ${code}` }, exitCode: 1 },
      signIn: { code, exitCode: 8, isBrowserOpened: false },
    });
  });

  it('gives up one that does not answer, and finds out everything else', async () => {
    const setup = await inSession(startMuteBus());
    const { doctor } = await runPrograms(setup, ['doctor']);
    expect(doctor).toEqual({ faults: { 'machine.storage': 'incomplete storage_unavailable' }, exitCode: 3 });
  });
});
