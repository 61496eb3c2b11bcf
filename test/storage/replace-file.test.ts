import { closeSync, openSync } from 'node:fs';
import { chmod, lchown, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ownDescriptor, replaceFile, writeNamedFile } from '../../src/storage/replace-file.js';
import { makeNamedPipe, runCommand } from '../support/run-command.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
  path = join(directory, 'file');
});

describe('a file of our own', () => {
  it('is replaced as a whole, for this user alone, and nothing is left beside it', async () => {
    await writeFile(path, 'old', { mode: 0o644 });
    await replaceFile(path, 'new');
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual(['file']);
  });

  it('stays as it was, with nothing beside it, where it cannot be replaced', async () => {
    await mkdir(join(path, 'inside'), { recursive: true });
    await expect(replaceFile(path, 'new')).rejects.toMatchObject({ code: expect.stringMatching(/^E/) });
    expect(await readdir(directory)).toEqual(['file']);
    await expect(replaceFile(join(directory, 'no', 'file'), 'x')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is put in the place of a link, not behind it', async () => {
    await writeFile(join(directory, 'elsewhere'), 'theirs');
    await symlink(join(directory, 'elsewhere'), path);
    await replaceFile(path, 'ours');
    expect(await readFile(join(directory, 'elsewhere'), 'utf8')).toBe('theirs');
    expect((await lstat(path)).isSymbolicLink()).toBe(false);
  });
});

describe('a file that a person named', () => {
  it('keeps its permissions', async () => {
    await writeFile(path, 'old');
    await chmod(path, 0o640);
    await writeNamedFile(path, 'new');
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect(await readdir(directory)).toEqual(['file']);
  });

  it('is put in the place of a link, which a project may have in it, and not behind it', async () => {
    await writeFile(join(directory, 'elsewhere'), 'ours');
    await symlink(join(directory, 'elsewhere'), path);
    await writeNamedFile(path, 'new');
    expect(await readFile(join(directory, 'elsewhere'), 'utf8')).toBe('ours');
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await lstat(path)).isSymbolicLink()).toBe(false);
  });

  it('may be a device, which stays one', async () => {
    await writeNamedFile('/dev/null', 'x');
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
    await expect(writeNamedFile('/dev/full', 'x')).rejects.toMatchObject({ code: 'ENOSPC' });
  });

  it('may be a pipe that somebody reads, and is refused at once where nobody does', async () => {
    await makeNamedPipe(path);
    await expect(writeNamedFile(path, 'x')).rejects.toMatchObject({ code: 'ENXIO' });
    const reader = runCommand('sh', ['-c', 'exec < "$0"; echo open; wc -c', path]);
    // The shell opens it as soon as there is somebody who writes.
    await expect.poll(() => writeNamedFile(path, 'x'.repeat(200_000)).catch(() => 'not yet')).toBeUndefined();
    expect((await reader).stdout).toMatch(/^open\n\s*200000\n$/);
  });

  it.runIf(process.geteuid?.() === 0)(
    'is put in the place of a link that another user has made',
    async () => {
      await writeFile(join(directory, 'elsewhere'), 'ours');
      await symlink(join(directory, 'elsewhere'), path);
      await lchown(path, 65_534, 65_534);
      await writeNamedFile(path, 'new');
      expect(await readFile(join(directory, 'elsewhere'), 'utf8')).toBe('ours');
      expect(await readFile(path, 'utf8')).toBe('new');
      expect((await lstat(path)).isSymbolicLink()).toBe(false);
    },
  );

  it.runIf(process.platform === 'linux').each(['/dev/fd/', '/proc/self/fd/'])(
    'may be a descriptor (%s), of a file that keeps what else is written to it',
    async (descriptors) => {
      const file = openSync(path, 'w');
      try {
        for (const text of ['', 'one ', 'two']) await writeNamedFile(join(descriptors, String(file)), text);
      } finally {
        closeSync(file);
      }
      expect(await readFile(path, 'utf8')).toBe('one two');
      expect(await readdir(directory)).toEqual(['file']);
    },
  );

  it('is new for everybody whom the umask allows', async () => {
    await writeNamedFile(path, 'x');
    expect((await stat(path)).mode & 0o777).toBe(0o666 & ~process.umask());
  });

  it.runIf(process.platform === 'linux')(
    'is written in place where its directory takes no new file',
    async () => {
      const name = (await readFile('/proc/self/comm', 'utf8')).trim();
      await writeNamedFile('/proc/self/comm', 'another');
      expect(await readFile('/proc/self/comm', 'utf8')).toBe('another\n');
      await writeNamedFile('/proc/self/comm', name);
    },
  );
});

describe('a descriptor of this process', () => {
  it.runIf(process.platform !== 'win32').each([
    ['/dev/stdin', 0],
    ['/dev/stdout', 1],
    ['/dev/../dev/stderr', 2],
    ['/dev/fd/13', 13],
    ['/proc/self/fd/4', 4],
    ['/dev/null', null],
    ['/dev/fd/', null],
    ['/tmp/dev/stdout', null],
    ['stdout', null],
  ])('is known by its name: %s is %s', (name, descriptor) => {
    expect(ownDescriptor(name)).toBe(descriptor);
  });
});
