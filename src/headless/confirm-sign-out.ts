import { readForms } from './html-form.js';
import { type Browserless, type Stop, visit } from './visit.js';

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
  const page = await visit(browser, endSessionUrl);
  const form = page.kind === 'page' ? readForms(page.text).find(({ hidden }) => hidden) : undefined;
  if (form === undefined) return { stop: page, isConfirmed: false };
  // The page's script adds it.
  const fields = new Map([...form.fields, ['logout', 'yes']]);
  const stop = await visit(browser, new URL(form.action, page.url).href, { ...form, fields });
  return { stop, isConfirmed: true };
}
