import { withoutPaint } from './paint.js';

/** Characters of a text from outside that a line has room for. */
const textLimit = 2000;

/** Characters of a line, with what we say about such a text. */
export const lineLimit = 4000;

/**
 * One line that nothing obeys: without C0 and C1 controls, line and paragraph separators and bidirectional controls, each
 * replaced by a space, and shortened.
 */
export function plainText(text: string, limit = textLimit): string {
  return shortened(text, limit).replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, ' ');
}

/** A text of at most so many characters. What is shortened loses its paint. */
export function shortened(text: string, limit = textLimit): string {
  if (text.length <= limit) return text;
  const bare = withoutPaint(text);
  return bare.length > limit ? `${bare.slice(0, limit)}…` : text;
}

/**
 * A JSON document of the same value in which nothing stands that a terminal obeys: JSON itself escapes C0 controls only.
 *
 * @param indent spaces; none puts everything on one line
 */
export function plainJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\p{Bidi_Control}\u2028\u2029]/gu,
    escaped,
  );
}

/** A character as it may stand in a JSON string. */
export function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Any JSON value as text: strings as they are, everything else as JSON. */
export function valueText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
