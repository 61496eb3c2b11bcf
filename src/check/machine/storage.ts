import type { Runtime } from '../../runtime.js';
import { proveWritable } from '../../storage/probe.js';
import type { StorageKind } from '../../storage/storage.js';
import type { CheckResult } from '../check.js';
import { passed } from '../check-results.js';
import type { DoctorCheck } from '../doctor-check.js';
import { storagePatience } from '../storage-patience.js';

/** The storage of a new session keeps what it is given: proved by writing, since a locked keyring can be read. */
export const storage: DoctorCheck = {
  id: 'machine.storage',
  title: 'Storage',
  run: async ({ runtime, settings: { storage: kind, profile } }, signal) => {
    const proof = async () => {
      await proveWritable(await runtime.storage(kind, profile));
      return passed(told[kind](runtime));
    };
    return Promise.race([proof(), runtime.sleep(storagePatience, signal).then(() => silent(kind, runtime))]);
  },
};

const told: Readonly<Record<StorageKind, (runtime: Runtime) => string>> = {
  keychain: () => 'the keychain of this system keeps what is written to it',
  file: ({ directories }) => `files in ${directories.sessions} can be written`,
  memory: () => 'memory: tokens are gone when the command ends',
};

/** A keychain that can show a prompt may be waiting for somebody; any other does not answer. */
function silent(kind: StorageKind, { environment, platform }: Runtime): CheckResult {
  const names = ['DISPLAY', 'WAYLAND_DISPLAY'];
  const canAsk = kind === 'keychain' && (platform !== 'linux' || names.some((name) => environment[name]));
  return {
    outcome: canAsk ? 'incomplete' : 'failed',
    code: 'storage_unavailable',
    message: `The storage (${kind}) did not answer within 4 s.`,
    hint: canAsk
      ? 'Answer the prompt of the keychain, and run this again.'
      : 'Restart the keychain service, or keep the tokens in a file that only you can read: --storage file (LOGTO_CLI_STORAGE=file).',
  };
}
