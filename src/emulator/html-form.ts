/** A form of a page, as a browser would send it untouched. */
export interface HtmlForm {
  readonly method: string;
  readonly action: string;
  /** The named fields with their values. Buttons are left out. */
  readonly fields: ReadonlyMap<string, string>;
  /** Whether nobody has to fill in anything. */
  readonly hidden: boolean;
}

/** The forms of a page. Enough for the plain markup of sign-in pages, not a parser for any HTML. */
export function readForms(page: string): readonly HtmlForm[] {
  return [...page.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gis)].map(([, tag = '', content = '']) => {
    const form = readAttributes(tag);
    const inputs = [...content.matchAll(/<input\b([^>]*)>/gi)].map(([, input = '']) => readAttributes(input));
    const fields = inputs.filter((input) => input.has('name') && input.get('type') !== 'submit');
    return {
      method: (form.get('method') ?? 'get').toUpperCase(),
      action: form.get('action') ?? '',
      fields: new Map(fields.map((input) => [input.get('name') ?? '', input.get('value') ?? ''])),
      hidden: fields.length > 0 && fields.every((input) => input.get('type') === 'hidden'),
    };
  });
}

/** The target of the first link whose path is this one; `null` without one. */
export function findLink(page: string, path: string): string | null {
  for (const [, tag = ''] of page.matchAll(/<a\b([^>]*)>/gi)) {
    const target = readAttributes(tag).get('href');
    if (target === path || target?.startsWith(`${path}?`)) return target;
  }
  return null;
}

/** The text of the page's alert, which says why a form was refused; `null` without one. */
export function findAlert(page: string): string | null {
  const text = /<[^>]*\brole="alert"[^>]*>([^<]*)</i.exec(page)?.[1];
  return text === undefined ? null : decodeEntities(text.trim());
}

function readAttributes(tag: string): ReadonlyMap<string, string> {
  return new Map(
    [...tag.matchAll(/([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'))?/g)].map(([, name = '', double, single]) => [
      name.toLowerCase(),
      decodeEntities(double ?? single ?? ''),
    ]),
  );
}

const namedEntities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hexadecimal, name) => {
    if (name !== undefined) return namedEntities[name] ?? whole;
    return String.fromCodePoint(decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal));
  });
}
