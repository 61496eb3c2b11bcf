const replacement = '‹redacted›';

/** Parts of a secret that are shorter tell nobody anything. */
const shortestPart = 4;

/**
 * Makes what blacks these secrets out of a text, in each of the forms in which a provider may repeat them, also where
 * the text was cut (`…`) in the middle of one.
 */
export function secretMask(secrets: readonly string[]): (text: string) => string {
  const forms = [...new Set(secrets.filter(Boolean).flatMap(formsOf))];
  // A longer one may hold a shorter one.
  forms.sort((one, other) => other.length - one.length);
  return (text) => {
    const clean = forms.reduce((rest, form) => rest.replaceAll(form, replacement), text);
    return clean.includes('…') ? forms.reduce(withoutCut, clean) : clean;
  };
}

function withoutCut(text: string, form: string): string {
  for (let length = form.length - 1; length >= shortestPart; length -= 1) {
    const part = `${form.slice(0, length)}…`;
    if (text.includes(part)) return text.replaceAll(part, `${replacement}…`);
  }
  return text;
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // Half a character cannot be percent-encoded.
  const encoded = /\p{Surrogate}/u.test(secret) ? [] : [encodeURIComponent(secret)];
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    ...encoded,
  ];
}
