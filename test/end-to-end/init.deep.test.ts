import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultSeed, startEmulator } from '../../src/testing.js';
import { countedProcesses } from '../support/counted-processes.js';
import { freePort } from '../support/free-port.js';
import { answer, finishAtAddress, atTerminal as startAtTerminal } from '../support/init-terminal.js';
import { finishOnOtherDevice } from '../support/other-device.js';
import { type RunningProgram, runProgram, startProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import type { Providers, User } from './providers.js';
import { providersAndHome } from './providers-and-home.js';
import { browserOf, filesOf, tokensOf } from './sign-in-run.js';

let providers: Providers;
let home: string;
providersAndHome((running, directory) => {
  providers = running;
  home = directory;
});

/** Starts it on a terminal. */
function atTerminal(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): RunningProgram {
  const flags = ['--port', String(providers.port), '--no-browser', '--storage', 'file'];
  return startAtTerminal([...args, ...flags], { home, environment });
}

/** Signs in at the address that is shown. */
const finish = (program: RunningProgram, user: User) => finishAtAddress(program, browserOf(user));

const profiles = () => JSON.parse(readFileSync(join(home, 'config.json'), 'utf8')).profiles;

describe('init', () => {
  it('comes to a first sign-in at the emulator by three times Enter', async () => {
    const { native, emulator, port } = providers;
    const program = atTerminal(['init'], { LOGTO_ENDPOINT: emulator.endpoint });
    await answer(program, /or of a page of Logto \[http:\/\/localhost:\d+\]: $/);
    await answer(program, /App ID of the application \[emulator-native\]: $/);
    await answer(program, /Sign in now, in the browser\? \[Y\/n\] $/);
    const said = await finish(program, native.user);
    // Nothing was typed but these three, and nothing else was asked.
    expect(said.match(/\[(?:http\S+|emulator-native|Y\/n)\]/g)).toHaveLength(3);
    expect(said).toContain(`✓ Logto answers at ${emulator.endpoint}`);
    expect(said).toContain('✓ emulator-native is a public application');
    expect(said).toContain(`✓ http://localhost:${port}/callback is registered (Redirect URIs)`);
    expect(said).toContain(`✓ http://localhost:${port}/ is registered (Post sign-out redirect URIs)`);
    expect(profiles()).toEqual({
      default: { endpoint: emulator.endpoint, appId: 'emulator-native', storage: 'file', session: 'file' },
    });
    const { stdout } = await runProgram(['whoami'], { home });
    expect(stdout).toContain('Signed in as alice');
  });

  it('asks again for what the provider refuses, and keeps a secret unseen', async () => {
    const { traditional, emulator } = providers;
    const { appSecret = '' } = traditional;
    const program = atTerminal(['sign-in']);
    await answer(program, /or of a page of Logto.*: $/, 'localhost:1');
    await answer(
      program,
      /Try another address\.\s+Address.*: $/,
      `${emulator.endpoint}/oidc/auth?client_id=nobody`,
    );
    await answer(program, /App ID of the application \[nobody\]: $/);
    await answer(program, /take another one\.\s+App ID of the application: $/, ' "emulator-traditional" ');
    await answer(
      program,
      /is a confidential application.*\s+Secret of the application, not shown: $/,
      'CANARY-SECRET',
    );
    await answer(program, /Copy it again\.\s+Secret of the application, not shown: $/, appSecret);
    await answer(program, /✓ The secret is right[\s\S]*Sign in now, in the browser\? \[Y\/n\] $/);
    const said = await finish(program, traditional.user);
    expect(said).not.toContain('CANARY-SECRET');
    expect(said).not.toContain(appSecret);
    expect(profiles().default).toEqual({
      endpoint: emulator.endpoint,
      appId: 'emulator-traditional',
      storage: 'file',
      secret: 'file',
      session: 'file',
    });
    const { 'config.json': configuration = '', ...rest } = filesOf(home);
    expect(configuration).not.toContain(appSecret);
    expect(Object.values(rest).join('')).toContain(appSecret);
    expect(Object.values(rest).join('')).not.toContain('CANARY-SECRET');
  });

  it('never names Logto to those who set another provider', async () => {
    const { plainPublic, plain } = providers;
    const program = atTerminal(['init', '--issuer', plain.issuer]);
    await answer(program, /Address of your OpenID Provider \[http:\/\/127\.0\.0\.1:\d+\]: $/);
    await answer(program, /Client ID of the application: $/, plainPublic.appId);
    await program.says(
      'stdout',
      /plain-public is a public|Cannot tell what kind of application plain-public/,
    );
    await program.says('stdout', /(not shown|\[Y\/n\]).*$/);
    program.type('');
    await answer(program, /Sign in now, in the browser\? \[Y\/n\] $/);
    const said = await finish(program, plainPublic.user);
    // Its own name, and those of its variables, are another thing.
    expect(said.replaceAll(/logto-cli|LOGTO_CLI_\w+/g, '')).not.toMatch(/logto/i);
    expect(profiles().default).toMatchObject({ issuer: plain.issuer, appId: 'plain-public' });
  });

  it('waits until an address is registered', async () => {
    const port = await freePort();
    await countedProcesses.atOnce(2);
    const args = ['emulator', '--port', String(port), '--redirect-uri', 'http://localhost:1/other'];
    const without = startProgram(args, { home: await temporaryDirectory() });
    await without.says('stdout', /Ctrl-C ends it/);
    const program = atTerminal(['init', '--endpoint', `http://localhost:${port}`]);
    await answer(program, /page of Logto \[.*\]: $/);
    await answer(program, /App ID of the application \[emulator-native\]: $/);
    await program.says('stdout', /Waiting for http:\/\/localhost:\d+\/callback to be registered…/);
    without.kill('SIGKILL');
    await without.ended;
    const seed = defaultSeed();
    const uris = {
      redirectUris: [`http://localhost:${providers.port}/callback`],
      postLogoutRedirectUris: [`http://localhost:${providers.port}/`],
    };
    const applications = seed.applications.map((application) =>
      application.redirectUris?.length ? { ...application, ...uris } : application,
    );
    const emulator = await startEmulator({ port, seed: { ...seed, applications } });
    try {
      await program.says('stdout', /✓ http:\/\/localhost:\d+\/callback is registered/);
      await answer(program, /✓ http:\/\/localhost:\d+\/ is registered[\s\S]*\[Y\/n\] $/);
      await finish(program, providers.native.user);
    } finally {
      await emulator.close();
    }
  });

  it('goes on without a registration on Enter, and keeps nothing when the sign-in then fails', async () => {
    const without = await startEmulator({ port: 0 });
    try {
      const program = atTerminal(['init', '--endpoint', without.endpoint, '--app-id', 'emulator-spa']);
      await answer(program, /page of Logto \[.*\]: $/);
      await answer(program, /App ID of the application \[emulator-spa\]: $/);
      await program.says('stdout', /waiting · \d+ s · Enter skips/);
      program.type('');
      await answer(program, /does not have it, the sign-in fails[\s\S]*\[Y\/n\] $/);
      const { exitCode, stdout } = await program.ended;
      expect(exitCode, stdout).toBe(9);
      expect(stdout).toContain(
        `Nothing was kept. To go on with these answers: logto-cli init --storage file --endpoint ${without.endpoint} --app-id emulator-spa`,
      );
      expect(filesOf(home)).not.toHaveProperty('config.json');
    } finally {
      await without.close();
    }
  });

  it('keeps a machine-to-machine application, with which nobody signs in', async () => {
    const { emulator } = providers;
    const { appSecret = '' } =
      emulator.description.applications.find(({ type }) => type === 'MachineToMachine') ?? {};
    const program = atTerminal(['init', '--profile', 'robot', '--endpoint', emulator.endpoint]);
    await answer(program, /page of Logto \[.*\]: $/);
    await answer(program, /App ID of the application \[.*\]: $/, 'emulator-m2m');
    await answer(program, /Secret of the application, not shown: $/, appSecret);
    const { exitCode, stdout } = await program.ended;
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain('nobody signs in with it');
    expect(stdout).toMatch(/logto-cli token .*--profile robot .*--client-credentials --resource <uri>/);
    expect(stdout).not.toContain(appSecret);
    const token = await runProgram(
      ['token', '--profile', 'robot', '--client-credentials', '--resource', 'https://api.example.test'],
      { home },
    );
    expect(token.exitCode, token.stderr).toBe(0);
  });

  it('signs in by a code with an application that is made for devices', async () => {
    const { emulator, native } = providers;
    const program = atTerminal(['init', '--endpoint', emulator.endpoint]);
    await answer(program, /page of Logto \[.*\]: $/);
    await answer(program, /App ID of the application \[.*\]: $/, 'emulator-device');
    await answer(program, /Sign in now, by a code\? \[Y\/n\] $/);
    const address = await program.line('stdout', /^http:\S+\/device$/);
    const code = await program.line('stdout', /^[A-Z]{4}-[A-Z]{4}$/);
    await finishOnOtherDevice(address, native.user, code);
    const { exitCode, stdout } = await program.ended;
    expect(exitCode, stdout).toBe(0);
    expect(tokensOf(home)).toMatchObject({ appId: 'emulator-device' });
  });

  it('keeps nothing when Ctrl-C ends it, whatever there was stays', async () => {
    const { emulator } = providers;
    const set = ['profile', 'set', 'default', '--endpoint', emulator.endpoint, '--app-id', 'emulator-native'];
    await runProgram(set, { home });
    const before = filesOf(home);
    const program = atTerminal(['init']);
    await answer(program, /page of Logto \[http:\/\/localhost:\d+\]: $/);
    await answer(program, /App ID of the application \[emulator-native\]: $/, 'emulator-spa');
    await program.says('stdout', /\[Y\/n\] $/);
    program.send('\u0003');
    const { exitCode, stdout } = await program.ended;
    expect(exitCode, stdout).toBe(130);
    expect(filesOf(home)).toEqual(before);
  });

  it.each([
    ['without a terminal', [], {}, false],
    ['with --no-input', ['--no-input'], {}, true],
    ['in CI', [], { CI: 'true' }, true],
  ] as const)('says what is missing, and asks nothing, %s', async (_, flags, environment, terminal) => {
    const outcome = await runProgram(['init', ...flags], { home, terminal, environment, columns: 200 });
    const said = (outcome.stdout + outcome.stderr).replace(/\s+/g, ' ');
    expect(outcome.exitCode, said).toBe(2);
    expect(said).toContain("the provider's address (--endpoint, LOGTO_ENDPOINT");
    expect(said).toContain("the application's ID (--app-id, LOGTO_APP_ID)");
    const bare = await runProgram(['sign-in', ...flags], { home, terminal, environment, columns: 200 });
    expect(bare.exitCode, bare.stdout).toBe(2);
    expect(bare.stdout + bare.stderr).toContain('No OpenID Provider is set');
    expect(bare.stdout + bare.stderr).not.toContain('logto-cli init');
  });

  it.each([['sign-in', '--json'], ['doctor'], ['test'], ['token', '--client-credentials']])(
    'is what %s %s names first on a terminal where nothing is set',
    async (...args) => {
      const { stdout } = await runProgram(args, { home, terminal: true, columns: 400 });
      expect(stdout).toContain('To be asked for what is missing, and signed in: logto-cli init');
    },
  );
});
