/**
 * What of a control character in a text, as a sentence about the text goes on; `null` where there is none. No setting has
 * one: it came along when something was copied, and nobody sees it.
 */
export function controlIn(text: string): string | null {
  const found = /\p{Cc}/u.exec(text)?.[0];
  if (found === undefined) return null;
  if (/[\n\r]/.test(found)) return 'has several lines';
  return `has a control character in it (U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')})`;
}
