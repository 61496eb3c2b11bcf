import { describe, expect, it } from 'vitest';
import { emulatorAndHome } from '../../support/emulator-and-home.js';
import { runInProcess } from '../../support/run-in-process.js';
import { acme, api, everything, signInAt, type WatchedEmulator } from '../../support/session-home.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { type TestMachine, testRuntime } from '../../support/test-runtime.js';

let emulator: WatchedEmulator;
let home: string;
emulatorAndHome((running, directory) => {
  emulator = running;
  home = directory;
  emulator.takeRequests();
});

const file = ['--storage', 'file'];
const at = () => ['--endpoint', emulator.endpoint];

async function run(args: readonly string[], machine: Partial<TestMachine> = {}) {
  const runtime = testRuntime({ home, ...machine });
  const exitCode = await runInProcess(runtime, args).catch((error: unknown) => error);
  return { exitCode, stdout: runtime.stdout.text, stderr: runtime.stderr.text, runtime };
}

const verify = (args: readonly string[], machine: Partial<TestMachine> = {}) =>
  run(['verify', ...args], machine);

async function tokenFor(...args: string[]): Promise<string> {
  return (await run(['token', ...file, ...args])).stdout.trim();
}

describe('verify', () => {
  it("looks at the session's token for the resource, which is the audience", async () => {
    await signInAt(emulator, home, everything);
    const { exitCode, stdout, stderr } = await verify([
      ...file,
      '--resource',
      api,
      '--scope',
      'read:things',
      '--json',
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const document = JSON.parse(stdout);
    expect(Object.keys(document)).toEqual(['valid', 'header', 'claims', 'checks']);
    expect(document).toMatchObject({ valid: true, header: { typ: 'at+jwt' }, claims: { aud: api } });
    expect(document.checks.every(({ passed }: { passed: boolean }) => passed)).toBe(true);
    expect(document.checks.map(({ what }: { what: string }) => what)).toContain('the provider signed it');
    for (const check of document.checks) expect(check.clause).toMatch(/RFC \d{4}/);
  });

  it("looks at the session's token for an organization", async () => {
    await signInAt(emulator, home, everything);
    expect((await verify([...file, '--organization', acme, '--scope', 'read:org'])).exitCode).toBe(0);
  });

  it('says that a token without a resource is opaque', async () => {
    await signInAt(emulator, home, everything);
    const { exitCode, stdout, stderr } = await verify(file);
    expect(exitCode).toBe(6);
    expect(stdout).toContain('Logto gives such a token where no resource and no organization was asked for');
    expect(stderr).toContain('No API can verify this token by itself');
    expect(stderr).toContain('(token_invalid)');
  });

  it('needs no application, and no session for a token that is given', async () => {
    await signInAt(emulator, home, everything);
    const token = await tokenFor('--resource', api);
    const nobody = await temporaryDirectory();
    for (const [args, machine] of [
      [['-'], { input: `${token}\n` }],
      [['-'], { input: `Authorization: Bearer ${token}` }],
      [['-'], { isTerminal: true, answers: [token] }],
      [[token], {}],
    ] as const) {
      const { exitCode, stdout, stderr } = await verify([...args, ...at(), '--audience', api], {
        home: nobody,
        ...machine,
      });
      expect({ exitCode, told: stdout.includes(token) || stderr.includes(token) }).toEqual({
        exitCode: 0,
        told: false,
      });
      expect(stdout).toContain('An API with these expectations would take it.');
    }
    const issuer = ['--issuer', emulator.issuer];
    expect((await verify(['-', ...issuer, '--audience', api], { input: token, home: nobody })).exitCode).toBe(
      0,
    );
  });

  it('says what is wrong in one document, and what to do', async () => {
    await signInAt(emulator, home, everything);
    const input = await tokenFor('--resource', api);
    const { exitCode, stdout, stderr } = await verify(
      ['-', ...at(), '--audience', 'https://b.test', '--scope', 'x', '--json'],
      { input },
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 6, stderr: '' });
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({
      valid: false,
      claims: { aud: api },
      error: {
        code: 'token_invalid',
        message: expect.stringContaining('An API has to refuse this token (aud).'),
        hint: expect.stringContaining('--resource https://b.test'),
        details: { reason: 'aud', reasons: ['aud', 'scope'] },
      },
    });
    expect(stdout).not.toContain(input);
  });

  it('tells what was not asked as that', async () => {
    await signInAt(emulator, home, everything);
    const input = await tokenFor('--resource', api);
    const { exitCode, stdout } = await verify(['-', ...at(), '--json'], { input });
    expect(exitCode).toBe(0);
    const { checks } = JSON.parse(stdout) as { checks: { passed: boolean | null; message?: string }[] };
    expect(checks.filter(({ passed }) => passed === null).map(({ message }) => message)).toEqual([
      expect.stringContaining(`Not asked: --audience <uri>, as the API has it. It is for "${api}".`),
      expect.stringContaining('Not asked: --scope <scope>.'),
    ]);
    expect((await verify(['-', ...at()], { input })).stdout).toMatch(/^- aud has this API/m);
  });

  it('knows the ID token', async () => {
    await signInAt(emulator, home, everything);
    const input = await tokenFor('--id-token');
    expect((await verify(['-', ...at(), '--json'], { input })).stdout).toContain('It is an ID token');
    expect((await verify(['-', ...at()], { input })).exitCode).toBe(6);
  });

  it('without a provider names the one that the token names, and asks nobody', async () => {
    await signInAt(emulator, home, everything);
    const input = await tokenFor('--resource', api);
    emulator.takeRequests();
    const { exitCode } = await verify(['-'], { input, home: await temporaryDirectory() });
    expect(exitCode).toMatchObject({
      code: 'config_missing',
      hint: expect.stringContaining(`names --issuer ${emulator.issuer}`),
    });
    expect(emulator.takeRequests()).toEqual([]);
  });

  it('cannot tell where no keys can be had', async () => {
    await signInAt(emulator, home, everything);
    const input = await tokenFor('--resource', api);
    emulator.setFaults({ jwks: 'down' });
    try {
      expect((await verify(['-', ...at()], { input })).exitCode).toMatchObject({
        code: 'network_unreachable',
      });
      emulator.setFaults({ jwks: 'empty' });
      const { stdout } = await verify(['-', ...at(), '--json'], { input });
      expect(JSON.parse(stdout).error.details.reasons).toEqual(['signature']);
    } finally {
      emulator.setFaults({});
    }
  });

  it.each([
    ['usage_invalid', ['-'], ''],
    ['usage_invalid', ['-'], '{"access_token":"x"}'],
    ['usage_invalid', ['-', '--resource', api], 'x'],
    ['config_invalid', ['--resource', api, '--resource', 'https://b.test'], ''],
    ['not_signed_in', file, ''],
    ['config_invalid', ['-', '--endpoint', 'https://<tenant>.logto.app'], `${'e30.'.repeat(2)}AAAA`],
  ])('is %s for %j', async (code, args, input) => {
    expect((await verify(args, { input })).exitCode).toMatchObject({ code });
  });
});

describe('token --decode', () => {
  it('leads to it', async () => {
    await signInAt(emulator, home, everything);
    const { stdout } = await run(['token', ...file, '--resource', api, '--decode']);
    expect(stdout).toContain('Decoded, not verified. For what an API would say of it: logto-cli verify');
  });
});
