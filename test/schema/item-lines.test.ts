import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemLines } from '../../src/schema/item-lines.js';
import { fuzz } from '../fuzz/seed.js';

fuzz(200);

describe('the lines of the items of a list in JSON', () => {
  it.each([
    ['{"a":[1,{"a":[2,3]},"x"]}', [1, 1, 1]],
    ['{\n"b": "a",\n"a": [\n\n1,\n\n[2,\n3]\n,"]\\"["]}', [5, 7, 9]],
    ['{"a":[],"b":[1,\n2]}', []],
    ['{"b":{"a":[1]},\n"a":[\n1]}', [3]],
    ['{"\\u0061":[\n1]}', [2]],
    ['{"a":[1],\n"a":[2]}', [2]],
    ['[\n"a", [1]]', []],
    ['{"a":"["}', []],
    ['"a"', []],
  ])('are told for %j', (json, lines) => {
    JSON.parse(json);
    expect(itemLines(json, 'a')).toEqual(lines);
  });

  it('are those of indented JSON, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }),
        fc.array(fc.jsonValue(), { maxLength: 5 }),
        (others, items) => {
          const json = JSON.stringify({ ...others, items }, null, 1);
          const written = JSON.parse(json).items as unknown[];
          const before = json.split('\n');
          const first = before.indexOf(' "items": [') + 2;
          let line = first;
          const expected = written.map((item) => {
            const start = line;
            line += JSON.stringify(item, null, 1).split('\n').length;
            return start;
          });
          expect(itemLines(json, 'items')).toEqual(expected);
        },
      ),
    );
  });
});
