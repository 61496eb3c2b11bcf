import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeCache } from '../../src/cli/code-cache.js';
import { runCommand } from '../support/run-command.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const isRoot = process.geteuid?.() === 0;
const somebodyElse = 12_345;

const cacheIn = (home: string) => codeCache({ LOGTO_CLI_HOME: home }, process.platform);
const modeOf = (path: string) => lstatSync(path).mode & 0o777;

describe.skipIf(process.platform === 'win32')('the directory of compiled code', () => {
  it.each([0o000, 0o002, 0o022])('is closed to others from the beginning, with umask %o', async (umask) => {
    const home = join(await temporaryDirectory(), 'home');
    const before = process.umask(umask);
    try {
      expect(cacheIn(home)).toBe(join(home, 'cache', 'code'));
    } finally {
      process.umask(before);
    }
    for (const path of [home, join(home, 'cache'), join(home, 'cache/code')])
      expect(modeOf(path)).toBe(0o700);
    expect(cacheIn(home)).toBe(join(home, 'cache', 'code'));
  });

  it.each(['code', '.', '..'])('is not used where others may write: cache/%s', async (place) => {
    const home = join(await temporaryDirectory(), 'home');
    const cache = cacheIn(home) ?? '';
    chmodSync(join(home, 'cache', place), 0o777);
    expect(cacheIn(home)).toBeNull();
    chmodSync(join(home, 'cache', place), 0o770);
    expect(cacheIn(home)).toBeNull();
    expect(existsSync(cache)).toBe(true);
  });

  it('is used below a sticky directory, where everybody replaces their own files only', async () => {
    const shared = await temporaryDirectory();
    chmodSync(shared, 0o1777);
    expect(cacheIn(join(shared, 'home'))).toBe(join(shared, 'home', 'cache', 'code'));
  });

  it('is no link, and may lie behind one of ours', async () => {
    const directory = await temporaryDirectory();
    mkdirSync(join(directory, 'real'), { mode: 0o700 });
    symlinkSync(join(directory, 'real'), join(directory, 'link'));
    expect(cacheIn(join(directory, 'link'))).toBe(join(directory, 'link', 'cache', 'code'));

    const home = join(directory, 'home');
    mkdirSync(join(home, 'cache'), { recursive: true, mode: 0o700 });
    symlinkSync(join(directory, 'real'), join(home, 'cache', 'code'));
    expect(cacheIn(home)).toBeNull();
  });

  it('is not needed', async () => {
    const directory = await temporaryDirectory();
    expect(cacheIn('/dev/null/home')).toBeNull();
    expect(cacheIn(join(directory, 'a\0b'))).toBeNull();
  });

  it.runIf(isRoot).each(['code', '.', '..'])(
    'is not used when it is somebody else’s: cache/%s',
    async (place) => {
      const home = join(await temporaryDirectory(), 'home');
      cacheIn(home);
      chownSync(join(home, 'cache', place), somebodyElse, somebodyElse);
      expect(cacheIn(home)).toBeNull();
    },
  );

  it.runIf(isRoot)('that somebody else made is not read by the program, which runs without it', async () => {
    const home = join(await temporaryDirectory(), 'home');
    const cache = cacheIn(home) ?? '';
    const run = () =>
      runCommand(process.execPath, ['bin/logto-cli.js', 'explain', 'usage_invalid'], {
        env: { ...process.env, LOGTO_CLI_HOME: home },
      });
    chownSync(cache, somebodyElse, somebodyElse);
    expect(await run()).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(cache)).toEqual([]);

    chownSync(cache, 0, 0);
    expect(await run()).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(cache)).toHaveLength(1);
  });
});
