import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { countedProcesses } from '../support/counted-processes.js';
import { freePort } from '../support/free-port.js';
import { startLocalServer } from '../support/local-server.js';
import { documentOf, runProgram, startProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** An emulator that runs, and `emulator set` for it. */
async function running(...flags: string[]) {
  const home = await temporaryDirectory();
  await countedProcesses.atOnce(2);
  const program = startProgram(['emulator', '--port', '0', '--json', '-v', ...flags], { home });
  const description = JSON.parse(await program.line('stdout', /./));
  const { endpoint } = description;
  const set = (words: string[], others: { home?: string; stdin?: string } = {}) =>
    runProgram(['emulator', 'set', '--endpoint', endpoint, ...words], { home, ...others });
  return { home, program, description, set, endpoint, files: join(home, 'locks', 'emulators') };
}

describe('emulator set', () => {
  it('changes faults and users of the emulator of the same user, without a key', async () => {
    const { home, program, description, set, endpoint, files } = await running('--fault', 'clock=+10m');
    const { key, url } = description.control;
    expect(url).toBe(`${endpoint}/.emulator`);
    expect(key).toMatch(/^[\w-]{32}$/);
    const [file = ''] = readdirSync(files);
    expect(file).toBe(`${new URL(endpoint).port}.json`);
    if (process.platform !== 'win32') expect(statSync(join(files, file)).mode & 0o077).toBe(0);
    expect(JSON.parse(readFileSync(join(files, file), 'utf8')).key).toBe(key);

    const fault = await set(['--fault', 'userinfo=status:503', '--json']);
    expect(documentOf(fault)).toEqual({
      endpoint,
      faults: { clock: '+10m', userinfo: 'status:503' },
      users: [],
    });
    expect((await fetch(`${endpoint}/oidc/me`)).status).toBe(503);

    const claims = ['--claim', 'phone_number=+15550100', '--claim', 'roles=admin,editor'];
    const user = await set(['--clear-faults', '--user', 'carol', ...claims]);
    expect(user).toMatchObject({ exitCode: 0, stderr: '' });
    expect(user.stdout).toMatch(/^faults {2,}none$/m);
    expect(user.stdout).toMatch(/^user carol {2,}password emulator-only-carol, ID emulator-user-carol$/m);
    expect(user.stdout).toMatch(/^ {2}phone {2,}15550100$/m);

    const both = [{ username: 'carol' }, { username: 'dave', name: 'Dave' }];
    writeFileSync(join(home, 'users.json'), JSON.stringify(both));
    const several = await set(['--users', join(home, 'users.json')]);
    // What is said of a user stands below that one.
    expect(several.stdout).toMatch(
      /^user carol .*\n {2}phone .*\n {2}roles .*\nuser dave .*\n {2}name {2}Dave$/m,
    );

    program.kill('SIGINT');
    const { stderr } = await program.ended;
    expect(stderr).toMatch(/^PATCH \/\.emulator: 200 in \d+ ms$/m);
    expect(stderr + fault.stdout + user.stdout).not.toContain(key);
    // What it left has gone with it.
    expect(readdirSync(files)).toEqual([]);
    const gone = await runProgram(['emulator', 'set', '--endpoint', endpoint, '--clear-faults'], { home });
    expect(gone.exitCode).not.toBe(0);
    expect(gone.stderr).toContain(`No emulator of this user runs at ${endpoint}.`);
  });

  it('takes the key from a pipe where another user runs the emulator, and no other key', async () => {
    const { program, description, set } = await running();
    const stranger = await temporaryDirectory();
    const none = await set(['--clear-faults'], { home: stranger });
    expect(none.stderr).toContain(`What answers at ${description.endpoint} is no emulator of this user.`);
    expect(none.stderr).toContain(`logto-cli emulator set --endpoint ${description.endpoint} --key-stdin`);
    const wrong = await set(['--clear-faults', '--key-stdin', '--json'], { home: stranger, stdin: 'wrong' });
    expect([wrong.exitCode, documentOf(wrong).error]).toEqual([
      2,
      expect.objectContaining({
        code: 'config_invalid',
        message: expect.stringContaining('another key'),
        hint: expect.stringMatching(
          `: logto-cli emulator set --endpoint ${description.endpoint} --key-stdin$`,
        ),
      }),
    ]);
    const { key } = description.control;
    const right = await set(['--fault', 'token=down', '--key-stdin'], { home: stranger, stdin: `${key}\n` });
    expect(right).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('token=down') });
    program.kill('SIGINT');
    await program.ended;
    expect(existsSync(join(stranger, 'locks'))).toBe(false);
  });

  it('says that something else answers there', async () => {
    const other = await startLocalServer((_request, response) => void response.end('something else'));
    onTestFinished(() => other.close());
    const home = await temporaryDirectory();
    // As it was typed, without the scheme and with what stands below.
    const outcome = await runProgram(
      ['emulator', 'set', '--clear-faults', '--endpoint', `127.0.0.1:${other.port}/oidc`, '--json'],
      { home },
    );
    expect(outcome.exitCode).toBe(2);
    expect(documentOf(outcome).error).toMatchObject({
      code: 'config_invalid',
      message: `What answers at ${other.origin} is no emulator of this user.`,
      hint: expect.not.stringContaining('Start one'),
    });
  });

  it('says that an emulator ended without a word', async () => {
    const { program, set, endpoint } = await running();
    program.kill('SIGKILL');
    await program.ended;
    const { exitCode, stderr } = await set(['--clear-faults']);
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/\(process \d+\) has ended without a word/);
    expect(stderr).toContain(`logto-cli emulator --port ${new URL(endpoint).port}`);
  });

  it.each([
    [[], 'usage_invalid', 'Nothing was said'],
    [['--claim', 'name=x'], 'usage_invalid', '--claim is about a user'],
    [['--user', 'a', '--claim', 'nothing=x'], 'config_invalid', 'no claim "nothing"'],
    [['--user', 'a', '--claim', 'name'], 'config_invalid', 'says no value'],
    [['--user', 'a', '--claim', 'custom_data={'], 'config_invalid', 'is not JSON'],
    [['--fault', 'token=x'], 'config_invalid', 'none of token'],
    [['--clear-faults', '--endpoint', 'https://tenant.example.test'], 'config_invalid', 'this machine alone'],
    [['--users', 'nothing.json'], 'config_invalid', 'cannot be read'],
  ])('is asked for something that there is: %j', async (flags, code, message) => {
    const home = await temporaryDirectory();
    const endpoint = `http://localhost:${await freePort()}`;
    const outcome = await runProgram(['emulator', 'set', '--endpoint', endpoint, ...flags, '--json'], {
      home,
    });
    expect(outcome.exitCode).toBe(2);
    expect(documentOf(outcome).error).toMatchObject({ code, message: expect.stringContaining(message) });
  });
});
