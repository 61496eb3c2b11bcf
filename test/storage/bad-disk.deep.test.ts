import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { updateConfiguration, withProfile } from '../../src/profile/config-file.js';
import { memoryLock } from '../../src/storage/memory-lock.js';
import { filesOf } from '../end-to-end/sign-in-run.js';
import { documentOf } from '../support/program.js';
import { signInAt, startWatchedEmulator, type WatchedEmulator } from '../support/session-home.js';
import { type DiskFault, ownDiskMissing, runOnDisk } from '../support/storage-disk.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const missing = ownDiskMissing();

interface Case {
  readonly args: readonly string[];
  /** How it ends: with a document, or with the code of an error. */
  readonly ends: 'done' | string;
  /** Whether the session is still there, as it was. */
  readonly keeps: boolean;
  /** What the provider is asked that changes something there. */
  readonly asks: readonly string[];
}

const signIn = ['sign-in', '--no-browser', '--timeout', '5', '--endpoint'];
const revocation = 'POST /oidc/token/revocation';

const cases: Readonly<Record<DiskFault, readonly Case[]>> = {
  full: [
    { args: ['whoami'], ends: 'done', keeps: true, asks: [] },
    { args: ['token'], ends: 'done', keeps: true, asks: [] },
    // The refresh token is not spent where the next one could not be stored.
    { args: ['token', '--refresh'], ends: 'storage_failed', keeps: true, asks: [] },
    { args: signIn, ends: 'storage_failed', keeps: true, asks: [] },
    { args: ['sign-out', '--timeout', '0', '--no-browser'], ends: 'done', keeps: false, asks: [revocation] },
    { args: ['sign-out', '--local'], ends: 'done', keeps: false, asks: [] },
  ],
  'read-only': [
    { args: ['whoami'], ends: 'done', keeps: true, asks: [] },
    { args: ['token'], ends: 'done', keeps: true, asks: [] },
    { args: ['token', '--refresh'], ends: 'storage_unavailable', keeps: true, asks: [] },
    { args: signIn, ends: 'storage_unavailable', keeps: true, asks: [] },
    // Nothing is revoked that cannot be forgotten here.
    { args: ['sign-out', '--no-browser'], ends: 'storage_unavailable', keeps: true, asks: [] },
    { args: ['sign-out', '--local'], ends: 'storage_unavailable', keeps: true, asks: [] },
  ],
};

describe.each(['full', 'read-only'] as const)('on a disk that is %s', (fault) => {
  let emulator: WatchedEmulator;
  let home: string;

  beforeAll(async () => {
    emulator = await startWatchedEmulator();
  });
  afterAll(() => emulator.close());
  beforeEach(async () => {
    home = await temporaryDirectory();
    await signInAt(emulator, home);
    await updateConfiguration(home, memoryLock(), (configuration) =>
      withProfile(configuration, 'default', { session: 'file' }),
    );
  });

  it.for(cases[fault].map((each) => ({ ...each, command: each.args.join(' ') })))(
    '$command: $ends',
    async ({ args, ends, keeps, asks }, { skip }) => {
      skip(missing !== null, missing ?? '');
      const application = args === signIn ? [emulator.endpoint, '--app-id', 'emulator-native'] : [];

      const outcome = await runOnDisk(fault, home, [...args, ...application, '--json']);

      const document = documentOf(outcome);
      expect(document.error?.code ?? 'done').toBe(ends);
      expect(outcome.exitCode).toBe(ends === 'done' ? 0 : 8);
      // No address is shown to anybody before that.
      if (ends !== 'done') expect(outcome.stderr).toBe('');
      const before = filesOf(home);
      const left = filesOf(outcome.left);
      const record = 'sessions/default/key-token%53et';
      expect(left[record]).toBe(keeps ? before[record] : undefined);
      expect(Object.keys(left).filter((name) => !(name in before))).toEqual([]);
      expect(emulator.takeRequests().filter((what) => what.startsWith('POST'))).toEqual(asks);
    },
  );
});
