import { beforeEach, describe, expect, it } from 'vitest';
import { LogtoError } from '../../src/errors.js';
import { createOutput } from '../../src/output/output.js';
import { resolveSettings, type SettingFlags, type Variables } from '../../src/profile/settings.js';
import { chooseStorage } from '../../src/session/choose-storage.js';
import type { Storage } from '../../src/storage/storage.js';
import { failureOf } from '../support/failure-of.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { type TestMachine, testRuntime } from '../support/test-runtime.js';

let home: string;
beforeEach(async () => {
  home = await temporaryDirectory();
});

const brokenWith = (code: 'storage_unavailable' | 'storage_locked' | 'storage_failed'): Storage => {
  const refuse = async (): Promise<never> => {
    throw new LogtoError(code, 'There is no usable keychain.', 'Use --storage file (LOGTO_CLI_STORAGE).');
  };
  return { get: refuse, set: refuse, delete: refuse };
};
const missing = brokenWith('storage_unavailable');

/** Chooses on this machine, with these settings. */
function choose(
  machine: Partial<TestMachine>,
  flags: SettingFlags = {},
  environment: Variables = {},
  mayAsk = true,
) {
  const runtime = testRuntime({ home, ...machine });
  const output = createOutput(runtime.stdout, runtime.stderr, {});
  const settings = resolveSettings(flags, [environment], { profiles: {} });
  const choice = chooseStorage({ runtime, output, environments: [environment] }, settings, mayAsk);
  return { runtime, choice };
}

describe('the storage of a new session', () => {
  it('is the keychain, proved writable and left empty, and nobody is asked', async () => {
    const { runtime, choice } = choose({ isTerminal: true, answers: ['y'] });
    expect((await choice).kind).toBe('keychain');
    expect(runtime.questions).toEqual([]);
  });

  it('is what somebody chose', async () => {
    expect((await choose({}, { storage: 'file' }).choice).kind).toBe('file');
    expect((await choose({}, {}, { LOGTO_CLI_STORAGE: 'memory' }).choice).kind).toBe('memory');
  });

  it('is proved by writing, reading and deleting', async () => {
    const calls: string[] = [];
    const kept = new Map<string, string>();
    const keychain: Storage = {
      async get(key) {
        calls.push('get');
        return kept.get(key) ?? null;
      },
      async set(key, value) {
        calls.push('set');
        kept.set(key, value);
      },
      async delete(key) {
        calls.push('delete');
        kept.delete(key);
      },
    };
    await choose({ keychain }).choice;
    expect(calls).toEqual(['set', 'get', 'delete']);
    expect(kept.size).toBe(0);
  });
});

describe('without a usable keychain', () => {
  it.each(['y', 'Y', 'yes', ' y '])(
    'a person at a terminal is asked once, and %j means a file',
    async (answer) => {
      const { runtime, choice } = choose({ keychain: missing, isTerminal: true, answers: [answer] });
      expect((await choice).kind).toBe('file');
      expect(runtime.questions).toHaveLength(1);
      expect(runtime.questions[0]).toContain(runtime.directories.sessions);
      expect(runtime.stderr.text).toContain('There is no usable keychain.');
      expect(runtime.stdout.text).toBe('');
    },
  );

  it.each(['', 'n', 'no', 'yesterday', 'file'])('any other answer (%j) is no', async (answer) => {
    const { choice } = choose({ keychain: missing, isTerminal: true, answers: [answer] });
    const failure = await failureOf(choice);
    expect(failure).toMatchObject({ code: 'storage_unavailable' });
    expect(failure.hint).toContain('--storage');
    expect(failure.hint).toContain('LOGTO_CLI_STORAGE');
  });

  it('an input that ends is no', async () => {
    const { choice } = choose({ keychain: missing, isTerminal: true });
    expect(await failureOf(choice)).toMatchObject({ code: 'storage_unavailable' });
  });

  it.each<[string, Partial<TestMachine>, SettingFlags, Variables, boolean]>([
    ['not on a terminal', {}, {}, {}, true],
    ['with --no-input', { isTerminal: true }, {}, {}, false],
    ['when a flag chose the keychain', { isTerminal: true }, { storage: 'keychain' }, {}, true],
    [
      'when the environment chose the keychain',
      { isTerminal: true },
      {},
      { LOGTO_CLI_STORAGE: 'keychain' },
      true,
    ],
  ])(
    'nobody is asked %s, and there is no silent fallback',
    async (_, machine, flags, environment, mayAsk) => {
      const { runtime, choice } = choose(
        { keychain: missing, answers: ['y'], ...machine },
        flags,
        environment,
        mayAsk,
      );
      expect(await failureOf(choice)).toMatchObject({ code: 'storage_unavailable' });
      expect(runtime.questions).toEqual([]);
      expect(runtime.opened).toEqual(['keychain default']);
    },
  );

  it('there is no silent fallback for a keychain that is there and breaks', async () => {
    const { runtime, choice } = choose({
      keychain: brokenWith('storage_failed'),
      isTerminal: true,
      answers: ['y'],
    });
    expect(await failureOf(choice)).toMatchObject({ code: 'storage_failed' });
    expect(runtime.questions).toEqual([]);
  });
});
