import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileStorage } from '../../src/storage/file-storage.js';
import { inOtherProcess } from '../support/storage-process.js';
import { storageContract } from './contract.js';

const isWindows = process.platform === 'win32';

describe('FileStorage', () => {
  let folder: string;
  let directory: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'logto-cli-file-'));
    directory = join(folder, 'home', 'sessions');
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const modeOf = (path: string) => (lstatSync(path).mode & 0o7777).toString(8);

  storageContract({
    open: () => new FileStorage({ directory }),
    setElsewhere: async (key, value) => {
      const work = { kind: 'file', options: { directory }, steps: [['set', key, value]] } as const;
      expect((await inOtherProcess(work)).exitCode).toBe(0);
    },
  });

  it('makes its directory at the first write and not before', async () => {
    const storage = new FileStorage({ directory });
    await storage.get('key');
    await storage.delete('key');
    expect(existsSync(join(folder, 'home'))).toBe(false);
    await storage.set('key', 'value');
    expect(readdirSync(directory)).toEqual(['key-key']);
  });

  it.skipIf(isWindows)('keeps files of 0600 in a directory of 0700, whatever the umask', async () => {
    const umask = process.umask(0);
    try {
      await new FileStorage({ directory }).set('key', 'value');
    } finally {
      process.umask(umask);
    }
    expect(modeOf(directory)).toBe('700');
    expect(modeOf(join(directory, 'key-key'))).toBe('600');
  });

  it('sweeps what dead writers left: of a key when it is deleted, old ones at the next write', async () => {
    const storage = new FileStorage({ directory });
    await storage.set('key', 'value');
    const leftover = (key: string) => join(directory, `key-${key}.5f0c5b0e-0000-4000-8000-000000000000.tmp`);
    for (const key of ['key', 'other', 'old']) writeFileSync(leftover(key), 'secret');
    const canary = join(directory, 'key-probe-5f0c5b0e-0000-4000-8000-000000000000');
    writeFileSync(canary, 'a canary');
    for (const path of [leftover('old'), canary]) utimesSync(path, new Date(0), new Date(0));
    await storage.set('key', 'value');
    expect(existsSync(leftover('old'))).toBe(false);
    expect(existsSync(canary)).toBe(false);
    expect(existsSync(leftover('key'))).toBe(true);
    await storage.delete('key');
    expect(existsSync(leftover('key'))).toBe(false);
    expect(existsSync(leftover('other'))).toBe(true);
  });

  it('writes also while a sibling deletes', async () => {
    const storage = new FileStorage({ directory });
    const sibling = new FileStorage({ directory });
    for (let round = 0; round < 10; round += 1) {
      let isWriting = true;
      const writing = storage.set('key', `value ${round}`).finally(() => {
        isWriting = false;
      });
      // Each deletion takes temporary files of the key along, so some hit the writer between two of its steps.
      for (let count = 0; isWriting && count < 3; count += 1) await sibling.delete('key');
      await writing;
      expect([null, `value ${round}`]).toContain(await storage.get('key'));
    }
  });

  it('says where and what to do when a file is in the place of its directory', async () => {
    writeFileSync(join(folder, 'home'), 'a file');
    const storage = new FileStorage({ directory });
    const refusal = {
      code: 'storage_unavailable',
      message: expect.stringContaining(directory),
      hint: expect.stringMatching(/LOGTO_CLI_HOME.*--storage.*LOGTO_CLI_STORAGE/),
    };
    await expect(storage.set('key', 'value')).rejects.toMatchObject(refusal);
    await expect(storage.get('key')).rejects.toMatchObject(refusal);
    await expect(storage.delete('key')).rejects.toMatchObject(refusal);
  });

  it.skipIf(process.platform !== 'linux')(
    'says so when the disk is full, and keeps the old value',
    async () => {
      const storage = new FileStorage({ directory });
      await storage.set('key', 'old');
      const { error, exitCode } = await inOtherProcess({
        kind: 'file',
        options: { directory },
        steps: [['set', 'key', 'x'.repeat(50_000)]],
        fileLimit: 16,
      });
      expect({ code: error?.code, exitCode }).toEqual({ code: 'storage_failed', exitCode: 8 });
      expect(error?.message).toContain(directory);
      expect(await storage.get('key')).toBe('old');
      expect(readdirSync(directory)).toEqual(['key-key']);
    },
  );

  it.each([
    ['empty', ''],
    ['not UTF-8', Buffer.from([0xff, 0xfe])],
    ['full of NUL', Buffer.alloc(4096)],
  ])('calls a file that is %s corrupt, and replaces it when asked to write', async (_what, content) => {
    const storage = new FileStorage({ directory });
    await storage.set('key', 'value');
    writeFileSync(join(directory, 'key-key'), content);
    await expect(storage.get('key')).rejects.toMatchObject({ code: 'storage_corrupt' });
    await storage.set('key', 'value');
    expect(await storage.get('key')).toBe('value');
  });

  it('calls a directory in the place of a file corrupt', async () => {
    mkdirSync(join(directory, 'key-key'), { recursive: true, mode: 0o700 });
    await expect(new FileStorage({ directory }).get('key')).rejects.toMatchObject({
      code: 'storage_corrupt',
    });
    expect(statSync(join(directory, 'key-key')).isDirectory()).toBe(true);
  });
});
