import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LogtoError } from '../../src/errors.js';
import { type Emulator, startEmulator } from '../../src/testing.js';
import { patientRuntime } from '../battery/battery-run.js';
import { someBrowser } from '../check/doctor/doctor-run.js';
import { runInProcess } from '../support/run-in-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { testRuntime } from '../support/test-runtime.js';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

/** Everything that a run lets people read, whether it ends well or not. */
async function toldBy(args: readonly string[], secret?: string): Promise<string> {
  const home = await temporaryDirectory();
  const environment = {
    BROWSER: process.execPath,
    ...(secret !== undefined && { LOGTO_APP_SECRET: secret }),
  };
  const sleep = () => new Promise<never>(() => {});
  const runtime = testRuntime({ browser: someBrowser, sleep, home, environment });
  const failure = await runInProcess(runtime, [...args, '--storage', 'memory']).then(
    () => '',
    (error: unknown) => {
      if (!(error instanceof LogtoError)) throw error;
      return `${error.message} ${error.hint}`;
    },
  );
  return `${runtime.stdout.text} ${runtime.stderr.text} ${failure}`;
}

/** Our own names are no advice about Logto. */
function withoutOurNames(text: string): string {
  return text.replaceAll(/logto-cli|LOGTO_\w+|urn:logto:\S+/g, '');
}

/** The emulator, as a provider that ends with /oidc and is still only an issuer. */
const issuer = (appId: string) => ['--issuer', emulator.issuer, '--app-id', appId];

const runs: [what: string, args: () => readonly string[], secret?: string][] = [
  ['doctor', () => ['doctor', ...issuer('emulator-native'), '--fix-hints', 'console']],
  ['doctor of nobody', () => ['doctor', ...issuer('nobody'), '--fix-hints', 'console']],
  [
    'doctor with much that is wrong',
    () => [
      'doctor',
      ...issuer('emulator-spa'),
      '--redirect-uri',
      'http://localhost:3999/other',
      '--scope',
      'nothing',
      '--resource',
      'https://nowhere.test',
      '--organization',
      'o',
      '--fix-hints',
      'console',
    ],
  ],
  ['doctor with a wrong secret', () => ['doctor', ...issuer('emulator-traditional')], 'wrong-secret-0123'],
  ['doctor without a secret', () => ['doctor', ...issuer('emulator-traditional')]],
  ['doctor of a machine', () => ['doctor', ...issuer('emulator-m2m')], 'emulator-only-m2m-secret'],
  ['test', () => ['test', ...issuer('emulator-native')]],
  ['test of the traditional one', () => ['test', ...issuer('emulator-traditional')], 'wrong-secret-0123'],
  ['test of a user', () => ['test', '--as', 'alice', ...issuer('emulator-native')]],
  ['token without an application', () => ['token', '--client-credentials', '--issuer', emulator.issuer]],
  ['token for itself', () => ['token', '--client-credentials', ...issuer('emulator-native')], 'x'.repeat(20)],
  ['token of a wrong resource', () => ['token', '--client-credentials', ...issuer('x'), '--resource', 'x y']],
  ['sign-in of nobody', () => ['sign-in', ...issuer('nobody'), '--no-browser']],
  [
    'sign-in with a parameter of its own',
    () => ['sign-in', ...issuer('nobody'), '--first-screen', 'register'],
  ],
  [
    'an address that is no issuer',
    () => ['doctor', '--issuer', `${emulator.endpoint}/nothing`, '--app-id', 'x'],
  ],
  ['an issuer that is no address', () => ['sign-in', '--issuer', 'nonsense', '--app-id', 'x']],
  ['an issuer that differs', () => ['doctor', '--issuer', `${emulator.issuer}/`, '--app-id', 'x']],
];

describe('whoever sets an issuer, be it one that ends with /oidc,', () => {
  it.each(runs)('never reads of Logto or its Console: %s', async (...[, args, secret]) => {
    const told = await toldBy(args(), secret);
    expect(told.trim()).not.toBe('');
    expect(withoutOurNames(told)).not.toMatch(/Logto|Console\b/);
  });
});

describe('whoever sets an issuer and signs a user in without a browser', () => {
  const password = 'emulator-only-alice';
  const signedIn = ['--as', 'alice', '--organization', 'emulator-org-acme'];

  /** What is told where somebody really signs in, or nearly. */
  async function toldBySignIn(args: readonly string[], LOGTO_CLI_PASSWORD = password): Promise<string> {
    const home = await temporaryDirectory();
    const runtime = patientRuntime({ home, environment: { LOGTO_CLI_PASSWORD } });
    const failure = await runInProcess(runtime, [...args, '--storage', 'memory']).then(
      () => '',
      (error: unknown) => {
        if (!(error instanceof LogtoError)) throw error;
        return `${error.message} ${error.hint}`;
      },
    );
    return `${runtime.stdout.text} ${runtime.stderr.text} ${failure}`;
  }

  it.each<[string, readonly string[], string?]>([
    ['test --as', ['test', ...signedIn, '--only', 'sign-in,organization,session,id-token,code', '--json']],
    ['test --as with a wrong password', ['test', ...signedIn, '--only', 'sign-in'], 'wrong'],
    ['sign-in', ['sign-in', '--headless', '--username', 'alice']],
    ['sign-in with a wrong password', ['sign-in', '--headless', '--username', 'alice'], 'wrong'],
    ['registration', ['sign-in', '--headless', '--sign-up', '--email', 'a@example.test']],
  ])('never reads of Logto either: %s', async (_, args, given) => {
    const told = await toldBySignIn([...args, ...issuer('emulator-native')], given);
    expect(told.trim()).not.toBe('');
    expect(withoutOurNames(told)).not.toMatch(/Logto|Console\b/);
  });
});

describe('whoever sets an endpoint', () => {
  const endpoint = (appId: string) => ['--endpoint', emulator.endpoint, '--app-id', appId];

  it('reads of the Console, and of what Logto is known for', async () => {
    expect(await toldBy(['doctor', ...endpoint('nobody')])).toContain("Logto's Console");
    expect(await toldBy(['test', ...endpoint('emulator-native')])).toContain('Logto is known for that');
  });
});
