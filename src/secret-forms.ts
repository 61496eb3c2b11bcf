/** What stands for the middle of a secret that is shorter than that tells nobody anything. */
const shortestBase64 = 8;

/** A part of a secret before a cut that is shorter stays: it is a part of any word. */
const shortestPart = 4;

/** How a text says that it was cut. */
const cutMarks = ['…', '...'] as const;

/**
 * Takes secrets out of texts, in every form in which a provider may repeat them: as they are, in a JSON text, an address,
 * a form, a page, in base64 (alone or in the middle of something, as in a `Basic` header), in any case of letters (host
 * names and percent-encoding change it), and cut off before a `…`. Takes time in proportion to the text.
 */
export class SecretMask {
  readonly #replacement: string;
  /** The forms by how they begin, so that a text is searched only for those of which the beginning stands in it. */
  readonly #forms = new Map<string, Set<string>>();

  /** @param replacement what stands in the place of a secret */
  constructor(replacement: string, secrets: Iterable<string> = []) {
    this.#replacement = replacement;
    for (const secret of secrets) this.add(secret);
  }

  /** Hides this one too from now on. An empty text is no secret. */
  add(secret: string): void {
    if (secret === '') return;
    for (const form of formsOf(secret)) {
      const folded = asciiLowerCase(form);
      const begin = folded.slice(0, shortestPart);
      const others = this.#forms.get(begin);
      if (others === undefined) this.#forms.set(begin, new Set([folded]));
      else others.add(folded);
    }
  }

  /** The text without them. */
  hide(text: string): string {
    const folded = asciiLowerCase(text);
    const cuts = cutsIn(folded);
    const hidden: Range[] = [];
    for (const form of this.#formsIn(folded)) {
      for (let at = folded.indexOf(form); at !== -1; at = folded.indexOf(form, at + form.length)) {
        hidden.push([at, at + form.length]);
      }
      for (const range of cutOffIn(folded, form, cuts)) hidden.push(range);
    }
    return replaced(text, hidden, this.#replacement);
  }

  /** Those that may stand in a text, whole or cut off. */
  *#formsIn(text: string): Iterable<string> {
    if (this.#forms.size < text.length) {
      for (const [begin, forms] of this.#forms) if (text.includes(begin)) yield* forms;
      return;
    }
    const begins = new Set<string>();
    for (let at = 0; at < text.length; at += 1)
      for (let length = 1; length <= shortestPart; length += 1) begins.add(text.slice(at, at + length));
    for (const begin of begins) yield* this.#forms.get(begin) ?? [];
  }
}

type Range = readonly [start: number, end: number];

/** Half a character cannot be encoded: what stands for it in any encoded form is U+FFFD. */
function formsOf(secret: string): string[] {
  const whole = Buffer.from(secret).toString();
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    json,
    json.replace(/[^\0-\x7f]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`),
    encodeURIComponent(whole),
    new URLSearchParams({ '': secret }).toString().slice(1),
    whole.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64url'),
    ...[0, 1, 2]
      .flatMap((before) => inBase64(secret, before))
      .filter((form) => form.length >= shortestBase64),
  ];
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** The signs that a secret alone decides on in the base64 of a longer text, in which it begins so many bytes after a third. */
function inBase64(secret: string, before: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
  const [start, end] = [Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6)];
  return (['base64', 'base64url'] as const).map((encoding) => bytes.toString(encoding).slice(start, end));
}

/** Other letters may change their length with their case. */
function asciiLowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Where something was cut off: what stands before it may be the beginning of a secret. */
function cutsIn(text: string): ReadonlySet<number> {
  const cuts = new Set<number>();
  for (const mark of cutMarks) {
    for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + mark.length)) cuts.add(at);
  }
  return cuts;
}

/** The beginnings of a form that stand before a cut, each the longest there (by Knuth, Morris and Pratt). */
function cutOffIn(text: string, form: string, cuts: ReadonlySet<number>): Range[] {
  if (cuts.size === 0 || form.length <= shortestPart || !text.includes(form.slice(0, shortestPart)))
    return [];
  const fallback = [0];
  let matched = 0;
  const advance = (sign: string) => {
    while (matched > 0 && (matched === form.length || form[matched] !== sign))
      matched = fallback[matched - 1] ?? 0;
    if (form[matched] === sign) matched += 1;
  };
  for (let index = 1; index < form.length; index += 1) {
    advance(form.charAt(index));
    fallback[index] = matched;
  }
  matched = 0;
  const found: Range[] = [];
  for (let at = 0; at < text.length; at += 1) {
    if (matched >= shortestPart && cuts.has(at)) found.push([at - matched, at]);
    advance(text.charAt(at));
  }
  return found;
}

/** The text with the ranges replaced; those that overlap are one. */
function replaced(text: string, ranges: readonly Range[], replacement: string): string {
  if (ranges.length === 0) return text;
  const sorted = [...ranges].sort(([one], [other]) => one - other);
  const parts: string[] = [];
  let shown = 0;
  let hiddenUntil = -1;
  for (const [start, end] of sorted) {
    if (start >= hiddenUntil) parts.push(text.slice(shown, start), replacement);
    hiddenUntil = Math.max(hiddenUntil, end);
    shown = hiddenUntil;
  }
  return parts.join('') + text.slice(shown);
}
