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
  if (request === null) throw unusable('Its form leads nowhere.');
  return { stop: await visit(browser, request), isConfirmed: true };
}
