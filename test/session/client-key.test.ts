import { generateKeyPairSync } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readSession } from '../../src/client/read-session.js';
import { createFetch } from '../../src/network/create-fetch.js';
import type { Variables } from '../../src/profile/settings.js';
import { failureOf } from '../support/failure-of.js';
import { HttpBrowser } from '../support/http-browser.js';
import { startLyingProvider } from '../support/lying-provider.js';
import { runInProcess } from '../support/run-in-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { testRuntime } from '../support/test-runtime.js';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));

async function setUp() {
  const home = await temporaryDirectory();
  const lying = await startLyingProvider({}, { clientId: 'machine' });
  onTestFinished(() => lying.close());
  const path = join(home, 'key.pem');
  await writeFile(path, pem);
  const machine = ['--issuer', lying.issuer, '--app-id', 'machine'];
  const run = async (args: readonly string[], environment: Variables = {}) => {
    const runtime = testRuntime({ home, environment });
    const exitCode = await runInProcess(runtime, args);
    return { exitCode, runtime };
  };
  const token = (args: readonly string[], environment: Variables = {}) =>
    run(['token', '--client-credentials', ...args], environment);
  const claims = () => {
    const assertion = lying.requestsTo('token').at(-1)?.form.get('client_assertion') ?? '';
    return JSON.parse(
      Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString() || 'null',
    ) as unknown;
  };
  return { home, lying, path, machine, run, token, claims };
}

describe("the application's private key", () => {
  it('is read from the file of --client-key', async () => {
    const { lying, path, machine, token, claims } = await setUp();
    await token([...machine, '--client-key', path]);
    expect(claims()).toMatchObject({ iss: 'machine', sub: 'machine', aud: lying.issuer });
  });

  it.each(['path', 'text'])('comes by LOGTO_CLI_CLIENT_KEY too, as a %s', async (form) => {
    const { path, machine, token, claims } = await setUp();
    await token(machine, { LOGTO_CLI_CLIENT_KEY: form === 'path' ? path : pem });
    expect(claims()).toMatchObject({ iss: 'machine' });
  });

  it('is remembered by a profile as its path, and never as its text', async () => {
    const { home, path, machine, run, token, claims } = await setUp();
    const set = ['profile', 'set', 'default', ...machine, '--client-key', path];
    await run([...set, '--auth-method', 'private_key_jwt']);
    const file = await readFile(join(home, 'config.json'), 'utf8');
    expect(JSON.parse(file)).toMatchObject({
      profiles: { default: { authMethod: 'private_key_jwt', clientKey: path } },
    });
    expect(file).not.toContain('PRIVATE KEY');
    await token([]);
    expect(claims()).toMatchObject({ iss: 'machine' });
    const { runtime } = await run(['profile', 'show']);
    expect(runtime.stdout.text).toContain('private_key_jwt');
  });

  it('that came with a sign-in serves the session from then on, from whatever directory', async () => {
    const { home, lying, machine, run } = await setUp();
    const fetch = await createFetch({ environment: {} });
    const browser = new HttpBrowser(fetch, async (url, tab) => void (await tab.show(url)));
    const storage = ['--storage', 'file'];
    // As a person names it.
    const key = relative(process.cwd(), join(home, 'key.pem'));
    const runtime = testRuntime({ home, browser });
    await runInProcess(runtime, ['sign-in', ...machine, ...storage, '--port', '0', '--client-key', key]);
    const session = await readSession(await runtime.storage('file', 'default'));
    expect(session).toMatchObject({ clientKeyFile: join(home, 'key.pem') });
    lying.requests.length = 0;
    await run(['token', ...machine, '--refresh']);
    const before = lying.requestsTo('token').length;
    await run(['doctor', '--port', '0']);
    const examined = lying.requestsTo('token').slice(before);
    await run(['sign-out', ...machine, '--no-browser', '--timeout', '0']);
    const sent = [...lying.requestsTo('token'), ...lying.requestsTo('revoke')];
    const refresh = sent.find(({ form }) => form.get('grant_type') === 'refresh_token');
    expect(refresh?.form.has('client_assertion')).toBe(true);
    expect(examined.length).toBeGreaterThan(0);
    expect(examined.every(({ form }) => form.has('client_assertion'))).toBe(true);
    expect(lying.requestsTo('revoke').at(-1)?.form.has('client_assertion')).toBe(true);
  });

  it('is no argument: a flag that holds one is refused, and not repeated', async () => {
    const { machine, token } = await setUp();
    for (const text of [pem, JSON.stringify(privateKey.export({ format: 'jwk' }))]) {
      const failure = await failureOf(token([...machine, '--client-key', text]));
      expect(failure.code).toBe('usage_invalid');
      expect(JSON.stringify([failure.message, failure.hint])).not.toMatch(/BEGIN|kty/);
    }
  });

  it.each<[string, string[], Variables, string]>([
    ['a file that is not there', ['--client-key', '/nowhere/key.pem'], {}, '/nowhere/key.pem'],
    ['a file that is no key', ['--client-key', 'package.json'], {}, '--client-key'],
    ['a variable that is neither', [], { LOGTO_CLI_CLIENT_KEY: 'canary-of-a-key' }, 'LOGTO_CLI_CLIENT_KEY'],
    ['no key for the method', ['--auth-method', 'private_key_jwt'], {}, '--client-key'],
    ['a method that there is not', ['--auth-method', 'jwt'], {}, '--auth-method, LOGTO_CLI_AUTH_METHOD'],
  ])('that is %s is config_invalid before anything is sent', async (_, args, environment, words) => {
    const { lying, machine, token } = await setUp();
    const failure = await failureOf(token([...machine, ...args], environment));
    expect(failure.code).toBe('config_invalid');
    expect(`${failure.message} ${failure.hint}`).toContain(words);
    expect(JSON.stringify([failure.message, failure.hint])).not.toContain('canary');
    expect(lying.requests).toEqual([]);
  });

  it('goes with no token that is only shown', async () => {
    const { path, run } = await setUp();
    expect((await failureOf(run(['token', '--decode', 'x', '--client-key', path]))).code).toBe(
      'usage_invalid',
    );
  });
});
