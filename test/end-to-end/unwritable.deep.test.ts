import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { updateConfiguration, withProfile } from '../../src/profile/config-file.js';
import { memoryLock } from '../../src/storage/memory-lock.js';
import { documentOf, runProgram } from '../support/program.js';
import { ownDiskMissing, runOnDisk } from '../support/storage-disk.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const program = fileURLToPath(new URL('../../bin/logto-cli.js', import.meta.url));

/** Runs the program with its output on a device that is always full. */
function runIntoFull(args: readonly string[], home: string): Promise<{ exitCode: number; stderr: string }> {
  const command = ['-c', '"$0" "$@" > /dev/full', process.execPath, program, ...args];
  const env = { ...process.env, LOGTO_CLI_HOME: home, LOGTO_CLI_STORAGE: 'file' };
  return new Promise((resolve) => {
    execFile('sh', command, { env }, (error, _stdout, stderr) =>
      resolve({ exitCode: Number(error?.code ?? 0), stderr }),
    );
  });
}

describe.runIf(existsSync('/dev/full'))('an output that is full', () => {
  it.each([['--version'], ['--help'], ['explain'], ['profile', 'list', '--json'], ['demo', '--json']])(
    'is an error with its code, and never success: %s',
    async (...args) => {
      const { exitCode, stderr } = await runIntoFull(args, await temporaryDirectory());
      expect(stderr).toMatch(
        /^error: Standard output cannot be written \(ENOSPC\).*\(config_invalid\)\nhint: .+\n$/,
      );
      expect(exitCode).toBe(2);
    },
  );

  it('loses nothing of a command that had nothing to say there', async () => {
    const { exitCode, stderr } = await runIntoFull(['whoami', 'nobody'], await temporaryDirectory());
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^error: Too many arguments.*\nhint: .*\n$/);
  });

  it('does not hide how the command ended', async () => {
    const { exitCode, stderr } = await runIntoFull(['whoami', '--json'], await temporaryDirectory());
    expect(exitCode).toBe(4);
    expect(stderr).toContain('(ENOSPC)');
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe('files that cannot be written', () => {
  const missing = ownDiskMissing();
  const application = ['--endpoint', 'https://a.example', '--app-id', 'b'];

  it.for(['full', 'read-only'] as const)(
    'the configuration on a disk that is %s',
    async (fault, { skip }) => {
      skip(missing !== null, missing ?? '');
      const home = await temporaryDirectory();
      await updateConfiguration(home, memoryLock(), (before) =>
        withProfile(before, 'old', { appId: 'kept' }),
      );
      for (const args of [
        ['profile', 'set', 'new', ...application],
        ['profile', 'use', 'old'],
      ]) {
        const outcome = await runOnDisk(fault, home, [...args, '--json']);
        const { error } = documentOf(outcome);
        expect(['config_invalid', 'storage_failed', 'storage_unavailable']).toContain(error.code);
        expect(error.message).toMatch(/ENOSPC|EROFS|ENOENT/);
        expect(outcome.stderr).toBe('');
      }
    },
  );

  it('a trace or a report on a device that is full, in a directory that is none, or that is a directory', async () => {
    const home = await temporaryDirectory();
    const run = (...args: string[]) => runProgram(args, { home, environment: { LOGTO_CLI_STORAGE: 'file' } });
    const nowhere = join(home, 'no', 'file');
    for (const args of [
      ['whoami', `--trace=${nowhere}`],
      ['whoami', `--trace=${home}`],
      ['test', ...application, '--reporter', `junit=${nowhere}`],
      ['test', ...application, '--reporter', `junit=${home}`],
    ]) {
      const outcome = await run(...args);
      expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
      expect(outcome.stderr).toMatch(/\(config_invalid\)\nhint: /);
    }
  });

  it.runIf(mayOpen('/proc/version'))('a report that shows only late that it cannot be written', async () => {
    const home = await temporaryDirectory();
    const args = ['test', ...application, '--reporter', 'junit=/proc/version'];
    const late = await runProgram(args, { home, environment: { LOGTO_CLI_STORAGE: 'file' } });
    // The run is over then, and its result is told.
    expect(late).toMatchObject({ exitCode: 3, stdout: expect.stringContaining('incomplete') });
    expect(late.stderr).toMatch(/\/proc\/version .*\(config_invalid\)\nhint: /);
  });
});

/** Whether this user may open that file to write to it, whatever becomes of that. */
function mayOpen(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
