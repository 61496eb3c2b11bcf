import { describe, expect, it } from 'vitest';
import { paintFor } from '../../src/output/paint.js';

describe('paint', () => {
  it('is nothing where colours are not wanted', () => {
    const paint = paintFor({ hasColors: false });
    expect(paint.red('a') + paint.bold('b') + paint.dim('c') + paint.green('d') + paint.yellow('e')).toBe(
      'abcde',
    );
  });

  it('ends what it begins', () => {
    const paint = paintFor({ hasColors: true });
    expect(paint.red('a')).toBe('\u001b[31ma\u001b[39m');
    expect(paint.bold(paint.red('a'))).toBe('\u001b[1m\u001b[31ma\u001b[39m\u001b[22m');
  });
});
