import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Check, CheckResult } from '../../../src/check/run/check.js';
import { runChecks } from '../../../src/check/run/run-checks.js';

it('a run of checks ends when all together take too long, each check within its own limit or not', async () => {
  const begun = performance.now();
  const slow = async (): Promise<CheckResult> => {
    await delay(60);
    return { outcome: 'passed', message: '' };
  };
  const check = (id: string, run: Check<null>['run'], needs: readonly string[] = []) => ({
    id,
    title: id.toUpperCase(),
    run,
    needs,
  });
  const { checks } = await runChecks({
    checks: [check('a', slow), check('b', () => new Promise<never>(() => {}), ['a'])],
    subject: null,
    timeLimit: 30_000,
    totalLimit: 100,
    sleep: async (milliseconds, signal) => {
      await delay(milliseconds, undefined, { signal }).catch(() => {});
    },
    interruption: new AbortController().signal,
  });
  expect(checks.map(({ outcome }) => outcome)).toEqual(['passed', 'incomplete']);
  expect(performance.now() - begun).toBeLessThan(5_000);
});
