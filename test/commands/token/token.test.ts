import { beforeEach, describe, expect, it } from 'vitest';
import { LogtoError } from '../../../src/errors.js';
import { MemoryStorage } from '../../../src/storage/memory-storage.js';
import { failureOf } from '../../support/failure-of.js';
import { runInProcess } from '../../support/run-in-process.js';
import { storeSession } from '../../support/stored-session.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';
import { type TestRuntime, testRuntime } from '../../support/test-runtime.js';

/** A keychain that tells what was asked of it. */
class AskedKeychain extends MemoryStorage {
  readonly asked: string[] = [];

  override get(key: string): Promise<string | null> {
    this.asked.push(`get ${key}`);
    return super.get(key);
  }

  override set(key: string, value: string): Promise<void> {
    this.asked.push(`set ${key}`);
    return super.set(key, value);
  }
}

let home: string;
let keychain: AskedKeychain;
let runtime: TestRuntime;
beforeEach(async () => {
  home = await temporaryDirectory();
  keychain = new AskedKeychain();
  runtime = withInput('');
});

const withInput = (input: string) =>
  testRuntime({ home, keychain, input, now: () => Date.UTC(2026, 0, 1, 0, 30) });

const offline = () => ({
  ...runtime,
  fetch: () => Promise.reject(new LogtoError('network_unreachable', 'No network.', 'None.')),
});

describe('a token that is at hand', () => {
  beforeEach(async () => {
    await storeSession(runtime, 'default');
    keychain.asked.length = 0;
  });

  it('costs one answer of the keychain', async () => {
    await runInProcess(offline(), ['token']);
    expect(runtime.stdout.text).toBe('an-access-token\n');
    expect(keychain.asked).toEqual(['get tokenSet']);
  });

  it('and an ID token cost the same', async () => {
    await runInProcess(offline(), ['token', '--id-token']);
    expect(keychain.asked).toEqual(['get tokenSet']);
  });

  it('is read anew, and the secret looked up, when it is refreshed', async () => {
    expect(await failureOf(runInProcess(offline(), ['token', '--refresh']))).toMatchObject({
      code: 'network_unreachable',
    });
    expect(keychain.asked.filter((asked) => asked === 'get tokenSet')).toHaveLength(2);
    expect(keychain.asked).toContain('get sessionSecret');
  });

  it('in a file needs no keychain that only has the secret', async () => {
    const web = ['web', '--endpoint', 'https://tenant.test', '--app-id', 'app', '--storage', 'keychain'];
    await runInProcess(withInput('hush'), ['profile', 'set', ...web, '--app-secret-stdin']);
    await storeSession(runtime, 'web', { kind: 'file' });
    keychain.asked.length = 0;
    await runInProcess(offline(), ['token', '--profile', 'web', '--quiet']);
    expect(runtime.stdout.text).toBe('an-access-token\n');
    expect(keychain.asked).toEqual([]);
  });
});

describe('a command line that cannot be meant', () => {
  const jwt = 'eyJhbGciOiJub25lIn0.e30.x';

  it.each([
    [['--resource', 'https://api.test']],
    [['--organization', 'org']],
    [['--id-token']],
    [['--min-ttl', '0']],
    [['--refresh']],
    [['--client-credentials']],
    [['--client-credentials', '--scope', 'read']],
    [['--endpoint', 'https://tenant.test']],
    [['--issuer', 'https://tenant.test/oidc']],
    [['--app-id', 'app']],
    [['--app-secret-stdin']],
    [['--ca-file', 'ca.pem']],
    [['--profile', 'web']],
    [['--storage', 'file']],
  ])('is usage_invalid: a given token and %j', async (flags) => {
    const failure = await failureOf(runInProcess(offline(), ['token', '--decode', jwt, ...flags]));
    expect(failure).toMatchObject({ code: 'usage_invalid' });
    expect(failure.message).toContain(flags[0]);
    expect(failure.message).not.toContain(jwt);
  });

  it('is refused before a token is got: a name that no variable has', async () => {
    const failure = await failureOf(runInProcess(offline(), ['token', '--env', 'A B', '--refresh']));
    expect(failure).toMatchObject({ code: 'config_invalid' });
    expect(keychain.asked).toEqual([]);
  });
});

describe('a resource that the sign-in did not ask for', () => {
  const hintOf = async (flags: readonly string[]) =>
    (await failureOf(runInProcess(offline(), ['token', '--resource', 'https://new.test', ...flags]))).hint;
  const asked = '--resource https://new.test';

  it('is asked for by the command in the hint, which needs no other word', async () => {
    await storeSession(runtime, 'default');
    expect(await hintOf([])).toBe(
      `Sign in again with: logto-cli sign-in --endpoint https://tenant.test --app-id app ${asked}`,
    );
  });

  it('is asked for as the profile that it was wanted for, which knows its application', async () => {
    const connection = ['--endpoint', 'https://tenant.test', '--app-id', 'app'];
    await runInProcess(runtime, ['profile', 'set', 'web', ...connection]);
    await storeSession(runtime, 'web');
    const hint = `Sign in again with: logto-cli sign-in --profile web ${asked}`;
    expect(await hintOf(['--profile', 'web'])).toBe(hint);
  });

  it('is asked for where this sign-in had its callback, and with what it was told', async () => {
    await storeSession(runtime, 'default', { redirectUri: 'http://localhost:4321/back' });
    const flags = ['--endpoint', 'https://tenant.test', '--app-id', 'app', '--ca-file', "it's.pem"];
    expect(await hintOf(flags)).toBe(
      'Sign in again with: logto-cli sign-in --endpoint https://tenant.test --app-id app ' +
        `--ca-file 'it'\\''s.pem' --redirect-uri http://localhost:4321/back ${asked}`,
    );
  });

  it('is asked for with the certificate that a callback over https takes', async () => {
    await storeSession(runtime, 'default', { redirectUri: 'https://localhost:3000/callback' });
    expect(await hintOf([])).toContain(
      "--redirect-uri https://localhost:3000/callback --tls-cert '<pem>' --tls-key '<pem>'",
    );
  });

  it('within an organization is asked for with the organization', async () => {
    await storeSession(runtime, 'default');
    expect(await hintOf(['--organization', 'org'])).toMatch(/ --organization org$/);
  });
});
