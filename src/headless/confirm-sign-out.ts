import type { Browserless } from './follow.js';
import { formRequest, readForms } from './html-form.js';
import { type Stop, unusable, visit } from './visit.js';

/**
 * Opens the page that ends a session at Logto, and sends its form as its script does by itself.
 *
 * @returns where that ends, and whether there was anything to confirm
 * @throws LogtoError `authorization_error`, `provider_error`, network codes
 */
export async function confirmSignOut(
  browser: Browserless,
  endSessionUrl: string,
): Promise<{ readonly stop: Stop; readonly isConfirmed: boolean }> {
  const page = await visit(browser, { url: endSessionUrl });
  const form = page.kind === 'page' ? readForms(page.text).find(({ hidden }) => hidden) : undefined;
  if (form === undefined) return { stop: page, isConfirmed: false };
  // The page's script adds it.
  const fields = new Map([...form.fields, ['logout', 'yes']]);
  const request = formRequest({ ...form, fields }, page.url);
  // Whoever writes the page would choose what is sent from this machine, and to which of its neighbours.
  if (request === null || new URL(request.url).origin !== new URL(page.url).origin)
    throw unusable('Its form leads away from it.');
  return { stop: await visit(browser, request), isConfirmed: true };
}
