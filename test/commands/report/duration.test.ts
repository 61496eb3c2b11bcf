import { expect, it } from 'vitest';
import { duration } from '../../../src/commands/report/check-report.js';

it.each([
  [0, '1 ms'],
  [0.0404, '40 ms'],
  [0.0996, '100 ms'],
  [0.1, '0.1 s'],
  [0.25, '0.3 s'],
  [61, '61.0 s'],
])('%d s is told as %s', (seconds, told) => {
  expect(duration(seconds)).toBe(told);
});
