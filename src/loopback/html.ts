/**
 * Text from outside (a claim, an application's name, an error's message) as HTML text or attribute value: without C0
 * and C1 controls and bidirectional controls, line breaks turned into spaces, and escaped.
 */
export function html(text: string): string {
  return text
    .replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, ' ')
    .replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
    .replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
