import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checksWithUser } from '../../src/check/with-user/checks-with-user.js';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { failureOf } from '../support/failure-of.js';
import { startPlainProvider } from '../support/plain-provider.js';
import { runInProcess } from '../support/run-in-process.js';
import type { TestMachine, TestRuntime } from '../support/test-runtime.js';
import { patientRuntime } from './battery-run.js';

const password = { LOGTO_CLI_PASSWORD: 'emulator-only-alice' };
const quick = ['--only', 'id-token,sign-out'];

let emulator: Emulator;
let native: string[];
beforeAll(async () => {
  emulator = await startEmulator();
  native = ['--endpoint', emulator.endpoint, '--app-id', 'emulator-native', '--as', 'alice'];
});
afterAll(() => emulator.close());

async function run(
  args: readonly string[],
  machine: Partial<TestMachine> = {},
): Promise<{ exitCode: number; runtime: TestRuntime }> {
  const runtime = patientRuntime({ home: '/nowhere', ...machine });
  return { exitCode: await runInProcess(runtime, ['test', ...args]), runtime };
}

describe('test --as', () => {
  it('runs the checks with a user and no others, and touches no storage', async () => {
    const { exitCode, runtime } = await run([...native, '--json', ...quick], { environment: password });
    expect(exitCode).toBe(0);
    const { outcome, checks } = JSON.parse(runtime.stdout.text);
    expect(outcome).toBe('passed');
    const ids = checks.map(({ id }: { id: string }) => id);
    expect(ids).toContain('id-token.nonce');
    expect(ids).toContain('sign-out.session');
    const own = [...checksWithUser.map(({ id }) => id), 'clean-up.ended'];
    expect(ids.filter((id: string) => !own.includes(id))).toEqual([]);
    expect(runtime.opened).toEqual([]);
    expect(runtime.stderr.text).not.toContain('emulator-only-alice');
  });

  it.each([
    ['a pipe', ['--password-stdin'], { input: 'emulator-only-alice' }],
    ['a prompt', [], { isTerminal: true, answers: ['emulator-only-alice'] }],
  ])('takes the password from %s', async (_, args, machine) => {
    const { exitCode } = await run([...native, '--only', 'sign-in', ...args], machine);
    expect(exitCode).toBe(0);
  });

  it('ends with 1 where the user cannot sign in', async () => {
    const { exitCode, runtime } = await run(native, { environment: { LOGTO_CLI_PASSWORD: 'wrong' } });
    expect(exitCode).toBe(1);
    expect(runtime.stdout.text).toContain('(sign-in.code, credentials_rejected)');
  });

  it('lists its checks, and asks for nothing', async () => {
    const { exitCode, runtime } = await run(['--as', 'alice', '--list', '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(runtime.stdout.text).checks).toHaveLength(checksWithUser.length);
  });

  it('does not ask for a password where it would not use it', async () => {
    const args = ['--endpoint', 'https://tenant.example', '--app-id', 'x', '--as', 'alice'];
    const runtime = patientRuntime({ home: '/nowhere', isTerminal: true, answers: ['secret'] });
    const failure = await failureOf(runInProcess(runtime, ['test', ...args]));
    expect(failure).toMatchObject({ code: 'usage_invalid', hint: expect.stringContaining('--allow-remote') });
    expect(runtime.questions).toEqual([]);
  });

  it.each([
    [['--allow-remote'], '--allow-remote'],
    [['--resource', 'https://api.example.test'], '--resource'],
    [['--post-logout-redirect-uri', 'http://localhost/'], '--post-logout-redirect-uri'],
    [['--as', 'alice', '--device'], '--device'],
    [['--as', 'alice', 'scenarios.json'], '--as'],
    [['--as', 'alice', '--password-stdin', '--app-secret-stdin'], '--password-stdin'],
  ])('refuses %j', async (args, flag) => {
    const application = native.slice(0, 4);
    const failure = await failureOf(run([...application, ...args], { input: 'secret' }));
    expect(failure.code).toBe('usage_invalid');
    expect(failure.message).toContain(flag);
  });

  it('refuses a provider that is not Logto', async () => {
    const plain = await startPlainProvider();
    try {
      const args = ['--issuer', plain.issuer, '--app-id', 'plain-public', '--as', 'alice'];
      const failure = await failureOf(run(args, { environment: password }));
      expect(failure.code).toBe('headless_unsupported');
    } finally {
      await plain.close();
    }
  });
});
