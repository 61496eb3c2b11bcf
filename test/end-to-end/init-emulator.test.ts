import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fileLock } from '../../src/storage/lock.js';
import { defaultSeed, type Emulator, type EmulatorOptions, startEmulator } from '../../src/testing.js';
import { countedProcesses } from '../support/counted-processes.js';
import { freePort } from '../support/free-port.js';
import { startLocalServer } from '../support/local-server.js';
import { documentOf, type ProgramOptions, runProgram, startProgram } from '../support/program.js';
import { startWatchedEmulator } from '../support/session-home.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { filesOf, tokensOf } from './sign-in-run.js';

const file = ['--storage', 'file'];

/** Runs it where there is nothing yet, and nobody who could be asked. */
async function init(endpoint: string, args: readonly string[], options: Partial<ProgramOptions> = {}) {
  const { home = await temporaryDirectory(), ...others } = options;
  const outcome = await runProgram(['init', '--emulator', '--endpoint', endpoint, ...args], {
    home,
    ...others,
  });
  return { home, ...outcome, kept: profilesIn(home) };
}

function profilesIn(home: string) {
  const { 'config.json': text } = filesOf(home);
  return text === undefined ? null : JSON.parse(text).profiles;
}

async function running(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator(options);
  onTestFinished(() => emulator.close());
  return emulator;
}

/** Where nobody answers, and for the test to start something. */
async function nowhere(): Promise<string> {
  return `http://localhost:${await freePort()}`;
}

const refused = (endpoint: string) => expect(fetch(`${endpoint}/`)).rejects.toThrow();

describe('init --emulator, where none runs', () => {
  it('signs in at one of its own, and leaves the profile, no session and no process', async () => {
    const endpoint = await nowhere();
    const { home, kept, ...outcome } = await init(endpoint, [...file, '--json'], {
      environment: { CI: 'true' },
    });
    expect(outcome.exitCode, outcome.stderr).toBe(0);
    const { profile, appId, storage, subject } = documentOf(outcome);
    expect({ profile, appId, storage, subject }).toEqual({
      profile: 'default',
      appId: 'emulator-native',
      storage: 'memory',
      subject: 'emulator-user-alice',
    });
    expect(outcome.stderr).toContain('The emulator ends with this command, and so does the session.');
    expect(kept).toEqual({ default: { endpoint, appId: 'emulator-native', storage: 'file' } });
    expect(Object.keys(filesOf(home))).toEqual(['config.json']);
    await refused(endpoint);
    const before = await runProgram(['whoami'], { home });
    expect([before.exitCode, before.stderr]).toEqual([4, expect.stringContaining('logto-cli sign-in')]);
    const down = await runProgram(['sign-in', '--no-browser'], { home });
    const start = `logto-cli emulator --port ${new URL(endpoint).port}`;
    expect([down.exitCode, down.stderr]).toEqual([7, expect.stringContaining(start)]);
    // What it says to do next is enough.
    expect(outcome.stderr).toContain(`\n${start}\nlogto-cli sign-in`);
    await running({ port: Number(new URL(endpoint).port) });
    const next = await runProgram(['sign-in', '--headless', '--username', 'alice'], {
      home,
      environment: { LOGTO_CLI_PASSWORD: 'emulator-only-alice' },
    });
    expect(next.exitCode, next.stderr).toBe(0);
  });

  it('asks nothing on a terminal, and needs no keychain', async () => {
    const endpoint = await nowhere();
    const { exitCode, stdout, kept } = await init(endpoint, [], { terminal: true, columns: 200 });
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain('Signed in as alice');
    expect(stdout).not.toMatch(/[?:] (\[\w\/\w\] )?$/m);
    expect(kept.default).toMatchObject({ endpoint, appId: 'emulator-native' });
  });

  it('keeps nothing when Ctrl-C ends it, and frees the port', async () => {
    const endpoint = await nowhere();
    const home = await temporaryDirectory();
    const lock = fileLock({ path: join(home, 'locks', '.config.lock'), top: home });
    await lock(async () => {
      const program = startProgram(['init', '--emulator', '--endpoint', endpoint, '-v', ...file], { home });
      // It has signed in by then, and waits for the configuration.
      await program.says('stderr', /one does for this sign-in/);
      await expect
        .poll(() =>
          fetch(`${endpoint}/`).then(
            ({ status }) => status,
            () => 0,
          ),
        )
        .toBe(200);
      program.kill('SIGINT');
      const { exitCode, stdout, stderr } = await program.ended;
      expect([exitCode, stdout], stderr).toEqual([130, '']);
    });
    expect(profilesIn(home)).toBeNull();
    await refused(endpoint);
  });

  it('speaks of its own applications where another one is named', async () => {
    const { exitCode, stderr, kept } = await init(await nowhere(), [...file, '--app-id', 'foo']);
    expect([exitCode, kept], stderr).toEqual([9, null]);
    expect(stderr).toContain('The provider knows no application "foo"');
    expect(stderr).toContain(
      "hint: Leave out --app-id, or give one of the emulator's that signs in so: emulator-native or emulator-spa.\n",
    );
    for (const appId of ['emulator-native', 'emulator-spa']) {
      const named = await init(await nowhere(), [...file, '--app-id', appId]);
      expect(named.exitCode, named.stderr).toBe(0);
    }
  });

  it('says that something else has its port', async () => {
    const other = await startLocalServer((_req, res) => void res.end('something else'), {
      host: 'localhost',
    });
    onTestFinished(() => other.close());
    const { exitCode, stderr, kept } = await init(other.origin, file);
    expect([exitCode, kept], stderr).toEqual([2, null]);
    expect(stderr).toContain(`What answers at ${other.origin} is no emulator.`);
    expect(stderr).toContain(
      `logto-cli init --storage file --emulator --endpoint http://localhost:${other.port + 1}`,
    );
  });
});

describe('init --emulator, where one runs', () => {
  it('signs in there, and keeps the session with the profile', async () => {
    const emulator = await startWatchedEmulator();
    onTestFinished(() => emulator.close());
    const { endpoint } = emulator;
    const { home, exitCode, stdout, stderr, kept } = await init(endpoint, file);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain(`An emulator runs at ${endpoint}: alice signs in there.`);
    expect(stdout).toContain('Signed in as alice');
    expect(kept.default).toMatchObject({ endpoint, appId: 'emulator-native', session: 'file' });
    const token = await runProgram(['token', '--json'], { home });
    expect(token.exitCode, token.stderr).toBe(0);
    // Once more is the same again.
    const again = await init(endpoint, file, { home });
    expect([again.exitCode, again.kept], again.stderr).toEqual([0, kept]);
  });

  it.each([
    ['that names nothing else', {}],
    ['of another application', { LOGTO_APP_ID: 'abc' }],
    ['of another way to authenticate', { LOGTO_CLI_AUTH_METHOD: 'client_secret_post' }],
  ])(
    'sends nothing there of an environment %s, and says which variables are stronger',
    async (_, variables) => {
      const { endpoint } = await running();
      const secret = 'CANARY-SECRET-OF-THE-ENVIRONMENT';
      const { home, exitCode, stderr } = await init(endpoint, file, {
        environment: { LOGTO_APP_SECRET: secret, LOGTO_CLI_PASSWORD: secret, ...variables },
      });
      // emulator-native takes no secret, and alice has another password.
      expect(exitCode, stderr).toBe(0);
      const stronger = 'LOGTO_APP_ID of the environment is not used here, and stronger than a profile';
      expect(stderr.includes(stronger)).toBe('LOGTO_APP_ID' in variables);
      expect(JSON.stringify(filesOf(home))).not.toContain(secret);
    },
  );

  it('does not propose the application that it refuses', async () => {
    const { endpoint } = await running();
    const { exitCode, stderr } = await init(endpoint, [...file, '--app-id', 'foo']);
    expect(exitCode, stderr).toBe(9);
    expect(stderr).toContain(
      'hint: Leave out --app-id, or give one of the applications that it printed when it began.\n',
    );
  });

  it('says of one with another seed that it has one, and keeps nothing', async () => {
    const users = [{ id: '1', username: 'carol', password: 'emulator-only-carol' }];
    const { endpoint } = await running({ seed: { ...defaultSeed(), users, organizations: [] } });
    const { exitCode, stderr, kept } = await init(endpoint, file);
    expect([exitCode, kept], stderr).toEqual([5, null]);
    expect(stderr).toContain('It was started with a seed or addresses of its own.');
  });

  it('keeps nothing when Ctrl-C ends it', async () => {
    const held = await startLocalServer(() => {}, { host: 'localhost' });
    onTestFinished(() => held.close());
    const home = await temporaryDirectory();
    const asked = once(held.server, 'request');
    const program = startProgram(['init', '--emulator', '--endpoint', held.origin, ...file], { home });
    await asked;
    program.kill('SIGINT');
    const { exitCode } = await program.ended;
    expect([exitCode, filesOf(home)]).toEqual([130, {}]);
  });
});

describe('init --emulator, where it would do harm or nothing', () => {
  it.each([
    [
      'profile',
      ['--endpoint', 'https://auth.example.com', '--app-id', 'abc'],
      'is set to abc at https://auth.example.com, and',
    ],
    ['profile of one application', ['--app-id', 'abc'], 'is set to abc, and'],
  ])('leaves a %s that somebody has set as it is', async (_, set, told) => {
    const home = await temporaryDirectory();
    await runProgram(['profile', 'set', 'default', ...set], { home });
    const before = filesOf(home);
    const { exitCode, stderr } = await init(await nowhere(), file, { home });
    expect([exitCode, filesOf(home)]).toEqual([2, before]);
    expect(stderr).toContain(told);
    expect(stderr).toMatch(/logto-cli init .*--emulator .*--profile emulator/);
  });

  it('leaves a session as it is that variables led to', async () => {
    const { endpoint } = await running();
    const home = await temporaryDirectory();
    await countedProcesses.atOnce(1);
    const signIn = await runProgram(['sign-in', '--headless', '--username', 'alice', ...file], {
      home,
      environment: {
        LOGTO_ENDPOINT: endpoint,
        LOGTO_APP_ID: 'emulator-native',
        LOGTO_CLI_PASSWORD: 'emulator-only-alice',
      },
    });
    expect(signIn.exitCode, signIn.stderr).toBe(0);
    const { exitCode, stderr } = await init(await nowhere(), file, { home });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('has a session of another provider')]);
    expect(tokensOf(home)).toMatchObject({ appId: 'emulator-native' });
  });

  it.each([
    [['--port', '3001'], 'usage_invalid'],
    [['--redirect-uri', 'http://localhost:3001/callback'], 'usage_invalid'],
    [['--timeout', '5'], 'usage_invalid'],
    [['--issuer', 'https://id.example.com'], 'usage_invalid'],
    [['--discovery-url', 'https://id.example.com/x'], 'usage_invalid'],
    [['--endpoint', 'https://tenant-of-mine.example.com'], 'config_invalid'],
  ])('refuses %j', async (flags, code) => {
    const home = await temporaryDirectory();
    const outcome = await runProgram(['init', '--emulator', '--json', ...flags], { home });
    expect([outcome.exitCode, documentOf(outcome).error.code]).toEqual([2, code]);
    expect(filesOf(home)).toEqual({});
  });
});
