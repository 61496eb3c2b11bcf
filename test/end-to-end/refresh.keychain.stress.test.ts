import { expect, it, onTestFinished } from 'vitest';
import { MemoryStorage } from '../../src/storage/memory-storage.js';
import { signIn } from '../../src/testing.js';
import { keyringMissing } from '../support/capabilities.js';
import { secretToolSearch, startKeyring } from '../support/keyring-session.js';
import { runProgram } from '../support/program.js';
import { programsAtOnce } from '../support/programs-at-once.js';
import { startWatchedEmulator } from '../support/session-home.js';
import { inOtherProcess } from '../support/storage-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { filesOf } from './sign-in-run.js';

it.skipIf(keyringMissing() !== null)(
  '100 processes with an expired access token in a real keyring cost one refresh and have the same token',
  { timeout: 300_000 },
  async () => {
    const emulator = await startWatchedEmulator();
    const keyring = await startKeyring();
    onTestFinished(async () => {
      await keyring.stop();
      await emulator.close();
    });
    const home = await temporaryDirectory();
    const { environment } = keyring;
    const storage = new MemoryStorage();
    await signIn(emulator, { storage });
    const keep = async (operation: 'get' | 'set', ...value: string[]) => {
      const options = { service: 'logto-cli', account: 'default' };
      const steps = [[operation, 'tokenSet', ...value]] as const;
      const { results, error } = await inOtherProcess({ kind: 'keychain', options, steps }, environment);
      expect(error).toBeNull();
      return results[0];
    };
    await keep('set', (await storage.get('tokenSet')) ?? '');
    expect((await runProgram(['token', '--refresh'], { home, environment })).exitCode).toBe(0);
    const record = JSON.parse((await keep('get')) ?? '');
    for (const token of record.accessTokens) token.expiresAt = Date.now() - 1000;
    await keep('set', JSON.stringify(record));
    emulator.takeRequests();

    const outcomes = await programsAtOnce(100, ['token'], { home, environment });

    expect(outcomes.filter(({ exitCode, stderr }) => exitCode !== 0 || stderr !== '')).toEqual([]);
    expect(emulator.takeRequests()).toEqual(['POST /oidc/token refresh_token']);
    const [token, ...others] = new Set(outcomes.map(({ stdout }) => stdout.trim()));
    expect(others).toEqual([]);
    const headers = { Authorization: `Bearer ${token}` };
    expect((await fetch(`${emulator.issuer}/me`, { headers })).status).toBe(200);
    expect(secretToolSearch(keyring, 'service', 'logto-cli')).toContain(token);
    expect(filesOf(home)).toEqual({});
  },
);
