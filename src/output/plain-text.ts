/**
 * Text from a provider, a claim or a header, made inert for a terminal: without C0 and C1 controls, line and
 * paragraph separators and bidirectional controls, each replaced by a space, and shortened to `limit` characters.
 */
export function plainText(text: string, limit = 2000): string {
  const inert = text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, ' ');
  return inert.length > limit ? `${inert.slice(0, limit)}…` : inert;
}

/** Any JSON value as inert text: strings as they are, everything else as JSON. */
export function plainValue(value: unknown): string {
  return plainText(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
}
