import { createHmac } from 'node:crypto';

/** The length of a time step (RFC 6238, section 4.1). */
export const stepMilliseconds = 30_000;
const digits = 6;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The number of the time step (RFC 6238, section 4) that a moment, in milliseconds since 1970, belongs to. */
export function timeStepOf(milliseconds: number): number {
  return Math.floor(milliseconds / stepMilliseconds);
}

/**
 * The code of a time step (RFC 6238 with HMAC-SHA-1, 30 seconds and 6 digits, as authenticator apps have it).
 *
 * @param secret as {@link decodeBase32} returns it
 */
export function totpCode(secret: Uint8Array, timeStep: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(timeStep));
  const digest = createHmac('sha1', secret).update(counter).digest();
  // RFC 4226, section 5.3: dynamic truncation.
  const offset = (digest.at(-1) ?? 0) & 0xf;
  const number = (digest.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** digits;
  return String(number).padStart(digits, '0');
}

/**
 * The bytes of a secret in base32 (RFC 4648, section 6), in either case, with or without padding, spaces and hyphens as
 * apps show them.
 *
 * @returns `null` when it is not base32, or has not a single byte
 */
export function decodeBase32(text: string): Uint8Array | null {
  const letters = text.replace(/[\s-]/g, '').replace(/=+$/, '').toUpperCase();
  let bits = '';
  for (const letter of letters) {
    const value = alphabet.indexOf(letter);
    if (value < 0) return null;
    bits += value.toString(2).padStart(5, '0');
  }
  const bytes = bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2));
  return bytes === undefined ? null : Uint8Array.from(bytes);
}
