import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/testing.js';
import { finishOnOtherDevice } from '../support/other-device.js';
import { documentOf, runProgram, startProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { filesOf, tokensOf } from './sign-in-run.js';

const alice = { username: 'alice', password: 'emulator-only-alice' };

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

let home: string;
beforeEach(async () => {
  home = await temporaryDirectory();
});

const signIn = () => [
  ...['sign-in', '--endpoint', emulator.endpoint, '--app-id', 'emulator-device'],
  ...['--storage', 'file', '--device', '--json'],
];

it('a failed sign-in on another device never costs the session before it', async () => {
  const good = startProgram(signIn(), { home });
  await finishOnOtherDevice(await good.address(), alice, await good.line('stderr', /^[A-Z]{4}-[A-Z]{4}$/));
  expect((await good.ended).exitCode).toBe(0);
  const before = filesOf(home);
  expect(tokensOf(home)).not.toBeNull();

  const refused = startProgram(signIn(), { home });
  const address = await refused.address();
  const code = await refused.line('stderr', /^[A-Z]{4}-[A-Z]{4}$/);
  await finishOnOtherDevice(address, { ...alice, refuses: true }, code);
  const outcome = await refused.ended;
  expect(outcome.exitCode).toBe(5);
  expect(documentOf(outcome).error).toMatchObject({
    code: 'access_denied',
    details: { error: 'access_denied' },
  });

  const late = await runProgram([...signIn(), '--timeout', '6'], { home });
  expect(late.exitCode).toBe(124);
  expect(documentOf(late).error.code).toBe('sign_in_timeout');

  const other = signIn().map((word) => (word === 'emulator-device' ? 'emulator-native' : word));
  const disabled = await runProgram(other, { home });
  expect(disabled.exitCode).toBe(9);
  expect(documentOf(disabled).error).toMatchObject({ code: 'device_flow_disabled' });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const ended = startProgram(signIn(), { home });
    await ended.address();
    ended.kill(signal);
    expect((await ended.ended).exitCode).toBe(signal === 'SIGINT' ? 130 : 143);
  }
  expect(filesOf(home)).toEqual(before);
});
