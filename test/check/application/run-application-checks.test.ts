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

it('asks an application no more that ended and was not started from here', async () => {
  const { application, close } = await testedSample();
  const checks = [
    check('one.ends', async (subject) => {
      await close();
      const visit = await subject.visit();
      return failed(`taken for ${await visit.isSignedIn()}`, '');
    }),
    check('one.later', async () => passed('never looked at'), ['one.ends']),
  ];
  const report = await runApplicationChecks({ ...waiting, checks, subject: application, jobs: 2 });
  expect(report.checks).toMatchObject([
    { id: 'one.ends', outcome: 'failed', message: 'The application no longer answers.' },
    { id: 'one.later', outcome: 'skipped', message: expect.stringContaining('was not started from here') },
  ]);
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
