import type { Runtime } from '../../../runtime.js';
import { proveWritable } from '../../../storage/probe.js';
import type { StorageKind } from '../../../storage/storage.js';
import { passed } from '../../run/check-results.js';
import { answerInTime } from '../../run/storage-patience.js';
import type { DoctorCheck } from '../doctor-check.js';

/** The storage of a new session keeps what it is given: proved by writing, since a locked keyring can be read. */
export const storage: DoctorCheck = {
  id: 'machine.storage',
  title: 'Storage',
  run: async ({ runtime, settings: { storage: kind, profile } }, signal) => {
    const proof = async () => {
      await proveWritable(await runtime.storage(kind, profile));
      return passed(told[kind](runtime));
    };
    return answerInTime({ kind, runtime, signal }, proof());
  },
};

const told: Readonly<Record<StorageKind, (runtime: Runtime) => string>> = {
  keychain: () => 'the keychain of this system keeps what is written to it',
  file: ({ directories }) => `files in ${directories.sessions} can be written`,
  memory: () => 'memory: tokens are gone when the command ends',
};
