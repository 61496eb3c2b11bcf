import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type PlainProviderOptions, startPlainProvider } from '../support/plain-provider.js';
import { addressFaults } from './address-faults.js';
import { applicationFaults } from './application-faults.js';
import type { Fault } from './fault.js';
import { machineFaults } from './machine-faults.js';
import { inWords, type MatrixRow, matrixText } from './matrix.js';
import { networkFaults } from './network-faults.js';
import { providerFaults } from './provider-faults.js';
import { runDoctor, runSignIn } from './run-fault.js';
import { sessionFaults } from './session-faults.js';
import { slowFaults } from './slow-faults.js';
import { type Providers, setupNames, soundSetup, startProviders } from './sound-setup.js';

const usualFaults: readonly Fault[] = [
  ...addressFaults,
  ...networkFaults,
  ...applicationFaults,
  ...providerFaults,
  ...machineFaults,
  ...sessionFaults,
];

let providers: Providers;
const rows: MatrixRow[] = [];
beforeAll(async () => {
  providers = await startProviders();
});
afterAll(async () => {
  await providers.close();
  console.log(matrixText(rows));
});

/** Injects faults into a sound setup, and hears what `doctor` and then `sign-in` say. */
async function meet(fault: Fault): Promise<MatrixRow> {
  const setup = await soundSetup(fault.at, providers);
  await fault.inject(setup);
  const { milliseconds, faults, exitCode, checks, runtime } = await runDoctor(setup);
  const signIn = fault.signIn === null ? '-' : await runSignIn(setup);
  const row = {
    name: fault.name,
    expected: { doctor: inWords(fault.doctor), signIn: fault.signIn ?? '-' },
    found: { doctor: inWords(faults), signIn },
    milliseconds,
  };
  rows.push(row);
  expect(row.found).toEqual(row.expected);
  expect(exitCode).toBe(exitCodeOf(fault));
  expect(milliseconds).toBeLessThan(5_000);
  for (const { outcome, hint } of checks) {
    if (outcome === 'failed' || outcome === 'warning') expect(hint).toMatch(/\S/);
  }
  const secret = setup.environment['LOGTO_APP_SECRET'];
  if (secret) expect(runtime.stdout.text + runtime.stderr.text).not.toContain(secret);
  return row;
}

/** 1 where a check failed, 3 where one could not be run and none failed. */
function exitCodeOf({ doctor }: Fault): number {
  const verdicts = Object.values(doctor).join();
  if (verdicts.includes('failed')) return 1;
  return verdicts.includes('incomplete') ? 3 : 0;
}

describe('a sound setup', () => {
  it.each(setupNames)('is called sound, and somebody signs in (%s)', async (name) => {
    const setup = await soundSetup(name, providers);
    const { faults, exitCode } = await runDoctor(setup);
    expect(faults).toEqual({});
    expect(exitCode).toBe(0);
    expect(await runSignIn(setup)).toBe('signs in');
    // Nor is it with the session that is there now. Nobody made that other provider give a refresh token.
    const again = await runDoctor(setup);
    expect(again.faults).toEqual(name.startsWith('plain') ? { 'session.refresh-token': 'warning' } : {});
    expect(again.check('session.owner').outcome).toBe('passed');
  });
});

describe('an unusual setup', () => {
  const features = {
    pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
  };
  it.each([
    ['wants requests pushed', 'plain public', { configuration: { features } }],
    ['wants requests pushed', 'plain confidential', { configuration: { features } }],
    ['signs with another algorithm', 'plain public', { idTokenAlgorithm: 'ES256' }],
  ] as const)('of a provider that %s is called sound too (%s)', async (_, name, options) => {
    const setup = await soundSetup(name, providers);
    const uris = {
      redirectUris: [setup.redirectUri],
      postLogoutRedirectUris: [new URL('/', setup.redirectUri).href],
    };
    const provider = await startPlainProvider({ ...uris, ...options } as PlainProviderOptions);
    onTestFinished(() => provider.close());
    setup.flags['--issuer'] = provider.issuer;
    expect((await runDoctor(setup)).faults).toEqual({});
    expect(await runSignIn(setup)).toBe('signs in');
  });
});

describe('a fault is named, and nothing else:', () => {
  it.each(usualFaults)('$name', async (fault) => {
    await meet(fault);
  });

  it('each that takes time, all of them at once', async () => {
    await Promise.all(slowFaults.map(meet));
  });

  it('there are at least 40 of them, each of its own name', () => {
    const names = [...usualFaults, ...slowFaults].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(40);
  });
});

describe('two faults at once are both named:', () => {
  const pairs: readonly (readonly [first: string, second: string])[] = [
    ['the secret is wrong (Traditional)', 'the redirect URI has another path (Traditional)'],
    [
      'the secret is missing (plain confidential)',
      'the redirect URI has a slash too many (plain confidential)',
    ],
    ['the port is held on IPv4', 'the secret is missing (Traditional)'],
    ['the port is held on IPv6', 'the certificate has expired'],
    ['the redirect URI has another scheme (Native)', 'the secret is wrong (Traditional)'],
    ['the clock is 10 minutes slow', 'the application is unknown (plain public)'],
    ['the clock is 10 minutes fast', 'the post sign-out URI has another path (Native)'],
    ['something is in the way of the storage directory', 'the resource is unknown'],
    ['the keyring fails: storage_locked', 'there is a surplus secret (SPA)'],
    ['the file of NODE_EXTRA_CA_CERTS is not there', 'the host of the endpoint does not exist'],
    ['BROWSER names no program', 'the proxy is down'],
    ['the stored session is of another application', 'the scope is unknown'],
    [
      'the port of the redirect URI is another (Traditional)',
      'offline access is asked for without a consent',
    ],
    ['the key set is empty', 'PKCE is refused'],
    ['there is no revocation', 'a scope is refused'],
    ['the key set fails (503)', 'the secret has expired'],
  ];

  it.each(pairs)('%s; %s', async (...names) => {
    const [first, second] = names.map((name) => usualFaults.find((fault) => fault.name === name));
    if (first === undefined || second === undefined) return expect.unreachable();
    const setup = await soundSetup(second.at, providers);
    await first.inject(setup);
    await second.inject(setup);
    const { faults, milliseconds } = await runDoctor(setup);
    expect(faults).toEqual({ ...first.doctor, ...second.doctor });
    expect(milliseconds).toBeLessThan(5_000);
    const meant = [first.signIn, second.signIn].filter((words) => words !== null && words !== 'signs in');
    if (meant.length > 0) expect(meant).toContain(await runSignIn(setup));
  });
});
