import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { emulatorAndHome } from '../support/emulator-and-home.js';
import { documentOf, runProgram } from '../support/program.js';
import { api, everything, expire, signInAt, type WatchedEmulator } from '../support/session-home.js';
import { filesOf, secretsIn, tokensOf } from './sign-in-run.js';

let emulator: WatchedEmulator;
let home: string;
emulatorAndHome((given, own) => {
  emulator = given;
  home = own;
});

const environment = { LOGTO_CLI_STORAGE: 'file' };
const token = (args: readonly string[]) => runProgram(['token', ...args, '--json'], { home, environment });

describe('token with a session', () => {
  it.each([
    {
      what: 'two resources',
      args: ['--resource', api, '--resource', 'https://b.example'],
      code: 'config_invalid',
    },
    { what: 'the same resource twice', args: ['--resource', api, '--resource', api], code: 'config_invalid' },
    { what: 'an empty resource', args: ['--resource', ''], code: 'config_invalid' },
    { what: 'a relative resource', args: ['--resource', 'things'], code: 'config_invalid' },
    { what: 'a resource that is a path', args: ['--resource', '/things'], code: 'config_invalid' },
    { what: 'a resource without a scheme', args: ['--resource', '//api.example'], code: 'config_invalid' },
    { what: 'a resource with a fragment', args: ['--resource', `${api}#x`], code: 'config_invalid' },
    { what: 'a resource with a space', args: ['--resource', `${api} https://b`], code: 'config_invalid' },
    { what: 'a resource with a line break', args: ['--resource', `${api}\n/things`], code: 'config_invalid' },
    { what: 'an empty organization', args: ['--organization', ''], code: 'config_invalid' },
    { what: 'a name that no variable has', args: ['--env', 'A B'], code: 'usage_invalid' },
    { what: 'two forms', args: ['--header', '--env'], code: 'usage_invalid' },
    { what: 'an ID token for a resource', args: ['--id-token', '--resource', api], code: 'usage_invalid' },
    { what: 'scopes', args: ['--scope', 'read:things'], code: 'usage_invalid' },
    { what: 'a negative --min-ttl', args: ['--min-ttl', '-1'], code: 'usage_invalid' },
    { what: '--min-ttl in words', args: ['--min-ttl', 'soon'], code: 'usage_invalid' },
    { what: '--min-ttl beyond reason', args: ['--min-ttl', '1e99'], code: 'usage_invalid' },
    { what: 'an argument', args: ['things'], code: 'usage_invalid' },
    { what: 'a flag of nobody', args: ['--tokn'], code: 'usage_invalid' },
    { what: 'a secret as a value', args: ['--app-secret', 'hush-hush'], code: 'usage_invalid' },
    {
      what: 'a refresh of client credentials',
      args: ['--client-credentials', '--refresh'],
      code: 'usage_invalid',
    },
  ])('and $what is $code, with nothing asked and nothing changed', async ({ args, code }) => {
    await signInAt(emulator, home, everything);
    const before = filesOf(home);

    const outcome = await token(args);

    expect(outcome).toMatchObject({ exitCode: 2, stderr: '' });
    expect(documentOf(outcome)).toEqual({ error: expect.objectContaining({ code }) });
    expect(documentOf(outcome).error.hint).not.toBe('');
    expect(outcome.stdout).not.toContain('hush-hush');
    expect(emulator.takeRequests()).toEqual([]);
    expect(filesOf(home)).toEqual(before);
  });

  it('makes what it repeats of a resource inert on a terminal', async () => {
    await signInAt(emulator, home, everything);
    const { exitCode, stderr } = await runProgram(
      ['token', '--resource', 'https://evil\u001b[31m\u202e.example'],
      { home, environment },
    );
    expect(exitCode).toBe(9);
    for (const control of ['\u001b', '\u202e']) expect(stderr).not.toContain(control);
  });
});

describe('token --client-credentials', () => {
  it.each([
    { what: 'an empty resource', args: ['--resource', ''] },
    { what: 'a relative resource', args: ['--resource', 'things'] },
    { what: 'two resources', args: ['--resource', api, '--resource', 'https://b.example'] },
    { what: 'an empty organization', args: ['--organization', ''] },
  ])('with $what is config_invalid, and nobody is asked', async ({ args }) => {
    const application = ['--endpoint', emulator.endpoint, '--app-id', 'emulator-m2m'];
    emulator.takeRequests();
    const outcome = await runProgram(['token', '--client-credentials', ...application, ...args, '--json'], {
      home,
      environment: { LOGTO_APP_SECRET: 'emulator-only-m2m-secret' },
    });
    expect(outcome).toMatchObject({ exitCode: 2, stderr: '' });
    expect(documentOf(outcome).error.code).toBe('config_invalid');
    expect(emulator.takeRequests()).toEqual([]);
  });

  it('without an application is config_missing', async () => {
    const outcome = await token(['--client-credentials', '--resource', api]);
    expect(outcome.exitCode).toBe(2);
    expect(documentOf(outcome).error.code).toBe('config_missing');
  });
});

describe('token --decode', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64url');

  it.each([
    ['a word', 'hello', 'is no JWT: it has one part instead of three'],
    ['two segments', 'a.b', 'is no JWT: it has two parts instead of three'],
    ['three segments of nothing', '..', 'has a header that is empty'],
    ['three segments that are no JSON', 'aaaa.bbbb.cccc', 'has a header that is no JSON object'],
    ['JSON that is no object', `${base64('1')}.${base64('[]')}.x`, 'has a header that is no JSON object'],
    ['five segments, as an encrypted one has', 'eyJhbGciOiJSU0EtT0FFUCJ9.a.b.c.d', 'is encrypted'],
    [
      'a broken object',
      `${base64('{"alg":"none"}')}.${base64('{"sub":')}.x`,
      'has claims that are no JSON object',
    ],
  ])('says of %s what it is', async (_, text, what) => {
    const outcome = await runProgram(['token', '--decode', text, '--json'], { home });
    expect(outcome).toMatchObject({ exitCode: 2, stderr: '' });
    expect(documentOf(outcome).error).toMatchObject({
      code: 'usage_invalid',
      message: expect.stringContaining(`The given text ${what}`),
    });
    expect(outcome.stdout).not.toContain(text);
  });

  it('says of bytes that are no text that they are no JWT', async () => {
    const outcome = await runProgram(['token', '--decode', '-'], { home, stdin: '\u0000\ufffd\u0001' });
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
    expect(outcome.stderr).toContain('is no JWT');
  });

  it.each([
    { what: 'nothing', stdin: '' },
    { what: 'a line break', stdin: '\n' },
    { what: 'blanks', stdin: ' \n\t\n' },
  ])('is usage_invalid where $what comes on standard input', async ({ stdin }) => {
    const outcome = await runProgram(['token', '--decode', '-', '--json'], { home, stdin });
    expect(outcome).toMatchObject({ exitCode: 2, stderr: '' });
    expect(documentOf(outcome).error.code).toBe('usage_invalid');
  });

  it('makes hostile claims inert, and absurd times no failure', async () => {
    const claims = { sub: 'a\u001b[31mb\nc\u202ed', exp: 1e300, iat: -1e20, nbf: 'soon', scope: 'x\u009b y' };
    const jwt = `${base64('{"alg":"none"}')}.${base64(JSON.stringify(claims))}.x`;
    const { exitCode, stdout, stderr } = await runProgram(['token', '--decode', jwt], { home });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const control of ['\u001b', '\u202e', '\u009b']) expect(stdout).not.toContain(control);
    expect(stdout).not.toMatch(/^c/m);
  });
});

describe('token with a storage that is not well', () => {
  it.each([
    ['is no JSON', 'tokens!'],
    ['is of a newer version', '{"version":99}'],
    ['is damaged', '{"version":1,"issuer":"x"}'],
  ])('is storage_corrupt where the record %s, and leaves it', async (_, text) => {
    await signInAt(emulator, home);
    const [name = ''] = Object.keys(filesOf(home));
    await writeFile(join(home, name), text);

    const outcome = await token(['--refresh']);

    expect(outcome).toMatchObject({ exitCode: 8, stderr: '' });
    expect(documentOf(outcome).error.code).toBe('storage_corrupt');
    expect(emulator.takeRequests()).toEqual([]);
    expect(filesOf(home)).toEqual({ [name]: text });
  });

  it('is not_signed_in where there is none', async () => {
    const outcome = await token([]);
    expect(outcome).toMatchObject({ exitCode: 4, stderr: '' });
    expect(documentOf(outcome).error.code).toBe('not_signed_in');
  });

  it.skipIf(process.platform === 'win32')(
    'is storage_failed on a full disk, and the session lives on',
    async () => {
      await signInAt(emulator, home, everything);
      const before = filesOf(home);

      // No file of more than 512 bytes: enough for a lock, too little for a record.
      const program = fileURLToPath(new URL('../../bin/logto-cli.js', import.meta.url));
      const command = [
        'ulimit -f 1; exec "$@"',
        'sh',
        process.execPath,
        program,
        'token',
        '--refresh',
        '--json',
      ];
      const child = spawn('sh', ['-c', ...command], {
        env: { ...process.env, ...environment, LOGTO_CLI_HOME: home },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let stdout = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
      });
      await once(child, 'close');

      expect(child.exitCode).toBe(8);
      expect(JSON.parse(stdout).error.code).toBe('storage_failed');
      expect(filesOf(home)).toEqual(before);
      // Past the time in which the provider would still take a refresh token that was spent.
      await sleep(3500);
      expect((await token(['--refresh'])).exitCode).toBe(0);
    },
  );

  // Root may write everywhere.
  it.skipIf(process.getuid?.() === 0)('is storage_unavailable where it may not write', async () => {
    await signInAt(emulator, home);
    await expire(home);
    const before = filesOf(home);
    await chmod(join(home, 'sessions', 'default'), 0o500);
    const outcome = await token([]);
    await chmod(join(home, 'sessions', 'default'), 0o700);
    expect(outcome.exitCode).toBe(8);
    expect(secretsIn(tokensOf(home)).filter((secret) => outcome.stdout.includes(secret))).toEqual([]);
    expect(filesOf(home)).toEqual(before);
  });
});
