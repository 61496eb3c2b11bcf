/**
 * Which of these secrets stand in a text, in any form in which they travel: as they are, percent-encoded, or in base64,
 * alone or in the middle of something (as in a `Basic` header).
 */
export function secretsIn(text: string, secrets: Iterable<string>): string[] {
  return [...new Set(secrets)].filter(
    (secret) => secret !== '' && formsOf(secret).some((form) => text.includes(form)),
  );
}

function formsOf(secret: string): string[] {
  const encoded = new URLSearchParams({ '': secret }).toString().slice(1);
  // What base64 makes of a text depends on how many bytes come before it; its edges on what is around it.
  const inner = [0, 1, 2].flatMap((offset) => {
    const text = Buffer.from(' '.repeat(offset) + secret);
    return (['base64', 'base64url'] as const).map((form) => text.toString(form).slice(4, -4));
  });
  return [secret, encodeURIComponent(secret), encoded, ...inner.filter((form) => form.length >= 8)];
}
