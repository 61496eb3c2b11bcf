import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { ApplicationCheck } from '../../../src/check/application/application-check.js';
import { runApplicationChecks } from '../../../src/check/application/run-application-checks.js';
import { passed } from '../../../src/check/run/check-results.js';
import { failed } from '../../../src/check/run/claused-check.js';
import { testedSample } from './tested-sample.js';

const check = (id: string, run: ApplicationCheck['run'], after: string[] = []): ApplicationCheck => {
  return { id, title: id, clause: '', after, run };
};

const waiting = {
  sleep: (_milliseconds: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve())),
  interruption: new AbortController().signal,
};

it.each([
  ['failed', (who: string) => failed(`taken for ${who}`, '')],
  ['passed', (who: string) => passed(`not signed in, but ${who}`)],
])('asks an application no more that ended and was not started from here: %s', async (_case, judge) => {
  const { application, close } = await testedSample();
  const checks = [
    check('one.ends', async (subject) => {
      await close();
      const visit = await subject.visit();
      return judge(await visit.isSignedIn());
    }),
    check('one.later', async () => passed('never looked at'), ['one.ends']),
  ];
  const report = await runApplicationChecks({ ...waiting, checks, subject: application, jobs: 2 });
  expect(report.checks).toMatchObject([
    { id: 'one.ends', outcome: 'failed', message: 'The application no longer answers.' },
    { id: 'one.later', outcome: 'skipped', message: expect.stringContaining('was not started from here') },
  ]);
});

it('tells how long a check worked, not what it waited for', async () => {
  const { application, close } = await testedSample();
  try {
    const work = () => delay(200).then(() => passed(''));
    const checks = [
      check('one.first', work),
      check('one.second', work),
      check('one.alone', (subject) => subject.alone({}, work)),
      check('one.last', work),
    ];
    const told: number[] = [];
    const begun = performance.now();
    const onReport = ({ durationMs }: { readonly durationMs: number }) => told.push(durationMs);
    const report = await runApplicationChecks({
      ...waiting,
      checks,
      subject: application,
      jobs: 1,
      onReport,
    });
    const times = report.checks.map(({ durationMs }) => durationMs);
    expect(told.toSorted()).toEqual(times.toSorted());
    expect(Math.min(...times)).toBeGreaterThan(150);
    // With what it waited, the last one would have all of it.
    expect(Math.max(...times)).toBeLessThan(0.6 * (performance.now() - begun));
  } finally {
    await close();
  }
});

it('lets a check have the provider to itself, which is sound again afterwards', async () => {
  const { application, close } = await testedSample();
  try {
    const visits: string[] = [];
    const signIn = async (name: string, subject: typeof application) => {
      const visit = await subject.visit();
      await visit.visitor.signIn();
      visits.push(`${name} ${await visit.isSignedIn()}`);
      return passed('');
    };
    const checks = [
      check('one.beside', (subject) => signIn('beside', subject)),
      check('one.alone', (subject) => subject.alone({ discovery: 'down' }, () => signIn('alone', subject))),
      check('one.after', (subject) => signIn('after', subject)),
    ];
    const report = await runApplicationChecks({ ...waiting, checks, subject: application, jobs: 3 });
    expect(report.outcome).toBe('passed');
    expect(visits.toSorted()).toEqual(['after user', 'alone nobody', 'beside user']);
  } finally {
    await close();
  }
});
