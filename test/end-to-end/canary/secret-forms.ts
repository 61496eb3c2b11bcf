/** The forms in which a secret may turn up: as it is, in an address, a form or JSON, or in base64 among other bytes. */
export function formsOf(secret: string): string[] {
  const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
  const plain = [secret, inJson(secret)];
  const written = [
    ...plain,
    inJson(inJson(secret)),
    encodeURI(secret),
    encodeURIComponent(secret),
    new URLSearchParams({ secret }).toString().slice('secret='.length),
  ];
  return [...new Set([...written, ...plain.flatMap(encodedForms)])];
}

/** Base64 of a text wherever it stands: what is around it changes the characters at its ends, which are left out. */
function encodedForms(text: string): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const before = 'x'.repeat(offset);
    const whole = Buffer.from(before + text);
    const start = offset === 0 ? 0 : offset + 1;
    const end = Math.floor((whole.length * 4) / 3);
    const inner = whole.toString('base64').slice(start, whole.length % 3 === 0 ? undefined : end);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
