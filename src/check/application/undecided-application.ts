import { LogtoError } from '../../errors.js';
import { visibleText } from '../../oidc/html.js';
import type { Page } from './application-visitor.js';

/** Characters of a page that are read to tell what it says. */
const mostRead = 100_000;

/** What is needed of an application to speak of it. */
export interface Spoken {
  readonly options: { readonly url: string };
  readonly isProvider: (address: string) => boolean;
  readonly process: { printed(): readonly string[] | undefined };
  /** A text of the application without what its environment keeps secret. */
  readonly hide: (text: string) => string;
}

/** The failure of an application that nobody finds the way to sign in at. */
export function wayUnknown(startUrl: string, start: Page, application: Spoken): LogtoError {
  const isPage = start.end === 'page';
  const nothingElse = isPage ? ', and no link and no form there that needs nothing filled in ends at it' : '';
  return new LogtoError(
    'app_undecided',
    `Nothing at ${startUrl} leads to the provider: ${seen(start, application)}${nothingElse}.`,
    wayHint(start),
    { url: startUrl, ...printed(application) },
  );
}

function wayHint({ end, status }: Page): string {
  if (end === 'elsewhere') {
    return 'Let the application use the issuer that it was given, in whatever variable it reads: --env NAME={issuer}. Or name the address that sends to this provider, with --sign-in <url>.';
  }
  if (end !== 'page' || status >= 400) {
    return 'Look at what the application printed, and check the address; or name what sends to the provider, with --sign-in <url>.';
  }
  return 'Name what sends to the provider, with --sign-in <url>; and check that the application uses the issuer that it was given.';
}

/** The failure of an application that ends before anything is broken. */
export function endedEarly(death: string | null, application: Spoken): LogtoError {
  return new LogtoError(
    'app_undecided',
    `The application ended at a sound sign-in (${death}), before anything was broken.`,
    'Look at what it printed: its client ID, secret, issuer and redirect URI, and what it does with the tokens.',
    { url: application.options.url, ...printed(application) },
  );
}

/** The failure of an application whose pages look the same to a stranger and after a sign-in. */
export function undecided(
  pages: { readonly stranger: Page; readonly afterSignIn: Page; readonly signedIn: Page },
  application: Spoken,
): LogtoError {
  const { stranger, afterSignIn, signedIn } = pages;
  return new LogtoError(
    'app_undecided',
    'Whether somebody is signed in cannot be told. ' +
      `A stranger: ${seen(stranger, application)}. The end of a sound sign-in: ${seen(afterSignIn, application)}. ` +
      `The same browser afterwards: ${seen(signedIn, application)}.`,
    hintFor(afterSignIn, application),
    { url: application.options.url, ...printed(application) },
  );
}

function hintFor(afterSignIn: Page, { isProvider }: Spoken): string {
  if (isProvider(afterSignIn.url)) {
    return 'The sign-in did not come back to the application. Its redirect URI must be on its own origin, or be named with --redirect-uri <uri>.';
  }
  if (afterSignIn.end !== 'page' || afterSignIn.status >= 400) {
    return 'The sign-in itself failed: look at what the application printed, and at its client ID, secret and issuer.';
  }
  return 'Name a page that differs, with --signed-in <url>, or what only a signed-in page says, with --signed-in-text <text>.';
}

/** What was seen of a page, within a sentence. */
export function seen({ end, url, status, text, trail }: Page, { isProvider, hide }: Spoken): string {
  const { origin, pathname } = new URL(url);
  const place = origin + pathname;
  switch (end) {
    case 'elsewhere':
      return isProvider(url) ? 'it led to the provider' : `it led to ${origin}, which is out of bounds`;
    case 'hang':
      return `${place} did not answer in time`;
    case 'cut':
      return `${place} broke the connection`;
    case 'too-much':
      return trail.at(-1)?.status !== null
        ? `${place} redirected without an end`
        : `${place} answered with more than a page can have`;
    case 'page': {
      const words = hide(visibleText(text.slice(0, mostRead))).slice(0, 200);
      return `${place} answered ${status}${words === '' ? ' with nothing to read' : `, “${words}”`}`;
    }
  }
}

function printed({ process }: Spoken): { readonly printed?: readonly string[] } {
  const lines = process.printed();
  return { ...(lines && { printed: lines }) };
}
