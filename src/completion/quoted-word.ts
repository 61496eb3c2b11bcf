/** A word of a command line, as far as it has been typed. */
export interface TypedWord {
  /** What it says, without its quotes. */
  readonly text: string;
  /** The quote that is open at its end. */
  readonly quote: '"' | "'" | '';
}

/**
 * Reads a word as a shell does that quotes with `'`, `"` and a backslash. Nothing in it is run or replaced: a variable or
 * a command stays what was typed.
 */
export function readWord(typed: string): TypedWord {
  let text = '';
  let quote: TypedWord['quote'] = '';
  for (let index = 0; index < typed.length; index += 1) {
    const sign = typed.charAt(index);
    const next = typed.charAt(index + 1);
    if (sign === quote) quote = '';
    else if (quote === '' && (sign === '"' || sign === "'")) quote = sign;
    else if (sign === '\\' && (quote === '' || (quote === '"' && /["\\$`]/.test(next)))) {
      text += next;
      index += 1;
    } else text += sign;
  }
  return { text, quote };
}

/**
 * A text as a shell reads it back at the end of a word that has been begun; `null` for one that cannot stand there.
 *
 * @param quote the quote that is open there
 */
export function wordEnd(text: string, quote: TypedWord['quote']): string | null {
  if (/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u.test(text)) return null;
  if (quote === '') return text.replace(/[^\w@%+=:,./-]/g, '\\$&');
  // An exclamation mark has a meaning of its own inside of double quotes, and none takes it away.
  if (quote === '"') return text.includes('!') ? null : text.replace(/["\\$`]/g, '\\$&');
  return text.includes("'") ? null : text;
}
