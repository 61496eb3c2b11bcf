import { readHtml } from '../oidc/html.js';

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
  const forms: { readonly tag: Attributes; readonly inputs: Attributes[] }[] = [];
  let isOpen = false;
  for (const piece of readHtml(page)) {
    if (piece.kind === 'open' && piece.name === 'form' && !isOpen) {
      forms.push({ tag: piece.attributes, inputs: [] });
      isOpen = true;
    } else if (piece.kind === 'open' && piece.name === 'input' && isOpen) {
      forms.at(-1)?.inputs.push(piece.attributes);
    } else if (piece.kind === 'close' && piece.name === 'form') {
      isOpen = false;
    }
  }
  return forms.map(({ tag, inputs }) => {
    const fields = inputs.filter((input) => input.has('name') && input.get('type') !== 'submit');
    return {
      method: (tag.get('method') ?? 'get').toUpperCase(),
      action: tag.get('action') ?? '',
      fields: new Map(fields.map((input) => [input.get('name') ?? '', input.get('value') ?? ''])),
      hidden: fields.length > 0 && fields.every((input) => input.get('type') === 'hidden'),
    };
  });
}

/** The target of the first link whose path is this one; `null` without one. */
export function findLink(page: string, path: string): string | null {
  for (const piece of readHtml(page)) {
    if (piece.kind !== 'open' || piece.name !== 'a') continue;
    const target = piece.attributes.get('href');
    if (target === path || target?.startsWith(`${path}?`)) return target;
  }
  return null;
}

/** The text of the page's alert, which says why a form was refused; `null` without one. */
export function findAlert(page: string): string | null {
  let alert: string | null = null;
  for (const piece of readHtml(page)) {
    if (alert !== null) {
      if (piece.kind !== 'text') break;
      alert += piece.text;
    } else if (piece.kind === 'open' && piece.attributes.get('role') === 'alert') {
      alert = '';
    }
  }
  return alert === null ? null : alert.trim();
}

type Attributes = ReadonlyMap<string, string>;
