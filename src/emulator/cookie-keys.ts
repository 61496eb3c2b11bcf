import { createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';

/** What the engine's cookies are signed and verified with, as Keygrip has it. */
export interface CookieKeys {
  /** The signature of a cookie's name and value. */
  sign(data: string): string;
  /** Which key has signed it: the first, or -1 for none. */
  index(data: string, signature: string): number;
  verify(data: string, signature: string): boolean;
}

/**
 * A key for the cookies of one run of the emulator. Keygrip signs the same, and to compare it signs twice more by a key
 * that is made for that, for each cookie of each request: a tenth of what a sign-in takes the emulator.
 */
export function cookieKeys(): CookieKeys {
  const key = createSecretKey(randomBytes(32));
  const sign = (data: string) => createHmac('sha1', key).update(data).digest('base64url');
  const verify = (data: string, signature: string) => {
    const [due, given] = [Buffer.from(sign(data)), Buffer.from(signature)];
    return due.length === given.length && timingSafeEqual(due, given);
  };
  return { sign, verify, index: (data, signature) => (verify(data, signature) ? 0 : -1) };
}
