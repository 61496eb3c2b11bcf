import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { FileStorage } from '../../src/index.js';
import { freePort } from '../support/free-port.js';
import { holdPort } from '../support/held-port.js';
import { startLocalServer } from '../support/local-server.js';
import { documentOf, type ProgramOptions, runProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { filesOf } from './sign-in-run.js';

/** A command line that cannot work. */
interface BadInput {
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly code: string;
  readonly exitCode: number;
  /** What the message must name, so that the person finds it. */
  readonly names?: readonly string[];
}

const usage = { code: 'usage_invalid', exitCode: 2 };
const configuration = { code: 'config_invalid', exitCode: 2 };
const storage = { exitCode: 8 };

/** Nobody listens there. */
let deadEndpoint: string;
beforeAll(async () => {
  deadEndpoint = `http://localhost:${await freePort()}`;
});

/** Runs it for a person and for a program: told both the code and what to do, no stack, and nothing is changed. */
async function expectFailure(input: BadInput, home: string): Promise<void> {
  const { args, environment = {}, stdin = '', code, exitCode, names = [] } = input;
  const options: ProgramOptions = { home, environment, stdin };
  const before = filesOf(home);

  // One after the other: each holds a port for a moment, before it finds that it cannot have all of it.
  const person = await runProgram(args, options);
  const machine = await runProgram([...args, '--json'], options);

  expect(machine).toMatchObject({ exitCode, signal: null, stderr: '' });
  const { error, ...rest } = documentOf(machine);
  expect(rest).toEqual({});
  expect(error).toMatchObject({ code, message: expect.any(String), hint: expect.stringMatching(/\S/) });
  expect(Object.keys(error).filter((key) => !['code', 'message', 'hint', 'details'].includes(key))).toEqual(
    [],
  );
  for (const name of names) expect(error.message).toContain(name);
  expect(person).toMatchObject({ exitCode, signal: null, stdout: '' });
  expect(person.stderr).toMatch(new RegExp(`^error: .+ \\(${code}\\)\\nhint: .+\\n$`));
  expect(machine.stdout + person.stderr).not.toMatch(/\n\s+at |node:internal|\.js:\d+/);
  expect(filesOf(home)).toEqual(before);
}

const anywhere = ['--endpoint', 'https://tenant.example', '--app-id', 'app', '--storage', 'file'];

/** A sign-in that gets as far as asking this endpoint. */
function signInTo(endpoint: string): string[] {
  return ['sign-in', '--endpoint', endpoint, '--app-id', 'app', '--storage', 'file', '--port', '0'];
}

describe('bad input', () => {
  it.each<BadInput>([
    { args: ['sign-in', '--endpoint', 'not an address', '--app-id', 'app'], ...configuration },
    { args: ['sign-in', '--endpoint', 'ftp://tenant.example', '--app-id', 'app'], ...configuration },
    {
      args: ['sign-in', '--endpoint', 'https://cloud.logto.io/abc123/applications', '--app-id', 'app'],
      ...configuration,
    },
    { args: ['sign-in', '--issuer', 'nowhere', '--app-id', 'app'], ...configuration },
    {
      args: ['sign-in', '--endpoint', 'http://tenant.example', '--app-id', 'app'],
      code: 'issuer_insecure',
      exitCode: 2,
    },
    {
      args: ['sign-in', '--issuer', 'http://0.0.0.0:1', '--app-id', 'app'],
      code: 'issuer_insecure',
      exitCode: 2,
    },
    {
      args: ['sign-in'],
      code: 'config_missing',
      exitCode: 2,
      names: ['--endpoint', 'LOGTO_ENDPOINT', '--issuer', 'LOGTO_CLI_ISSUER'],
    },
    {
      args: ['sign-in', '--endpoint', 'https://tenant.example'],
      code: 'config_missing',
      exitCode: 2,
      names: ['--app-id', 'LOGTO_APP_ID'],
    },
    {
      args: ['sign-in', ...anywhere, '--issuer', 'https://other.example'],
      ...configuration,
      names: ['--endpoint', '--issuer'],
    },
    {
      args: ['sign-in', '--app-id', 'app'],
      environment: { LOGTO_ENDPOINT: 'https://a.example', LOGTO_CLI_ISSUER: 'https://b.example' },
      ...configuration,
      names: ['LOGTO_ENDPOINT', 'LOGTO_CLI_ISSUER'],
    },
    {
      args: ['sign-in', ...anywhere, '--first-screen', 'signup'],
      ...usage,
      names: ['--first-screen', 'register'],
    },
    { args: ['sign-in', ...anywhere, '--identifier', 'name'], ...configuration, names: ['name'] },
    {
      args: ['sign-in', ...anywhere, '--direct-sign-in', 'google'],
      ...configuration,
      names: ['--direct-sign-in'],
    },
    { args: ['sign-in', ...anywhere, '--param', 'state=x'], ...configuration, names: ['state'] },
    {
      args: ['sign-in', ...anywhere, '--param', 'response_mode=query'],
      ...configuration,
      names: ['response_mode'],
    },
    { args: ['sign-in', ...anywhere, '--param', 'request_uri=x'], ...configuration, names: ['request_uri'] },
    { args: ['sign-in', ...anywhere, '--param', 'alone'], ...configuration, names: ['--param'] },
    { args: ['sign-in', ...anywhere, '--resource', 'no uri'], ...configuration, names: ['--resource'] },
    { args: ['token', '--resource', 'no uri'], ...configuration, names: ['--resource'] },
    { args: ['sign-in', ...anywhere, '--storage', 'cloud'], ...configuration, names: ['--storage', 'cloud'] },
    { args: ['sign-in', ...anywhere, '--port', '65536'], ...usage, names: ['--port'] },
    { args: ['sign-in', ...anywhere, '--port', '-1'], ...usage, names: ['--port'] },
    { args: ['sign-in', ...anywhere, '--port', 'http'], ...usage, names: ['--port'] },
    { args: ['sign-in', ...anywhere, '--timeout', '0'], ...usage, names: ['--timeout'] },
    { args: ['sign-in', ...anywhere, '--max-age', 'x'], ...usage, names: ['--max-age'] },
    { args: ['sign-in', ...anywhere, '--redirect-uri', 'https://app.example/callback'], ...configuration },
    { args: ['sign-in', ...anywhere, '--redirect-uri', 'http://app.example/callback'], ...configuration },
    { args: ['sign-in', ...anywhere, '--unknown'], ...usage, names: ['--unknown'] },
    { args: ['sign-in', ...anywhere, 'surplus'], ...usage },
    { args: ['sign-in', ...anywhere, '--headless'], ...usage, names: ['--headless'] },
    { args: ['sign-in', ...anywhere, '--device', '--sign-up'], ...usage, names: ['--device'] },
    { args: ['sign-it'], ...usage, names: ['sign-it'] },
    { args: ['profile'], ...usage },
    { args: ['profile', 'constructor'], ...usage },
    { args: ['profile', 'set', 'default'], ...usage },
    { args: ['profile', 'set', '../x', ...anywhere], ...configuration },
    {
      args: ['profile', 'set', 'x', '--endpoint', 'http://tenant.example'],
      code: 'issuer_insecure',
      exitCode: 2,
    },
    { args: ['profile', 'use', 'constructor'], code: 'profile_unknown', exitCode: 2 },
    { args: ['profile', 'remove', 'nobody'], code: 'profile_unknown', exitCode: 2, names: ['nobody'] },
    { args: ['sign-in', '--profile', 'nobody'], code: 'profile_unknown', exitCode: 2, names: ['nobody'] },
    { args: ['whoami', '--profile', '../../etc'], ...configuration },
    { args: ['whoami', '--dotenv', 'not-there.env'], ...configuration, names: ['--dotenv', 'not-there.env'] },
    { args: ['emulator', '--port', '70000'], ...usage, names: ['--port'] },
    {
      args: ['sign-in', ...anywhere, '--app-secret-stdin', '--one-time-token-stdin'],
      stdin: 'one of them',
      ...usage,
      names: ['--app-secret-stdin', '--one-time-token-stdin'],
    },
    { args: ['sign-in', ...anywhere, '--app-secret-stdin'], ...usage },
  ])('$args is $code', async (input) => {
    await expectFailure(input, await temporaryDirectory());
  });

  it.each([
    ['sign-in', '--app-secret', 'precious-value'],
    ['sign-in', '--app-secret=precious-value'],
    ['sign-in', '--client-secret=precious-value'],
    ['sign-in', '--password=precious-value'],
    ['sign-in', '--password', 'precious-value'],
    ['sign-in', '--one-time-token', 'precious-value'],
    ['sign-in', '--secret=precious-value'],
    ['whoami', '--app-secret', 'precious-value'],
    ['sign-out', '--app-secret', 'precious-value'],
    ['profile', 'set', 'x', '--app-secret', 'precious-value'],
    ['emulator', '--password', 'precious-value'],
  ])('a secret in the arguments is never repeated: %s %s %s', async (...args) => {
    const home = await temporaryDirectory();
    const given = args.filter((arg) => arg !== undefined);
    for (const form of [given, [...given, '--json'], [...given, '--json', '--verbose']]) {
      const { exitCode, stdout, stderr } = await runProgram(form, { home });
      expect(exitCode).toBe(2);
      expect(stdout + stderr).not.toContain('precious');
      expect(stdout + stderr).toContain('usage_invalid');
    }
  });

  it('an endpoint where nobody listens is network_unreachable', async () => {
    const args = signInTo(deadEndpoint);
    await expectFailure({ args, code: 'network_unreachable', exitCode: 7 }, await temporaryDirectory());
  });

  it.each([
    {
      what: 'HTML',
      status: 200,
      type: 'text/html',
      body: '<!doctype html>',
      code: 'discovery_invalid',
      exitCode: 6,
    },
    { what: 'nothing', status: 404, type: 'text/html', body: 'x', code: 'discovery_invalid', exitCode: 6 },
    {
      what: 'foreign JSON',
      status: 200,
      type: 'application/json',
      body: '{}',
      code: 'discovery_invalid',
      exitCode: 6,
    },
    {
      what: 'another issuer',
      status: 200,
      type: 'application/json',
      body: '{"issuer":"https://other.example"}',
      code: 'issuer_mismatch',
      exitCode: 6,
    },
    { what: 'a failure', status: 500, type: 'text/html', body: 'x', code: 'provider_error', exitCode: 7 },
  ])('an endpoint that answers with $what is $code', async ({ status, type, body, code, exitCode }) => {
    const server = await startLocalServer((_request, response) => {
      response.writeHead(status, { 'content-type': type }).end(body);
    });
    onTestFinished(() => server.close());
    await expectFailure({ args: signInTo(server.origin), code, exitCode }, await temporaryDirectory());
  });

  it.each<['127.0.0.1' | '::1', (port: number) => string]>([
    ['127.0.0.1', (port) => `127.0.0.1:${port}`],
    ['::1', (port) => `[::1]:${port}`],
  ])(
    'a port that somebody has on %s is port_in_use, with the address and the process',
    async (host, shown) => {
      const port = await freePort();
      await holdPort(port, host);
      const args = ['sign-in', ...anywhere, '--port', String(port)];
      const process_ = process.platform === 'linux' ? [`process ${process.pid}`] : [];
      const names = [shown(port), ...process_];
      await expectFailure({ args, code: 'port_in_use', exitCode: 2, names }, await temporaryDirectory());
    },
  );

  it.each([
    ['is not JSON', '{'],
    ['is foreign', '[]'],
    ['is empty', ''],
    ['is of a newer version', '{"version":99,"profiles":{}}'],
    ['has a damaged profile', '{"version":1,"profiles":{"default":1}}'],
  ])('a configuration file that %s is config_invalid, and is left as it is', async (_what, text) => {
    const home = await temporaryDirectory();
    writeFileSync(join(home, 'config.json'), text);
    const names = [join(home, 'config.json')];
    await expectFailure({ args: ['whoami'], ...configuration, names }, home);
    await expectFailure({ args: ['sign-in', ...anywhere], ...configuration, names }, home);
    await expectFailure({ args: ['profile', 'set', 'x', ...anywhere], ...configuration, names }, home);
  });

  it.each([
    ['is not JSON', 'garbage'],
    ['is foreign', '{"version":1}'],
    ['is of a newer version', '{"version":2}'],
    ['is empty', ''],
  ])('a token file that %s is storage_corrupt; sign-out --local removes it', async (_what, text) => {
    const home = await temporaryDirectory();
    await new FileStorage({ directory: join(home, 'sessions', 'default') }).set('tokenSet', 'x');
    const [name = ''] = Object.keys(filesOf(home));
    writeFileSync(join(home, name), text);
    const args = ['--storage', 'file'];
    await expectFailure({ args: ['whoami', ...args], code: 'storage_corrupt', ...storage }, home);
    await expectFailure({ args: ['sign-out', ...args], code: 'storage_corrupt', ...storage }, home);

    const outcome = await runProgram(['sign-out', '--local', ...args, '--json'], { home });
    expect(outcome.exitCode).toBe(0);
    expect(filesOf(home)).toEqual({});
  });

  // Below a regular file not even root can write.
  it('a directory for sessions that cannot be written is storage_unavailable, before anything else happens', async () => {
    const home = await temporaryDirectory();
    writeFileSync(join(home, 'sessions'), 'a file');
    const names = [join(home, 'sessions')];
    await expectFailure(
      { args: signInTo(deadEndpoint), code: 'storage_unavailable', ...storage, names },
      home,
    );
  });

  it('a home that cannot be is named', async () => {
    const directory = await temporaryDirectory();
    const home = join(directory, 'file', 'home');
    writeFileSync(join(directory, 'file'), 'a file');
    const before = filesOf(directory);
    const outcome = await runProgram(['sign-in', ...anywhere, '--json'], { home });
    expect([2, 8]).toContain(outcome.exitCode);
    expect(documentOf(outcome).error.message).toContain(home);
    expect(documentOf(outcome).error.hint).toContain('LOGTO_CLI_HOME');
    expect(filesOf(directory)).toEqual(before);
  });

  it('a directory in the place of the token file is storage_corrupt', async () => {
    const home = await temporaryDirectory();
    await new FileStorage({ directory: join(home, 'sessions', 'other') }).set('tokenSet', 'x');
    const [name = ''] = Object.keys(filesOf(home));
    mkdirSync(join(home, name.replace('other', 'default')), { recursive: true, mode: 0o700 });
    const args = ['whoami', '--storage', 'file'];
    await expectFailure({ args, code: 'storage_corrupt', ...storage }, home);
  });
});
