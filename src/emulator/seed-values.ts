import { LogtoError } from '../errors.js';
import { decodeBase32 } from '../headless/totp.js';

/** An object, with no other keys than these. */
export function record(value: unknown, path: string, keys?: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refuse(path, 'must be an object');
  }
  const unknown = keys && Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw refuse(`${path}.${unknown}`, 'is not known');
  return { ...value };
}

/** A list whose items are read one by one. */
export function list<T>(value: unknown, path: string, item: (value: unknown, path: string) => T): T[] {
  if (!Array.isArray(value)) throw refuse(path, 'must be a list');
  return value.map((entry, index) => item(entry, `${path}[${index}]`));
}

/** A text that is not empty. */
export function text(value: unknown, path: string): string {
  if (typeof value !== 'string' || value === '') throw refuse(path, 'must be a text that is not empty');
  return value;
}

/** RFC 6749, appendix A: client identifiers and secrets are printable ASCII. */
export function printable(value: unknown, path: string): string {
  const result = text(value, path);
  if (!/^[\x20-\x7e]+$/.test(result)) throw refuse(path, 'must be printable ASCII');
  return result;
}

/** RFC 6749, section 3.3: one scope. */
export function scope(value: unknown, path: string): string {
  const result = text(value, path);
  if (!/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(result)) {
    throw refuse(path, 'must be printable ASCII without spaces, " and \\');
  }
  return result;
}

/** An absolute URI without a fragment. */
export function uri(value: unknown, path: string): string {
  const result = text(value, path);
  if (!URL.canParse(result)) throw refuse(path, 'must be an absolute URI');
  if (result.includes('#')) throw refuse(path, 'must not have a fragment');
  return result;
}

/** True or false; false when it is absent. */
export function flag(value: unknown, path: string): boolean {
  if (value === undefined) return false;
  if (typeof value !== 'boolean') throw refuse(path, 'must be true or false');
  return value;
}

/** A whole number within bounds. */
export function wholeNumber(value: unknown, path: string, least: number, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw refuse(path, `must be a whole number from ${least} to ${most}`);
}

/** One of several words. */
export function oneOf<T extends string>(value: unknown, path: string, words: readonly T[]): T {
  const word = words.find((known) => known === value);
  if (word === undefined) throw refuse(path, `must be one of ${words.join(', ')}`);
  return word;
}

/** The digits of a telephone number. */
export function phone(value: unknown, path: string): string {
  const result = text(value, path);
  if (!/^\d{3,20}$/.test(result)) throw refuse(path, 'must be digits, without +');
  return result;
}

/** A secret in base32 (RFC 4648, section 6). */
export function base32(value: unknown, path: string): string {
  const result = text(value, path);
  if (decodeBase32(result) === null) throw refuse(path, 'must be base32 (A-Z and 2-7)');
  return result;
}

/** Refuses a list in which two entries have the same value under this key. Without one there is nothing to compare. */
export function unique<T>(entries: readonly T[], key: keyof T & string, path: string): void {
  const seen = new Set<unknown>();
  for (const [index, entry] of entries.entries()) {
    if (entry[key] === undefined) continue;
    if (seen.has(entry[key])) throw refuse(`${path}[${index}].${key}`, 'is there twice');
    seen.add(entry[key]);
  }
}

/** The failure of a seed at this place. It never repeats the value: that may be a secret. */
export function refuse(path: string, problem: string): LogtoError {
  return new LogtoError(
    'config_invalid',
    `${path}: ${problem}`,
    'Correct the seed; `logto-cli emulator --json` prints one that works.',
    { path },
  );
}
