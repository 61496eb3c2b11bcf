import { describe, expect, it } from 'vitest';
import { isoTime, relativeTime } from '../../src/output/moments.js';

const now = Date.UTC(2026, 0, 31, 12, 0, 0, 900);

describe('a moment', () => {
  it('is ISO 8601 in UTC, without fractions', () => {
    expect(isoTime(now)).toBe('2026-01-31T12:00:00Z');
    expect(isoTime(0)).toBe('1970-01-01T00:00:00Z');
  });

  it('is the date and the time that Node has for it, on each day of 430 years and at the ends', () => {
    const day = 86_400_000;
    const all = Array.from({ length: 157_000 }, (_, index) => index * day + ((index * 7_919_993) % day));
    const ends = [
      999,
      1000,
      day - 1,
      day,
      Date.UTC(9999, 11, 31, 23, 59, 59, 999),
      Date.UTC(10_000, 0),
      -1,
      8.64e15,
    ];
    const differing = [...all, ...ends].filter(
      (moment) => isoTime(moment) !== new Date(moment).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    );
    expect(differing).toEqual([]);
    for (const none of [Number.NaN, 8.64e15 + 1]) expect(() => isoTime(none)).toThrow(RangeError);
  });

  it.each([
    [0, 'now'],
    [1000, 'in 1 s'],
    [59_000, 'in 59 s'],
    [60_000, 'in 1 min'],
    [3_569_000, 'in 59 min'],
    [3_570_000, 'in 1 hour'],
    [3_600_000, 'in 1 hour'],
    [7_200_000, 'in 2 hours'],
    [172_799_000, 'in 2 days'],
    [172_800_000, 'in 2 days'],
    [-1000, '1 s ago'],
    [-3_600_000, '1 hour ago'],
    [-3 * 86_400_000, '3 days ago'],
  ])('%i ms from now is %s', (distance, text) => {
    expect(relativeTime(now + distance, now)).toBe(text);
  });
});
