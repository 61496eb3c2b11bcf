import { existsSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeDirectory } from '../../src/storage/make-directory.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const modeOf = (path: string) => lstatSync(path).mode & 0o777;

describe('a directory', () => {
  it('is made with those above it, closed to others', async () => {
    const top = await temporaryDirectory();
    makeDirectory(join(top, 'a/b/c'), 0o700);
    for (const path of ['a', 'a/b', 'a/b/c']) expect(modeOf(join(top, path))).toBe(0o700);
  });

  it('that is there stays as it is, behind a link as well', async () => {
    const top = await temporaryDirectory();
    mkdirSync(join(top, 'there'), { mode: 0o750 });
    symlinkSync('there', join(top, 'link'));
    makeDirectory(join(top, 'link'), 0o700);
    expect(modeOf(join(top, 'there'))).toBe(0o750);
    makeDirectory(join(top, 'link/more'), 0o700);
    expect(existsSync(join(top, 'there/more'))).toBe(true);
  });

  it('is not made where a file is, nor below one', async () => {
    const top = await temporaryDirectory();
    writeFileSync(join(top, 'file'), '');
    expect(() => makeDirectory(join(top, 'file'), 0o700)).toThrow('EEXIST');
    expect(() => makeDirectory(join(top, 'file/below'), 0o700)).toThrow(/EEXIST|ENOTDIR/);
  });

  it.runIf(process.platform === 'linux')('is refused in an end where the system takes none', () => {
    expect(() => makeDirectory('/proc/none-of-ours/below', 0o700)).toThrow(/ENOENT|EACCES|EPERM/);
  });
});
