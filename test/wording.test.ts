import { expect, it } from 'vitest';
import { counted } from '../src/wording.js';

it.each([
  [0, 'no keys'],
  [1, '1 key'],
  [2, '2 keys'],
])('%i is told as %s', (amount, words) => {
  expect(counted(amount, 'key')).toBe(words);
});
