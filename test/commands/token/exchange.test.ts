import { describe, expect, it } from 'vitest';
import { LogtoError } from '../../../src/errors.js';
import { decodeJwt } from '../../../src/oidc/validate/jwt.js';
import { emulatorAndHome } from '../../support/emulator-and-home.js';
import { runInProcess } from '../../support/run-in-process.js';
import { acme, api, type WatchedEmulator } from '../../support/session-home.js';
import { type TestMachine, testRuntime } from '../../support/test-runtime.js';

const pat = 'pat_emulatorOnlyAlice000000000000000';
const secret = 'emulator-only-m2m-secret';

let emulator: WatchedEmulator;
let home: string;
emulatorAndHome((running, directory) => {
  emulator = running;
  home = directory;
  emulator.takeRequests();
});

async function exchange(args: readonly string[], machine: Partial<TestMachine> = {}, appId = 'emulator-m2m') {
  const connection = ['--endpoint', emulator.endpoint, '--app-id', appId];
  const environment = { LOGTO_APP_SECRET: secret, ...machine.environment };
  const runtime = testRuntime({ home, ...machine, environment });
  const exitCode = await runInProcess(runtime, ['token', '--exchange', ...connection, ...args]).catch(
    (error: unknown) => error,
  );
  return { exitCode, stdout: runtime.stdout.text, stderr: runtime.stderr.text, runtime };
}

const ofPat = ['--subject-token-type', 'pat'];
const inVariable = { environment: { LOGTO_CLI_SUBJECT_TOKEN: pat } };

describe('token --exchange', () => {
  it('gives a token of the user, and keeps nothing', async () => {
    const args = [...ofPat, '--resource', api, '--scope', 'read:things,delete:things', '--json'];
    const { exitCode, stdout, stderr } = await exchange(args, inVariable);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      tokenType: 'Bearer',
      expiresAt: expect.any(String),
      scopes: ['read:things'],
      resource: api,
      organization: null,
      claims: expect.objectContaining({ sub: 'emulator-user-alice', client_id: 'emulator-m2m' }),
    });
    const { exitCode: whoami } = await (async () => {
      const runtime = testRuntime({ home });
      const command = ['whoami', '--storage', 'file'];
      return { exitCode: await runInProcess(runtime, command).catch((error: unknown) => error) };
    })();
    expect(whoami).toMatchObject({ code: 'not_signed_in' });
  });

  it.each<[string, Partial<TestMachine>, string[]]>([
    ['piped in', { input: `${pat}\n` }, ['--subject-token-stdin']],
    ['of its variable', inVariable, []],
    ['typed unseen', { isTerminal: true, answers: [pat] }, []],
  ])('takes the subject token that is %s', async (_, machine, flags) => {
    const { exitCode, stdout } = await exchange([...ofPat, ...flags, '--organization', acme], machine);
    expect(exitCode).toBe(0);
    expect(decodeJwt(stdout.trim())?.claims).toMatchObject({ aud: `urn:logto:organization:${acme}` });
  });

  it('takes an actor, the one token by its variable', async () => {
    const scope = ['--scope', 'openid'];
    const { stdout: actor } = await exchange([...ofPat, ...scope], inVariable);
    const asked = [...ofPat, '--actor-token-stdin', '--resource', api];
    const { exitCode, stdout } = await exchange(asked, { ...inVariable, input: actor });
    expect(exitCode).toBe(0);
    expect(decodeJwt(stdout.trim())?.claims).toMatchObject({ act: { sub: 'emulator-user-alice' } });
    const environment = { LOGTO_CLI_ACTOR_TOKEN: actor.trim() };
    const other = await exchange([...ofPat, '--subject-token-stdin', '--resource', api], {
      environment,
      input: pat,
    });
    expect(decodeJwt(other.stdout.trim())?.claims).toMatchObject({ act: { sub: 'emulator-user-alice' } });
  });

  it('warns of a token without any scope', async () => {
    const { stderr } = await exchange([...ofPat, '--resource', api], inVariable);
    expect(stderr).toContain(
      'has no scope: the user has no permission there, or none was asked for (--scope)',
    );
  });

  it('says what to change where the application may not', async () => {
    const { exitCode } = await exchange(
      ofPat,
      { environment: { ...inVariable.environment, LOGTO_APP_SECRET: '' } },
      'emulator-native',
    );
    expect(exitCode).toMatchObject({ code: 'grant_type_not_allowed' });
  });

  it('says that a personal access token is none of another kind', async () => {
    const { exitCode } = await exchange([], inVariable);
    expect(exitCode).toMatchObject({
      code: 'token_rejected',
      hint: expect.stringContaining('--subject-token-type pat'),
    });
  });

  it.each([
    ['usage_invalid', ['--client-credentials']],
    ['usage_invalid', ['--id-token']],
    ['usage_invalid', ['--refresh']],
    ['usage_invalid', ['--min-ttl', '30']],
    ['config_invalid', ['--subject-token-type', 'refresh']],
    ['config_invalid', ['--resource', api, '--resource', 'https://b.test']],
    ['config_missing', ['--no-input']],
    ['usage_invalid', ['--subject-token', 'a-secret']],
    ['usage_invalid', ['--actor-token=a-secret']],
  ])('is %s with %j, and asks nobody', async (code, args) => {
    const { exitCode, stderr } = await exchange(args);
    expect(exitCode).toBeInstanceOf(LogtoError);
    expect(exitCode).toMatchObject({ code });
    expect(`${JSON.stringify(exitCode)}${(exitCode as LogtoError).message}${stderr}`).not.toContain(
      'a-secret',
    );
    expect(emulator.takeRequests()).toEqual([]);
  });

  it.each([
    ['--subject-token-stdin', '--actor-token-stdin'],
    ['--app-secret-stdin', '--subject-token-stdin'],
    ['--app-secret-stdin', '--actor-token-stdin'],
  ])('takes no two secrets from standard input: %s, %s', async (one, other) => {
    const { exitCode } = await exchange([one, other], { input: pat });
    expect(exitCode).toMatchObject({
      code: 'usage_invalid',
      message: `${one} and ${other} both want standard input.`,
      hint: expect.stringMatching(/^Give one of them by its variable: LOGTO_\w+ or LOGTO_CLI_\w+\.$/),
    });
    expect(emulator.takeRequests()).toEqual([]);
  });

  it.each(['--subject-token-stdin', '--actor-token-stdin'])('%s goes with nothing else', async (flag) => {
    const failure = await runInProcess(testRuntime({ home }), ['token', flag]).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 'usage_invalid', message: `${flag} goes with --exchange.` });
  });

  it.each(['LOGTO_CLI_SUBJECT_TOKEN', 'LOGTO_CLI_ACTOR_TOKEN'])(
    '%s is sent to no other provider than its own, and that is told',
    async (name) => {
      const elsewhere = {
        LOGTO_ENDPOINT: 'https://elsewhere.test',
        LOGTO_APP_ID: 'other',
        [name]: 'canary-0123',
      };
      const args = [...ofPat, '--no-input', ...(name.includes('ACTOR') ? ['--subject-token-stdin'] : [])];
      const { exitCode, stderr } = await exchange(args, { environment: elsewhere, input: pat });
      expect(stderr).toContain(`${name} is set, but the environment names the application other`);
      expect(stderr).not.toContain('canary-0123');
      if (name.includes('SUBJECT')) {
        expect(exitCode).toMatchObject({ code: 'config_missing' });
        expect(emulator.takeRequests()).toEqual([]);
      }
    },
  );
});
