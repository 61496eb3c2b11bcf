import { describe, expect, it } from 'vitest';
import { fields } from '../../src/output/fields.js';

describe('fields', () => {
  it('puts the values in one column', () => {
    expect(
      fields([
        ['a', '1'],
        ['long name', '2'],
      ]),
    ).toEqual(['a          1', 'long name  2']);
  });

  it('indents, and leaves no space at the end of a line', () => {
    expect(
      fields(
        [
          ['a', ''],
          ['b', '2'],
        ],
        '  ',
      ),
    ).toEqual(['  a', '  b  2']);
  });

  it('of nothing is nothing', () => {
    expect(fields([])).toEqual([]);
  });
});
