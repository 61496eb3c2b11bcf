/** A piece of a page, as a browser would take it. Scripts, styles and comments are no pieces. */
export type HtmlPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'open'; readonly name: string; readonly attributes: ReadonlyMap<string, string> }
  | { readonly kind: 'close'; readonly name: string };

/** Elements whose content is no markup, and nothing that a person sees. */
const unseen = new Set(['script', 'style']);

/**
 * Reads a page piece by piece, in time that grows with its length and no faster: what is never closed ends with the page.
 * Enough for the plain markup of sign-in and error pages; it corrects no page.
 */
export function* readHtml(page: string): Generator<HtmlPiece> {
  const lowerCase = page.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  let at = 0;
  while (at < page.length) {
    const tag = page.indexOf('<', at);
    const end = tag === -1 ? page.length : tag;
    if (end > at) yield { kind: 'text', text: decodeEntities(page.slice(at, end)) };
    if (tag === -1) return;
    if (page.startsWith('<!--', tag)) {
      at = after(page, '-->', tag + 4);
    } else if (/[a-z]/.test(lowerCase.charAt(tag + 1))) {
      const name = nameAt(lowerCase, tag + 1);
      const { attributes, next } = readAttributes(page, tag + 1 + name.length);
      at = next;
      yield { kind: 'open', name, attributes };
      if (unseen.has(name)) at = before(lowerCase, `</${name}`, at);
    } else if (page.charAt(tag + 1) === '/' && /[a-z]/.test(lowerCase.charAt(tag + 2))) {
      at = after(page, '>', tag);
      yield { kind: 'close', name: nameAt(lowerCase, tag + 2) };
    } else if (/[!?/]/.test(page.charAt(tag + 1))) {
      at = after(page, '>', tag);
    } else {
      yield { kind: 'text', text: '<' };
      at = tag + 1;
    }
  }
}

/** What a page says to a person, blanks folded. */
export function visibleText(page: string): string {
  const texts: string[] = [];
  for (const piece of readHtml(page)) texts.push(piece.kind === 'text' ? piece.text : ' ');
  return foldBlanks(texts.join(''));
}

/** More of a title than this is not read. */
const longestTitle = 300;

/**
 * What stands in the title of a page, blanks folded; `null` without one. A long one is cut, which shows: a secret that the
 * cut goes through can still be told.
 */
export function pageTitle(page: string): string | null {
  const texts: string[] = [];
  let isInside = false;
  for (const piece of readHtml(page)) {
    if (!isInside) isInside = piece.kind === 'open' && piece.name === 'title';
    else if (piece.kind === 'text') texts.push(piece.text);
    else break;
  }
  const title = foldBlanks(texts.join(''));
  if (title === '') return null;
  return title.length > longestTitle ? `${title.slice(0, longestTitle)}…` : title;
}

function foldBlanks(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function before(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found === -1 ? text.length : found;
}

function after(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found === -1 ? text.length : found + mark.length;
}

/** Sticky: it reads from where it is told to, and no further than it matches. */
function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function nameAt(text: string, at: number): string {
  return matchAt(/[^\s/>]*/y, text, at)?.[0] ?? '';
}

/** The attributes of a tag, names in lower case, the first of a name; and where the page goes on behind the tag. */
function readAttributes(page: string, from: number) {
  const attributes = new Map<string, string>();
  let at = from;
  for (;;) {
    at += matchAt(/[\s/]*/y, page, at)?.[0].length ?? 0;
    if (at >= page.length || page.charAt(at) === '>') return { attributes, next: at + 1 };
    const name = matchAt(/=?[^\s/>=]*/y, page, at)?.[0] ?? '';
    at += name.length;
    const sign = matchAt(/\s*=\s*/y, page, at)?.[0].length ?? 0;
    at += sign;
    let value = '';
    if (sign > 0) {
      const quote = page.charAt(at);
      const isQuoted = quote === '"' || quote === "'";
      const end = isQuoted
        ? before(page, quote, at + 1)
        : at + (matchAt(/[^\s>]*/y, page, at)?.[0].length ?? 0);
      value = page.slice(isQuoted ? at + 1 : at, end);
      at = isQuoted ? end + 1 : end;
    }
    const key = name.toLowerCase();
    if (!attributes.has(key)) attributes.set(key, decodeEntities(value));
  }
}

const namedEntities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,4}));/gi,
    (whole, decimal, hexadecimal, name) => {
      if (name !== undefined) return namedEntities[name] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
      return code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
    },
  );
}
