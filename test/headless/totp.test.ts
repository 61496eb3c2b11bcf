import { describe, expect, it } from 'vitest';
import { decodeBase32, timeStepOf, totpCode } from '../../src/headless/totp.js';

describe('totpCode', () => {
  const secret = Buffer.from('12345678901234567890');

  // RFC 6238, appendix B: the vectors of SHA-1 have 8 digits; 6 digits are the last ones of them.
  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('is that of the RFC at second %i', (second, code) => {
    expect(totpCode(secret, timeStepOf(second * 1000))).toBe(code.slice(-6));
  });

  it('changes every 30 seconds', () => {
    expect([0, 29_999, 30_000, 59_999, 60_000].map(timeStepOf)).toEqual([0, 0, 1, 1, 2]);
  });
});

describe('decodeBase32', () => {
  // RFC 4648, section 10.
  it.each([
    ['MY======', 'f'],
    ['MZXQ====', 'fo'],
    ['MZXW6===', 'foo'],
    ['MZXW6YQ=', 'foob'],
    ['MZXW6YTB', 'fooba'],
    ['MZXW6YTBOI======', 'foobar'],
    ['MZXW6YTBOI', 'foobar'],
    ['mzxw 6ytb-oi', 'foobar'],
  ])('reads %s', (text, bytes) => {
    expect(Buffer.from(decodeBase32(text) ?? []).toString()).toBe(bytes);
  });

  it.each(['', '=', 'A', '0', '1', 'MY=A', 'ö'])('refuses "%s"', (text) => {
    expect(decodeBase32(text)).toBeNull();
  });
});
