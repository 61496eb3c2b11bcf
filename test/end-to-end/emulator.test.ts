import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countedProcesses } from '../support/counted-processes.js';
import { freePort } from '../support/free-port.js';
import { holdPort } from '../support/held-port.js';
import { allows } from '../support/json-schema.js';
import { documentOf, runProgram, startProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { browserOf, goThere, startSignIn } from './sign-in-run.js';

describe('emulator', () => {
  it('prints one line of JSON when it is ready, and runs until a signal', async () => {
    const home = await temporaryDirectory();
    await countedProcesses.atOnce(2);
    const program = startProgram(['emulator', '--port', '0', '--json'], { home });
    const line = await program.line('stdout', /./);
    const { endpoint, issuer, applications, users } = JSON.parse(line);

    expect(endpoint).toMatch(/^http:\/\/localhost:\d+$/);
    expect(issuer).toBe(`${endpoint}/oidc`);
    const uris = {
      redirectUris: ['http://localhost:3000/callback'],
      postLogoutRedirectUris: ['http://localhost:3000/'],
    };
    expect(applications.slice(0, 3)).toEqual([
      { type: 'Native', appId: expect.any(String), ...uris },
      {
        type: 'Traditional',
        appId: expect.any(String),
        appSecret: expect.any(String),
        ...uris,
        allowTokenExchange: true,
      },
      { type: 'SPA', appId: expect.any(String), ...uris },
    ]);
    expect(users).toEqual(
      ['alice', 'bob'].map((username) =>
        expect.objectContaining({ id: expect.any(String), username, password: expect.any(String) }),
      ),
    );
    const discovery = await fetch(`${issuer}/.well-known/openid-configuration`);
    expect(await discovery.json()).toMatchObject({ issuer });

    const native = ['--endpoint', endpoint, '--app-id', applications[0].appId];
    const signIn = startSignIn({ flags: native }, 0, { home }, ['--json']);
    await goThere(browserOf(users[0]), signIn);
    expect(documentOf(await signIn.ended).subject).toBe(users[0].id);

    program.kill('SIGINT');
    const outcome = await program.ended;
    expect(outcome).toEqual({ exitCode: 130, signal: null, stdout: `${line}\n`, stderr: '' });
  });

  it('logs each request in a line with --verbose, and nothing of its parameters', async () => {
    const home = await temporaryDirectory();
    await countedProcesses.atOnce(2);
    const program = startProgram(['emulator', '--port', '0', '--json', '--verbose', '--fault', 'clock=+1s'], {
      home,
    });
    const { endpoint, users } = JSON.parse(await program.line('stdout', /./));
    const native = ['--endpoint', endpoint, '--app-id', 'emulator-native'];
    const signIn = startSignIn({ flags: native }, 0, { home }, ['--json']);
    await goThere(browserOf(users[0]), signIn);
    await signIn.ended;
    await fetch(`${endpoint}/nothing?code=precious#precious`);
    await program.line('stderr', /^GET \/nothing: 404 in \d+ ms$/);
    program.kill('SIGINT');
    const { stderr } = await program.ended;
    expect(stderr).toMatch(
      /^POST \/oidc\/token \(authorization_code\): 200 in \d+ ms, client emulator-native, user emulator-user-alice, fault clock=\+1s$/m,
    );
    for (const line of stderr.trimEnd().split('\n')) {
      expect(line).toMatch(
        /^(GET|POST|PUT|PATCH|DELETE|OPTIONS) \/[^\s?]*( \(\w+\))?: \d{3} in \d+ ms(, (client|user) [\w-]+)*(, fault clock=\+1s)?$/,
      );
    }
    expect(stderr).not.toContain('precious');
  });

  it('prints the schema of seeds, which allows what it prints', async () => {
    const home = await temporaryDirectory();
    const schema = await runProgram(['emulator', '--schema'], { home });
    expect(schema).toMatchObject({ exitCode: 0, stderr: '' });
    expect(schema.stdout).toBe(`${JSON.stringify(JSON.parse(schema.stdout), null, 2)}\n`);
    expect(documentOf(await runProgram(['emulator', '--schema', '--json'], { home }))).toEqual(
      JSON.parse(schema.stdout),
    );
    const program = startProgram(['emulator', '--port', '0', '--json'], { home });
    const printed = JSON.parse(await program.line('stdout', /./));
    program.kill('SIGINT');
    await program.ended;
    expect(allows(JSON.parse(schema.stdout), printed)).toBe(true);
    expect(allows(JSON.parse(schema.stdout), { ...printed, users: [{ username: 'erin' }] })).toBe(false);
  });

  it('takes a seed in the shape that it prints', async () => {
    const home = await temporaryDirectory();
    const seed = join(home, 'seed.json');
    const own = {
      applications: [
        {
          type: 'SPA',
          appId: 'mine',
          redirectUris: ['http://localhost:5173/cb'],
          postLogoutRedirectUris: [],
        },
      ],
      users: [{ id: 'u1', username: 'carol', password: 'carol-password' }],
    };
    writeFileSync(seed, JSON.stringify(own));
    const program = startProgram(['emulator', '--port', '0', '--seed', seed, '--json'], { home });
    const description = JSON.parse(await program.line('stdout', /./));
    expect(description).toMatchObject(own);
    program.kill('SIGTERM');
    expect(await program.ended).toMatchObject({ exitCode: 143, signal: null });

    // What it printed is a seed again, its addresses included, also as PowerShell's > writes it.
    writeFileSync(seed, `\uFEFF${JSON.stringify(description)}\r\n`, 'utf16le');
    const again = startProgram(['emulator', '--port', '0', '--seed', seed, '--json'], { home });
    expect(JSON.parse(await again.line('stdout', /./))).toMatchObject(own);
  });

  it('tells a person how to use it', async () => {
    const home = await temporaryDirectory();
    const program = startProgram(['emulator', '--port', '0'], { home });
    const line = await program.line(
      'stdout',
      /^Try it: logto-cli sign-in --endpoint http:\/\/localhost:\d+ --app-id/,
    );
    expect(line).toMatch(/\S+$/);
  });

  it.each(['127.0.0.1', '::1'] as const)(
    'says port_in_use when somebody has its port on %s',
    async (host) => {
      const home = await temporaryDirectory();
      const port = await freePort();
      await holdPort(port, host);

      const outcome = await runProgram(['emulator', '--port', String(port), '--json'], { home });

      expect(outcome.exitCode).toBe(2);
      expect(documentOf(outcome).error.code).toBe('port_in_use');
    },
  );

  it.each([
    ['is not there', null],
    ['is not JSON', '{'],
    ['is no seed', '{"applications":1}'],
  ])('says config_invalid when its seed %s', async (_what, text) => {
    const home = await temporaryDirectory();
    const seed = join(home, 'seed.json');
    if (text !== null) writeFileSync(seed, text);

    const outcome = await runProgram(['emulator', '--port', '0', '--seed', seed, '--json'], { home });

    expect(outcome.exitCode).toBe(2);
    expect(documentOf(outcome)).toEqual({ error: expect.objectContaining({ code: 'config_invalid' }) });
    expect(documentOf(outcome).error.hint).not.toBe('');
  });
});
