const quotes: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '`': '`',
  '“': '”',
  '‘': '’',
  '„': '“',
  '«': '»',
};

/** A text without what came with it: blanks, a byte order mark, quotes, the angle brackets around an address. */
export function unwrapped(text: string): { readonly value: string; readonly reasons: readonly string[] } {
  const value = text.trim();
  const reasons = value === text ? [] : ['blanks around it left out'];
  const inside = value.slice(1, -1);
  const isQuoted = value.length > 1 && quotes[value.charAt(0)] === value.at(-1);
  // As in mail: RFC 3986, appendix C. Anything else in angle brackets is a placeholder.
  const isBracketed = /^<https?:\/\//i.test(value) && value.endsWith('>');
  if (!isQuoted && !isBracketed) return { value, reasons };
  return {
    value: inside.trim(),
    reasons: [...reasons, `${isQuoted ? 'quotes' : 'angle brackets'} around it left out`],
  };
}
