import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeJwt } from '../../src/oidc/validate/jwt.js';
import { secretVariables } from '../../src/secret-variables.js';
import { countedProcesses } from '../support/counted-processes.js';
import { emulatorAndHome } from '../support/emulator-and-home.js';
import { runProgram, startProgram } from '../support/program.js';
import { runCommand } from '../support/run-command.js';
import { acme, api, everything, expire, signInAt, type WatchedEmulator } from '../support/session-home.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { filesOf, tokensOf } from './sign-in-run.js';

let emulator: WatchedEmulator;
let home: string;
emulatorAndHome((given, own) => {
  emulator = given;
  home = own;
});

const environment = { LOGTO_CLI_STORAGE: 'file' };

/** A command for another Node: what it does, and its arguments. */
const node = (script: string, ...args: string[]) => [process.execPath, '-e', script, ...args];

function exec(
  command: readonly string[],
  {
    args = [],
    more = {},
    stdin = '',
  }: { args?: string[]; more?: Record<string, string>; stdin?: string } = {},
) {
  return runProgram(['exec', ...args, '--', ...command], {
    home,
    stdin,
    environment: { ...environment, ...more },
  });
}

describe('exec', () => {
  it('gives the command the access token, and prints nothing itself', async () => {
    await signInAt(emulator, home);
    const [{ token }] = tokensOf(home).accessTokens;

    const outcome = await exec(node('process.stdout.write(process.env.LOGTO_ACCESS_TOKEN)'));

    expect(outcome).toEqual({ exitCode: 0, signal: null, stdout: token, stderr: '' });
    expect(emulator.takeRequests()).toEqual([]);
  });

  it('gives it a token for a resource or an organization, refreshed when it must be', async () => {
    await signInAt(emulator, home, everything);
    const print = node('process.stdout.write(process.env.LOGTO_ACCESS_TOKEN)');

    const ofResource = await exec(print, { args: ['--resource', api] });
    const ofOrganization = await exec(print, { args: ['--organization', acme] });
    const ofBoth = await exec(print, { args: ['--organization', acme, '--resource', api] });
    await expire(home);
    const { stdout } = await exec(print);

    expect([ofResource, ofOrganization, ofBoth].map(({ stderr }) => stderr)).toEqual(['', '', '']);
    expect(decodeJwt(ofResource.stdout)?.claims).toMatchObject({ aud: api });
    expect(decodeJwt(ofOrganization.stdout)?.claims).toMatchObject({ aud: `urn:logto:organization:${acme}` });
    expect(decodeJwt(ofBoth.stdout)?.claims).toMatchObject({ aud: api, organization_id: acme });
    const stored = tokensOf(home).accessTokens.find(({ token }: { token: string }) => token === stdout);
    expect(stored.expiresAt).toBeGreaterThan(Date.now());
  });

  it('keeps our secrets from the command, and nothing else of the environment', async () => {
    await signInAt(emulator, home);
    const [{ token }] = tokensOf(home).accessTokens;
    const secrets = Object.fromEntries(secretVariables.map((name) => [name, `canary-of-${name}`]));

    const { stdout } = await exec(node('console.log(JSON.stringify(process.env))'), {
      more: {
        ...secrets,
        LOGTO_CLI_ALICE_PASSWORD: 'canary-of-a-scenario',
        SOMETHING_ELSE: 'stays',
        LOGTO_APP_ID: 'emulator-native',
      },
    });

    const seen = JSON.parse(stdout);
    expect(Object.keys(seen).filter((name) => name in secrets)).toEqual(['LOGTO_ACCESS_TOKEN']);
    expect(seen).toMatchObject({
      LOGTO_ACCESS_TOKEN: token,
      SOMETHING_ELSE: 'stays',
      LOGTO_APP_ID: 'emulator-native',
      LOGTO_CLI_HOME: home,
    });
    expect(stdout).not.toContain('canary-of-');
    expect(Object.values(seen)).not.toContain(tokensOf(home).refreshToken);
  });

  it('keeps the secrets of a --dotenv file from the command too', async () => {
    await signInAt(emulator, home);
    const path = join(home, 'settings.env');
    await writeFile(path, 'LOGTO_APP_SECRET=canary-in-a-file\nLOGTO_CLI_PASSWORD=canary-in-a-file\n');
    const outcome = await exec(node('console.log(JSON.stringify(process.env))'), {
      args: ['--dotenv', path],
    });
    expect(outcome.stdout).not.toContain('canary-in-a-file');
  });

  it.each([0, 1, 3, 42, 255])('ends with the exit code of the command (%i)', async (exitCode) => {
    await signInAt(emulator, home);
    expect(await exec(node(`process.exit(${exitCode})`))).toEqual({
      exitCode,
      signal: null,
      stdout: '',
      stderr: '',
    });
  });

  it('ends with 128 and the number of the signal that ended the command', async () => {
    await signInAt(emulator, home);
    expect(await exec(['sh', '-c', 'kill -KILL $$'])).toMatchObject({ exitCode: 137, stderr: '' });
    expect(await exec(['sh', '-c', 'kill -TERM $$'])).toMatchObject({ exitCode: 143, stderr: '' });
  });

  it.each([
    { signal: 'SIGTERM', exitCode: 143 },
    { signal: 'SIGINT', exitCode: 130 },
    { signal: 'SIGHUP', exitCode: 129 },
    { signal: 'SIGQUIT', exitCode: 131 },
    { signal: 'SIGUSR2', exitCode: 140 },
  ] as const)('passes $signal on to the command', async ({ signal, exitCode }) => {
    await signInAt(emulator, home);
    const command = node('setInterval(() => {}, 1000); console.log("ready", process.pid)');
    const program = startProgram(['exec', '--', ...command], { home, environment });
    const pid = Number((await program.line('stdout', /^ready/)).split(' ')[1]);

    program.kill(signal);

    expect(await program.ended).toMatchObject({ exitCode, signal: null, stderr: '' });
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('leaves it to the command what a signal means', async () => {
    await signInAt(emulator, home);
    const script = `process.once('SIGTERM', () => { console.log('bye'); process.exit(7); });
      setInterval(() => {}, 1000); console.log('ready')`;
    const program = startProgram(['exec', '--', ...node(script)], { home, environment });
    await program.line('stdout', /^ready/);

    program.kill('SIGTERM');

    expect(await program.ended).toEqual({ exitCode: 7, signal: null, stdout: 'ready\nbye\n', stderr: '' });
  });

  it.each(['SIGUSR1', 'SIGUSR2', 'SIGWINCH', 'SIGQUIT'] as const)(
    'leaves the meaning of %s to it too',
    async (signal) => {
      await signInAt(emulator, home);
      const script = `process.once('${signal}', () => process.exit(7)); setInterval(() => {}, 1000); console.log('ready')`;
      const program = startProgram(['exec', '--', ...node(script)], { home, environment });
      await program.line('stdout', /^ready/);

      program.kill(signal);

      expect(await program.ended).toEqual({ exitCode: 7, signal: null, stdout: 'ready\n', stderr: '' });
    },
  );

  it.runIf(process.platform === 'linux')(
    'does not repeat what is typed at the terminal of both',
    async () => {
      await signInAt(emulator, home);
      const script = `let typed = 0;
      process.on('SIGINT', () => { typed += 1; console.log('interrupted'); });
      process.on('SIGTERM', () => { console.log('SIGINT came', typed, 'time'); process.exit(7); });
      setInterval(() => {}, 1000); console.log('ready', process.ppid)`;
      const program = startProgram(['exec', '--', ...node(script)], { home, environment, terminal: true });
      const ours = Number((await program.line('stdout', /^ready/)).split(' ')[1]);

      program.type('\u0003');
      await program.line('stdout', /interrupted/);
      // Signals are passed on one after the other: had the first been, it would be there by now.
      process.kill(ours, 'SIGTERM');

      expect((await program.ended).stdout).toContain('SIGINT came 1 time');
    },
  );

  it.runIf(process.platform === 'linux')('passes on at a terminal what cannot be typed there', async () => {
    await signInAt(emulator, home);
    const script = `process.once('SIGHUP', () => process.exit(7)); setInterval(() => {}, 1000);
      console.log('ready', process.ppid)`;
    const program = startProgram(['exec', '--', ...node(script)], { home, environment, terminal: true });
    const ours = Number((await program.line('stdout', /^ready/)).split(' ')[1]);
    process.kill(ours, 'SIGHUP');
    expect((await program.ended).exitCode).toBe(7);
  });

  it('leaves a variable that is empty as it is', async () => {
    await signInAt(emulator, home);
    const file = join(home, 'settings.env');
    await writeFile(file, 'FORCE_COLOR=1\n');
    const script = 'console.log(JSON.stringify([process.env.NOTHING_IN_IT, process.env.FORCE_COLOR]))';
    const outcome = await exec(node(script), {
      args: ['--dotenv', file],
      more: { NOTHING_IN_IT: '', FORCE_COLOR: '' },
    });
    expect(outcome).toMatchObject({ exitCode: 0, stdout: '["",""]\n' });
  });

  it('hands on no variable of a file of --dotenv that changes what runs, and says so of those that we would heed', async () => {
    await signInAt(emulator, home);
    const file = join(home, 'settings.env');
    const witness = join(home, 'witness');
    await writeFile(
      join(home, 'evil.cjs'),
      `require('node:fs').writeFileSync(${JSON.stringify(witness)}, '')`,
    );
    const lines = [
      `NODE_OPTIONS=--require ${join(home, 'evil.cjs')}`,
      'LD_PRELOAD=evil.so',
      'HTTPS_PROXY=http://127.0.0.1:9',
      'no_proxy=*',
      'BROWSER=evil',
      'LOGTO_APP_ID=emulator-native',
    ];
    await writeFile(file, `${lines.join('\n')}\n`);

    const outcome = await exec(node('console.log(JSON.stringify(process.env))'), {
      args: ['--dotenv', file],
    });

    expect(outcome.exitCode).toBe(0);
    const seen = JSON.parse(outcome.stdout);
    expect(seen).toMatchObject({ LOGTO_APP_ID: 'emulator-native' });
    for (const name of ['NODE_OPTIONS', 'LD_PRELOAD', 'HTTPS_PROXY', 'no_proxy', 'BROWSER'])
      expect(seen[name]).toBeUndefined();
    expect(filesOf(home)).not.toHaveProperty('witness');
    expect(outcome.stderr.match(/^warning: \w+/gm)?.sort()).toEqual([
      'warning: BROWSER',
      'warning: HTTPS_PROXY',
      'warning: no_proxy',
    ]);
  });

  it('passes standard input and both outputs through, byte for byte', async () => {
    await signInAt(emulator, home);
    const stdin = `${'ä\u0000\u001b[31m'.repeat(50_000)}\n`;
    const script = 'process.stdin.pipe(process.stdout); process.stderr.write("\\u001b[1mto stderr")';
    const outcome = await exec(node(script), { stdin });
    expect(outcome.stdout === stdin).toBe(true);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '\u001b[1mto stderr' });
  });

  it('passes the arguments on as they are, options of ours among them, with no shell', async () => {
    await signInAt(emulator, home);
    const words = ['--json', '-v', '--', 'a b', '$HOME', "it's", '', '*', '--app-secret', 'x'];
    const outcome = await exec(node('console.log(JSON.stringify(process.argv.slice(1)))', '--', ...words));
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(outcome.stdout)).toEqual(words);
  });

  it('hands on what follows its own flags without --, options that we have too among it', async () => {
    await signInAt(emulator, home);
    const script = 'console.log(JSON.stringify(process.argv.slice(1)))';
    const words = ['--version', '--json', '-v', '--help'];
    const run = (...args: string[]) => runProgram(['exec', ...args], { home, environment });
    const outcome = await run('--min-ttl', '5', process.execPath, '-e', script, '--', ...words);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(outcome.stdout)).toEqual(words);
    expect(await run(process.execPath, '--version')).toMatchObject({
      exitCode: 0,
      stdout: `${process.version}\n`,
      stderr: '',
    });
  });

  it('runs no program of the working directory for a bare name', async () => {
    await signInAt(emulator, home);
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'a-tool'), '#!/bin/sh\necho taken', { mode: 0o755 });
    const run = (name: string) =>
      runProgram(['exec', '--', name], {
        home,
        directory,
        environment: { ...environment, PATH: `:.:${process.env['PATH']}` },
      });
    expect(await run('a-tool')).toMatchObject({ exitCode: 127, stdout: '' });
    expect(await run('./a-tool')).toMatchObject({ exitCode: 0, stdout: 'taken\n' });
  });

  it.each([
    ['is not there', 'no-such-command-of-anybody', 127, 'is not found'],
    ['has a path where nothing is', '/no/such/command', 127, 'is not found'],
    ['is no program', '/etc/passwd', 126, 'cannot be started'],
    ['is a directory', '/', 126, 'cannot be started'],
  ])('says so, and ends as a shell does, for a command that %s', async (_, command, exitCode, words) => {
    await signInAt(emulator, home);
    const outcome = await exec([command]);
    expect(outcome).toMatchObject({ exitCode, stdout: '' });
    expect(outcome.stderr).toContain(words);
    expect(outcome.stderr).toContain('(usage_invalid)');
    expect(outcome.stderr).toContain(command);
    expect(outcome.stderr).not.toContain(tokensOf(home).accessTokens[0].token);
  });

  it.runIf(process.platform === 'linux')('says so for a program of another machine', async () => {
    await signInAt(emulator, home);
    const path = join(await temporaryDirectory(), 'program');
    await writeFile(path, '\u007fELF\u0002\u0001\u0001 no machine has this', { mode: 0o755 });
    const outcome = await exec([path]);
    expect(outcome).toMatchObject({ exitCode: 126, stdout: '' });
    expect(outcome.stderr).toContain('cannot be started');
  });

  it('runs a script without a first line as a shell does', async () => {
    await signInAt(emulator, home);
    const path = join(await temporaryDirectory(), 'script');
    await writeFile(path, 'echo ran', { mode: 0o755 });
    expect(await exec([path])).toMatchObject({ exitCode: 0, stdout: 'ran\n' });
  });

  it('says so for a script whose interpreter is not there', async () => {
    await signInAt(emulator, home);
    const script = join(await temporaryDirectory(), 'script');
    await writeFile(script, '#!/no/such/interpreter\n', { mode: 0o755 });
    const outcome = await exec([script]);
    expect(outcome).toMatchObject({ exitCode: 126, stdout: '' });
    expect(outcome.stderr).toContain('(ENOENT)');
  });

  it.each([{ args: [] }, { args: ['--'] }])('needs a command (%s)', async ({ args }) => {
    const outcome = await runProgram(['exec', ...args], { home, environment });
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
    expect(outcome.stderr).toContain('(usage_invalid)');
  });

  it('does not start the command without a token', async () => {
    const witness = join(home, 'started');
    const outcome = await exec(node(`require('node:fs').writeFileSync(${JSON.stringify(witness)}, '')`));
    expect(outcome).toMatchObject({ exitCode: 4, stdout: '' });
    expect(outcome.stderr).toContain('(not_signed_in)');
    expect(filesOf(home)).toEqual({});
  });

  it('warns of an empty scope on stderr, and runs the command', async () => {
    await signInAt(emulator, home, { ...everything, username: 'bob' });
    const outcome = await exec(node('console.log("ran")'), { args: ['--resource', api] });
    expect(outcome).toMatchObject({ exitCode: 0, stdout: 'ran\n' });
    expect(outcome.stderr).toMatch(/^warning: .*no scope/);
  });

  it('refuses two resources', async () => {
    await signInAt(emulator, home, everything);
    const outcome = await exec(node(''), { args: ['--resource', api, '--resource', 'https://b.example'] });
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
    expect(outcome.stderr).toContain('(config_invalid)');
  });

  it('puts the token into no argument that a process list shows', async () => {
    await signInAt(emulator, home);
    const [{ token }] = tokensOf(home).accessTokens;
    await countedProcesses.atOnce(2);
    const program = startProgram(
      ['exec', '--', ...node('setInterval(() => {}, 1000); console.log("ready")')],
      { home, environment },
    );
    await program.line('stdout', /^ready/);
    const { stdout: text } = await runCommand('ps', ['-eo', 'args']);
    program.kill('SIGTERM');
    await program.ended;

    expect(text).toContain('logto-cli.js exec');
    expect(text).not.toContain(token);
  });
});
