import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApplicationTest, type Emulator, startEmulator, testApplication } from '../../src/testing.js';
import { startSample } from '../sample-application/sample-application.js';
import { failureOf } from '../support/failure-of.js';
import { freePort } from '../support/free-port.js';
import { type FetchPage, fetchBrowsers } from './fetch-pages.js';

let emulator: Emulator;
let sample: Awaited<ReturnType<typeof startSample>>;
const defects = ['code-missing'];
beforeAll(async () => {
  emulator = await startEmulator();
  sample = await startSample({
    issuer: emulator.issuer,
    clientId: 'emulator-traditional',
    clientSecret: 'emulator-only-app-secret',
    defects,
  });
});
afterAll(async () => {
  await sample.close();
  await emulator.close();
});

/** A test of the sample with what is given, whose browsers are all closed in the end. */
async function tested(own: Partial<ApplicationTest<FetchPage>> = {}) {
  const browsers = fetchBrowsers();
  try {
    return await testApplication({
      emulator,
      url: sample.url,
      newContext: browsers.newContext,
      visit: (page) => page.goto(`${sample.url}sign-in`),
      isSignedIn: async (page) => (await page.content()).includes('Signed in as'),
      ...own,
    });
  } finally {
    expect(browsers.open).toBe(0);
  }
}

describe('testApplication', () => {
  it('finds what an application believes, by visits without a browser', async () => {
    const told: string[] = [];
    const report = await tested({
      only: ['callback.no-code', 'callback.no-state'],
      onCheck: ({ id }) => told.push(id),
    });
    const found = report.checks.map(({ id, outcome }) => `${id} ${outcome}`);
    expect(found).toEqual([
      'request.response-type passed',
      'request.redirect-uri passed',
      'sound.sign-in passed',
      'callback.no-state passed',
      'callback.no-code failed',
    ]);
    expect(report.outcome).toBe('failed');
    expect(report.checks.find(({ id }) => id === 'callback.no-code')).toMatchObject({
      message: 'After a callback without a code somebody is signed in. [RFC 6749, 4.1.2]',
      hint: expect.stringContaining('Sign nobody in who has no tokens'),
    });
    expect(told.toSorted()).toEqual(report.checks.map(({ id }) => id).toSorted());
  });

  it('says what a visit lacks for the checks that it cannot serve', async () => {
    const only = ['callback.again', 'request.addresses', 'return', 'sign-out', 'session.fixation'];
    const { checks, outcome } = await tested({ only });
    const messages = new Map(checks.map((check) => [check.id, `${check.outcome}: ${check.message}`]));
    expect(messages.get('callback.again')).toMatch(/^skipped: .*cookies\(\) and addCookies\(\)/);
    expect(messages.get('session.fixation')).toMatch(/^skipped: .*cookies\(\) and addCookies\(\)/);
    expect(messages.get('request.addresses')).toMatch(/^skipped: .*on\(\)/);
    expect(messages.get('return.elsewhere')).toMatch(/^skipped: .*the option returnParameter/);
    for (const id of ['session', 'copied-cookie', 'provider', 'return']) {
      expect(messages.get(`sign-out.${id}`)).toMatch(/^skipped: .*the option signOut/);
    }
    expect(outcome).toBe('passed');
    // What is said is of options, and not of flags of the command.
    for (const { message, hint = '' } of checks) expect(message + hint).not.toMatch(/ --[a-z]/);
  });

  it('passes for what a baseline knows, and fails for what it knows too much', async () => {
    const known = { check: 'callback.no-code', outcome: 'failed', reason: 'it is old' } as const;
    const report = await tested({ only: ['callback.no-code'], baseline: { version: 1, known: [known] } });
    expect(report).toMatchObject({ outcome: 'passed', stale: [] });
    expect(report.checks.at(-1)).toMatchObject({ outcome: 'failed', known: { reason: 'it is old' } });
    const stale = { ...known, check: 'sound.sign-in' };
    const other = await tested({ only: ['sound'], baseline: { version: 1, known: [stale] } });
    expect(other).toMatchObject({ outcome: 'failed', stale: [{ check: 'sound.sign-in', why: 'gone' }] });
  });

  it('ends with its signal, and leaves the emulator sound', async () => {
    const end = new AbortController();
    const run = tested({ signal: end.signal, onCheck: () => end.abort(new Error('enough')) });
    await expect(run).rejects.toThrow('enough');
    const { checks } = await tested({ only: ['sound.sign-in'] });
    expect(checks.at(-1)?.outcome).toBe('passed');
  });

  it.each<[string, Partial<ApplicationTest<FetchPage>>, string, RegExp]>([
    ['an address that is none', { url: 'localhost' }, 'config_invalid', /url is no web address/],
    [
      'an address with a password',
      { url: 'http://alice:a-password@localhost:1/start' },
      'config_invalid',
      /^url must not hold a user name or password\.$/,
    ],
    ['a check that is not there', { only: ['bogus'] }, 'config_invalid', /bogus/],
    [
      'a visit that leads to no provider',
      { visit: async () => {} },
      'app_undecided',
      /no authorization request at the emulator: .*“Sample Nobody is signed in. Sign in”/,
    ],
    [
      'a visit that throws',
      { visit: () => Promise.reject(new Error('no such button\nstack')) },
      'app_undecided',
      /threw: no such button\.$/,
    ],
    [
      'what cannot tell who is signed in',
      { isSignedIn: () => Promise.reject(new Error('not here')) },
      'app_undecided',
      /cannot be told: isSignedIn threw: not here/,
    ],
    [
      'a browser that does not start',
      { newContext: () => Promise.reject(new Error('no such program')) },
      'app_undecided',
      /No page could be opened: no such program/,
    ],
    ['strangers who are signed in', { isSignedIn: () => true }, 'app_undecided', /never been there/],
    ['users who are not', { isSignedIn: () => false }, 'app_undecided', /nobody is after a sound sign-in/],
  ])('says what is wrong with %s', async (_case, own, code, said) => {
    const failure = await failureOf(tested(own));
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(said);
    expect(failure.hint).toMatch(/./);
  });

  it('says that an application is not there', async () => {
    const url = `http://localhost:${await freePort()}/`;
    expect(await failureOf(tested({ url, timeout: 200 }))).toMatchObject({ code: 'app_not_started' });
  });
});
