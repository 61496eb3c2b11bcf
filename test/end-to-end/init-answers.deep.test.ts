import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startEmulator } from '../../src/testing.js';
import { answer, atTerminal, finishAtAddress } from '../support/init-terminal.js';
import { startPlainProvider } from '../support/plain-provider.js';
import { documentOf, runProgram } from '../support/program.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import type { Providers } from './providers.js';
import { providersAndHome } from './providers-and-home.js';
import { browserOf, filesOf, signIn, tokensOf } from './sign-in-run.js';

let providers: Providers;
let home: string;
providersAndHome((running, directory) => {
  providers = running;
  home = directory;
});

const init = (...args: string[]) =>
  atTerminal(['init', '--port', String(providers.port), '--no-browser', ...args], { home });
const file = ['--storage', 'file'];
const profiles = () => JSON.parse(readFileSync(join(home, 'config.json'), 'utf8')).profiles;

describe('init, for a profile that has a session', () => {
  /** Signs in to the profile before. */
  async function signedInBefore() {
    const { native, port, traditional } = providers;
    const { outcome } = await signIn(native, port, { home });
    expect(outcome.exitCode, outcome.stderr).toBe(0);
    return { kept: filesOf(home), secret: traditional.appSecret ?? '' };
  }

  /** Answers for another application, up to the question whether to sign in. */
  async function answerForAnother(secret: string) {
    const program = init(...file);
    await program.says('stdout', /default has a session: it stays until the new sign-in has succeeded\./);
    await answer(program, /page of Logto \[http:\/\/localhost:\d+\]: $/);
    await answer(program, /App ID of the application \[emulator-native\]: $/, 'emulator-traditional');
    await answer(program, /Secret of the application, not shown: $/, secret);
    await program.says('stdout', /Sign in now, in the browser\? \[Y\/n\] $/);
    return program;
  }

  it('leaves everything as it was on Ctrl-C, and when the sign-in fails', async () => {
    const { kept, secret } = await signedInBefore();
    const interrupted = await answerForAnother(secret);
    interrupted.send('\u0003');
    expect((await interrupted.ended).exitCode).toBe(130);
    expect(filesOf(home)).toEqual(kept);
    const failing = await answerForAnother(secret);
    failing.type('');
    const address = new URL(await failing.line('stdout', /^https?:\/\/\S+[?&]code_challenge=/));
    const callback = new URL(address.searchParams.get('redirect_uri') ?? '');
    callback.search = `${new URLSearchParams({ error: 'access_denied', state: address.searchParams.get('state') ?? '', iss: providers.emulator.issuer })}`;
    await fetch(callback);
    const { exitCode, stdout } = await failing.ended;
    expect(exitCode, stdout).toBe(5);
    expect(stdout).toContain('Nothing was kept.');
    expect(filesOf(home)).toEqual(kept);
    expect((await runProgram(['whoami'], { home })).exitCode).toBe(0);
  });

  it('replaces both when it succeeds, and says what it replaced', async () => {
    const { secret } = await signedInBefore();
    const program = await answerForAnother(secret);
    program.type('');
    const said = await finishAtAddress(program, browserOf(providers.traditional.user));
    expect(said).toContain('instead of emulator-native at');
    expect(profiles().default).toMatchObject({
      appId: 'emulator-traditional',
      secret: 'file',
      session: 'file',
    });
    expect(tokensOf(home)).toMatchObject({ appId: 'emulator-traditional' });
  });

  it('says what becomes of the session where only the profile changes', async () => {
    const { secret } = await signedInBefore();
    const program = await answerForAnother(secret);
    program.type('n');
    const { exitCode, stdout } = await program.ended;
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain('The session that default had is of another application');
    expect(tokensOf(home)).toMatchObject({ appId: 'emulator-native' });
    const whoami = await runProgram(['whoami', '--json'], { home });
    expect([whoami.exitCode, documentOf(whoami).error.code]).toEqual([4, 'not_signed_in']);
  });
});

describe('init, for an application that authenticates', () => {
  it('takes its key, asks for no secret, and keeps the path of the key', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = join(await temporaryDirectory(), 'key.pem');
    await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const plain = await startPlainProvider({
      configuration: {
        clientAuthMethods: ['private_key_jwt'],
        clients: [
          {
            client_id: 'by-key',
            application_type: 'native',
            redirect_uris: [`http://localhost:${providers.port}/callback`],
            post_logout_redirect_uris: [`http://localhost:${providers.port}/`],
            grant_types: ['authorization_code', 'refresh_token'],
            token_endpoint_auth_method: 'private_key_jwt',
            jwks: { keys: [publicKey.export({ format: 'jwk' }) as never] },
          },
        ],
      },
    });
    onTestFinished(() => plain.close());
    const program = init(...file, '--issuer', plain.issuer, '--client-key', key);
    await answer(program, /Address of your OpenID Provider \[.*\]: $/);
    await answer(program, /Client ID of the application: $/, 'by-key');
    await answer(program, /by-key is a confidential application[\s\S]*in the browser\? \[Y\/n\] $/);
    const [user] = plain.users;
    if (user === undefined) throw new TypeError('nobody can sign in');
    const said = await finishAtAddress(program, browserOf(user));
    expect(said).not.toContain('Secret of the application');
    expect(profiles().default).toMatchObject({ issuer: plain.issuer, appId: 'by-key', clientKey: key });
    expect(profiles().default).not.toHaveProperty('secret');
    // The next sign-in needs no flag.
    const doctor = await runProgram(['doctor', '--json', ...file, '--port', '0'], { home });
    const { checks } = documentOf(doctor);
    expect(checks.find(({ id }: { id: string }) => id === 'application.secret')?.outcome).not.toBe('failed');
  });

  it('takes the secret at a provider of any kind, unseen', async () => {
    const { plain, plainConfidential } = providers;
    const { appSecret = '' } = plainConfidential;
    const program = init(...file, '--issuer', plain.issuer);
    await answer(program, /Address of your OpenID Provider \[.*\]: $/);
    await answer(program, /Client ID of the application: $/, plainConfidential.appId);
    await answer(program, /Secret of the application, not shown.*: $/, 'CANARY-WRONG-SECRET');
    await answer(program, /Copy it again\.\s+Secret of the application, not shown.*: $/, appSecret);
    await answer(program, /✓ The secret is right[\s\S]*in the browser\? \[Y\/n\] $/);
    const said = await finishAtAddress(program, browserOf(plainConfidential.user));
    for (const secret of ['CANARY-WRONG-SECRET', appSecret]) expect(said).not.toContain(secret);
    // Its own name, and those of its variables, are another thing.
    expect(said.replaceAll(/logto-cli|LOGTO_CLI_\w+/g, '')).not.toMatch(/logto/i);
    expect(profiles().default).toMatchObject({
      appId: 'plain-confidential',
      secret: 'file',
      session: 'file',
    });
    const token = await runProgram(['token', '--json'], { home });
    expect(token.exitCode, token.stderr).toBe(0);
  });

  it('says where a typed secret goes that memory does not keep, and keeps the profile', async () => {
    const { emulator, traditional } = providers;
    const { appSecret = '' } = traditional;
    for (const way of ['n', '']) {
      const program = init('--storage', 'memory', '--endpoint', emulator.endpoint);
      await answer(program, /page of Logto \[.*\]: $/);
      await answer(program, /App ID of the application \[.*\]: $/, 'emulator-traditional');
      await answer(program, /Secret of the application, not shown: $/, appSecret);
      await answer(program, /in the browser\? \[Y\/n\] $/, way);
      if (way === '') await finishAtAddress(program, browserOf(traditional.user));
      const { exitCode, stdout } = await program.ended;
      expect(exitCode, stdout).toBe(0);
      expect(stdout).toContain('The secret that was typed is not kept (--storage memory).');
      const { 'config.json': configuration = '', ...rest } = filesOf(home);
      expect(JSON.parse(configuration).profiles.default).toEqual({
        endpoint: emulator.endpoint,
        appId: 'emulator-traditional',
        storage: 'memory',
      });
      expect(JSON.stringify([configuration, rest])).not.toContain(appSecret);
      expect(rest).toEqual({});
    }
  });
});

describe('init, where nobody can be asked', () => {
  it('says that a secret is missing, before anything is kept', async () => {
    const { traditional, port } = providers;
    const args = ['init', '--no-input', '--json', '--no-browser', '--port', String(port), ...file];
    const missing = await runProgram([...args, ...traditional.flags], { home });
    const { error } = documentOf(missing);
    expect([missing.exitCode, error.code]).toEqual([2, 'config_missing']);
    expect(error.message).toContain('the secret of emulator-traditional');
    expect(error.hint).toContain('--app-secret-stdin < secret.txt');
    expect(filesOf(home)).toEqual({});
  });

  it('asks nobody for the secret of a public application', async () => {
    const emulator = await startEmulator({ port: 0 });
    onTestFinished(() => emulator.close());
    const flags = ['--endpoint', emulator.endpoint, '--app-id', 'emulator-spa', '--port', '1'];
    const { stdout, exitCode } = await runProgram(['init', '--no-input', '--json', ...file, ...flags], {
      home,
    });
    // It came as far as the sign-in, for which that address is not registered.
    expect([exitCode, JSON.parse(stdout).error.code]).toEqual([9, 'redirect_uri_not_registered']);
  });
});
