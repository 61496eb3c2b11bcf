import { randomInt } from 'node:crypto';

/** So many lower-case letters, each of the 26 as likely as any other: twelve are 56 bits. */
export function randomLetters(count: number): string {
  return Array.from({ length: count }, () => String.fromCharCode(97 + randomInt(26))).join('');
}
