import { describe, expect, it } from 'vitest';
import { columnsOf, fitting, padded } from '../../src/output/columns-of.js';
import { fields } from '../../src/output/fields.js';
import { paintWith } from '../../src/output/paint.js';
import { wrapLine, wrapWords } from '../../src/output/wrap-words.js';

describe('a text on a terminal', () => {
  it.each<[string, number]>([
    ['', 0],
    ['abc', 3],
    ['Ärger', 5],
    ['Ärger'.normalize('NFD'), 5],
    ['李小龍', 6],
    ['こんにちは', 10],
    ['カタカナ', 8],
    ['ｶﾀｶﾅ', 4],
    ['안녕', 4],
    ['ＡＢ', 4],
    ['。', 2],
    ['𠮷', 2],
    ['😀', 2],
    ['👩‍👩‍👧', 2],
    ['👍🏽', 2],
    ['🇨🇭', 2],
    ['❤️', 2],
    ['❤', 1],
    ['✓ …', 3],
    ['a\u200bb', 2],
    ['Привет', 6],
    ['مرحبا', 5],
    ['\ud800', 1],
    [paintWith('1').red('李'), 2],
  ])('%j takes %d columns', (text, columns) => {
    expect(columnsOf(text)).toBe(columns);
  });

  // What is told apart by itself takes another way to its columns than what stands beside a sign of two.
  it('takes as many for what is written every day, whatever it stands beside', () => {
    const everyday = [
      ...range(0x20, 0x2ff),
      ...range(0x2010, 0x2027),
      ...range(0x2190, 0x2193),
      0x2039,
      0x203a,
      0x2713,
      0x2717,
    ];
    for (const code of everyday) {
      const twice = String.fromCodePoint(code, code);
      expect(columnsOf(twice), code.toString(16)).toBe(columnsOf(`李${twice}`) - 2);
    }
  });

  it('is filled up and cut off by columns', () => {
    expect(padded('李', 4)).toBe('李  ');
    expect(padded('abc', 2)).toBe('abc');
    expect(fitting('李小龍', 5)).toBe('李小');
    expect(fitting('abc', 3)).toBe('abc');
  });

  it('has its values in one column, whatever the script of their names', () => {
    const lines = fields([
      ['名前', '李'],
      ['email', 'a@b.test'],
    ]);
    expect(lines).toEqual(['名前   李', 'email  a@b.test']);
  });

  it('is wrapped before it is too wide', () => {
    const text = '李小龍 李小龍 李小龍 李小龍';
    expect(wrapWords(text, 14)).toEqual(['李小龍 李小龍', '李小龍 李小龍']);
    for (const line of wrapLine(`name  ${text}`, 20)) expect(columnsOf(line)).toBeLessThanOrEqual(20);
  });
});

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
