import { describe, expect, it } from 'vitest';
import { paintWith, withEscapes, withoutPaint } from '../../src/output/paint.js';

describe('paint', () => {
  it('is nothing where colours are not wanted', () => {
    const paint = paintWith(null);
    expect(paint.red('a') + paint.bold('b') + paint.dim('c') + paint.green('d') + paint.yellow('e')).toBe(
      'abcde',
    );
  });

  it('ends what it begins', () => {
    const paint = paintWith('123');
    expect(withEscapes(paint.red('a'), '123')).toBe('\u001b[31ma\u001b[39m');
    expect(withEscapes(paint.bold(paint.red('a')), '123')).toBe('\u001b[1m\u001b[31ma\u001b[39m\u001b[22m');
  });

  it('of another key paints nothing', () => {
    const foreign = paintWith('124').red('a');
    for (const key of ['123', null]) expect(withEscapes(foreign, key)).toBe(foreign);
  });

  it('takes no room', () => {
    const paint = paintWith('123');
    expect(withoutPaint(`a${paint.bold(`b${paint.red('c')}`)}d`)).toBe('abcd');
  });
});
