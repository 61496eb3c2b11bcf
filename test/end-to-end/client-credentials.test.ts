import { describe, expect, it } from 'vitest';
import { decodeJwt } from '../../src/oidc/validate/jwt.js';
import { emulatorAndHome } from '../support/emulator-and-home.js';
import { documentOf, runProgram } from '../support/program.js';
import { acme, api, startWatchedEmulator, type WatchedEmulator } from '../support/session-home.js';
import { filesOf, moment } from './sign-in-run.js';

let emulator: WatchedEmulator;
let home: string;
emulatorAndHome((running, directory) => {
  emulator = running;
  home = directory;
});

interface Application {
  readonly appId?: string;
  /** `null`: none. */
  readonly secret?: string | null;
}

/** Asks as an application for itself: the machine-to-machine one of the default seed, unless it says otherwise. */
function token(
  args: readonly string[],
  { appId = 'emulator-m2m', secret = 'emulator-only-m2m-secret' }: Application = {},
) {
  const connection = ['--endpoint', emulator.endpoint, '--app-id', appId];
  return runProgram(['token', '--client-credentials', ...connection, ...args], {
    home,
    ...(secret !== null && { environment: { LOGTO_APP_SECRET: secret } }),
  });
}

describe('token --client-credentials', () => {
  it('is a token for a resource, with the scopes that the application may use', async () => {
    const args = ['--resource', api, '--scope', 'read:things,write:things', '--json'];

    const outcome = await token(args);

    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    expect(documentOf(outcome)).toEqual({
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      tokenType: 'Bearer',
      expiresAt: moment,
      scopes: ['read:things'],
      resource: api,
      organization: null,
      claims: expect.objectContaining({ aud: api, sub: 'emulator-m2m', scope: 'read:things' }),
    });
  });

  it('is a token for an organization', async () => {
    const outcome = await token(['--organization', acme, '--scope', 'read:org']);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    expect(decodeJwt(outcome.stdout.trim())?.claims).toMatchObject({
      aud: `urn:logto:organization:${acme}`,
      scope: 'read:org',
    });
  });

  it('without a scope is a token without one, and a warning that says how to ask', async () => {
    const outcome = await token(['--resource', api]);
    expect(outcome.exitCode).toBe(0);
    expect(decodeJwt(outcome.stdout.trim())?.claims['scope']).toBeUndefined();
    expect(outcome.stderr).toMatch(/^warning: .*no scope: the application .*--scope/);
  });

  it('does not claim a scope that the application did not get', async () => {
    const outcome = await token(['--resource', api, '--scope', 'write:things', '--json']);
    expect(documentOf(outcome)).toMatchObject({ scopes: [], resource: api });
    expect(documentOf(outcome).claims.scope).toBeUndefined();
    expect(outcome.stderr).toMatch(/^warning: .*no scope/);
  });

  it('takes the forms of token', async () => {
    const args = ['--resource', api, '--scope', 'read:things'];
    expect((await token([...args, '--header'])).stdout).toMatch(/^Authorization: Bearer \S+\n$/);
    expect((await token([...args, '--env', 'T'])).stdout).toMatch(/^export T='\S+'\n$/);
    expect((await token([...args, '--decode'])).stdout).toMatch(/^Scopes\n {2}read:things$/m);
  });

  it('stores nothing', async () => {
    const stdin = 'emulator-only-m2m-secret';
    const connection = ['--endpoint', emulator.endpoint, '--app-id', 'emulator-m2m', '--app-secret-stdin'];
    const args = ['token', '--client-credentials', ...connection, '--resource', api];

    const outcome = await runProgram(args, { home, stdin });

    expect(outcome.exitCode).toBe(0);
    expect(filesOf(home)).toEqual({});
  });

  it('costs one request when discovery is known', async () => {
    await token(['--resource', api]);
    emulator.takeRequests();
    await token(['--resource', api]);
    expect(emulator.takeRequests()).toEqual(['POST /oidc/token client_credentials']);
  });

  it.each([
    {
      what: 'nothing says what for',
      args: [],
      code: 'resource_unknown',
      hint: /--resource <uri> or --organization <id>/,
    },
    {
      what: 'the resource is unknown',
      args: ['--resource', 'https://unknown.example'],
      code: 'resource_unknown',
      hint: /API resources/,
    },
    {
      what: 'the application is not in the organization',
      args: ['--organization', 'emulator-org-other'],
      code: 'organization_denied',
      hint: /Machine-to-machine/,
    },
    {
      what: 'the secret is wrong',
      args: ['--resource', api],
      application: { secret: 'a-wrong-secret' },
      code: 'client_secret_invalid',
      hint: /App secrets/,
    },
    {
      what: 'there is no secret',
      args: ['--resource', api],
      application: { secret: null },
      code: 'client_secret_missing',
      hint: /LOGTO_APP_SECRET/,
    },
    {
      what: 'the application is public',
      args: ['--resource', api],
      application: { appId: 'emulator-native', secret: 'a-secret' },
      code: 'client_secret_unexpected',
      hint: /another application/,
    },
    {
      what: 'nobody knows the application',
      args: ['--resource', api],
      application: { appId: 'nobody' },
      code: 'client_unknown',
      hint: /--app-id/,
    },
    {
      what: 'the application is for people',
      args: ['--resource', api],
      application: { appId: 'emulator-traditional', secret: 'emulator-only-app-secret' },
      code: 'grant_type_not_allowed',
      hint: /machine-to-machine/i,
    },
  ])('is $code when $what', async ({ args, application = {}, code, hint }) => {
    const outcome = await token([...args, '--json'], application);

    expect(outcome).toMatchObject({ exitCode: 9, stderr: '' });
    expect(documentOf(outcome)).toEqual({ error: expect.objectContaining({ code }) });
    expect(documentOf(outcome).error.hint).toMatch(hint);
    expect(outcome.stdout).not.toMatch(/emulator-only-m2m-secret|a-wrong-secret|a-secret/);
    expect(filesOf(home)).toEqual({});
  });

  it('is a failure of the network when the provider is away', async () => {
    const gone = await startWatchedEmulator();
    await gone.close();
    const connection = ['--endpoint', gone.endpoint, '--app-id', 'emulator-m2m'];
    const outcome = await runProgram(
      ['token', '--client-credentials', ...connection, '--resource', api, '--json'],
      { home, environment: { LOGTO_APP_SECRET: 'x' } },
    );
    expect(outcome.exitCode).toBe(7);
    expect(documentOf(outcome).error.code).toBe('network_unreachable');
  });
});
