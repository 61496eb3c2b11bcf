import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Lies } from '../support/lies.js';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.js';
import { documentOf, runProgram } from '../support/program.js';
import {
  api,
  changeRecord,
  everything,
  expire,
  signInAt,
  signInAtLiar,
  startWatchedEmulator,
  type WatchedEmulator,
} from '../support/session-home.js';
import { createSigningKey } from '../support/signed-jwt.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { filesOf, secretsIn, tokensOf } from './sign-in-run.js';

const environment = { LOGTO_CLI_STORAGE: 'file' };

let home: string;
beforeEach(async () => {
  home = await temporaryDirectory();
});

const token = (args: readonly string[] = []) => runProgram(['token', ...args], { home, environment });

describe('a session that has ended at the provider', () => {
  let emulator: WatchedEmulator;
  beforeAll(async () => {
    emulator = await startWatchedEmulator();
  });
  afterAll(() => emulator.close());

  const revoke = (refreshToken: string) =>
    fetch(`${emulator.issuer}/token/revocation`, {
      method: 'POST',
      body: new URLSearchParams({ token: refreshToken, client_id: 'emulator-native' }),
    });

  it.each([{ args: ['--refresh'] }, { args: ['--resource', api] }, { args: ['--id-token', '--refresh'] }])(
    'is session_expired, and the record stays (%s)',
    async ({ args }) => {
      await signInAt(emulator, home, everything);
      await revoke(tokensOf(home).refreshToken);
      const before = filesOf(home);

      const outcome = await token([...args, '--json']);

      expect(outcome).toMatchObject({ exitCode: 4, stderr: '' });
      expect(documentOf(outcome).error).toMatchObject({
        code: 'session_expired',
        hint: expect.stringContaining('logto-cli sign-in'),
      });
      expect(secretsIn(tokensOf(home)).filter((secret) => outcome.stdout.includes(secret))).toEqual([]);
      expect(filesOf(home)).toEqual(before);
      expect((await runProgram(['whoami'], { home, environment })).exitCode).toBe(0);
    },
  );

  it('is a session after all where a sibling has stored a newer one meanwhile', async () => {
    const elsewhere = await temporaryDirectory();
    await signInAt(emulator, home);
    await signInAt(emulator, elsewhere);
    const [[name = '', newer = ''] = []] = Object.entries(filesOf(elsewhere));
    await revoke(tokensOf(home).refreshToken);
    await expire(home);
    // It stores its own between our question and the answer, as one does that has another lock.
    emulator.onRequest = ({ grantType, status }) => {
      if (grantType !== 'refresh_token' || status !== 400) return;
      writeFileSync(join(home, 'newer'), newer, { mode: 0o600 });
      renameSync(join(home, 'newer'), join(home, name));
    };
    onTestFinished(() => {
      emulator.onRequest = () => {};
    });

    const outcome = await token();

    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    expect(outcome.stdout).toBe(`${JSON.parse(newer).accessTokens[0].token}\n`);
    expect(tokensOf(home)).toEqual(JSON.parse(newer));
  });

  it('without a refresh token ends with its access token', async () => {
    await signInAt(emulator, home);
    await changeRecord(home, (record) => {
      record.refreshToken = null;
    });
    expect((await token()).exitCode).toBe(0);
    await expire(home);
    const before = filesOf(home);
    emulator.takeRequests();

    const outcome = await token(['--json']);

    expect(outcome).toMatchObject({ exitCode: 4, stderr: '' });
    expect(documentOf(outcome).error).toMatchObject({
      code: 'session_expired',
      hint: expect.stringContaining('--prompt consent'),
    });
    expect(emulator.takeRequests()).toEqual([]);
    expect(filesOf(home)).toEqual(before);
  });
});

describe('a refresh that fails', () => {
  let provider: LyingProvider;
  beforeEach(async () => {
    provider = await startLyingProvider();
    return () => provider.close();
  });

  it.each<{ what: string; lies: Lies; code: string; exitCode: number }>([
    { what: 'a 500', lies: { answers: { token: { status: 500 } } }, code: 'provider_error', exitCode: 7 },
    { what: 'a 503', lies: { answers: { token: { status: 503 } } }, code: 'provider_error', exitCode: 7 },
    {
      what: 'a 429',
      lies: { answers: { token: { status: 429, headers: { 'Retry-After': '7' } } } },
      code: 'provider_error',
      exitCode: 7,
    },
    {
      what: 'a redirect',
      lies: { answers: { token: { status: 307, headers: { Location: 'http://localhost:1/' } } } },
      code: 'provider_error',
      exitCode: 7,
    },
    {
      what: 'an OAuth server_error',
      lies: { answers: { token: { status: 400, body: { error: 'server_error' } } } },
      code: 'provider_error',
      exitCode: 7,
    },
    {
      what: 'a connection that breaks',
      lies: {
        answers: {
          token: (_request, response) => {
            response.destroy();
            return 'handled';
          },
        },
      },
      code: 'network_unreachable',
      exitCode: 7,
    },
    {
      what: 'an answer that breaks off',
      lies: {
        answers: {
          token: (_request, response) => {
            response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '500' });
            response.write('{"access_token":"x"', () => response.destroy());
            return 'handled';
          },
        },
      },
      code: 'network_unreachable',
      exitCode: 7,
    },
    {
      what: 'a page',
      lies: { answers: { token: { body: '<html>Welcome to the hotel</html>' } } },
      code: 'token_response_invalid',
      exitCode: 6,
    },
    {
      what: 'a 400 that is no OAuth error',
      lies: { answers: { token: { status: 400, body: 'Bad Request' } } },
      code: 'token_response_invalid',
      exitCode: 6,
    },
    {
      what: 'another user',
      lies: { idToken: (_header, claims) => ({ claims: { ...claims, sub: 'mallory' } }) },
      code: 'id_token_invalid',
      exitCode: 6,
    },
    {
      what: 'a token for another resource',
      lies: { accessToken: (claims) => ({ ...claims, aud: 'https://other.example' }) },
      code: 'token_response_invalid',
      exitCode: 6,
    },
    {
      // Whoever asks: a client that is made up is told so too.
      what: 'unauthorized_client',
      lies: { answers: { token: { status: 400, body: { error: 'unauthorized_client' } } } },
      code: 'client_rejected',
      exitCode: 9,
    },
  ])('with $what is $code and leaves the session as it was', async ({ lies, code, exitCode }) => {
    await signInAtLiar(provider, home, [api]);
    const before = filesOf(home);
    provider.lies = lies;

    const outcome = await token(['--resource', api, '--json']);

    expect(outcome).toMatchObject({ exitCode, stderr: '' });
    expect(documentOf(outcome).error.code).toBe(code);
    expect(documentOf(outcome).error.hint).not.toBe('');
    expect(provider.issued.filter((secret) => outcome.stdout.includes(secret))).toEqual([]);
    expect(filesOf(home)).toEqual(before);
  });

  it('because nobody answers within 10 seconds is request_timeout and leaves the session as it was', async () => {
    await signInAtLiar(provider, home);
    const before = filesOf(home);
    provider.lies = { answers: { token: () => 'handled' } };

    const outcome = await token(['--refresh', '--json']);

    expect(outcome).toMatchObject({ exitCode: 7, stderr: '' });
    expect(documentOf(outcome).error.code).toBe('request_timeout');
    expect(filesOf(home)).toEqual(before);
    provider.lies = {};
    expect((await token(['--refresh'])).exitCode).toBe(0);
  });

  it('because the provider is away is network_unreachable and leaves the session as it was', async () => {
    await signInAtLiar(provider, home);
    const before = filesOf(home);
    await provider.close();

    const outcome = await token(['--refresh', '--json']);

    expect(outcome).toMatchObject({ exitCode: 7, stderr: '' });
    expect(documentOf(outcome).error.code).toBe('network_unreachable');
    expect(filesOf(home)).toEqual(before);
  });

  it.each<{ what: string; keys: NonNullable<Lies['answers']>['jwks']; code: string }>([
    { what: 'are down', keys: { status: 500 }, code: 'provider_error' },
    { what: 'never answer', keys: () => 'handled', code: 'request_timeout' },
    {
      what: 'hang up',
      keys: (_request, response) => {
        response.destroy();
        return 'handled';
      },
      code: 'network_unreachable',
    },
  ])('because the keys $what keeps the new refresh token and nothing else', async ({ keys = {}, code }) => {
    await signInAtLiar(provider, home, [api]);
    expect((await token(['--refresh'])).exitCode).toBe(0);
    const before = tokensOf(home);
    provider.keys = [createSigningKey('second')];
    provider.lies = { answers: { jwks: keys } };

    const outcome = await token(['--resource', api, '--json']);

    expect(outcome).toMatchObject({ exitCode: 7, stderr: '' });
    expect(documentOf(outcome).error.code).toBe(code);
    const after = tokensOf(home);
    expect(after.refreshToken).not.toBe(before.refreshToken);
    expect(after).toEqual({ ...before, refreshToken: after.refreshToken });

    // Its refresh tokens work once: only the new one is good for this.
    provider.lies = {};
    expect(await token(['--resource', api])).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('because the keys changed is none: they are asked for once more', async () => {
    await signInAtLiar(provider, home);
    await token(['--refresh']);
    provider.keys = [createSigningKey('second')];
    provider.requests.length = 0;

    expect((await token(['--refresh'])).exitCode).toBe(0);
    expect(provider.requests.map(({ step }) => step)).toEqual(['token', 'jwks']);
    expect((await token(['--refresh'])).exitCode).toBe(0);
    expect(provider.requests.map(({ step }) => step)).toEqual(['token', 'jwks', 'token']);
  });

  it('because of a wrong clock says so, and leaves the session as it was', async () => {
    await signInAtLiar(provider, home);
    const before = filesOf(home);
    const ahead = 7200;
    provider.lies = {
      headers: { token: { Date: new Date(Date.now() + ahead * 1000).toUTCString() } },
      idToken: (_header, claims) => ({
        claims: { ...claims, iat: Number(claims['iat']) + ahead, exp: Number(claims['exp']) + ahead },
      }),
    };

    const outcome = await token(['--refresh', '--json']);

    expect(outcome).toMatchObject({ exitCode: 6, stderr: '' });
    expect(documentOf(outcome).error).toMatchObject({
      code: 'clock_skew',
      message: expect.stringContaining('behind'),
    });
    expect(filesOf(home)).toEqual(before);
  });
});
