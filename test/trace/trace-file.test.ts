import { closeSync, openSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { TraceFile } from '../../src/trace/trace-file.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

let directory: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
});

describe('the file of a trace', () => {
  it('is not there before it is written, and then is for this user only', async () => {
    const path = join(directory, 'trace.html');
    const file = await TraceFile.prepare(path);
    expect(await readdir(directory)).toEqual([]);
    await file.replace('text');
    expect(await readdir(directory)).toEqual(['trace.html']);
    expect(await readFile(path, 'utf8')).toBe('text');
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('is replaced as a whole, and stays what it was until then', async () => {
    const path = join(directory, 'trace.txt');
    await writeFile(path, 'before', { mode: 0o644 });
    const file = await TraceFile.prepare(path);
    expect(await readFile(path, 'utf8')).toBe('before');
    await file.replace('after');
    expect(await readFile(path, 'utf8')).toBe('after');
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['trace.html', 'html'],
    ['trace.JSON', 'json'],
    ['a.b/trace', ''],
    ['trace.txt', 'txt'],
  ])('%s is told by its ending', async (name, extension) => {
    await mkdir(join(directory, 'a.b'), { recursive: true });
    expect((await TraceFile.prepare(join(directory, name))).extension).toBe(extension);
  });

  it('that cannot be is refused at once', async () => {
    const bad = ['', directory, join(directory, 'absent', 'trace.html')];
    if (process.platform !== 'win32') {
      bad.push('/dev/null');
      await symlink('/dev/null', join(directory, 'device'));
      bad.push(join(directory, 'device'));
    }
    for (const path of bad) {
      await expect(TraceFile.prepare(path)).rejects.toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining('--trace'),
      });
    }
  });

  it.runIf(process.platform === 'linux')('is not a descriptor, whatever that leads to', async () => {
    const file = openSync(join(directory, 'a'), 'w');
    try {
      await expect(TraceFile.prepare(`/dev/fd/${file}`)).rejects.toMatchObject({
        message: expect.stringContaining('names what is no file'),
      });
    } finally {
      closeSync(file);
    }
  });
});
