import { expect, it, onTestFinished } from 'vitest';
import { tokensOf } from '../end-to-end/sign-in-run.js';
import { documentOf, runProgram } from '../support/program.js';
import { api, changeRecord, everything, signInAt, startWatchedEmulator } from '../support/session-home.js';
import { ownDiskMissing, runOnDisk } from '../support/storage-disk.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const missing = ownDiskMissing();
const file = { LOGTO_CLI_STORAGE: 'file' };

/** A session whose record ends shortly before the end of its second block on the disk. */
async function signedInWithTwoBlocks() {
  const emulator = await startWatchedEmulator();
  onTestFinished(() => emulator.close());
  const home = await temporaryDirectory();
  await signInAt(emulator, home, everything);
  // What is known of the provider is on the disk by this.
  await runProgram(['token', '--refresh'], { home, environment: file });
  await changeRecord(home, (record) => {
    const other = { resource: 'https://other.test', organization: null, tokenType: 'Bearer', scopes: [] };
    const token = { ...other, token: '', expiresAt: Date.now() + 3_600_000 };
    const size = JSON.stringify({ ...record, accessTokens: [...record.accessTokens, token] }).length;
    record.accessTokens.push({ ...token, token: 'x'.repeat(2 * 4096 - 60 - size) });
  });
  emulator.takeRequests();
  return { emulator, home, before: tokensOf(home) };
}

it.skipIf(missing !== null)(
  'a disk with room for the session that there is, and not for one token more, keeps its refresh token',
  async () => {
    const { emulator, home, before } = await signedInWithTwoBlocks();
    const token = ['token', '--resource', api];

    const outcome = await runOnDisk({ blocks: 2 }, home, [...token, '--json']);

    expect(outcome.exitCode).toBe(8);
    const { error } = documentOf(outcome);
    expect(error).toMatchObject({ code: 'storage_failed', details: { session: 'kept' } });
    expect(error.message).toMatch(/\(ENOSPC\)\. .*the session goes on/);
    expect(error.hint).toContain('Free some space');
    expect(emulator.takeRequests()).toEqual(['POST /oidc/token refresh_token']);
    const { refreshToken } = tokensOf(outcome.left);
    expect(refreshToken).not.toBe(before.refreshToken);
    expect(tokensOf(outcome.left)).toEqual({ ...before, refreshToken });
    expect(outcome.stdout + outcome.stderr).not.toContain(refreshToken);

    // With more room the next commands work with what was kept.
    const next = { home: outcome.left, environment: file };
    expect((await runProgram(['whoami'], next)).exitCode).toBe(0);
    expect(await runProgram(token, next)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(tokensOf(outcome.left).refreshToken).not.toBe(refreshToken);
  },
);
