import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/testing.js';
import { finishOnOtherDevice } from '../support/other-device.js';
import { type PlainProvider, startPlainProvider } from '../support/plain-provider.js';
import { documentOf, type RunningProgram, runProgram, startProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { filesOf, moment, secretsIn, tokensOf } from './sign-in-run.js';

const alice = { username: 'alice', password: 'emulator-only-alice' };

let emulator: Emulator;
let plain: PlainProvider;
beforeAll(async () => {
  [emulator, plain] = await Promise.all([startEmulator(), startPlainProvider({ deviceFlow: true })]);
});
afterAll(() => Promise.all([emulator.close(), plain.close()]));

let home: string;
beforeEach(async () => {
  home = await temporaryDirectory();
});

const storage = ['--storage', 'file'];
const atEmulator = () => ['--endpoint', emulator.endpoint, '--app-id', 'emulator-device', ...storage];
const atPlain = () => ['--issuer', plain.issuer, '--app-id', 'plain-device', ...storage];

/** The first event of this name that a program tells. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into events of any shape
async function eventOf(program: RunningProgram, name: string): Promise<any> {
  return JSON.parse(await program.line('stderr', new RegExp(`^\\{"event":"${name}"`)));
}

describe('sign-in --device', () => {
  it('is driven by a program that reads its events, at the emulator', async () => {
    const args = ['sign-in', ...atEmulator(), '--device', '--json-events', '--expect', 'username=alice'];
    const program = startProgram([...args, '--trace=trace.txt'], { home, directory: home });
    const told = await eventOf(program, 'device_code');
    expect(told).toEqual({
      event: 'device_code',
      userCode: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/),
      verificationUri: `${emulator.endpoint}/device`,
      verificationUriComplete: `${emulator.endpoint}/device?user_code=${told.userCode}`,
      expiresAt: moment,
    });
    await finishOnOtherDevice(told.verificationUri, alice, told.userCode);
    const outcome = await program.ended;
    expect(outcome.exitCode, outcome.stderr).toBe(0);
    const document = documentOf(outcome);
    expect(document).toMatchObject({
      subject: 'emulator-user-alice',
      appId: 'emulator-device',
      hasRefreshToken: true,
      accessTokens: [{ resource: null, organization: null }],
    });
    const events = outcome.stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).event);
    expect(events).toEqual(['device_code', 'signed_in']);
    const { 'trace.txt': trace = '' } = filesOf(home);
    expect(trace).toContain('nonce is not compared: a device authorization request has none');
    expect(trace).not.toContain(told.userCode);
    const secrets = secretsIn(tokensOf(home));
    expect(secrets.filter((secret) => `${outcome.stderr}${outcome.stdout}${trace}`.includes(secret))).toEqual(
      [],
    );

    const whoami = await runProgram(['whoami', '--json'], { home });
    expect(documentOf(whoami)).toEqual(document);
    const token = await runProgram(['token', '--json'], { home });
    expect(documentOf(token)).toMatchObject({ tokenType: 'Bearer' });
    const signOut = await runProgram(['sign-out', '--json'], { home });
    expect(signOut.exitCode).toBe(0);
    expect(documentOf(signOut)).toMatchObject({
      tokens: 'cleared',
      revocation: 'done',
      endSession: 'skipped',
    });
    expect(signOut.stderr).toContain('on another device');
    expect(tokensOf(home)).toBeNull();
  });

  it('shows code, address and QR code on a terminal, at a provider that is not Logto', async () => {
    const program = startProgram(['sign-in', ...atPlain(), '--device'], {
      home,
      terminal: true,
      environment: { LANG: 'C.UTF-8' },
    });
    const address = await program.address('stdout');
    expect(address).toBe(`${plain.issuer}/device`);
    const code = await program.line('stdout', /^[A-Z]{4}-[A-Z]{4}$/);
    await program.says('stdout', /▄▄▄▄▄▄▄[\s\S]*▀▀▀▀▀▀▀[\s\S]*Waiting up to 600 s/);
    await finishOnOtherDevice(address, { username: 'carol', password: 'carol-password' }, code);
    const { exitCode, stdout } = await program.ended;
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain('Signed in as plain-1');
    expect(tokensOf(home)).toMatchObject({ issuer: plain.issuer, appId: 'plain-device' });
  });

  it('ends with 130 on Ctrl-C, and leaves everything as it was', async () => {
    const program = startProgram(['sign-in', ...atEmulator(), '--device'], { home });
    await program.address();
    const before = filesOf(home);
    program.kill('SIGINT');
    const { exitCode, stderr } = await program.ended;
    expect(exitCode).toBe(130);
    expect(stderr).toContain('(interrupted)');
    expect(filesOf(home)).toEqual(before);
    expect(tokensOf(home)).toBeNull();
  });

  it('is what a sign-in with a browser names, where the application is made for it', async () => {
    const outcome = await runProgram(['sign-in', ...atEmulator(), '--no-browser', '--port', '0'], { home });
    expect(outcome.exitCode).toBe(9);
    expect(outcome.stderr).toContain('The application is made for the device flow');
    expect(outcome.stderr).toMatch(/hint: .*logto-cli sign-in .*--device/);
    expect(outcome.stderr).not.toContain('must be Native');
  });
});
