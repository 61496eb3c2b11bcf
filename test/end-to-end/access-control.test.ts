import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultSeed } from '../../src/emulator/seed.js';
import { countedProcesses } from '../support/counted-processes.js';
import { documentOf, runProgram, startProgram } from '../support/program.js';
import { expire } from '../support/session-home.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { tokensOf } from './sign-in-run.js';

/** An emulator whose native application is for the staff alone, and the program at it. */
async function staffOnly() {
  const home = await temporaryDirectory();
  const seed = join(home, 'seed.json');
  const [native] = defaultSeed().applications;
  await writeFile(
    seed,
    JSON.stringify({ applications: [{ ...native, accessControl: { roles: ['staff'] } }] }),
  );
  await countedProcesses.atOnce(2);
  const emulator = startProgram(['emulator', '--port', '0', '--json', '--seed', seed], { home });
  const { endpoint } = JSON.parse(await emulator.line('stdout', /./));
  const run = (...words: string[]) =>
    runProgram(words, {
      home,
      environment: { LOGTO_CLI_STORAGE: 'file', LOGTO_CLI_PASSWORD: 'emulator-only-bob' },
    });
  const at = ['--endpoint', endpoint, '--app-id', 'emulator-native'];
  const signIn = () => run('sign-in', ...at, '--headless', '--username', 'bob', '--json');
  const bobIs = async (role: string) => {
    const told = await run('emulator', 'set', '--endpoint', endpoint, '--user', 'bob', '--claim', role);
    expect(told.exitCode, told.stderr).toBe(0);
  };
  const end = async () => {
    emulator.kill('SIGINT');
    await emulator.ended;
  };
  return { home, run, signIn, bobIs, end };
}

describe('an application that is not for everybody', () => {
  it('refuses a user at the sign-in, with the reason, and leaves no session', async () => {
    const { run, signIn, end } = await staffOnly();
    const refused = await signIn();
    expect([refused.exitCode, documentOf(refused).error]).toEqual([
      5,
      {
        code: 'access_denied',
        message: expect.stringContaining('may not use this application'),
        hint: expect.stringContaining('Rules'),
        details: expect.objectContaining({ error: 'oidc.access_denied' }),
      },
    ]);
    expect(documentOf(await run('whoami', '--json')).error.code).toBe('not_signed_in');
    await end();
  });

  it('refuses the refresh of a user who is put out, keeps the session, and goes on once the user is back', async () => {
    const { home, run, signIn, bobIs, end } = await staffOnly();
    await bobIs('roles=staff');
    expect(await signIn()).toMatchObject({ exitCode: 0 });
    const before = tokensOf(home);

    await bobIs('!roles');
    const refused = await run('token', '--refresh', '--json');
    expect([refused.exitCode, documentOf(refused).error]).toEqual([
      5,
      {
        code: 'access_denied',
        message:
          'The provider denied the token (access_denied: Access denied.). The stored session is kept as it was.',
        hint: expect.stringContaining('Rules'),
        details: {
          error: 'access_denied',
          error_description: 'Access denied.',
          status: 400,
          session: 'kept',
        },
      },
    ]);
    expect(tokensOf(home)).toEqual(before);
    // What is at hand is as good as it was.
    expect(await run('token')).toMatchObject({ exitCode: 0 });
    expect(await run('whoami')).toMatchObject({ exitCode: 0 });
    const doctor = await run('doctor', '--json');
    expect(documentOf(doctor).checks).toContainEqual(
      expect.objectContaining({ id: 'session.refresh-token', outcome: 'passed' }),
    );
    await expire(home);
    const command = await run('exec', '--', process.execPath, '-e', 'process.stdout.write("ran")');
    expect(command).toMatchObject({ exitCode: 5, stdout: '', stderr: expect.stringContaining('is kept') });

    await bobIs('roles=staff');
    expect(await run('token', '--refresh')).toMatchObject({ exitCode: 0 });
    expect(tokensOf(home).refreshToken).not.toBe(before.refreshToken);
    await end();
  });
});
