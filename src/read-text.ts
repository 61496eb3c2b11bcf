/**
 * The text of bytes that an editor wrote or a shell redirected: UTF-8 or UTF-16, with or without a byte order mark
 * (PowerShell's `>` writes UTF-16 with one). Lines end with `\n`.
 */
export function textOf(bytes: Uint8Array): string {
  return decoded(bytes)
    .replace(/^\uFEFF+/, '')
    .replace(/\r\n?/g, '\n');
}

function decoded(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const [first, second] = buffer;
  const pair = [first, second].join();
  // Without a mark: no text begins with NUL, or has one after its first character (RFC 4627, section 3).
  if (pair === '255,254' || (first !== 0 && second === 0)) return buffer.toString('utf16le');
  if (pair === '254,255' || (first === 0 && second !== 0 && second !== undefined)) {
    return Buffer.from(buffer.subarray(0, buffer.length & ~1))
      .swap16()
      .toString('utf16le');
  }
  return buffer.toString('utf8');
}
