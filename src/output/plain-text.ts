/**
 * Text from a provider, a claim or a header, made inert for a terminal: without C0 and C1 controls, line and
 * paragraph separators and bidirectional controls, each replaced by a space, and shortened to `limit` characters.
 */
export function plainText(text: string, limit = 2000): string {
  const inert = text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, ' ');
  return inert.length > limit ? `${inert.slice(0, limit)}…` : inert;
}

/**
 * A JSON document of the same value in which nothing stands that a terminal obeys: JSON itself escapes C0 controls only.
 *
 * @param indent spaces; none puts everything on one line
 */
export function plainJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\p{Bidi_Control}\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Any JSON value as inert text: strings as they are, everything else as JSON. */
export function plainValue(value: unknown): string {
  return plainText(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
}
