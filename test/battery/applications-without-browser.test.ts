import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/testing.js';
import { failureOf } from '../support/failure-of.js';
import { runInProcess } from '../support/run-in-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { type BatteryRun, battery, patientRuntime } from './battery-run.js';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

const applications = [
  ['machine-to-machine', 'emulator-m2m', 'emulator-only-m2m-secret'],
  ['device', 'emulator-device', undefined],
] as const;

function environmentOf(secret: string | undefined) {
  return { LOGTO_APP_SECRET: secret, LOGTO_CLI_PASSWORD: 'emulator-only-alice' };
}

function run(appId: string, secret: string | undefined, ...args: string[]): Promise<BatteryRun> {
  return battery(['--endpoint', emulator.endpoint, '--app-id', appId, ...args], {
    environment: environmentOf(secret),
  });
}

describe.each(applications)('a %s application', (_, appId, secret) => {
  it('is tested in what applies to it, and nothing has failed', async () => {
    const { failures, incomplete, warnings, check, exitCode } = await run(appId, secret);
    expect({ failures, incomplete, exitCode }).toEqual({ failures: {}, incomplete: {}, exitCode: 0 });
    expect(Object.keys(warnings)).toEqual(['discovery.id-token-algorithms', 'client.authentication']);
    expect(check('client.authentication')).toMatchObject({ code: 'grant_type_not_allowed' });
    for (const id of ['authorization.request', 'token.code', 'token.duplicate']) {
      expect(check(id)).toMatchObject({
        outcome: 'skipped',
        message: expect.stringContaining('nobody signs in with a browser'),
      });
    }
    for (const id of [
      'token.refresh-token',
      'token.password',
      'revocation.unknown-token',
      'end-session.redirect-uri',
    ]) {
      expect(check(id).outcome).toBe('passed');
    }
    if (secret !== undefined) expect(check('client.wrong-secret').outcome).toBe('passed');
  });

  it('is skipped, with the reason, where a user would have to sign in', async () => {
    const { failures, incomplete, check, checks, exitCode } = await run(appId, secret, '--as', 'alice');
    expect({ failures, incomplete, exitCode }).toEqual({ failures: {}, incomplete: {}, exitCode: 0 });
    expect(check('sign-in.code')).toMatchObject({
      outcome: 'skipped',
      message: expect.stringContaining('nobody signs in with a browser'),
    });
    const others = checks.filter(({ id }) => id !== 'clean-up.ended');
    expect(new Set(others.map(({ outcome }) => outcome))).toEqual(new Set(['skipped']));
  });

  const connection = () => ['--endpoint', emulator.endpoint, '--app-id', appId];

  it('is named as the reason where somebody signs in to it without a browser', async () => {
    const runtime = patientRuntime({ home: '/nowhere', environment: environmentOf(secret) });
    const args = ['--headless', '--username', 'alice', '--storage', 'memory'];
    const failure = await failureOf(runInProcess(runtime, ['sign-in', ...connection(), ...args]));
    expect(failure).toMatchObject({
      code: 'grant_type_not_allowed',
      message: expect.stringContaining('requested grant type is not allowed for this client'),
    });
  });

  it('is named as the reason in a scenario', async () => {
    const home = await temporaryDirectory();
    const file = join(home, 'scenarios.json');
    const user = { username: 'alice', passwordVariable: 'LOGTO_CLI_PASSWORD' };
    await writeFile(file, JSON.stringify({ scenarios: [{ name: 'alice', user }] }));
    const runtime = patientRuntime({ home, environment: environmentOf(secret) });
    const args = ['test', file, ...connection(), '--json', '--storage', 'memory'];
    expect(await runInProcess(runtime, args)).toBe(1);
    expect(JSON.parse(runtime.stdout.text).checks).toMatchObject([
      { outcome: 'failed', code: 'grant_type_not_allowed' },
    ]);
  });
});

it('may be a machine-to-machine application where its secret is missing: its address is not called wrong', async () => {
  const expected = {
    outcome: 'incomplete',
    code: 'redirect_uri_not_registered',
    message: expect.stringContaining('An application for machines has none at all'),
    hint: expect.stringMatching(/^Give its secret: .* If people sign in to it with a browser: Add http/),
  };
  const { check, failures, exitCode } = await run('emulator-m2m', undefined);
  expect(check('authorization.request')).toMatchObject(expected);
  expect({ failures, exitCode }).toEqual({ failures: {}, exitCode: 3 });
});

it('is not mistaken for one whose redirect URI is not registered', async () => {
  const runtime = patientRuntime({ home: '/nowhere', environment: environmentOf(undefined) });
  const args = [
    '--headless',
    '--username',
    'alice',
    '--storage',
    'memory',
    '--redirect-uri',
    'http://localhost:3000/x',
  ];
  const connection = ['--endpoint', emulator.endpoint, '--app-id', 'emulator-native'];
  const failure = await failureOf(runInProcess(runtime, ['sign-in', ...connection, ...args]));
  expect(failure.code).toBe('redirect_uri_not_registered');
});
