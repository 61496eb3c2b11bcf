import { describe, expect, it, onTestFinished } from 'vitest';
import { keyringMissing } from '../support/capabilities.js';
import { startMuteBus } from '../support/false-bus.js';
import { type KeyringSession, lockKeyring, startBareBus, startKeyring } from '../support/keyring-session.js';
import { documentOf, runProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** The check of the storage in a session. */
async function storageIn(starting: Promise<KeyringSession>, prepare = (_session: KeyringSession) => {}) {
  const session = await starting;
  onTestFinished(() => session.stop());
  prepare(session);
  const outcome = await runProgram(['doctor', '--json', '--port', '0'], {
    home: await temporaryDirectory(),
    environment: session.environment,
  });
  const { checks } = documentOf(outcome);
  return checks.find(({ id }: { id: string }) => id === 'machine.storage');
}

describe.skipIf(keyringMissing() !== null)('doctor, of the keychain', () => {
  it('says that it keeps what is written to it', async () => {
    expect(await storageIn(startKeyring())).toMatchObject({ outcome: 'passed' });
  });

  it('says that it is locked', async () => {
    expect(await storageIn(startKeyring(), lockKeyring)).toMatchObject({
      outcome: 'failed',
      code: 'storage_locked',
    });
  });

  it('says that there is none', async () => {
    expect(await storageIn(startBareBus())).toMatchObject({ outcome: 'failed', code: 'storage_unavailable' });
  });

  it('gives up one that does not answer', async () => {
    expect(await storageIn(startMuteBus())).toMatchObject({
      outcome: 'incomplete',
      code: 'storage_unavailable',
      message: expect.stringContaining('did not answer within 4 s'),
    });
  });
});
