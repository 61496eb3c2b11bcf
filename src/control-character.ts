/**
 * What of a control character in a setting, as a sentence about it goes on; `null` where there is none. No setting has
 * one: it came along when something was copied, and nobody sees it. So did a mark that shows nothing: of direction, of
 * width, of lines, or a tag (what Unicode has in Cf, Zl and Zp, without the few signs there that are seen).
 */
export function controlIn(text: string): string | null {
  return controlOf(
    text,
    /[\p{Cc}\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{1BCA0}-\u{1BCA3}\u{1D173}-\u{1D17A}\u{E0001}\u{E0020}-\u{E007F}]/u,
  );
}

/** {@link controlIn} for a secret: a password may have marks that show nothing, which join letters and emoji. */
export function controlInSecret(text: string): string | null {
  return controlOf(text, /\p{Cc}/u);
}

function controlOf(text: string, controls: RegExp): string | null {
  // Nearly every text: a class of Unicode's loads tables.
  if (/^[ -~]*$/.test(text)) return null;
  const found = controls.exec(text)?.[0];
  if (found === undefined) return null;
  if (/[\n\r]/.test(found)) return 'has several lines';
  return `has a control character in it (U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')})`;
}
