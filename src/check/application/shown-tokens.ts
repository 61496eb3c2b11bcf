import { audiencesOf, decodeJwt } from '../../oidc/validate/jwt.js';
import type { CheckResult } from '../run/check.js';
import { passed } from '../run/check-results.js';
import { warning } from '../run/claused-check.js';
import type { ApplicationCookie } from './application-visitor.js';
import type { ApplicationVisit, TestedApplication } from './tested-application.js';

/** Whether tokens of the provider stand in pages, or in cookies that are not kept from scripts. */
export async function showsTokens(application: TestedApplication): Promise<CheckResult> {
  const { visit, pages, codes } = await signedIn(application);
  const { appId, url } = application.options;
  const isToken = (word: string) => !codes.includes(word) && visit.provided.hasIssued(word);
  const isOfApplication = (token: string) => audiencesOf(decodeJwt(token)?.claims ?? {}).includes(appId);
  for (const text of pages) {
    // An ID token may go to the browser as a hint for the sign-out.
    const isHint = text.includes('id_token_hint') ? isOfApplication : () => false;
    if (!wordsOf(text).some((word) => isToken(word) && !isHint(word))) continue;
    return warning(
      `A token of the provider stands in a page of ${new URL(url).origin}: any script that gets into it can take the token along.`,
      'Keep tokens on the server, in the session, and let the browser ask the application, which adds the token to what it asks an API. Of next-auth: put no token into what its session callback returns.',
    );
  }
  const readable = wholeCookies((await visit.visitor.cookies()).filter(({ httpOnly }) => !httpOnly));
  const cookie = readable.find(({ value }) => wordsOf(value).some(isToken));
  return cookie === undefined
    ? passed('No token of the provider stands in a page, or in a cookie that scripts can read.')
    : warning(
        `The cookie ${cookie.name} holds a token of the provider, and scripts can read it.`,
        'Keep tokens on the server, in the session; where a cookie has to hold them, encrypt it, and set HttpOnly.',
      );
}

/** Whether a cookie says in the clear who the user is. */
export async function holdsReadableJwt(application: TestedApplication): Promise<CheckResult> {
  const { visit } = await signedIn(application);
  const { id, username, name, email } = application.user;
  const own = [id, username, name, email];
  for (const cookie of wholeCookies(await visit.visitor.cookies())) {
    for (const word of wordsOf(cookie.value)) {
      const claims = decodeJwt(word)?.claims ?? {};
      const told = Object.keys(claims).filter((claim) => own.includes(claims[claim] as string | undefined));
      if (told.length === 0) continue;
      return warning(
        `The cookie ${cookie.name} holds a JWT that whoever gets it can read: it names the user (${told.join(', ')}).`,
        'Keep in the cookie a random ID alone, and the rest on the server; or encrypt the JWT (JWE, five parts), as Auth.js does.',
      );
    }
  }
  return passed('No cookie holds a JWT that names the user.');
}

/** What a browser has after a sign-in. */
async function signedIn(application: TestedApplication): Promise<{
  readonly visit: ApplicationVisit;
  readonly pages: readonly string[];
  readonly codes: readonly string[];
}> {
  const visit = await application.visit();
  let codes: readonly string[] = [];
  const first = await visit.visitor.signIn({
    onCallback: (callback) => {
      codes = callback.searchParams.getAll('code');
      return callback;
    },
  });
  const { url, signedInUrl = url } = application.options;
  const pages = [first, await visit.visitor.open(signedInUrl)];
  const own = pages.filter((page) => application.isApplication(page.url));
  return { visit, codes, pages: own.map(({ text }) => text) };
}

/** Cookies that were cut to be short enough (`session.0`, `session.1`) are one. */
function wholeCookies(
  cookies: readonly ApplicationCookie[],
): readonly { readonly name: string; readonly value: string }[] {
  const values = new Map<string, { readonly part: number; readonly value: string }[]>();
  for (const { name, value } of cookies) {
    const [, whole = name, part = '0'] = /^(.+)\.(\d{1,3})$/.exec(name) ?? [];
    values.set(whole, [...(values.get(whole) ?? []), { part: Number(part), value }]);
  }
  return [...values].map(([name, parts]) => {
    const sorted = parts.toSorted((one, other) => one.part - other.part);
    return { name, value: sorted.map(({ value }) => value).join('') };
  });
}

/** Whatever in a text can be a token, also where it is escaped as in an address. */
export function wordsOf(text: string): readonly string[] {
  const unescaped = text.replace(/%([0-7][0-9a-f])/gi, (_whole, code) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  return [...new Set([text, unescaped].flatMap((form) => form.match(/[\w.~-]{16,}/g) ?? []))];
}
