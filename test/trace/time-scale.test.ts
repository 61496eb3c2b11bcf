import { describe, expect, it } from 'vitest';
import { timeScale } from '../../src/trace/time-scale.js';
import type { TraceStep } from '../../src/trace/trace.js';

function exchange(
  startMs: number,
  durationMs: number | null,
  kind: TraceStep['kind'] = 'exchange',
): TraceStep {
  return {
    number: 1,
    kind,
    name: 'request',
    isProbe: false,
    startMs,
    durationMs,
    request: null,
    answer: null,
    failure: null,
    checks: [],
  };
}

describe('a time line', () => {
  it('is to scale where something is asked', () => {
    const { position, shortened } = timeScale([exchange(0, 50), exchange(50, 50)], 100);
    expect([0, 25, 50, 100].map(position)).toEqual([0, 25, 50, 100]);
    expect(shortened).toEqual([]);
  });

  it('shortens a person who takes minutes, so that what took milliseconds can be seen', () => {
    const steps = [exchange(0, 30), exchange(30, 60_000, 'browser'), exchange(60_030, 70)];
    const { position, shortened } = timeScale(steps, 60_100);
    expect(position(30)).toBeCloseTo((100 * 30) / 115);
    expect(position(60_100) - position(60_030)).toBeCloseTo((100 * 70) / 115);
    expect(shortened).toEqual([{ from: position(30), to: position(60_030), durationMs: 60_000 }]);
  });

  it('draws what runs at the same time at the same place', () => {
    const { position } = timeScale([exchange(0, 80), exchange(20, 20), exchange(60, 40)], 100);
    expect(position(20)).toBe(20);
    expect(position(100)).toBe(100);
  });

  it('takes what is not over to the end, and no time at all for what it is', () => {
    expect(timeScale([exchange(10, null)], 100).shortened).toHaveLength(0);
    expect(timeScale([], 0).position(0)).toBe(0);
    expect(timeScale([exchange(0, 0)], 0).position(0)).toBe(0);
  });
});
