import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentOf } from '../support/program.js';
import { startWatchedEmulator, type WatchedEmulator } from '../support/session-home.js';
import { runWithoutHome, strangerMissing } from '../support/without-home.js';

const missing = strangerMissing();

describe('a user without a home', () => {
  let emulator: WatchedEmulator;
  beforeAll(async () => {
    emulator = await startWatchedEmulator();
  });
  afterAll(() => emulator.close());

  it.for([['--version'], ['--help'], ['help', 'profile', 'set'], ['explain', 'config_invalid'], ['demo']])(
    'can run what needs none: %s',
    async (args, { skip }) => {
      skip(missing !== null, missing ?? '');
      expect(await runWithoutHome(args)).toMatchObject({ exitCode: 0, stderr: '' });
    },
  );

  it('can run an emulator', async ({ skip }) => {
    skip(missing !== null, missing ?? '');
    const outcome = await runWithoutHome(['emulator', '--port', '0', '--json'], {}, /\n/);
    expect(outcome).toMatchObject({ exitCode: 130, stderr: '' });
    expect(documentOf(outcome).endpoint).toMatch(/^http:/);
  });

  it.for([
    ['whoami'],
    ['token'],
    ['sign-out'],
    ['profile', 'list'],
    ['profile', 'set', 'web', '--app-id', 'x'],
    ['whoami', '--storage', 'file'],
    ['exec', 'true'],
  ])('is told the variable that names one: %s', async (args, { skip }) => {
    skip(missing !== null, missing ?? '');
    const outcome = await runWithoutHome(args);
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
    expect(outcome.stderr).toMatch(/^error: .* home .*\(config_invalid\)\nhint: .*LOGTO_CLI_HOME=/);
    expect(outcome.stderr).not.toMatch(/^\s+at /m);
  });

  it('is told so before a browser opens, and signs in with --storage memory', async ({ skip }) => {
    skip(missing !== null, missing ?? '');
    const { endpoint } = emulator;
    const args = ['sign-in', '--headless', '--username', 'alice', '--json', '--endpoint', endpoint];
    const signIn = (...more: string[]) =>
      runWithoutHome([...args, '--app-id', 'emulator-native', ...more], {
        LOGTO_CLI_PASSWORD: emulator.description.users[0]?.password ?? '',
      });
    expect(documentOf(await signIn()).error.code).toBe('config_invalid');
    expect(emulator.takeRequests()).toEqual([]);
    expect(documentOf(await signIn('--storage', 'memory'))).toMatchObject({ storage: 'memory' });
  });

  it('can ask a provider', async ({ skip }) => {
    skip(missing !== null, missing ?? '');
    const application = ['--endpoint', emulator.endpoint, '--app-id', 'emulator-native'];
    expect(await runWithoutHome(['test', '--only', 'discovery', ...application])).toMatchObject({
      exitCode: 0,
    });
    const { checks } = documentOf(await runWithoutHome(['doctor', '--json', '--port', '0', ...application]));
    const storage = checks.find(({ id }: { id: string }) => id === 'machine.storage');
    expect(JSON.stringify(checks)).not.toContain('internal_error');
    expect(storage.outcome).toBe('failed');
  });
});
