import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { MemoryStorage } from '../../src/storage/memory-storage.js';
import { signIn } from '../../src/testing.js';
import { keyringMissing } from '../support/capabilities.js';
import { builtKeychainStorage, isRunning, keychainChildren } from '../support/keychain-children.js';
import { type KeyringSession, lockKeyring, startKeyring } from '../support/keyring-session.js';
import { documentOf, runProgram } from '../support/program.js';
import { startWatchedEmulator } from '../support/session-home.js';
import { killKeyring, reviveKeyring } from '../support/storage-keyring.js';
import { firstLine, type StorageOutcome, startStorageProcess } from '../support/storage-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const isWhole = process.env['LOGTO_CLI_TEST_STRESS'] === 'whole';
/** The whole measure takes minutes on a busy machine. */
const patience = { timeout: 600_000 };
const options = { service: 'logto-cli', account: 'default' };
const values = ['a', 'b', ''];
const whole = ['a'.repeat(100_000), 'b'.repeat(100_000), null];
const work = { kind: 'keychain', options, steps: [['hammer', 'key', ...values]] } as const;

const disasters = [
  ['killed', killKeyring],
  ['locked', lockKeyring],
] as const;

describe.skipIf(keyringMissing() !== null)('KeychainStorage, when something breaks in the middle', () => {
  let KeychainStorage: Awaited<ReturnType<typeof builtKeychainStorage>>;
  let session: KeyringSession;

  beforeAll(async () => {
    KeychainStorage = await builtKeychainStorage();
  });
  beforeEach(async () => {
    session = await startKeyring();
    return () => session.stop();
  });

  const revive = async () => onTestFinished(await reviveKeyring(session));
  const open = () => new KeychainStorage({ ...options, environment: session.environment });

  it('has the old or the new value, whole, or none, whenever its writer is killed', patience, async () => {
    const seen = new Set<string | null>();
    for (let run = 0; run < (isWhole ? 60 : 8); run += 1) {
      const writer = startStorageProcess(work, session.environment);
      await firstLine(writer);
      const children = keychainChildren(writer.pid ?? 0);
      await sleep(Math.random() * 60);
      // Its child finishes what was begun, or dies with it.
      const dying = run % 2 === 0 ? [...children, writer.pid ?? 0] : [writer.pid ?? 0];
      for (const pid of dying) process.kill(pid, 'SIGKILL');
      await once(writer, 'exit');
      const value = await open().get('key');
      expect(whole).toContain(value);
      seen.add(value);
      await expect.poll(() => children.filter(isRunning), { timeout: 20_000 }).toEqual([]);
    }
    expect(seen.size).toBeGreaterThan(1);
  });

  it.each(disasters)(
    'ends with a word when the keyring is %s while it writes, and the value is whole',
    patience,
    async (_what, disaster) => {
      for (let run = 0; run < (isWhole ? 10 : 1); run += 1) {
        const writer = startStorageProcess(work, session.environment);
        let text = '';
        writer.stdout.setEncoding('utf8').on('data', (more: string) => {
          text += more;
        });
        await firstLine(writer);
        disaster(session);
        await once(writer, 'close');
        const { error } = JSON.parse(text.replace('hammering\n', '')) as StorageOutcome;
        expect(error?.code).toMatch(/^storage_(locked|unavailable|failed)$/);
        expect(error?.hint).toContain('--storage file');
        expect(writer.exitCode).toBe(8);
        await revive();
        expect(whole).toContain(await open().get('key'));
      }
    },
  );

  it.each(disasters)(
    'a refresh whose answer cannot be stored, the keyring being %s, prints no token and leaves the old session whole',
    async (_what, disaster) => {
      const emulator = await startWatchedEmulator();
      onTestFinished(() => emulator.close());
      const home = await temporaryDirectory();
      const { environment } = session;
      const memory = new MemoryStorage();
      await signIn(emulator, { storage: memory });
      const record = (await memory.get('tokenSet')) ?? '';
      await open().set('tokenSet', record);
      emulator.onRequest = ({ grantType }) => {
        if (grantType === 'refresh_token') disaster(session);
      };

      const outcome = await runProgram(['token', '--refresh', '--json'], { home, environment });

      expect(outcome.exitCode).toBe(8);
      expect(documentOf(outcome).error.code).toMatch(/^storage_/);
      expect(outcome.stdout).not.toContain('accessToken');
      await revive();
      expect(await open().get('tokenSet')).toBe(record);
    },
  );
});
