import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../../src/profile/config-file.js';
import { patientRuntime } from '../../battery/battery-run.js';
import { emulatorAndHome } from '../../support/emulator-and-home.js';
import { failureOf } from '../../support/failure-of.js';
import { runInProcess } from '../../support/run-in-process.js';
import type { WatchedEmulator } from '../../support/session-home.js';
import type { TestMachine } from '../../support/test-runtime.js';

const environment = { LOGTO_CLI_PASSWORD: 'emulator-only-alice', LOGTO_CLI_STORAGE: 'file' };
const secret = 'emulator-only-app-secret';
const user = ['--headless', '--username', 'alice'];

let emulator: WatchedEmulator;
let home: string;
emulatorAndHome((running, directory) => {
  emulator = running;
  home = directory;
});

const at = (appId = 'emulator-native') => ['--endpoint', emulator.endpoint, '--app-id', appId];
const profileOf = async (name = 'default') => (await readConfiguration(home)).profiles[name];

async function run(args: readonly string[], machine: Partial<TestMachine> = {}) {
  const runtime = patientRuntime({ home, environment, ...machine });
  const exitCode = await runInProcess(runtime, args);
  return { exitCode, stdout: runtime.stdout.text, lines: runtime.stderr.lines };
}

describe('a first sign-in by flags', () => {
  it('leaves its provider and application in the profile, says so in one line, and the next commands need no flags', async () => {
    const { lines } = await run(['sign-in', ...user, ...at()]);
    expect(lines).toEqual([
      `The profile default keeps emulator-native at ${emulator.endpoint}: the next command needs no flags for it.`,
    ]);
    expect(await profileOf()).toEqual({
      endpoint: emulator.endpoint,
      appId: 'emulator-native',
      fromSignIn: true,
      session: 'file',
      storage: 'file',
    });
    expect((await run(['sign-in', ...user])).lines).toEqual([]);
    expect((await run(['test', '--only', 'keys'])).exitCode).toBe(0);
    const { checks } = JSON.parse((await run(['doctor', '--json', '--port', '0'])).stdout);
    expect(checks).toContainEqual(
      expect.objectContaining({ id: 'application.exists', outcome: 'passed', message: 'emulator-native' }),
    );
  });

  it('leaves no secret in the configuration', async () => {
    await run(['sign-in', ...user, ...at('emulator-traditional'), '--app-secret-stdin'], { input: secret });
    expect(await readFile(join(home, 'config.json'), 'utf8')).not.toContain(secret);
    expect((await run(['test', '--only', 'application'])).exitCode).toBe(0);
  });

  it('does so for a new name', async () => {
    await run(['sign-in', '--profile', 'alice', ...user, ...at()]);
    expect(await profileOf('alice')).toMatchObject({ appId: 'emulator-native' });
    expect(await profileOf()).toBeUndefined();
    expect((await run(['test', '--profile', 'alice', '--only', 'keys'])).exitCode).toBe(0);
    // A name that nobody made, and nothing that would make it.
    expect(await failureOf(run(['test', '--profile', 'bob']))).toMatchObject({ code: 'profile_unknown' });
  });

  it('keeps them through a sign-out', async () => {
    await run(['sign-in', ...user, ...at()]);
    await run(['sign-out', '--local']);
    expect(await profileOf()).toMatchObject({ endpoint: emulator.endpoint, appId: 'emulator-native' });
    expect((await run(['sign-in', ...user])).exitCode).toBe(0);
  });

  it('fills in what a profile lacks', async () => {
    await run(['profile', 'set', 'default', '--app-id', 'emulator-native']);
    await run(['sign-in', ...user, '--endpoint', emulator.endpoint]);
    expect(await profileOf()).toEqual({
      endpoint: emulator.endpoint,
      appId: 'emulator-native',
      session: 'file',
      storage: 'file',
    });
  });

  it('leaves nothing of the environment, which is there the next time, too', async () => {
    const variables = { LOGTO_ENDPOINT: emulator.endpoint, LOGTO_APP_ID: 'emulator-native' };
    const { lines } = await run(['sign-in', ...user], { environment: { ...environment, ...variables } });
    expect(lines).toEqual([]);
    expect(await profileOf()).toEqual({ session: 'file', storage: 'file' });
  });

  it('leaves nothing with --storage memory, which keeps nothing', async () => {
    await run(['sign-in', ...user, ...at(), '--storage', 'memory']);
    expect(await profileOf()).toBeUndefined();
  });

  it('that fails leaves nothing', async () => {
    const wrong = { environment: { ...environment, LOGTO_CLI_PASSWORD: 'wrong' } };
    expect(await failureOf(run(['sign-in', ...user, ...at()], wrong))).toMatchObject({
      code: 'credentials_rejected',
    });
    expect(await profileOf()).toBeUndefined();
  });
});

describe('a sign-in by flags into a profile that has a configuration', () => {
  it('leaves alone what somebody has set', async () => {
    await run(['profile', 'set', 'default', '--endpoint', emulator.endpoint, '--app-id', 'emulator-spa']);
    const before = await profileOf();
    const { lines } = await run(['sign-in', ...user, ...at()]);
    expect(lines).toEqual([]);
    expect(await profileOf()).toEqual({ ...before, session: 'file', storage: 'file' });
  });

  it('replaces what an earlier sign-in left, so that configuration and session belong together', async () => {
    await run(['sign-in', ...user, ...at()]);
    const { lines } = await run(['sign-in', ...user, ...at('emulator-spa')]);
    expect(lines).toEqual([
      `The profile default keeps emulator-spa at ${emulator.endpoint} instead of emulator-native at ${emulator.endpoint}: the next command needs no flags for it.`,
    ]);
    expect(JSON.parse((await run(['whoami', '--json'])).stdout)).toMatchObject({ appId: 'emulator-spa' });
  });

  it('replaces nothing any more once profile set has chosen', async () => {
    await run(['sign-in', ...user, ...at()]);
    await run(['profile', 'set', 'default', '--app-id', 'emulator-native']);
    expect(await profileOf()).not.toHaveProperty('fromSignIn');
    await run(['sign-in', ...user, ...at('emulator-spa')]);
    expect(await profileOf()).toMatchObject({ appId: 'emulator-native' });
  });
});

describe('what a sign-in left in the configuration', () => {
  it('contradicts no session: a sign-in that died before it could replace it has signed in all the same', async () => {
    await run(['sign-in', ...user, ...at()]);
    const text = await readFile(join(home, 'config.json'), 'utf8');
    await run(['sign-in', ...user, ...at('emulator-spa')]);
    const { writeFile } = await import('node:fs/promises');
    await writeFile(join(home, 'config.json'), text);
    expect(JSON.parse((await run(['whoami', '--json'])).stdout)).toMatchObject({ appId: 'emulator-spa' });
    expect(await failureOf(run(['whoami', '--app-id', 'emulator-native']))).toMatchObject({
      code: 'not_signed_in',
    });
  });
});
