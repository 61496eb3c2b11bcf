import { CookieJar } from '../../src/headless/cookie-jar.js';
import { type HtmlForm, readForms } from '../../src/headless/html-form.js';
import { createFetch } from '../../src/network/create-fetch.js';
import type { Fetch } from '../../src/network/fetch.js';

/** What a person does on the page where the code of a sign-in is entered. */
export interface OtherDevicePerson {
  readonly username: string;
  readonly password: string;
  /** Refuses where the page asks whether the code is the right one. */
  readonly refuses?: boolean;
}

/**
 * Finishes a sign-in on another device (RFC 8628), as somebody whose browser runs no scripts: enters the code where it is
 * not in the address, confirms it, signs in, and agrees.
 *
 * @returns the address and the text of the last page
 */
export async function finishOnOtherDevice(
  address: string,
  person: OtherDevicePerson,
  userCode = '',
): Promise<{ readonly url: string; readonly text: string }> {
  const fetch = await createFetch({ environment: {} });
  const cookies = new CookieJar();
  let page = await visit(fetch, cookies, address);
  for (let turns = 0; turns < 10; turns += 1) {
    const form = wanted(readForms(page.text), person, page.text);
    if (form === undefined) return page;
    const body = new URLSearchParams([...form.fields]);
    for (const name of ['user_code', 'device_user_code'])
      if (body.has(name) && body.get(name) === '') body.set(name, userCode);
    if (body.has('identifier')) body.set('identifier', person.username);
    if (body.has('password')) body.set('password', person.password);
    // The engine's own page has one form, and a button beside it that refuses.
    if (person.refuses && page.text.includes('name="abort"')) body.set('abort', 'yes');
    page = await visit(fetch, cookies, new URL(form.action, page.url).href, body);
    if (body.has('abort')) return page;
  }
  throw new Error(`the pages of ${address} have no end`);
}

function wanted(
  forms: readonly HtmlForm[],
  { refuses = false }: OtherDevicePerson,
  text: string,
): HtmlForm | undefined {
  const isAbort = ({ fields, action }: HtmlForm) => fields.has('abort') || action === '/cancel';
  const aborting = refuses && text.includes('abort') ? forms.find(isAbort) : undefined;
  return aborting ?? forms.find((form) => !isAbort(form));
}

async function visit(fetch: Fetch, cookies: CookieJar, address: string, body?: URLSearchParams) {
  let url = address;
  let init: { method: string; body?: URLSearchParams } =
    body === undefined ? { method: 'GET' } : { method: 'POST', body };
  for (let hops = 0; hops < 20; hops += 1) {
    const cookie = cookies.header(url);
    const response = await fetch(url, { ...init, headers: { ...(cookie !== null && { cookie }) } });
    cookies.store(url, response.headers);
    const location = response.headers.get('location');
    if (location === null) return { url, text: await response.text() };
    url = new URL(location, url).href;
    init = { method: 'GET' };
  }
  throw new Error(`${address} redirects without end`);
}
