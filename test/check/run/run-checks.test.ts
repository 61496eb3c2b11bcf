import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Check, CheckReport, CheckResult } from '../../../src/check/run/check.js';
import { type ChecksRun, exitCodeOfOutcome, runChecks } from '../../../src/check/run/run-checks.js';
import { LogtoError } from '../../../src/errors.js';
import { interruption } from '../../support/test-runtime.js';

interface Diary {
  readonly lines: string[];
}

function check(id: string, run: Check<Diary>['run'], needs?: readonly string[]): Check<Diary> {
  return { id, title: id.toUpperCase(), run, ...(needs && { needs }) };
}

function result(outcome: CheckResult['outcome']): () => Promise<CheckResult> {
  return async () => ({ outcome, message: outcome });
}

function run(checks: readonly Check<Diary>[], more: Partial<ChecksRun<Diary>> = {}) {
  return runChecks({
    checks,
    subject: { lines: [] },
    timeLimit: 30_000,
    sleep,
    interruption: new AbortController().signal,
    ...more,
  });
}

function byId(checks: readonly CheckReport[], id: string): CheckReport {
  return checks.find((report) => report.id === id) ?? expect.unreachable(`no report of ${id}`);
}

async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => {});
}

const never = () => new Promise<never>(() => {});

describe('a run of checks', () => {
  it('reports every check in the order of the list, with its title and how long it took', async () => {
    const { checks } = await run([
      check('slow', async () => {
        await delay(30);
        return { outcome: 'passed', message: 'at last' };
      }),
      check('quick', result('passed')),
    ]);
    expect(checks).toEqual([
      { id: 'slow', title: 'SLOW', outcome: 'passed', message: 'at last', durationMs: expect.any(Number) },
      { id: 'quick', title: 'QUICK', outcome: 'passed', message: 'passed', durationMs: expect.any(Number) },
    ]);
    expect(byId(checks, 'slow').durationMs).toBeGreaterThanOrEqual(25);
    expect(Number.isInteger(byId(checks, 'slow').durationMs)).toBe(true);
  });

  it('begins a check after those that it comes after have ended, however they did', async () => {
    const order: string[] = [];
    const noting = (id: string, outcome: CheckResult['outcome'], pause: number) =>
      check(id, async () => {
        order.push(`${id} begins`);
        await delay(pause);
        order.push(`${id} ends`);
        return { outcome, message: '' };
      });
    const { checks } = await run([
      noting('first', 'failed', 20),
      { ...noting('second', 'passed', 0), after: ['first', 'not in this run'] },
    ]);
    expect(order).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
    expect(checks.map(({ outcome }) => outcome)).toEqual(['failed', 'passed']);
  });

  it('runs independent checks at the same time', async () => {
    let meet: (() => void) | undefined;
    const met = new Promise<void>((resolve) => {
      meet = resolve;
    });
    const report = await run([
      check('waits', async () => {
        await met;
        return { outcome: 'passed', message: '' };
      }),
      check('comes', async () => {
        meet?.();
        return { outcome: 'passed', message: '' };
      }),
    ]);
    expect(report.outcome).toBe('passed');
  });

  it('lets a check wait for those that it needs', async () => {
    const subject: Diary = { lines: [] };
    const write = (line: string, wait: number) => async (diary: Diary) => {
      await delay(wait);
      diary.lines.push(line);
      return { outcome: 'passed' as const, message: '' };
    };
    await run([check('a', write('a', 20)), check('b', write('b', 0), ['a'])], { subject });
    expect(subject.lines).toEqual(['a', 'b']);
  });

  it.each([
    ['failed', 'failed'],
    ['incomplete', 'could not be found out'],
    ['skipped', 'was skipped'],
  ] as const)('skips a check that needs one that is %s, and says so', async (outcome, word) => {
    const { checks } = await run([check('a', result(outcome)), check('b', never, ['a'])]);
    expect(byId(checks, 'b')).toMatchObject({
      outcome: 'skipped',
      message: `Not checked: it needs “A”, which ${word}.`,
    });
  });

  it('names the end of the chain, not the check in between that was skipped as well', async () => {
    const { checks } = await run([
      check('a', result('failed')),
      check('b', never, ['a']),
      check('c', never, ['b']),
    ]);
    expect(byId(checks, 'c').message).toContain('“A”, which failed');
  });

  it('goes on after a warning', async () => {
    const { checks, outcome } = await run([
      check('a', result('warning')),
      check('b', result('passed'), ['a']),
    ]);
    expect(byId(checks, 'b').outcome).toBe('passed');
    expect(outcome).toBe('passed');
  });

  it.each([
    [['passed', 'skipped', 'warning'], 'passed', 0],
    [['passed', 'incomplete', 'skipped'], 'incomplete', 3],
    [['incomplete', 'failed', 'passed'], 'failed', 1],
    [[], 'passed', 0],
  ] as const)('is as a whole, with %j: %s, exit %i', async (outcomes, whole, exitCode) => {
    const { outcome } = await run(outcomes.map((each, index) => check(`${index}`, result(each))));
    expect(outcome).toBe(whole);
    expect(exitCodeOfOutcome[outcome]).toBe(exitCode);
  });

  it('makes a failed check of a failure that is thrown, with its code, message and hint', async () => {
    const { checks } = await run([
      check('a', async () => {
        throw new LogtoError('storage_locked', 'It is locked.', 'Unlock it.');
      }),
    ]);
    expect(checks).toEqual([
      {
        id: 'a',
        title: 'A',
        outcome: 'failed',
        code: 'storage_locked',
        message: 'It is locked.',
        hint: 'Unlock it.',
        durationMs: expect.any(Number),
      },
    ]);
  });

  it.each(['network_unreachable', 'request_timeout', 'tls_untrusted', 'provider_error'] as const)(
    'makes an incomplete check of %s',
    async (code) => {
      const { checks } = await run([
        check('a', async () => {
          throw new LogtoError(code, 'No answer.', 'Try again.');
        }),
      ]);
      expect(checks).toMatchObject([{ outcome: 'incomplete', code }]);
    },
  );

  it('hears the others when one breaks by a bug, whose words are told to nobody but who asks', async () => {
    const bugs: unknown[] = [];
    const bug = new TypeError('a secret word');
    const { checks, outcome } = await run(
      [
        check('a', () => {
          throw bug;
        }),
        check('b', result('passed')),
        check('c', never, ['a']),
      ],
      { onBug: (error) => bugs.push(error) },
    );
    expect(byId(checks, 'a')).toMatchObject({ outcome: 'failed', code: 'internal_error' });
    expect(byId(checks, 'b').outcome).toBe('passed');
    expect(byId(checks, 'c').outcome).toBe('skipped');
    expect(outcome).toBe('failed');
    expect(JSON.stringify(checks)).not.toContain('secret word');
    expect(bugs).toEqual([bug]);
  });

  it('gives up a check that takes too long, ends its requests, and hears the others', async () => {
    let isEnded = false;
    const { checks, outcome } = await run(
      [
        check('a', (_subject, signal) => {
          signal.addEventListener('abort', () => {
            isEnded = true;
          });
          return never();
        }),
        check('b', result('passed')),
        check('c', never, ['a']),
      ],
      { timeLimit: 20 },
    );
    expect(byId(checks, 'a')).toMatchObject({ outcome: 'incomplete', code: 'request_timeout' });
    expect(byId(checks, 'c').message).toContain('“A”, which could not be found out');
    expect(outcome).toBe('incomplete');
    expect(isEnded).toBe(true);
  });

  it('tells of each check as soon as it has ended', async () => {
    const told: string[] = [];
    let release: (() => void) | undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await run(
      [
        check('a', async () => {
          await held;
          return { outcome: 'passed', message: '' };
        }),
        check('b', result('passed')),
      ],
      {
        onReport: ({ id }) => {
          told.push(id);
          if (id === 'b') release?.();
        },
      },
    );
    expect(told).toEqual(['b', 'a']);
  });

  it.each(['before it began', 'while it runs'])(
    'ends with the reason of an interruption %s',
    async (when) => {
      const controller = new AbortController();
      const reason = interruption();
      const signals: AbortSignal[] = [];
      if (when === 'before it began') controller.abort(reason);
      else setTimeout(() => controller.abort(reason), 10);
      const told: string[] = [];
      const bugs: unknown[] = [];
      const running = run(
        [
          check('a', (_subject, signal) => {
            signals.push(signal);
            return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
          }),
          check('b', never),
        ],
        {
          interruption: controller.signal,
          onReport: ({ id }) => told.push(id),
          onBug: (bug) => bugs.push(bug),
        },
      );
      await expect(running).rejects.toBe(reason);
      expect(signals.every(({ aborted }) => aborted)).toBe(true);
      expect(told).toEqual([]);
      expect(bugs).toEqual([]);
    },
  );

  it('does not accept a check that needs one that comes later, or nobody knows', async () => {
    const later = [check('a', result('passed'), ['b']), check('b', result('passed'))];
    await expect(run(later)).rejects.toThrow('The check a needs b, which does not come before it.');
  });
});
