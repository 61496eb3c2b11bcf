/** How far into a page is looked: a title stands at its beginning. */
const beginning = 20_000;

/** The title of an HTML page, in plain text on one line; `null` without one. */
export function htmlTitle(html: string): string | null {
  const [, title = ''] = /<title[^<>]{0,200}>([^<]{1,300})/i.exec(html.slice(0, beginning)) ?? [];
  const plain = title
    .replace(/&(amp|lt|gt|quot|apos|#39|#x27);/gi, (_, name: string) => entities[name.toLowerCase()] ?? ' ')
    .split(/\s/)
    .filter((word) => word !== '')
    .join(' ');
  return plain === '' ? null : plain;
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#39': "'",
  '#x27': "'",
};
