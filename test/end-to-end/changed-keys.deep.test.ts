import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type LyingProvider, startLyingProvider } from '../support/lying-provider.js';
import { documentOf, runProgram } from '../support/program.js';
import { signInAtLiar } from '../support/session-home.js';
import { createSigningKey, type Json } from '../support/signed-jwt.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { tokensOf } from './sign-in-run.js';

const environment = { LOGTO_CLI_STORAGE: 'file' };

let home: string;
let provider: LyingProvider;
beforeEach(async () => {
  home = await temporaryDirectory();
  provider = await startLyingProvider({ discovery: announcing('ES256') });
  onTestFinished(() => provider.close());
});

const run = (...args: string[]) => runProgram(args, { home, environment });
const steps = () => provider.requests.map(({ step }) => step);

function announcing(...algorithms: string[]) {
  return (document: Json): Json => ({ ...document, id_token_signing_alg_values_supported: algorithms });
}

/** As Logto does: the new key has no `alg`, the one before it stays, and discovery lists both kinds. */
function changeToRsa(): void {
  provider.keys = [createSigningKey('rsa', 'RS256'), ...provider.keys];
  provider.lies.discovery = announcing('PS256', 'RS256', 'ES256');
  provider.lies.jwks = ({ keys }) => ({
    keys: (keys as Json[]).map(({ alg, ...key }) => (key['kty'] === 'RSA' ? key : { ...key, alg })),
  });
}

describe('a provider whose signing key becomes one of another algorithm', () => {
  it('is asked anew by the next refresh, and the session goes on', async () => {
    await signInAtLiar(provider, home);
    expect((await run('token', '--refresh')).exitCode).toBe(0);
    const before = tokensOf(home);
    changeToRsa();
    provider.requests.length = 0;

    const refreshed = await run('token', '--refresh', '--id-token', '--json');

    expect(refreshed).toMatchObject({ exitCode: 0, stderr: '' });
    expect(documentOf(refreshed).claims.sub).toBe('alice');
    expect(steps()).toEqual(['token', 'discovery', 'jwks']);
    expect(tokensOf(home).refreshToken).not.toBe(before.refreshToken);

    // What is known by now is enough.
    provider.requests.length = 0;
    expect((await run('token', '--refresh')).exitCode).toBe(0);
    expect(steps()).toEqual(['token']);
  });

  it('is asked anew for a UserInfo response that is signed', async () => {
    await signInAtLiar(provider, home);
    expect((await run('token', '--refresh')).exitCode).toBe(0);
    changeToRsa();
    provider.lies.userInfo = (claims) => provider.sign({}, claims);
    provider.requests.length = 0;

    const asked = await run('whoami', '--remote', '--json');

    expect(asked).toMatchObject({ exitCode: 0, stderr: '' });
    expect(documentOf(asked).userInfo.name).toBe('Alice');
    expect(steps()).toEqual(['userinfo', 'discovery', 'jwks']);
  });

  it('and whose discovery is down meanwhile costs no session', async () => {
    await signInAtLiar(provider, home);
    expect((await run('token', '--refresh')).exitCode).toBe(0);
    const before = tokensOf(home);
    changeToRsa();
    provider.lies.answers = { discovery: { status: 503 } };

    const failed = await run('token', '--refresh', '--json');

    expect(failed).toMatchObject({ exitCode: 7, stderr: '' });
    const after = tokensOf(home);
    expect(after).toEqual({ ...before, refreshToken: after.refreshToken });
    expect(after.refreshToken).not.toBe(before.refreshToken);
    provider.lies.answers = {};
    expect((await run('token', '--refresh')).exitCode).toBe(0);
  });
});

describe('whoami --remote', () => {
  it('says that the application is gone', async () => {
    await signInAtLiar(provider, home);
    const error = { error: 'invalid_client', error_description: 'invalid client app' };
    provider.lies.answers = { userinfo: { status: 400, body: { code: 'oidc.invalid_client', ...error } } };

    const outcome = await run('whoami', '--remote', '--json');

    expect(outcome).toMatchObject({ exitCode: 9, stderr: '' });
    expect(documentOf(outcome).error).toMatchObject({ code: 'client_unknown' });
  });
});
