import { expect, it } from 'vitest';
import { largeText } from '../../src/output/large-text.js';

it('draws a code in letters three lines high', () => {
  expect(largeText('RQ-7', 80)).toEqual([
    '█▀▀▀▄ ▄▀▀▀▄       ▀▀▀▀█',
    '█▀▀█  █ ▀▄▀  ▀▀▀    ▄▀',
    '▀   ▀  ▀▀ ▀         ▀',
  ]);
});

it('draws every letter and digit in its own way', () => {
  const drawn = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'].map((sign) => largeText(sign, 80).join('\n'));
  expect(new Set(drawn).size).toBe(36);
  expect(drawn.every((lines) => /^[ ▀▄█\n]+$/.test(lines))).toBe(true);
});

it.each([
  ['does not fit', 'RQWN-KLKQ', 40],
  ['is told apart by case', 'RqWN', 80],
  ['has other signs', 'ÄÖ', 80],
  ['would be obeyed', '\u001b[31m', 80],
])('draws nothing of a code that %s', (_what, code, columns) => {
  expect(largeText(code, columns)).toEqual([]);
});
