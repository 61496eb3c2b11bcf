import { describe, expect, it } from 'vitest';
import { textOf } from '../src/read-text.js';
import { writtenBy } from './support/text-encodings.js';

describe('a text', () => {
  it.each(Object.entries(writtenBy))('is the same when it was written as %s', (_, write) => {
    const text = 'naïve=“x”\n👋\n';
    expect(textOf(write(text))).toBe(text);
  });

  it.each([
    ['nothing', Buffer.from(''), ''],
    ['a byte', Buffer.from('a'), 'a'],
    ['a byte order mark alone', Buffer.from('\uFEFF'), ''],
    ['two of them', Buffer.from('\uFEFF\uFEFFa'), 'a'],
    ['UTF-16 with half a character at its end', Buffer.from([0xfe, 0xff, 0, 0x61, 0]), 'a'],
    ['line ends of three systems', Buffer.from('a\r\nb\rc\n'), 'a\nb\nc\n'],
  ])('is %s', (_, bytes, text) => {
    expect(textOf(bytes)).toBe(text);
  });

  it('is read from a part of a larger buffer', () => {
    expect(textOf(Buffer.from('xxabcxx').subarray(2, 5))).toBe('abc');
  });
});
