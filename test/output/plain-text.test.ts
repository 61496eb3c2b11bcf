import { describe, expect, it } from 'vitest';
import { paintWith } from '../../src/output/paint.js';
import { plainText, shortened, valueText } from '../../src/output/plain-text.js';

const controls = Array.from({ length: 0x20 }, (_, code) => code)
  .concat(Array.from({ length: 0x21 }, (_, index) => 0x7f + index))
  .map((code) => String.fromCodePoint(code));
const bidi = [
  0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069,
].map((code) => String.fromCodePoint(code));

describe('plainText', () => {
  it('leaves ordinary text of any language as it is', () => {
    for (const text of ['', 'alice', 'Zoë 李雷 😀', 'שלום', 'مرحبا', '<b>&amp;', 'a\u00a0b']) {
      expect(plainText(text)).toBe(text);
    }
  });

  it('lets no C0 or C1 control through, nor DEL', () => {
    for (const control of controls) expect(plainText(`a${control}b`)).toBe('a b');
  });

  it('lets no bidirectional control through', () => {
    for (const control of bidi) expect(plainText(`a${control}b`)).toBe('a b');
  });

  it('lets no line or paragraph separator through', () => {
    expect(plainText('a\u2028b\u2029c\r\nd\u0085e')).not.toMatch(/[\u2028\u2029\r\n\u0085]/);
  });

  it.each([
    ['a colour', '\u001b[31mred\u001b[0m'],
    ['a cleared screen', '\u001b[2J\u001b[H'],
    ['a link', '\u001b]8;;https://evil.test\u0007click\u001b]8;;\u0007'],
    ['a title', '\u001b]0;title\u001b\\'],
    ['an eight-bit CSI', '\u009b31mred'],
    ['an eight-bit OSC', '\u009d0;title\u009c'],
    ['a device control string', '\u001bP+q\u001b\\'],
  ])('makes %s inert', (_, text) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what this is about
    expect(plainText(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });

  it('shortens what is longer than the limit, and says so', () => {
    expect(plainText('x'.repeat(100), 10)).toBe(`${'x'.repeat(10)}…`);
    expect(plainText('x'.repeat(10), 10)).toBe('x'.repeat(10));
    expect(plainText('x'.repeat(1_000_000)).length).toBeLessThan(2100);
  });
});

describe('a shortened text', () => {
  it('keeps its paint while a person sees no more than the limit, and loses it else', () => {
    const { bold } = paintWith('123');
    expect(shortened(bold('abc'), 3)).toBe(bold('abc'));
    expect(shortened(bold('abcd'), 3)).toBe('abc…');
  });
});

describe('valueText', () => {
  it('is a text as it is, and JSON of anything else', () => {
    expect(valueText('a text')).toBe('a text');
    expect(valueText(1)).toBe('1');
    expect(valueText(null)).toBe('null');
    expect(valueText(['a', { b: true }])).toBe('["a",{"b":true}]');
    expect(valueText(undefined)).toBe('');
  });
});
