import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type Configuration,
  profileNamed,
  readConfiguration,
  updateConfiguration,
  withoutProfile,
  withProfile,
} from '../../src/profile/config-file.js';
import { resolveSettings } from '../../src/profile/settings.js';
import { fileLock } from '../../src/storage/lock.js';
import { memoryLock } from '../../src/storage/memory-lock.js';
import { failureOf } from '../support/failure-of.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { writtenBy } from '../support/text-encodings.js';

let home: string;
let directory: string;
beforeEach(async () => {
  home = await temporaryDirectory();
  directory = join(home, 'configuration');
});

const path = () => join(directory, 'config.json');
const update = (change: (configuration: Configuration) => Configuration) =>
  updateConfiguration(directory, memoryLock(), change);

async function given(text: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(path(), text, { mode: 0o600 });
}

describe('the configuration file', () => {
  it('is empty where there is none, and reading makes none', async () => {
    expect((await readConfiguration(directory)).profiles).toEqual({});
    expect(await readdir(home)).toEqual([]);
  });

  it('gives back what was written', async () => {
    const web = { endpoint: 'https://tenant.test', appId: 'app', storage: 'file', session: 'file' } as const;
    await update((configuration) => ({ ...withProfile(configuration, 'web', web), current: 'web' }));
    expect(await readConfiguration(directory)).toEqual({ current: 'web', profiles: { web } });
  });

  it.each(Object.entries(writtenBy))('is read when an editor wrote it as %s', async (_, write) => {
    const text = JSON.stringify({ version: 1, profiles: { web: { appId: 'äpp' } } }, null, 2);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(path(), write(`${text}\n`), { mode: 0o600 });
    expect((await readConfiguration(directory)).profiles).toEqual({ web: { appId: 'äpp' } });
  });

  it('sweeps what writers that died left beside it, and nothing else', async () => {
    await update((configuration) => withProfile(configuration, 'web', { appId: 'app' }));
    const others = ['config.json.bak', 'config.json.2026', 'notes'];
    for (const name of [...others, `config.json.${crypto.randomUUID()}`])
      await writeFile(join(directory, name), '{');
    await update((configuration) => withProfile(configuration, 'web', { appId: 'other' }));
    expect((await readdir(directory)).sort()).toEqual(['config.json', ...others].sort());
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{"version":1,'],
    ['an array', '[]'],
    ['null', 'null'],
    ['another program’s', '{"profiles":{"a":{}}}'],
    ['a version alone', '{"version":1}'],
    ['profiles that are a list', '{"version":1,"profiles":[]}'],
    ['a profile that is no object', '{"version":1,"profiles":{"web":"x"}}'],
    ['a profile with a number for an application', '{"version":1,"profiles":{"web":{"appId":1}}}'],
    ['a profile with an unknown storage', '{"version":1,"profiles":{"web":{"session":"floppy"}}}'],
    ['a current profile that is no name', '{"version":1,"current":1,"profiles":{}}'],
    ['a newer version’s', '{"version":2,"profiles":{}}'],
  ])('that holds %s is refused, and stays as it is when something is to be changed', async (_, text) => {
    await given(text);
    const failure = await failureOf(readConfiguration(directory));
    expect(failure).toMatchObject({ code: 'config_invalid' });
    expect(failure.message).toContain(path());
    const change = update((configuration) => withProfile(configuration, 'web', { appId: 'app' }));
    expect(await failureOf(change)).toMatchObject({ code: 'config_invalid' });
    expect(await readFile(path(), 'utf8')).toBe(text);
  });

  it('of a newer version says so', async () => {
    await given('{"version":2,"profiles":{}}');
    expect((await failureOf(readConfiguration(directory))).message).toContain('newer');
  });

  it('that is a directory is config_invalid', async () => {
    await mkdir(path(), { recursive: true, mode: 0o700 });
    expect(await failureOf(readConfiguration(directory))).toMatchObject({ code: 'config_invalid' });
  });

  it('in a place that cannot be a directory is config_invalid', async () => {
    await writeFile(directory, 'a file');
    const change = update((configuration) => withProfile(configuration, 'web', { appId: 'app' }));
    expect(await failureOf(change)).toMatchObject({ code: 'config_invalid' });
    expect(await readFile(directory, 'utf8')).toBe('a file');
  });

  it.skipIf(process.platform === 'win32')('is for its owner alone', async () => {
    await update((configuration) => withProfile(configuration, 'web', { appId: 'app' }));
    expect((await stat(path())).mode & 0o777).toBe(0o600);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
  });

  it('is not written when nothing changes', async () => {
    await given('{ "version": 1, "profiles": { "web": { "appId": "app" } } }');
    await update((configuration) => withProfile(configuration, 'web', { appId: 'app' }));
    expect(await readFile(path(), 'utf8')).toBe(
      '{ "version": 1, "profiles": { "web": { "appId": "app" } } }',
    );
  });

  it('loses nothing when many change it at once', async () => {
    const names = Array.from({ length: 25 }, (_, index) => `profile-${index}`);
    const lock = { path: join(home, 'config.lock') };
    await Promise.all(
      names.map((name) =>
        updateConfiguration(directory, fileLock(lock), (configuration) =>
          withProfile(configuration, name, { appId: name }),
        ),
      ),
    );
    const { profiles } = await readConfiguration(directory);
    expect(Object.keys(profiles).sort()).toEqual([...names].sort());
    expect(await readdir(directory)).toEqual(['config.json']);
  });

  it('is whole whenever somebody reads it meanwhile', async () => {
    await update((configuration) => withProfile(configuration, 'first', { appId: 'a' }));
    let ended = false;
    const writing = (async () => {
      for (let index = 0; index < 30; index += 1) {
        await update((configuration) => withProfile(configuration, 'web', { appId: 'x'.repeat(index + 1) }));
      }
      ended = true;
    })();
    while (!ended) {
      expect((await readConfiguration(directory)).profiles['first']).toEqual({ appId: 'a' });
      // A read is over at once: without a pause nobody would get to write.
      await setImmediate();
    }
    await writing;
  });
});

describe('a profile with a name that every object knows', () => {
  it.each(['constructor', 'toString', 'hasOwnProperty'])(
    '%s: is not there before it is made',
    async (name) => {
      const before = await readConfiguration(directory);
      expect(profileNamed(before, name)).toBeUndefined();
      expect(resolveSettings({ profile: name }, [], before).profileKnown).toBe(false);
    },
  );

  it('is made, read, changed and removed like any other', async () => {
    await update((configuration) => withProfile(configuration, 'constructor', { appId: 'app' }));
    const after = await readConfiguration(directory);
    expect(profileNamed(after, 'constructor')).toEqual({ appId: 'app' });
    expect(profileNamed(after, 'toString')).toBeUndefined();
    await update((configuration) => withoutProfile(configuration, 'constructor'));
    expect(profileNamed(await readConfiguration(directory), 'constructor')).toBeUndefined();
  });

  it('called __proto__ in a file edited by hand changes no other profile', async () => {
    await given(
      '{"version":1,"profiles":{"__proto__":{"appId":"evil"},"web":{"endpoint":"https://t.test"}}}',
    );
    const { profiles } = await readConfiguration(directory);
    expect(profiles['web']?.appId).toBeUndefined();
    expect(profiles['other']).toBeUndefined();
    expect(({} as Record<string, unknown>)['appId']).toBeUndefined();
  });
});

describe('withProfile', () => {
  it('changes the given fields, removes undefined ones, and leaves other profiles alone', () => {
    const before: Configuration = {
      profiles: { web: { appId: 'a', endpoint: 'https://t.test' }, ci: { appId: 'c' } },
    };
    const after = withProfile(before, 'web', { issuer: 'https://i.test', endpoint: undefined });
    expect(after.profiles).toEqual({ web: { appId: 'a', issuer: 'https://i.test' }, ci: { appId: 'c' } });
    expect(before.profiles['web']).toEqual({ appId: 'a', endpoint: 'https://t.test' });
  });
});

describe('withoutProfile', () => {
  it('removes the profile, also as the one in use', () => {
    const before: Configuration = { current: 'web', profiles: { web: { appId: 'a' }, ci: { appId: 'c' } } };
    expect(withoutProfile(before, 'web')).toEqual({ profiles: { ci: { appId: 'c' } } });
    expect(withoutProfile(before, 'ci')).toEqual({ current: 'web', profiles: { web: { appId: 'a' } } });
  });
});
