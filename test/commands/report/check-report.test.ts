import { expect, it } from 'vitest';
import { waitLines } from '../../../src/commands/report/check-report.js';
import { paintWith } from '../../../src/output/paint.js';

const waits = [
  { until: 'a replaced refresh token is old', durationMs: 3_462 },
  { until: 'a revocation has its effect', durationMs: 12 },
];

it('tells a wait that can be felt apart, in as many columns as there are', () => {
  const lines = (columns: number) => waitLines({ checks: [], waits }, { paint: paintWith(null), columns });
  expect(lines(80)).toEqual(['3.5 s of that it waited until a replaced refresh token is old.']);
  expect(lines(40)).toEqual(['3.5 s of that it waited until a replaced', 'refresh token is old.']);
  expect(waitLines({ checks: [] }, { paint: paintWith(null), columns: 80 })).toEqual([]);
});
