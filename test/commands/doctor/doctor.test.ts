import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withRedirects } from '../../../src/emulator/seed.js';
import { defaultSeed, type Emulator, startEmulator } from '../../../src/testing.js';
import { freeAddresses, someBrowser } from '../../check/doctor/doctor-run.js';
import { failureOf } from '../../support/failure-of.js';
import { startLyingProvider } from '../../support/lying-provider.js';
import { runInProcess } from '../../support/run-in-process.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { interruption, type TestMachine, testRuntime } from '../../support/test-runtime.js';

let emulator: Emulator;
let port: number;
beforeAll(async () => {
  const addresses = await freeAddresses();
  port = addresses.port;
  emulator = await startEmulator({ seed: withRedirects(defaultSeed(), addresses.uris) });
});
afterAll(() => emulator.close());

async function run(args: readonly string[], machine: Partial<TestMachine> = {}) {
  const home = machine.home ?? (await temporaryDirectory());
  const environment = { BROWSER: process.execPath, ...machine.environment };
  const sleep = () => new Promise<never>(() => {});
  const runtime = testRuntime({ browser: someBrowser, sleep, ...machine, home, environment });
  const exitCode = await runInProcess(runtime, ['doctor', '--storage', 'memory', ...args]);
  return { exitCode, stdout: runtime.stdout.text, lines: runtime.stdout.lines, stderr: runtime.stderr.text };
}

const native = () => ['--endpoint', emulator.endpoint, '--app-id', 'emulator-native', '--port', `${port}`];
const wrong = () => [...native(), '--redirect-uri', `http://localhost:${port}/elsewhere`, '--no-prompt'];

describe('doctor', () => {
  it('shows a person every group, and ends with a summary', async () => {
    const { lines, stderr, exitCode } = await run(native());
    for (const name of ['This machine', 'The provider', 'The application', 'The stored session']) {
      expect(lines).toContain(name);
    }
    expect(lines.at(-1)).toMatch(/^\d+ passed, \d+ skipped in (\d+\.\d s|\d+ ms)$/);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  });

  it('spells out what is wrong at the end, the failures last, with what to do', async () => {
    const { stdout, lines, exitCode } = await run(wrong());
    expect(exitCode).toBe(1);
    const [look, bad] = [lines.indexOf('Worth a look'), lines.indexOf('Wrong')];
    expect(look).toBeGreaterThan(lines.indexOf('The stored session'));
    expect(bad).toBeGreaterThan(look);
    expect(lines[look + 1]).toBe('  ! Offline access');
    expect(lines[bad + 1]).toBe('  ✗ Redirect URI (redirect_uri_not_registered)');
    expect(stdout.slice(stdout.indexOf('\nWrong\n'))).toMatch(/hint: .*Redirect URIs/s);
    expect(lines.at(-1)).toMatch(/^1 failed, 1 warning, \d+ passed/);
    // In the list its line is short.
    expect(
      lines.filter((line) => /^ {2}✗ Redirect URI +redirect_uri_not_registered$/.test(line)),
    ).toHaveLength(1);
  });

  it('says once why several checks in a row were skipped', async () => {
    const { lines } = await run(['--endpoint', 'http://localhost:9', '--app-id', 'app', '--port', '0']);
    const why = lines.filter((line) => line.includes('Not checked: it needs “Reachable”, which failed.'));
    // The clock, the provider's and the application's.
    expect(why.length).toBe(3);
    expect(why[1]).toMatch(/^ {2}- \d more /);
  });

  it.each([60, 80, 120])('fits into %i columns, but for words that are longer', async (columns) => {
    const home = await temporaryDirectory();
    const runtime = testRuntime({ home, environment: {} });
    Object.defineProperty(runtime.stdout, 'columns', { value: columns });
    await runInProcess(runtime, ['doctor', '--storage', 'memory', ...wrong()]);
    const tooLong = runtime.stdout.lines.filter((line) => line.length > columns && !/\S{30}/.test(line));
    expect(tooLong).toEqual([]);
  });

  it('is one JSON document with --json', async () => {
    const { stdout, stderr } = await run([...wrong(), '--json']);
    const document = JSON.parse(stdout);
    expect(Object.keys(document)).toEqual(['outcome', 'checks']);
    expect(document.outcome).toBe('failed');
    for (const check of document.checks) {
      expect(check).toEqual({
        id: expect.stringMatching(/^(machine|provider|application|session)\.[a-z-]+$/),
        title: expect.any(String),
        outcome: expect.stringMatching(/^(passed|failed|warning|incomplete|skipped)$/),
        message: expect.any(String),
        durationMs: expect.any(Number),
        ...('code' in check && { code: expect.stringMatching(/^[a-z_]+$/) }),
        ...('hint' in check && { hint: expect.any(String) }),
      });
    }
    expect(stderr).toBe('');
  });

  it('has something to do for whatever failed, or is incomplete', async () => {
    const { stdout } = await run([...wrong(), '--json']);
    const bad = JSON.parse(stdout).checks.filter((check: { outcome: string }) => check.outcome === 'failed');
    for (const check of bad) expect(check.hint).toMatch(/\S/);
  });

  it('makes what a provider says inert', async () => {
    const provider = await startLyingProvider({
      discovery: (document) => ({ ...document, issuer: 'http://evil\u001b[31m\u202e\nWrong' }),
    });
    const { stdout } = await run(['--issuer', provider.issuer, '--app-id', 'app', '--port', '0']);
    await provider.close();
    expect(stdout).toContain('evil');
    for (const control of ['\u001b', '\u202e', 'evil\n']) expect(stdout).not.toContain(control);
  });

  it('says on a terminal how far it is, and takes that back', async () => {
    const { stderr } = await run(native(), { isTerminal: true });
    expect(stderr).toMatch(/Checked \d+ of \d+: /);
    expect(stderr.endsWith('\r\u001b[2K')).toBe(true);
    expect(stderr).not.toContain('\n');
  });

  it.each([
    [['--quiet'], {}],
    [[], { TERM: 'dumb' }],
  ])('does not on a terminal with %j %j', async (flags, environment) => {
    const { stderr } = await run([...native(), ...flags], { isTerminal: true, environment });
    expect(stderr).toBe('');
  });

  it('has a line for each check with --verbose', async () => {
    const { stderr } = await run([...native(), '--verbose']);
    expect(stderr).toMatch(/^Redirect URI: passed \(\d+ ms\)$/m);
  });

  it('says what to set where nothing is, and still looks at this machine', async () => {
    const { stdout, exitCode } = await run(['--port', '0']);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('No OpenID Provider is set (--endpoint, LOGTO_ENDPOINT');
    expect(stdout).toContain('logto-cli profile set default');
    expect(stdout).toMatch(/✓ Storage/);
  });

  it('ends when it is interrupted', async () => {
    const reason = interruption();
    const machine = { interruption: AbortSignal.abort(reason) };
    expect(await failureOf(run(native(), machine))).toBe(reason);
  });

  it('tells no secret', async () => {
    const environment = { LOGTO_APP_SECRET: 'not-the-right-secret' };
    const args = ['--endpoint', emulator.endpoint, '--app-id', 'emulator-traditional', '--port', `${port}`];
    const { stdout, stderr } = await run([...args, '--verbose', '--fix-hints', 'console'], { environment });
    expect(stdout).toContain('client_secret_invalid');
    expect(stdout + stderr).not.toContain('not-the-right-secret');
  });
});

describe('doctor --fix-hints console', () => {
  it('prints what to enter, field by field', async () => {
    const { stdout } = await run([
      ...native(),
      '--resource',
      'https://api.test',
      '--scope',
      'read:x',
      '--fix-hints',
      'console',
    ]);
    const hints = stdout.slice(stdout.indexOf("What to enter in Logto's Console"));
    expect(hints.split('\n').map((line) => line.trim().replace(/ {2,}/g, ' | '))).toEqual([
      "What to enter in Logto's Console",
      'Applications > emulator-native',
      'Application type | Native app or Single page app',
      `Redirect URIs | http://localhost:${port}/callback`,
      `Post sign-out redirect URIs | http://localhost:${port}/`,
      'CORS allowed origins | (nothing to enter: this program is no web page)',
      'API resources',
      'API identifier | https://api.test',
      'Permissions | read:x',
      "(and a role of the user's has them)",
      '',
    ]);
  });

  it('has them in the document with --json', async () => {
    const { stdout } = await run([...native(), '--organization', 'o', '--fix-hints', 'console', '--json']);
    expect(JSON.parse(stdout).fixHints).toEqual([
      {
        page: 'Applications > emulator-native',
        field: 'Application type',
        values: ['Native app or Single page app'],
      },
      {
        page: 'Applications > emulator-native',
        field: 'Redirect URIs',
        values: [`http://localhost:${port}/callback`],
      },
      {
        page: 'Applications > emulator-native',
        field: 'Post sign-out redirect URIs',
        values: [`http://localhost:${port}/`],
      },
      {
        page: 'Applications > emulator-native',
        field: 'CORS allowed origins',
        values: [],
        note: 'nothing to enter: this program is no web page',
      },
      {
        page: 'Organizations',
        field: 'Members',
        values: [],
        note: 'the user who signs in must be one',
      },
    ]);
  });

  it('names the type that goes with a secret, and with the device flow', async () => {
    const environment = { LOGTO_APP_SECRET: 'emulator-only-app-secret' };
    const args = ['--endpoint', emulator.endpoint, '--port', `${port}`, '--fix-hints', 'console'];
    const traditional = await run([...args, '--app-id', 'emulator-traditional'], { environment });
    expect(traditional.stdout).toMatch(/Application type +Traditional web$/m);
    const device = await run([...args, '--app-id', 'emulator-device', '--device']);
    expect(device.stdout).toMatch(/Application type +Native, for the device flow$/m);
    expect(device.stdout).not.toContain('Redirect URIs');
  });

  it('knows what to enter before there is anything at all', async () => {
    const { stdout } = await run(['--fix-hints', 'console', '--port', '0']);
    expect(stdout).toContain('Applications > (create one)');
  });
});
