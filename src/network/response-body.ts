import type { Readable } from 'node:stream';
import { LogtoError } from '../errors.js';

/** A map: an encoding may be called like something that every object has. */
const decompressors: ReadonlyMap<string, 'unzipSync' | 'brotliDecompressSync'> = new Map([
  ['gzip', 'unzipSync'],
  ['x-gzip', 'unzipSync'],
  ['deflate', 'unzipSync'],
  ['br', 'brotliDecompressSync'],
] as const);

/**
 * Reads a response's body whole and decompresses it (RFC 9110, section 8.4), asked for so or not: some servers have it
 * compressed alone.
 *
 * @param limit bytes, before and after decompression
 * @throws LogtoError `provider_error`: too large (then with `details.limitBytes`), broken, or in an encoding that was
 * not asked for
 */
export async function readBody(
  body: Readable,
  encoding: string,
  host: string,
  limit: number,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Not iterated, which takes a millisecond longer for the answers of a sign-in.
  await new Promise<void>((resolve, reject) => {
    body.on('data', (chunk: Uint8Array) => {
      size += chunk.byteLength;
      if (size > limit) body.destroy(tooLarge(host, limit));
      else chunks.push(chunk);
    });
    body.on('end', resolve).on('error', reject);
  });
  const bytes = Buffer.concat(chunks);
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity' || size === 0) return bytes;
  const decompress = decompressors.get(name);
  if (decompress === undefined) {
    throw unusable(host, 'in an encoding that was not asked for');
  }
  // Loaded by the first answer that is compressed. So little is quicker here than on its way to another thread.
  const zlib = process.getBuiltinModule('node:zlib');
  try {
    return zlib[decompress](bytes, { maxOutputLength: limit });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      ? tooLarge(host, limit)
      : unusable(host, `that is not ${name} as it claims`);
  }
}

function tooLarge(host: string, limit: number): LogtoError {
  return new LogtoError(
    'provider_error',
    `${host} answered with more than ${limit} bytes.`,
    'Check that the address is that of an OpenID Provider.',
    { limitBytes: limit },
  );
}

function unusable(host: string, what: string): LogtoError {
  return new LogtoError(
    'provider_error',
    `${host} answered with a body ${what}.`,
    'Try again; if it persists, look for a proxy or a load balancer that changes answers on the way.',
  );
}
