import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { patientRuntime } from '../battery/battery-run.js';
import { failureOf } from '../support/failure-of.js';
import { type LocalServer, startLocalServer } from '../support/local-server.js';
import { runInProcess } from '../support/run-in-process.js';
import { startWatchedEmulator, type WatchedEmulator } from '../support/session-home.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** The document of the emulator, at another address than its issuer says. */
let elsewhere: LocalServer;
let emulator: WatchedEmulator;
let document: string;
beforeAll(async () => {
  emulator = await startWatchedEmulator();
  document = await (await fetch(`${emulator.issuer}/.well-known/openid-configuration`)).text();
  elsewhere = await startLocalServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(document);
  });
});
afterAll(() => Promise.all([emulator.close(), elsewhere.close()]));

let home: string;
beforeEach(async () => {
  home = await temporaryDirectory();
  emulator.takeRequests();
});

const password = 'emulator-only-alice';
const place = () => ({ issuer: emulator.issuer, discoveryUrl: `${elsewhere.origin}/metadata.json` });
const flags = () => {
  const { issuer, discoveryUrl } = place();
  return ['--issuer', issuer, '--discovery-url', discoveryUrl, '--app-id', 'emulator-native'];
};

async function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const runtime = patientRuntime({
    home,
    environment: { LOGTO_CLI_PASSWORD: password, LOGTO_CLI_STORAGE: 'file', ...environment },
  });
  const exitCode = await runInProcess(runtime, args);
  return { exitCode, stdout: runtime.stdout.text, stderr: runtime.stderr.text };
}

const asked = () => emulator.takeRequests().filter((request) => request.includes('.well-known'));

describe('a provider whose document is elsewhere', () => {
  it('signs a user in without a browser, whose session asks there from then on', async () => {
    const signedIn = await run([
      'sign-in',
      '--headless',
      '--username',
      'alice',
      '--prompt',
      'consent',
      ...flags(),
      '--json',
    ]);
    expect(signedIn, signedIn.stderr).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(signedIn.stdout)).toMatchObject(place());
    expect(await run(['token', '--refresh'])).toMatchObject({ exitCode: 0 });
    expect(await run(['sign-out', '--no-browser', '--local'])).toMatchObject({ exitCode: 0 });
    expect(asked()).toEqual([]);
  });

  it('gives an application tokens for itself', async () => {
    const machine = [
      ...flags().slice(0, 4),
      '--app-id',
      'emulator-m2m',
      '--resource',
      'https://api.example.test',
      '--scope',
      'read:things',
    ];
    const environment = { LOGTO_APP_SECRET: 'emulator-only-m2m-secret' };
    const outcome = await run(['token', '--client-credentials', ...machine], environment);
    expect(outcome.stderr).toBe('');
    expect(outcome.exitCode).toBe(0);
    expect(asked()).toEqual([]);
  });

  it('is tested with a user, and by a file of scenarios that names the place', async () => {
    const tested = await run([
      'test',
      '--as',
      'alice',
      '--only',
      'sign-in,code,id-token',
      ...flags(),
      '--json',
    ]);
    expect(tested, tested.stdout + tested.stderr).toMatchObject({ exitCode: 0 });
    const file = join(home, 'scenarios.json');
    const scenarios = [{ name: 'a', user: { username: 'alice', passwordVariable: 'LOGTO_CLI_PASSWORD' } }];
    await writeFile(file, JSON.stringify({ defaults: { ...place(), appId: 'emulator-native' }, scenarios }));
    const ran = await run(['test', file]);
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ exitCode: 0 });
    expect(ran.stdout).toContain(`${emulator.issuer}, application emulator-native`);
    expect(asked()).toEqual([]);
  });

  it('is not asked, and sent nothing, where a file alone names a document that is not on this machine', async () => {
    const file = join(home, 'scenarios.json');
    const user = { username: 'alice', passwordVariable: 'LOGTO_CLI_PASSWORD' };
    const evil = 'https://evil.example/x';
    for (const where of ['defaults', 'scenario']) {
      const named = { issuer: emulator.issuer, discoveryUrl: evil, appId: 'emulator-native' };
      const content = {
        ...(where === 'defaults' && { defaults: named }),
        scenarios: [{ name: 'a', user, ...(where === 'scenario' && named) }],
      };
      await writeFile(file, JSON.stringify(content));
      expect(await failureOf(() => run(['test', file]))).toMatchObject({
        code: 'usage_invalid',
        message: expect.stringContaining('evil.example is not this machine'),
      });
      expect(await failureOf(() => run(['test', file, '--allow-remote']))).toMatchObject({
        code: 'config_invalid',
        hint: expect.stringContaining(`--discovery-url ${evil}`),
        details: {
          path: where === 'defaults' ? 'defaults.discoveryUrl' : 'scenarios[0].discoveryUrl',
          origin: 'https://evil.example',
        },
      });
    }
    expect(emulator.takeRequests()).toEqual([]);
  });

  it('is no endpoint, and no document without an issuer, in a file', async () => {
    const file = join(home, 'scenarios.json');
    const user = { username: 'alice', passwordVariable: 'LOGTO_CLI_PASSWORD' };
    for (const defaults of [
      { endpoint: emulator.endpoint, discoveryUrl: place().discoveryUrl },
      { discoveryUrl: place().discoveryUrl },
    ]) {
      await writeFile(
        file,
        JSON.stringify({ defaults: { ...defaults, appId: 'a' }, scenarios: [{ name: 'a', user }] }),
      );
      const failure = await failureOf(() => run(['test', file]));
      expect(failure.code).toMatch(/^config_(invalid|missing)$/);
    }
    expect(emulator.takeRequests()).toEqual([]);
  });

  it('is kept whole by the command that a missing application is told with', async () => {
    const { issuer, discoveryUrl } = place();
    const failure = await failureOf(() =>
      run(['sign-in', '--issuer', issuer, '--discovery-url', discoveryUrl]),
    );
    expect(failure).toMatchObject({
      code: 'config_missing',
      hint: expect.stringContaining(
        `profile set default --issuer ${issuer} --discovery-url ${discoveryUrl} --app-id <client ID>`,
      ),
    });
  });

  it('is refused to whoever tests with a user, where that document is not on this machine', async () => {
    const remote = ['--issuer', emulator.issuer, '--discovery-url', 'https://id.example/x', '--app-id', 'a'];
    expect(await failureOf(() => run(['test', '--as', 'alice', ...remote]))).toMatchObject({
      code: 'usage_invalid',
      message: expect.stringContaining('id.example is not this machine'),
    });
  });
});
