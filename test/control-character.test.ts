import { describe, expect, it } from 'vitest';
import { controlIn, controlInSecret } from '../src/control-character.js';

const all = Array.from({ length: 0x110000 }, (_, code) => code).filter(
  (code) => code < 0xd800 || code > 0xdfff,
);
const matching = (pattern: RegExp) => all.filter((code) => pattern.test(String.fromCodePoint(code)));

/** Of the class Cf, these show something: signs around numbers, an abbreviation, and hieroglyphs that are put together. */
const shown = /[\u0600-\u0605\u06DD\u070F\u0890\u0891\u08E2\u{110BD}\u{110CD}\u{13430}-\u{1343F}]/u;

describe('a control character', () => {
  it('of a setting is whatever shows nothing, and nothing else', () => {
    const missed = matching(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u).filter(
      (code) =>
        !shown.test(String.fromCodePoint(code)) && controlIn(`a${String.fromCodePoint(code)}b`) === null,
    );
    expect(missed).toEqual([]);
    const refused = all.filter((code) => controlIn(`a${String.fromCodePoint(code)}b`) !== null);
    // One that nobody has assigned yet is in the midst of others.
    const harmless = refused.filter(
      (code) => code !== 0x2065 && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(String.fromCodePoint(code)),
    );
    expect(harmless).toEqual([]);
  });

  it.each([
    ['\u202E', 'U+202E'],
    ['\u2028', 'U+2028'],
    ['\u00AD', 'U+00AD'],
    ['\u200D', 'U+200D'],
    ['\u{E0061}', 'U+E0061'],
  ])('is named by its code point: %j', (sign, name) => {
    expect(controlIn(`a${sign}b`)).toBe(`has a control character in it (${name})`);
  });

  it('of a secret is one of Unicode alone: a password may join letters', () => {
    const refused = all.filter((code) => controlInSecret(String.fromCodePoint(code)) !== null);
    expect(refused).toEqual(matching(/\p{Cc}/u));
  });
});
