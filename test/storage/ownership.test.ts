import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LogtoError } from '../../src/errors.js';
import { readConfiguration, updateConfiguration, withProfile } from '../../src/profile/config-file.js';
import { FileStorage } from '../../src/storage/file-storage.js';
import { fileLock } from '../../src/storage/lock.js';
import { memoryLock } from '../../src/storage/memory-lock.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const isRoot = process.geteuid?.() === 0;
const mallory = 12_345;
const modeOf = (path: string) => (lstatSync(path).mode & 0o7777).toString(8);

/** What reads or writes something that is believed: in the directory `top`, and one below it. */
interface Place {
  readonly code: 'storage_unavailable' | 'config_invalid';
  /** The file that is read; none for a lock, which is made of names. */
  readonly file: string | null;
  /** The directories that are ours, below the top. */
  readonly below: readonly string[];
  read(top: string): Promise<unknown>;
  write(top: string): Promise<unknown>;
}

const sessions = (top: string) => new FileStorage({ directory: join(top, 'sessions/web'), top });
const lock = (top: string) =>
  fileLock({ path: join(top, 'locks/web.lock'), top, patience: 500 })(async () => 'entered');

const places: Readonly<Record<string, Place>> = {
  session: {
    code: 'storage_unavailable',
    file: 'sessions/web/key-key',
    below: ['sessions', 'sessions/web'],
    read: (top) => sessions(top).get('key'),
    write: (top) => sessions(top).set('key', 'value'),
  },
  lock: { code: 'storage_unavailable', file: null, below: ['locks'], read: lock, write: lock },
  configuration: {
    code: 'config_invalid',
    file: 'config.json',
    below: [],
    read: async (top) => (await readConfiguration(top)).profiles['web']?.appId ?? null,
    write: (top) =>
      updateConfiguration(top, memoryLock(), (before) => withProfile(before, 'web', { appId: 'value' })),
  },
};

const each = Object.entries(places).map(([name, place]) => ({ name, ...place }));
const eachDirectory = each.flatMap((place) => ['', ...place.below].map((at) => ({ ...place, at })));
const eachFile = each.flatMap((place) => (place.file === null ? [] : [{ ...place, file: place.file }]));

/** A home that this program has used. */
async function usedHome({ write }: Place): Promise<string> {
  const top = join(await temporaryDirectory(), 'it is home');
  await write(top);
  return top;
}

async function refusalOf(work: Promise<unknown>): Promise<LogtoError> {
  const outcome = await work.catch((error: unknown) => error);
  if (outcome instanceof LogtoError) return outcome;
  return expect.unreachable(`it was believed: ${JSON.stringify(outcome)}`);
}

describe.skipIf(process.platform === 'win32')('what another user could have put there', () => {
  it.each(each)('is nothing where this program made everything: $name', async (place) => {
    const top = await usedHome(place);
    expect(await place.read(top)).toMatch(/^(value|entered)$/);
    expect(['', ...place.below].map((at) => modeOf(join(top, at)))).toEqual(
      ['', ...place.below].map(() => '700'),
    );
  });

  it.each(eachDirectory.flatMap((place) => [0o777, 0o775, 0o702].map((mode) => ({ ...place, mode }))))(
    'is refused in a directory that others may write to, with the chmod: $name in "$at", $mode',
    async (place) => {
      const top = await usedHome(place);
      const path = join(top, place.at);
      // An empty one would be closed and used.
      writeFileSync(join(path, 'of-somebody'), '');
      chmodSync(path, place.mode);
      for (const work of [place.read, place.write]) {
        const { code, message, hint } = await refusalOf(work(top));
        expect(code).toBe(place.code);
        expect(message).toContain(`the directory ${path} (mode ${place.mode.toString(8)})`);
        expect(hint).toContain(`: chmod go-w '${path}'; `);
      }
      chmodSync(path, place.mode & 0o755);
      expect(await place.read(top)).toMatch(/^(value|entered)$/);
    },
  );

  it.each(eachFile.flatMap((place) => [0o606, 0o660, 0o622].map((mode) => ({ ...place, mode }))))(
    'is refused in a file that others may write to, with the chmod: $file, $mode',
    async (place) => {
      const top = await usedHome(place);
      const path = join(top, place.file);
      chmodSync(path, place.mode);
      const { code, message, hint } = await refusalOf(place.read(top));
      expect(code).toBe(place.code);
      expect(message).toContain(`the file ${path} (mode ${place.mode.toString(8)})`);
      expect(hint).toContain(`: chmod go-w '${path}'; `);
      expect(modeOf(path)).toBe(place.mode.toString(8));
    },
  );

  it.each(eachDirectory)('is nothing in a directory of root: $name in "$at"', async (place) => {
    const top = await usedHome(place);
    if (isRoot) chownSync(join(top, place.at), 0, 0);
    expect(await place.read(top)).toMatch(/^(value|entered)$/);
  });

  it.each(eachDirectory)(
    'is not believed in a directory that has just been made for us, which is closed: $name in "$at"',
    async (place) => {
      const top = join(await temporaryDirectory(), 'home');
      const path = join(top, place.at);
      mkdirSync(path, { recursive: true, mode: 0o700 });
      chmodSync(path, 0o777);
      if (place.name !== 'lock') expect(await place.read(top)).toBeNull();
      await place.write(top);
      expect(lstatSync(path).mode & 0o022).toBe(0);
      expect(await place.read(top)).toMatch(/^(value|entered)$/);
    },
  );

  it.each(each)(
    'is nothing below a directory that everybody shares and nobody owns: $name',
    async (place) => {
      const shared = await temporaryDirectory();
      chmodSync(shared, 0o1777);
      const top = place.file === 'config.json' ? join(shared, 'home') : shared;
      await place.write(top);
      expect(await place.read(top)).toMatch(/^(value|entered)$/);
      expect(modeOf(shared)).toBe('1777');
    },
  );

  it.each(eachFile)(
    'is nothing behind a link of this user’s that leads to what is theirs: $file',
    async (place) => {
      const real = await usedHome(place);
      const home = join(await temporaryDirectory(), 'link');
      symlinkSync(real, home);
      expect(await place.read(home)).toBe('value');
      chmodSync(real, 0o777);
      expect((await refusalOf(place.read(home))).hint).toContain(`: chmod go-w ${home}; `);
      chmodSync(real, 0o700);

      const top = await usedHome(place);
      rmSync(join(top, place.file));
      symlinkSync(join(real, place.file), join(top, place.file));
      expect(await place.read(top)).toBe('value');
      chmodSync(join(real, place.file), 0o666);
      expect((await refusalOf(place.read(top))).code).toBe(place.code);
    },
  );

  it.each(each)('is refused behind a link that leads nowhere, and nothing is made: $name', async (place) => {
    const folder = await temporaryDirectory();
    symlinkSync(join(folder, 'nowhere'), join(folder, 'home'));
    expect((await refusalOf(place.write(join(folder, 'home')))).code).toBe(place.code);
    expect(readdirSync(folder)).toEqual(['home']);
  });
});

describe.runIf(isRoot)('what another user did put there', () => {
  it.each(eachDirectory)('is refused, with the owner and the chown: $name in "$at"', async (place) => {
    const top = await usedHome(place);
    const path = join(top, place.at);
    chownSync(path, mallory, mallory);
    for (const work of [place.read, place.write]) {
      const { code, message, hint } = await refusalOf(work(top));
      expect(code).toBe(place.code);
      expect(message).toContain(`The directory ${path} belongs to another user, uid ${mallory}`);
      expect(hint).toContain(`: chown root '${path}'; `);
    }
  });

  it.each(eachFile)('is refused as a file: $file', async (place) => {
    const top = await usedHome(place);
    const path = join(top, place.file);
    chownSync(path, mallory, mallory);
    const { code, message, hint } = await refusalOf(place.read(top));
    expect(code).toBe(place.code);
    expect(message).toContain(`The file ${path} belongs to another user, uid ${mallory}`);
    expect(hint).toContain(`: chown root '${path}'; `);
  });

  it.each(eachFile)('is refused as a link to a file that would be believed: $file', async (place) => {
    const top = await usedHome(place);
    const path = join(top, place.file);
    const other = join(await usedHome(place), place.file);
    rmSync(path);
    symlinkSync(other, path);
    lchownSync(path, mallory, mallory);
    const { message, hint } = await refusalOf(place.read(top));
    expect(message).toContain(`The symbolic link ${path} belongs to another user`);
    expect(hint).toContain(`: chown -h root '${path}'; `);
  });

  it.each(eachDirectory)('is refused as a link to a directory: $name in "$at"', async (place) => {
    const real = await usedHome(place);
    const home = join(await temporaryDirectory(), 'home');
    const path = join(home, place.at);
    mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
    symlinkSync(join(real, place.at), path);
    lchownSync(path, mallory, mallory);
    const before = readdirSync(join(real, place.at));
    for (const work of [place.read, place.write]) {
      expect((await refusalOf(work(home))).message).toContain(`symbolic link ${path} belongs to another`);
    }
    expect(readdirSync(join(real, place.at))).toEqual(before);
  });

  it('holds nobody up as a ticket before a lock, however often it shows signs of life', async () => {
    const top = await usedHome(places['lock'] as Place);
    const path = join(top, `locks/web.lock.1.${crypto.randomUUID()}.x.1.1`);
    writeFileSync(path, '');
    chownSync(path, mallory, mallory);
    const beat = setInterval(() => existsSync(path) && utimesSync(path, new Date(), new Date()), 20);
    expect(await lock(top)).toBe('entered');
    clearInterval(beat);
    expect(readdirSync(join(top, 'locks'))).toEqual([]);
  });

  it('is told to a user who is not root with sudo', async () => {
    const place = places['session'] as Place;
    const top = await usedHome(place);
    const folder = join(top, '..');
    chmodSync(folder, 0o711);
    chmodSync(join(folder, '..'), 0o711);
    for (const at of ['', 'sessions', 'sessions/web', 'sessions/web/key-key'])
      chownSync(join(top, at), mallory, mallory);
    writeFileSync(join(top, 'sessions/web/key-key'), 'planted', { mode: 0o600 });
    chownSync(join(top, 'sessions/web/key-key'), 54_321, 54_321);
    process.seteuid?.(mallory);
    try {
      const { message, hint } = await refusalOf(place.read(top));
      // It cannot even be opened; who made it is what matters.
      expect(message).toContain('belongs to another user, uid 54321');
      expect(hint).toMatch(/: sudo chown 12345 '.*key-key'; if not, remove it, /);
    } finally {
      process.seteuid?.(0);
    }
  });
});
