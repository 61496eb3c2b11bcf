import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { patientRuntime } from '../battery/battery-run.js';
import { failureOf } from '../support/failure-of.js';
import { type LocalServer, startLocalServer } from '../support/local-server.js';
import { runInProcess } from '../support/run-in-process.js';
import { startWatchedEmulator, type WatchedEmulator } from '../support/session-home.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const environment = { LOGTO_CLI_PASSWORD: 'emulator-only-alice' };
const credentials = /POST \/api\/experience\/verification/;

let emulator: WatchedEmulator;
/** A provider whose discovery document has everything at the emulator. */
let misled: LocalServer;
beforeAll(async () => {
  emulator = await startWatchedEmulator();
  misled = await startLocalServer(async (_, response) => {
    const published = await (await fetch(`${emulator.issuer}/.well-known/openid-configuration`)).json();
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...published, issuer: `${misled.origin}/oidc` }));
  });
});
afterAll(() => Promise.all([emulator.close(), misled.close()]));

let home: string;
let file: string;
beforeEach(async () => {
  home = await temporaryDirectory();
  file = join(home, 'scenarios.json');
  const user = { username: 'alice', passwordVariable: 'LOGTO_CLI_PASSWORD' };
  await writeFile(file, JSON.stringify({ scenarios: [{ name: 'a', user }] }));
  emulator.takeRequests();
});

/** Everything that a run says, with the requests that it made to the emulator beside that for the document. */
async function run(args: readonly string[]) {
  const runtime = patientRuntime({ home, environment });
  const failure = await runInProcess(runtime, args).then(() => null, String);
  const requests = emulator.takeRequests().filter((request) => !request.includes('/.well-known/'));
  return {
    told: `${runtime.stdout.text} ${runtime.stderr.text} ${failure}`.replaceAll(/\s+/g, ' '),
    requests,
  };
}

const ways: readonly [string, () => readonly string[]][] = [
  ['sign-in --headless', () => ['sign-in', '--headless', '--username', 'alice', '--storage', 'memory']],
  ['test --as', () => ['test', '--as', 'alice', '--only', 'sign-in.code']],
  ['test <file>', () => ['test', file]],
];
const providers: readonly [string, () => readonly string[]][] = [
  ['endpoint', () => ['--endpoint', misled.origin]],
  ['issuer', () => ['--issuer', `${misled.origin}/oidc`]],
];
const cases = ways.flatMap(([way, args]) =>
  providers.map(([named, provider]) => ({
    way,
    named,
    args: () => [...args(), ...provider(), '--app-id', 'emulator-native'],
  })),
);

describe('the origin that credentials are sent to', () => {
  it.each(cases)('is that of the $named as it is set, whatever discovery says: $way', async ({ args }) => {
    const { told, requests } = await run(args());
    expect(requests).toEqual([]);
    expect(told).toContain(`no password and no other credential of a user is sent there`);
    expect(told).toContain(emulator.endpoint);
    expect(told).not.toContain(environment.LOGTO_CLI_PASSWORD);
  });

  it.each(cases)('may be another one that is allowed, beside the $named: $way', async ({ args }) => {
    const { requests } = await run([
      ...args(),
      '--allow-origin',
      'http://localhost:9',
      '--allow-origin',
      emulator.endpoint,
    ]);
    expect(requests.filter((request) => credentials.test(request)).length).toBeGreaterThan(0);
  });

  it.each([
    '*',
    'https://*.example.com',
    'https://a.test/path',
    'https://a.test?x',
    'http://a.test',
    'nonsense',
    'https://u:p@a.test',
  ])('is one origin and no more: --allow-origin %j', async (origin) => {
    const args = ['sign-in', '--headless', '--username', 'a', '--allow-origin', origin];
    const failure = await failureOf(runInProcess(patientRuntime({ home }), args));
    expect(failure).toMatchObject({
      code: 'usage_invalid',
      message: expect.stringContaining('--allow-origin'),
    });
  });

  it.each([
    [['sign-in', '--allow-origin', 'https://a.test'], '--headless'],
    [['test', '--allow-origin', 'https://a.test'], '--as'],
    [['test', '--allow-variable', 'A'], 'file of scenarios'],
  ])('is no flag where nobody is signed in so: %j', async (args, words) => {
    const failure = await failureOf(runInProcess(patientRuntime({ home }), args));
    expect(failure).toMatchObject({ code: 'usage_invalid', message: expect.stringContaining(words) });
  });
});
