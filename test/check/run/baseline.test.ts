import { describe, expect, it } from 'vitest';
import {
  type Baseline,
  judgedByBaseline,
  type KnowableOutcome,
  unwrittenReason,
  updatedBaseline,
} from '../../../src/check/run/baseline.js';
import type { CheckOutcome, CheckReport } from '../../../src/check/run/check.js';

const check = (id: string, outcome: CheckOutcome): CheckReport => ({
  id,
  title: id,
  outcome,
  message: '',
  durationMs: 1,
});
const entry = (name: string, outcome: KnowableOutcome, until?: string) => ({
  check: name,
  outcome,
  reason: `because of ${name}`,
  ...(until !== undefined && { until }),
});
const baseline = (...known: Baseline['known']): Baseline => ({ version: 1, known });
const noon = Date.parse('2026-03-31T12:00:00Z');

describe('a run that is judged by a baseline', () => {
  it.each(['failed', 'incomplete', 'warning'] as const)(
    'knows a check that is %s as it says, with the reason',
    (outcome) => {
      const { checks, stale } = judgedByBaseline(
        [check('a', outcome), check('b', outcome)],
        baseline(entry('a', outcome, '2026-03-31')),
        noon,
      );
      expect(checks[0]).toEqual({
        ...check('a', outcome),
        known: { reason: 'because of a', until: '2026-03-31' },
      });
      expect(checks[1]).toEqual(check('b', outcome));
      expect(stale).toEqual([]);
    },
  );

  it.each([
    ['failed', 'passed', true],
    ['failed', 'warning', true],
    ['failed', 'incomplete', false],
    ['failed', 'skipped', false],
    ['incomplete', 'passed', true],
    ['incomplete', 'warning', true],
    ['incomplete', 'failed', false],
    ['incomplete', 'skipped', false],
    ['warning', 'passed', true],
    ['warning', 'failed', false],
    ['warning', 'incomplete', false],
    ['warning', 'skipped', false],
  ] as const)(
    'finds that one known as %s is %s: no longer so is %s, and it is never known',
    (was, is, isStale) => {
      const judged = judgedByBaseline([check('a', is)], baseline(entry('a', was)), noon);
      expect(judged.stale).toEqual(isStale ? [{ ...entry('a', was), why: 'gone', found: is }] : []);
      expect(judged.checks).toEqual([check('a', is)]);
    },
  );

  it('says nothing of what was not run, be its day over', () => {
    const judged = judgedByBaseline(
      [check('a', 'passed')],
      baseline(entry('b', 'failed', '2020-01-01')),
      noon,
    );
    expect(judged).toEqual({ checks: [check('a', 'passed')], stale: [] });
  });

  it.each([
    ['2026-03-31T00:00:00Z', false],
    ['2026-03-31T23:59:59.999Z', false],
    ['2026-04-01T00:00:00Z', true],
  ])('knows a failure to the end of its last day in UTC: at %s over is %s', (now, isOver) => {
    const known = entry('a', 'failed', '2026-03-31');
    const { checks, stale } = judgedByBaseline([check('a', 'failed')], baseline(known), Date.parse(now));
    expect(checks[0]?.known).toEqual(isOver ? undefined : { reason: known.reason, until: known.until });
    expect(stale).toEqual(isOver ? [{ ...known, why: 'expired', found: 'failed' }] : []);
  });
});

describe('a baseline that is written anew', () => {
  it('adds what failed or could not be found out, takes out what is better, and keeps reasons and days', () => {
    const before = baseline(
      entry('gone', 'failed'),
      entry('still', 'failed', '2020-01-01'),
      entry('elsewhere', 'failed'),
      entry('warned', 'warning'),
    );
    const checks = [
      check('new', 'failed'),
      check('unclear', 'incomplete'),
      check('fine', 'passed'),
      check('odd', 'warning'),
      check('gone', 'passed'),
      check('still', 'failed'),
      check('warned', 'warning'),
    ];
    expect(updatedBaseline(checks, before)).toEqual(
      baseline(
        entry('still', 'failed', '2020-01-01'),
        entry('elsewhere', 'failed'),
        entry('warned', 'warning'),
        {
          check: 'new',
          outcome: 'failed',
          reason: unwrittenReason,
        },
        { check: 'unclear', outcome: 'incomplete', reason: unwrittenReason },
      ),
    );
  });

  it.each(['incomplete', 'skipped'] as const)('leaves alone what was %s this time', (outcome) => {
    const before = baseline(entry('a', 'failed'));
    expect(updatedBaseline([check('a', outcome)], before)).toEqual(before);
  });

  it('takes what got worse for what it is, with its reason', () => {
    const { known } = updatedBaseline([check('a', 'failed')], baseline(entry('a', 'warning', '2026-01-01')));
    expect(known).toEqual([{ ...entry('a', 'warning', '2026-01-01'), outcome: 'failed' }]);
  });

  it('leaves nothing new or no longer so in what it was made of', () => {
    const checks = [
      check('a', 'failed'),
      check('b', 'incomplete'),
      check('c', 'warning'),
      check('d', 'passed'),
    ];
    const made = updatedBaseline(checks, baseline(entry('d', 'failed')));
    const judged = judgedByBaseline(checks, made, noon);
    expect(judged.stale).toEqual([]);
    expect(judged.checks.map(({ known }) => known !== undefined)).toEqual([true, true, false, false]);
  });
});
