import { LogtoError } from '../errors.js';

// With the flag `u` a surrogate is matched only where it has no partner. By its name it would take a start longer.
const loneSurrogate = /[\ud800-\udfff]/u;

/**
 * Refuses a key that not every kind of storage could tell from another.
 *
 * @throws LogtoError `config_invalid`
 */
export function assertKey(key: string): void {
  assertText('key', key);
}

/**
 * Refuses a value that some kind of storage would not give back as it was: a keychain cuts it at a NUL, keeps no
 * empty one, and writes UTF-8, which has no lone surrogates. The value is not repeated in the error.
 *
 * @throws LogtoError `config_invalid`
 */
export function assertValue(value: string): void {
  assertText('value', value);
}

function assertText(what: 'key' | 'value', text: string): void {
  const fault =
    text === ''
      ? 'is empty'
      : text.includes('\0')
        ? 'has a NUL character in it'
        : loneSurrogate.test(text)
          ? 'is not well-formed text (it has half of a surrogate pair in it)'
          : null;
  if (fault === null) return;
  throw new LogtoError(
    'config_invalid',
    `A storage ${what} ${fault}.`,
    `Pass well-formed text of at least one character and without NUL as the ${what}.`,
  );
}
