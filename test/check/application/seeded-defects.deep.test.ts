import { describe, expect, it } from 'vitest';
import { applicationChecks } from '../../../src/check/application/application-checks.js';
import { callbackChecks } from '../../../src/check/application/callback.js';
import { firstRequestChecks } from '../../../src/check/application/request.js';
import { runApplicationChecks } from '../../../src/check/application/run-application-checks.js';
import { soundChecks } from '../../../src/check/application/sound.js';
import { choose, groupOf } from '../../../src/check/run/claused-check.js';
import { defects } from '../../sample-application/sample-application.js';
import { seededDefects } from './seeded-defects.js';
import { type SampleLimits, testedSample } from './tested-sample.js';

async function reportOn(
  names: readonly string[] = [],
  {
    checks = applicationChecks,
    ...limits
  }: SampleLimits & { readonly checks?: typeof applicationChecks } = {},
) {
  const { application, close } = await testedSample(names, limits);
  try {
    return await runApplicationChecks({
      checks,
      subject: application,
      jobs: 4,
      sleep: (_milliseconds, signal) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
      interruption: new AbortController().signal,
      onBug: (error) => {
        throw error;
      },
    });
  } finally {
    await close();
  }
}

/** What is not as it should be: `callback.no-state failed`. */
const faulty = ({ checks }: Awaited<ReturnType<typeof reportOn>>) =>
  checks
    .filter(({ outcome }) => outcome !== 'passed' && outcome !== 'skipped')
    .map(({ id, outcome }) => `${id} ${outcome}`);

/** Whether each defect is looked for by all checks, which takes some 400 s of CPU, and not by those of its group alone. */
const isWhole = process.env['LOGTO_CLI_TEST_STRESS'] === 'whole';

/** Milliseconds for one run beside others, on a machine that is busy. */
const patience = 300_000;

describe('the checks of an application', () => {
  it.each(['http', 'https'])('find nothing wrong with the sample, over %s', async (protocol) => {
    const report = await reportOn([], { isHttps: protocol === 'https' });
    expect(report.checks.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
    expect(report.outcome).toBe('passed');
  });

  // Each waits for a token endpoint that never answers.
  it.concurrent.each(Object.entries(seededDefects))(
    'find %s, and nothing else',
    async (name, { check, outcome = 'failed', isHttps = false }) => {
      const group = check.slice(0, check.indexOf('.'));
      const { checks } = isWhole ? { checks: applicationChecks } : choose(applicationChecks, [group]);
      expect(faulty(await reportOn([name], { isHttps, checks }))).toEqual([`${check} ${outcome}`]);
    },
    patience,
  );

  it('bear an application that does not answer, and name where', async () => {
    const report = await reportOn(['hangs-at-error'], {
      checks: [...firstRequestChecks, ...soundChecks, ...callbackChecks],
      timeout: 1000,
    });
    expect(faulty(report)).toEqual([
      'callback.access-denied failed',
      'callback.error-without-state failed',
      'callback.markup failed',
    ]);
    expect(report.checks.find(({ id }) => id === 'callback.access-denied')?.message).toContain(
      'does not answer in time',
    );
  });

  it.each([{ prompt: 'create' }, { interaction_mode: 'signUp' }, { prompt: 'create consent' }])(
    'sign up as %o asks for it',
    async (registration) => {
      const { checks } = choose(applicationChecks, ['sound.sign-up']);
      const report = await reportOn([], { checks, registration });
      expect(report.checks.at(-1)).toMatchObject({ id: 'sound.sign-up', outcome: 'passed' });
    },
  );

  it('do not judge a sign-out that they do not find', async () => {
    const { checks } = choose(applicationChecks, ['sign-out']);
    const report = await reportOn([], { checks, signOut: 'no-such-page' });
    const own = report.checks.filter(({ id }) => id.startsWith('sign-out.'));
    expect(own.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      'sign-out.session incomplete',
      'sign-out.copied-cookie skipped',
      'sign-out.provider skipped',
      'sign-out.return skipped',
    ]);
    expect(own[0]?.message).toContain('status 404');
  });

  it('cannot tell what becomes of logout tokens at an address that takes none', async () => {
    const { checks } = choose(applicationChecks, ['back-channel']);
    const report = await reportOn([], { checks, backChannelLogout: 'nothing-here' });
    const [session, ...others] = report.checks.filter((check) => groupOf(check) === 'back-channel');
    expect(session).toMatchObject({
      id: 'back-channel.session',
      outcome: 'incomplete',
      message: expect.stringContaining('Nothing takes logout tokens at the address'),
      hint: expect.stringContaining('--back-channel-logout'),
    });
    expect(others.every(({ outcome }) => outcome === 'skipped')).toBe(true);
  });

  it('each say which flag is missing, where they need what nobody can find', async () => {
    const groups = ['sign-out', 'back-channel'];
    const { checks } = choose(applicationChecks, groups);
    const report = await reportOn([], { checks, signOut: undefined, backChannelLogout: undefined });
    const own = report.checks.filter((check) => groups.includes(groupOf(check)));
    expect(own.length).toBeGreaterThan(12);
    for (const check of own) {
      expect(check).toMatchObject({
        outcome: 'skipped',
        message: expect.stringContaining(`--${groupOf(check)}`),
      });
    }
  });

  it.each([
    ['returnTo', ['return.elsewhere failed']],
    ['other', []],
  ])('try the place to return to that is named, and no other: %s', async (returnParameter, found) => {
    const { checks } = choose(applicationChecks, ['return']);
    expect(faulty(await reportOn(['return-unchecked'], { checks, returnParameter }))).toEqual(found);
  });

  it('each find a defect, and each defect is found', () => {
    expect(Object.keys(seededDefects).toSorted()).toEqual(Object.keys(defects).toSorted());
    expect(new Set(Object.values(seededDefects).map(({ check }) => check))).toEqual(
      new Set(applicationChecks.map(({ id }) => id)),
    );
  });
});
