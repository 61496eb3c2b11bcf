import { beforeEach, describe, expect, it } from 'vitest';
import { LogtoError } from '../../../src/errors.js';
import type { Storage } from '../../../src/storage/storage.js';
import { failureOf } from '../../support/failure-of.js';
import { runInProcess } from '../../support/run-in-process.js';
import { storeSession } from '../../support/stored-session.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { type TestRuntime, testRuntime } from '../../support/test-runtime.js';

let home: string;
let runtime: TestRuntime;
beforeEach(async () => {
  home = await temporaryDirectory();
  runtime = testRuntime({ home });
});

const connection = ['--endpoint', 'https://tenant.test', '--app-id', 'app'];

describe('whoami', () => {
  it('tells who is signed in, needing no other setting and no network', async () => {
    await storeSession(runtime, 'default');
    const machine = { ...runtime, fetch: () => Promise.reject(new Error('no network here')) };
    await runInProcess(machine, ['whoami', '--json']);
    expect(JSON.parse(runtime.stdout.text)).toEqual({
      profile: 'default',
      issuer: 'https://tenant.test/oidc',
      endpoint: 'https://tenant.test',
      appId: 'app',
      storage: 'keychain',
      subject: 'alice-id',
      claims: expect.objectContaining({ sub: 'alice-id', name: 'Alice' }),
      scopes: ['openid', 'profile'],
      signedInAt: '2026-01-01T00:00:00Z',
      idTokenExpiresAt: '2027-01-15T08:00:00Z',
      accessTokens: [
        { resource: null, organization: null, scopes: ['openid'], expiresAt: '2026-01-01T01:00:00Z' },
        { resource: 'https://api.test', organization: null, scopes: [], expiresAt: null },
      ],
      hasRefreshToken: true,
    });
    expect(runtime.stderr.text).toBe('');
  });

  it('tells a person the same, and no token', async () => {
    await storeSession(runtime, 'default');
    await runInProcess(runtime, ['whoami']);
    for (const part of [
      'Alice',
      'alice-id',
      'https://tenant.test/oidc',
      'app',
      'keychain',
      'openid profile',
    ]) {
      expect(runtime.stdout.text).toContain(part);
    }
    expect(runtime.stdout.text + runtime.stderr.text).not.toMatch(/eyJ|an-access-token|a-refresh-token/);
  });

  it('makes hostile claims inert', async () => {
    const claims = { name: 'a\u001b[31mb\nc\u202ed', 'x\u001b]0;t\u0007': ['\u009b'] };
    await storeSession(runtime, 'default', { claims });
    await runInProcess(runtime, ['whoami']);
    for (const control of ['\u001b', '\u202e', '\u0007', '\u009b'])
      expect(runtime.stdout.text).not.toContain(control);
    expect(runtime.stdout.text).not.toMatch(/^c/m);
  });

  it('finds the session where the sign-in put it', async () => {
    await storeSession(runtime, 'default', { kind: 'file' });
    await runInProcess(runtime, ['whoami', '--json']);
    expect(JSON.parse(runtime.stdout.text)).toMatchObject({ storage: 'file', subject: 'alice-id' });
  });

  it('keeps profiles apart', async () => {
    await storeSession(runtime, 'alice');
    await storeSession(runtime, 'bob', { claims: { sub: 'bob-id' } });
    await runInProcess(runtime, ['whoami', '--profile', 'bob', '--json']);
    expect(JSON.parse(runtime.stdout.text)).toMatchObject({ profile: 'bob', subject: 'bob-id' });
  });
});

describe('whoami without a session', () => {
  it('is not_signed_in, and says where it looked and what to do', async () => {
    const failure = await failureOf(runInProcess(runtime, ['whoami']));
    expect(failure).toMatchObject({ code: 'not_signed_in' });
    expect(failure.message).toContain('keychain');
    expect(failure.hint).toContain('logto-cli sign-in');
  });

  it('of a profile that nobody made is profile_unknown', async () => {
    const failure = await failureOf(runInProcess(runtime, ['whoami', '--profile', 'nobody']));
    expect(failure).toMatchObject({ code: 'profile_unknown' });
    expect(failure.message).toContain('nobody');
  });

  it.each(['constructor', 'toString'])(
    'of the profile %s that nobody made is profile_unknown too',
    async (name) => {
      expect(await failureOf(runInProcess(runtime, ['whoami', '--profile', name]))).toMatchObject({
        code: 'profile_unknown',
      });
    },
  );

  it('of a new profile is not_signed_in when provider and application are given otherwise', async () => {
    const flags = await failureOf(runInProcess(runtime, ['whoami', '--profile', 'new', ...connection]));
    expect(flags).toMatchObject({ code: 'not_signed_in' });
    const environment = {
      LOGTO_ENDPOINT: 'https://tenant.test',
      LOGTO_APP_ID: 'app',
      LOGTO_CLI_PROFILE: 'new',
    };
    const machine = testRuntime({ home, environment });
    expect(await failureOf(runInProcess(machine, ['whoami']))).toMatchObject({ code: 'not_signed_in' });
  });

  it.each([
    ['another application', ['--app-id', 'other']],
    ['another application, by its other name', ['--client-id', 'other']],
    ['another endpoint', ['--endpoint', 'https://other.test']],
    ['another issuer', ['--issuer', 'https://other.test']],
  ])('of %s is not_signed_in', async (_, flags) => {
    await storeSession(runtime, 'default');
    const failure = await failureOf(runInProcess(runtime, ['whoami', ...flags]));
    expect(failure).toMatchObject({
      code: 'not_signed_in',
      hint: expect.stringContaining('leave out --endpoint, --issuer'),
    });
  });

  const template = 'https://id.test/{tenantid}/v2.0';

  it.each([
    ['an issuer that is a template, and no document', 'config_invalid', ['--issuer', template]],
    ['an issuer that is asked without TLS', 'issuer_insecure', ['--issuer', 'http://id.test']],
    ['what is no address', 'config_invalid', ['--endpoint', 'tenant']],
    ['a placeholder', 'config_invalid', ['--endpoint', 'https://tenant.logto.app']],
  ])('with %s is what the sign-in would be refused for: %s', async (_, code, flags) => {
    const refused = await failureOf(runInProcess(runtime, ['sign-in', '--app-id', 'app', ...flags]));
    expect(refused.code).toBe(code);
    for (const given of [flags, ['--app-id', 'app', ...flags]]) {
      expect(await failureOf(runInProcess(runtime, ['whoami', ...given]))).toMatchObject({
        code,
        message: refused.message,
      });
    }
    await storeSession(runtime, 'default');
    expect(await failureOf(runInProcess(runtime, ['whoami', ...flags]))).toMatchObject({ code });
  });

  it.each([
    [['--issuer', 'https://id.test'], ' --app-id <client ID>'],
    [['--endpoint', 'https://tenant.test'], ' --app-id <App ID>'],
    [['--app-id', 'app'], ' --endpoint <url>'],
    [['--discovery-url', 'https://id.test/document'], ' --issuer <url> --app-id <client ID>'],
    [['--discovery-url', 'https://id.test/document', '--app-id', 'app'], ' --issuer <url>'],
    [connection, ''],
    [[], ''],
  ])('with %j names a sign-in that has what is missing', async (flags, missing) => {
    const failure = await failureOf(runInProcess(runtime, ['whoami', ...flags]));
    expect(failure).toMatchObject({
      code: 'not_signed_in',
      hint: `Sign in first: logto-cli sign-in${missing}`,
    });
  });

  it('of what the profile was set to since is not_signed_in, with the way back', async () => {
    await storeSession(runtime, 'default');
    await runInProcess(runtime, ['profile', 'set', 'default', ...connection.slice(0, 3), 'other']);
    const failure = await failureOf(runInProcess(runtime, ['whoami']));
    const back = ['profile', 'set', 'default', ...connection];
    // No flag and no variable is there to be left out.
    expect(failure.hint).toBe(
      'Sign in to that application with: logto-cli sign-in. ' +
        `Or have the profile as it was, to use the session: logto-cli ${back.join(' ')}`,
    );
    await runInProcess(runtime, back);
    await runInProcess(runtime, ['whoami']);
    expect(runtime.stdout.text).toContain('Alice');
  });

  it.each([
    ['the same endpoint', ['--endpoint', 'https://tenant.test/']],
    ['its issuer', ['--issuer', 'https://tenant.test/oidc', '--app-id', 'app']],
  ])('does not happen when %s is given', async (_, flags) => {
    await storeSession(runtime, 'default');
    await runInProcess(runtime, ['whoami', ...flags]);
    expect(runtime.stdout.text).toContain('Alice');
  });

  it('in the storage that this run asks for says where the last one was put', async () => {
    await storeSession(runtime, 'default', { kind: 'file' });
    const failure = await failureOf(runInProcess(runtime, ['whoami', '--storage', 'keychain']));
    expect(failure).toMatchObject({ code: 'not_signed_in' });
    expect(failure.hint).toContain('file');
  });
});

describe('whoami with a storage that is not well', () => {
  it('is storage_corrupt for a damaged record', async () => {
    const storage = await runtime.storage('keychain', 'default');
    await storage.set('tokenSet', '{"version":1}');
    expect(await failureOf(runInProcess(runtime, ['whoami']))).toMatchObject({ code: 'storage_corrupt' });
  });

  it('is storage_corrupt for an ID token with an absurd end, not a bug', async () => {
    await storeSession(runtime, 'default', { claims: { exp: 1e300 } });
    expect(await failureOf(runInProcess(runtime, ['whoami']))).toMatchObject({ code: 'storage_corrupt' });
  });

  it.each(['storage_locked', 'storage_unavailable', 'storage_failed'] as const)(
    'is %s where the storage says so, never "not signed in"',
    async (code) => {
      const refuse = () => Promise.reject(new LogtoError(code, 'No.', 'Mend it.'));
      await storeSession(runtime, 'default');
      const machine = testRuntime({ home, keychain: { get: refuse, set: refuse, delete: refuse } });
      expect(await failureOf(runInProcess(machine, ['whoami']))).toMatchObject({ code });
    },
  );

  it('is not_signed_in where a recorded session is really gone', async () => {
    await storeSession(runtime, 'default');
    const machine = testRuntime({ home });
    expect(await failureOf(runInProcess(machine, ['whoami']))).toMatchObject({ code: 'not_signed_in' });
  });

  it('does not write where no session is recorded', async () => {
    const readOnly: Storage = {
      get: async () => null,
      set: () => Promise.reject(new Error('nothing is to be written')),
      delete: () => Promise.reject(new Error('nothing is to be deleted')),
    };
    const machine = testRuntime({ home, keychain: readOnly });
    expect(await failureOf(runInProcess(machine, ['whoami']))).toMatchObject({ code: 'not_signed_in' });
  });
});
