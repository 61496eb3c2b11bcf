import {
  chmodSync,
  chownSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileStorage } from '../../src/storage/file-storage.js';
import { failureOf } from '../support/failure-of.js';

const isRoot = process.geteuid?.() === 0;
const nobody = 65_534;

describe.skipIf(process.platform === 'win32')('FileStorage, among other users', () => {
  let folder: string;
  let directory: string;
  let file: string;
  /** What the user was told. */
  let told: string[];
  let storage: FileStorage;

  beforeEach(() => {
    // Not in the folder of the test run, which other users cannot enter.
    folder = mkdtempSync(join(isRoot ? dirname(tmpdir()) : tmpdir(), 'logto-cli-access-'));
    directory = join(folder, 'sessions');
    file = join(directory, 'key-key');
    told = [];
    storage = new FileStorage({ directory, onExposed: (message) => void told.push(message) });
  });

  afterEach(() => {
    if (isRoot) process.seteuid?.(0);
    rmSync(folder, { recursive: true, force: true });
  });

  const modeOf = (path: string) => (lstatSync(path).mode & 0o7777).toString(8);

  it('says nothing of a directory and a file that only their user can look into', async () => {
    await storage.set('key', 'value');
    await storage.get('key');
    expect(told).toEqual([]);
  });

  it('does not propose to close a device that a link leads to', async () => {
    await storage.set('key', 'value');
    rmSync(file);
    symlinkSync('/dev/null', file);
    const { message, hint } = await failureOf(storage.get('key'));
    expect(message).toBe(`What lies at ${file}, or where a link there leads, is no file: it is not used.`);
    expect(hint).not.toContain('chmod');
  });

  it('says what is wrong with a directory in the place of a file', async () => {
    mkdirSync(file, { recursive: true, mode: 0o700 });
    const { code, hint } = await failureOf(storage.set('key', 'value'));
    expect(code).toBe('storage_unavailable');
    expect(hint).toContain('A directory is in the place of a file there: remove it');
  });

  it('closes a directory that others can look into when it writes, and says so', async () => {
    mkdirSync(directory, { mode: 0o755 });
    await storage.set('key', 'value');
    await storage.set('key', 'value');
    expect(modeOf(directory)).toBe('700');
    expect(told).toEqual([expect.stringContaining(`${directory} (mode 755). It is closed to them now`)]);
  });

  it.each([
    ['644', 0o644],
    ['640', 0o640],
  ])('closes a file of mode %s when it reads, and says so', async (_, mode) => {
    await storage.set('key', 'value');
    chmodSync(file, mode);
    expect(await storage.get('key')).toBe('value');
    expect(await storage.get('key')).toBe('value');
    expect(modeOf(file)).toBe('600');
    expect(told).toEqual([expect.stringContaining(`${file} (mode ${mode.toString(8)}). It is closed`)]);
  });

  it('leaves a directory that everybody shares as it is, and refuses it', async () => {
    mkdirSync(directory);
    chmodSync(directory, 0o1777);
    await expect(storage.set('key', 'value')).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: expect.stringContaining(directory),
    });
    expect(modeOf(directory)).toBe('1777');
    expect(readdirSync(directory)).toEqual([]);
  });

  it('replaces a symbolic link in the place of a file, and neither writes nor changes what it leads to', async () => {
    const elsewhere = join(folder, 'elsewhere');
    writeFileSync(elsewhere, 'untouched');
    chmodSync(elsewhere, 0o644);
    mkdirSync(directory, { mode: 0o755 });
    symlinkSync(elsewhere, file);
    expect(await storage.get('key')).toBe('untouched');
    await storage.set('key', 'new');
    expect([readFileSync(elsewhere, 'utf8'), modeOf(elsewhere)]).toEqual(['untouched', '644']);
    expect(lstatSync(file).isSymbolicLink()).toBe(false);
    expect(await storage.get('key')).toBe('new');
  });

  it('deletes a symbolic link in the place of a file, and not what it leads to', async () => {
    const elsewhere = join(folder, 'elsewhere');
    writeFileSync(elsewhere, 'untouched');
    mkdirSync(directory, { mode: 0o755 });
    symlinkSync(elsewhere, file);
    await storage.delete('key');
    expect(readdirSync(directory)).toEqual([]);
    expect(readFileSync(elsewhere, 'utf8')).toBe('untouched');
  });

  it('follows the link that its user has put in the place of the directory, and closes where it leads', async () => {
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere, { mode: 0o755 });
    symlinkSync(elsewhere, directory);
    await storage.set('key', 'value');
    expect(readdirSync(elsewhere)).toEqual(['key-key']);
    expect(modeOf(elsewhere)).toBe('700');
    expect(told).toHaveLength(1);
  });

  it('refuses a link that another user has put in the place of the directory', async ({ skip }) => {
    skip(!isRoot, 'only root can make a link of another user');
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere, { mode: 0o755 });
    symlinkSync(elsewhere, directory);
    lchownSync(directory, nobody, nobody);
    await expect(storage.set('key', 'value')).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: expect.stringMatching(/link .* belongs to another user, /),
    });
    expect(readdirSync(elsewhere)).toEqual([]);
    expect(modeOf(elsewhere)).toBe('755');
  });

  it('says what sudo may have done when it cannot read a file of root, and replaces or deletes it', async ({
    skip,
  }) => {
    skip(!isRoot, 'only root can make a file of root');
    await storage.set('key', 'of root');
    chownSync(directory, nobody, nobody);
    chmodSync(folder, 0o711);
    const ofRoot = () => {
      process.seteuid?.(0);
      writeFileSync(file, 'of root', { mode: 0o600 });
      process.seteuid?.(nobody);
    };
    process.seteuid?.(nobody);
    await expect(storage.get('key')).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: `Could not read ${file} (EACCES).`,
      hint: expect.stringContaining('sudo'),
    });
    await storage.set('key', 'mine');
    expect(await storage.get('key')).toBe('mine');
    await storage.delete('key');
    ofRoot();
    await storage.delete('key');
    expect(await storage.get('key')).toBeNull();
  });

  it('says that it cannot close what belongs to another user', async ({ skip }) => {
    skip(!isRoot, 'only root can make a file of another owner');
    await storage.set('key', 'of root');
    chmodSync(file, 0o644);
    chownSync(directory, nobody, nobody);
    chmodSync(folder, 0o711);
    process.seteuid?.(nobody);
    expect(await storage.get('key')).toBe('of root');
    expect(told).toEqual([expect.stringMatching(/It cannot be closed to them \(EPERM\): .*LOGTO_CLI_HOME/)]);
  });

  it('says so when its directory cannot be written or read', async ({ skip }) => {
    // Permissions do not bind root.
    if (isRoot) {
      chownSync(folder, nobody, nobody);
      process.seteuid?.(nobody);
    }
    skip(process.geteuid?.() === 0, 'permissions do not bind root');
    await storage.set('key', 'value');
    chmodSync(directory, 0o500);
    await expect(storage.set('key', 'new')).rejects.toMatchObject({ code: 'storage_unavailable' });
    await expect(storage.delete('key')).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(await storage.get('key')).toBe('value');
    chmodSync(directory, 0o000);
    await expect(storage.get('key')).rejects.toMatchObject({ code: 'storage_unavailable' });
    chmodSync(directory, 0o700);
  });
});
