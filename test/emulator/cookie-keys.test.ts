import { describe, expect, it } from 'vitest';
import { cookieKeys } from '../../src/emulator/cookie-keys.js';

describe('the signature of a cookie', () => {
  const keys = cookieKeys();
  const signature = keys.sign('_session=abc');

  it('looks as that of Keygrip', () => {
    expect(signature).toMatch(/^[\w-]{27}$/);
  });

  it('is taken for what was signed', () => {
    expect(keys.verify('_session=abc', signature)).toBe(true);
    expect(keys.index('_session=abc', signature)).toBe(0);
  });

  it.each([
    ['another value', '_session=abd', signature],
    ['a signature that is changed', '_session=abc', `${signature.slice(0, -2)}..`],
    ['one that is cut', '_session=abc', signature.slice(0, -1)],
    ['none', '_session=abc', ''],
    ['one of as many characters, and more bytes', '_session=abc', 'ä'.repeat(27)],
    ['one by other keys', '_session=abc', cookieKeys().sign('_session=abc')],
  ])('is refused with %s', (_, data, given) => {
    expect(keys.verify(data, given)).toBe(false);
    expect(keys.index(data, given)).toBe(-1);
  });
});
