import { readHtml } from '../oidc/html.js';
import type { BrowserRequest } from './follow.js';

/** A form of a page, as a browser would send it untouched. */
export interface HtmlForm {
  readonly method: string;
  readonly action: string;
  /** The named fields with their values. Buttons are left out, and boxes that are not ticked. */
  readonly fields: ReadonlyMap<string, string>;
  /** What the first button adds, as `name` and `value`; `null` where it has no name, or there is none. */
  readonly button: readonly [name: string, value: string] | null;
  /** What the buttons say. */
  readonly label: string;
  /** Whether nobody has to fill in anything. */
  readonly hidden: boolean;
}

/** A link of a page, and what it says. */
interface HtmlLink {
  readonly target: string;
  readonly label: string;
}

type Attributes = ReadonlyMap<string, string>;

/** A form that is being read. */
interface OpenForm {
  readonly tag: Attributes;
  readonly inputs: Attributes[];
  readonly buttons: Attributes[];
  label: string;
}

/** The forms of a page. Enough for the plain markup of sign-in pages, not a parser for any HTML. */
export function readForms(page: string): readonly HtmlForm[] {
  const forms: OpenForm[] = [];
  let open: OpenForm | null = null;
  let isInButton = false;
  for (const piece of readHtml(page)) {
    if (piece.kind === 'text') {
      if (open !== null && isInButton) open.label += ` ${piece.text.trim()}`;
    } else if (piece.kind === 'close') {
      if (piece.name === 'form') open = null;
      if (piece.name === 'button') isInButton = false;
    } else if (piece.name === 'form' && open === null) {
      open = { tag: piece.attributes, inputs: [], buttons: [], label: '' };
      forms.push(open);
    } else if (open !== null) {
      if (readField(piece, open)) isInButton = true;
    }
  }
  return forms.map(formOf);
}

/** @returns whether what follows is what a button says */
function readField(
  { name, attributes }: { readonly name: string; readonly attributes: Attributes },
  form: OpenForm,
): boolean {
  const type = (attributes.get('type') ?? (name === 'button' ? 'submit' : 'text')).toLowerCase();
  const isButton = type === 'submit' || type === 'image';
  if (name === 'input' && !isButton && type !== 'button' && type !== 'reset') form.inputs.push(attributes);
  if ((name !== 'input' && name !== 'button') || !isButton) return false;
  form.buttons.push(attributes);
  if (name === 'input') form.label += ` ${attributes.get('value') ?? attributes.get('alt') ?? ''}`;
  return name === 'button';
}

function formOf({ tag, inputs, buttons, label }: OpenForm): HtmlForm {
  const fields = inputs.filter(
    (input) =>
      input.has('name') &&
      (!/^(checkbox|radio)$/i.test(input.get('type') ?? '') || input.has('checked')) &&
      !input.has('disabled'),
  );
  const isHidden = (input: Attributes) => input.get('type')?.toLowerCase() === 'hidden';
  const name = buttons[0]?.get('name');
  return {
    method: (tag.get('method') ?? 'get').toUpperCase() === 'POST' ? 'POST' : 'GET',
    action: tag.get('action') ?? '',
    fields: new Map(fields.map((input) => [input.get('name') ?? '', input.get('value') ?? ''])),
    button: name ? [name, buttons[0]?.get('value') ?? ''] : null,
    label: label.trim(),
    hidden: fields.length > 0 && fields.every(isHidden),
  };
}

/**
 * What a browser sends for a form of a page: the fields of a GET are the query of its address.
 *
 * @param page the address of the page
 * @returns `null` for a form that is sent to no web address
 */
export function formRequest(form: HtmlForm, page: string): BrowserRequest | null {
  const url = URL.canParse(form.action || page, page) ? new URL(form.action || page, page) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  const fields = new URLSearchParams([...form.fields]);
  if (form.method === 'POST') return { url: url.href, method: 'POST', body: fields, from: page };
  url.search = fields.toString();
  return { url: url.href, from: page };
}

/** The form as it is sent by a click on its first button. */
export function pressed(form: HtmlForm): HtmlForm {
  return form.button === null ? form : { ...form, fields: new Map([...form.fields, form.button]) };
}

/** The links of a page, in its order. */
export function readLinks(page: string): readonly HtmlLink[] {
  const links: { target: string; label: string }[] = [];
  let isOpen = false;
  for (const piece of readHtml(page)) {
    if (piece.kind === 'open' && piece.name === 'a') {
      const target = piece.attributes.get('href');
      isOpen = target !== undefined;
      if (target !== undefined) links.push({ target, label: '' });
    } else if (piece.kind === 'close' && piece.name === 'a') {
      isOpen = false;
    } else if (piece.kind === 'text' && isOpen) {
      const last = links.at(-1);
      if (last !== undefined) last.label = `${last.label} ${piece.text.trim()}`.trim();
    }
  }
  return links;
}

/** The target of the first link whose path is this one; `null` without one. */
export function findLink(page: string, path: string): string | null {
  const found = readLinks(page).find(({ target }) => target === path || target.startsWith(`${path}?`));
  return found?.target ?? null;
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
