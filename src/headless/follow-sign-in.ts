import { LogtoError } from '../errors.js';
import type { Fetch } from '../network/fetch.js';
import { CookieJar } from './cookie-jar.js';
import type { Browserless } from './follow.js';
import { findAlert, findLink, formRequest, type HtmlForm, readForms } from './html-form.js';
import { type Stop, unusable, visit } from './visit.js';

/** More forms than any sign-in has. */
const maximumForms = 8;

/** Who signs in or registers, and where. */
export interface FollowSignInOptions {
  /** Where the journey begins. */
  readonly authorizationUrl: string;
  /** Who signs in, or registers. */
  readonly username: string;
  /** The user's password, or the new one. */
  readonly password: string;
  /** Registers this user instead of signing in. */
  readonly signUp?: boolean;
  /** It must follow no redirect. Default: that of this machine. */
  readonly fetch?: Fetch;
  /** Shared with other journeys of the same browser; a new one when absent. */
  readonly cookies?: CookieJar;
  /** Ends the journey with its reason. */
  readonly signal?: AbortSignal;
}

/** Which session ends. */
export interface FollowSignOutOptions {
  /** Where the journey begins. */
  readonly endSessionUrl: string;
  /** It must follow no redirect. Default: that of this machine. */
  readonly fetch?: Fetch;
  /** Those of the sign-in, whose session is to end. */
  readonly cookies?: CookieJar;
  /** Ends the journey with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Signs a user in at an emulator without a browser: opens the authorization URL and fills in the pages' forms.
 *
 * @returns the address of the callback, which is not requested: hand it to whoever sent the authorization request
 * @throws LogtoError `authorization_error` when the provider refuses the request or the credentials,
 * `provider_error` when its pages cannot be used, and the network's codes
 *
 * @example
 * ```ts
 * const callback = await followSignIn({ authorizationUrl, username: 'alice', password: 'emulator-only-alice' });
 * await client.handleSignInCallback(callback);
 * ```
 */
export async function followSignIn(options: FollowSignInOptions): Promise<string> {
  const browser = await browserOf(options);
  const sent = new Set<string>();
  let stop = await visit(browser, { url: options.authorizationUrl });
  for (let count = 0; stop.kind === 'page'; count += 1) {
    if (count === maximumForms) throw unusable('Its forms have no end.');
    const other = findLink(stop.text, options.signUp ? '/register' : '/sign-in');
    if (other !== null && sent.size === 0) {
      stop = await visit(browser, { url: new URL(other, stop.url).href, from: stop.url });
      continue;
    }
    const form = fillIn(stop.text, options);
    const names = [...form.fields.keys()].join();
    // The same form once more means that what we filled in was refused.
    if (sent.has(names) && !form.hidden) throw refused(stop.text);
    sent.add(names);
    stop = await send(browser, stop, form);
  }
  return stop.url;
}

/**
 * Ends the provider's session without a browser: opens the end-session URL and confirms.
 *
 * @returns where the browser would end up: the post sign-out URI, not requested, or the provider's own last page
 * @throws LogtoError `authorization_error` when the provider refuses the request, `provider_error`, and the network's
 * codes
 *
 * @example
 * ```ts
 * const endSessionUrl = await client.signOut({ postLogoutRedirectUri: 'http://localhost:3000/' });
 * await followSignOut({ endSessionUrl, cookies });
 * ```
 */
export async function followSignOut(options: FollowSignOutOptions): Promise<string> {
  const browser = await browserOf(options);
  let stop = await visit(browser, { url: options.endSessionUrl });
  for (let count = 0; stop.kind === 'page' && count < maximumForms; count += 1) {
    const form = readForms(stop.text).find(({ hidden }) => hidden);
    if (!form) break;
    stop = await send(browser, stop, form);
  }
  return stop.url;
}

async function browserOf(options: FollowSignOutOptions | FollowSignInOptions): Promise<Browserless> {
  const { fetch, signal, cookies = new CookieJar() } = options;
  return { fetch: fetch ?? (await fetchOfMachine()), cookies, ...(signal ? { signal } : {}) };
}

async function fetchOfMachine(): Promise<Fetch> {
  const { createFetch } = await import('../network/create-fetch.js');
  return createFetch({ environment: process.env });
}

async function send(browser: Browserless, { url }: Stop, form: HtmlForm): Promise<Stop> {
  const request = formRequest(form, url);
  // Such as response_mode=form_post: a password must never follow it.
  if (request === null || new URL(request.url).origin !== new URL(url).origin) {
    throw unusable('A form leads away from it.');
  }
  return visit(browser, request);
}

/** The form that leads on, filled in; a form of hidden fields goes as it is, as a script would send it. */
function fillIn(page: string, { username, password }: FollowSignInOptions): HtmlForm {
  const form = filledForm(page, username, password);
  if (form === null) throw unusable('A page has no form for a username or a password.');
  return form;
}

/** The form of a sign-in page that leads on, filled in; `null` where the page has none. */
export function filledForm(page: string, username: string, password: string): HtmlForm | null {
  const answers = new Map([
    ['identifier', username],
    ['password', password],
    ['newPassword', password],
    ['confirmPassword', password],
  ]);
  const form = readForms(page).find(
    ({ fields, hidden }) => hidden || [...fields.keys()].some((name) => answers.has(name)),
  );
  if (form === undefined) return null;
  return {
    ...form,
    fields: new Map([...form.fields].map(([name, value]) => [name, answers.get(name) ?? value])),
  };
}

function refused(page: string): LogtoError {
  return new LogtoError(
    'authorization_error',
    `The sign-in page refused: ${findAlert(page) ?? 'it shows the same form again.'}`,
    'Check the username and the password; `logto-cli emulator --json` lists those of its users.',
  );
}
