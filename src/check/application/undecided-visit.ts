import { LogtoError } from '../../errors.js';
import { visibleText } from '../../oidc/html.js';
import type { Page } from './application-visitor.js';
import type { ProviderRequest } from './misbehaving-provider.js';
import { seen } from './undecided-application.js';

/** What is needed of an application to speak of it. */
interface Spoken {
  readonly startUrl: string;
  readonly signedInUrl: string;
  readonly isProvider: (address: string) => boolean;
}

/** The failure of a visit of somebody's own that leads to no provider, or to another one. */
export function noRequest(page: Page, spoken: Spoken, problem: string | null): LogtoError {
  return new LogtoError(
    'app_undecided',
    `The visit made no authorization request at the emulator: ${shown(page, spoken)}${because('visit', problem)}.`,
    'Do in visit what a person does from url on to sign in; and check that the application uses the issuer of this emulator.',
    { url: spoken.startUrl },
  );
}

/** The failure of an application that takes a stranger for somebody. */
export function strangerSignedIn(page: Page, spoken: Spoken): LogtoError {
  return new LogtoError(
    'app_undecided',
    `Whether somebody is signed in cannot be told: isSignedIn says so of a browser that has never been there (${shown(page, spoken)}).`,
    'Let isSignedIn look for what only a signed-in page shows; and let newContext make a browser without cookies each time.',
    { url: spoken.signedInUrl },
  );
}

/** The failure of an application in which nobody is signed in after a sound sign-in. */
export function notSignedIn(
  {
    end,
    looked,
    requests,
  }: { readonly end: Page; readonly looked: Page; readonly requests: readonly ProviderRequest[] },
  spoken: Spoken,
  problem: string | null,
): LogtoError {
  const tokens = requests.filter(({ endpoint }) => endpoint === 'token');
  return new LogtoError(
    'app_undecided',
    'Whether somebody is signed in cannot be told: isSignedIn says nobody is after a sound sign-in. ' +
      `The end of the visit: ${shown(end, spoken)}. The page that was asked: ${shown(looked, spoken)}${because('visit', problem)}.`,
    tokens.length === 0
      ? 'The application asked for no tokens: let visit wait until it has, and look at what the application shows at its callback.'
      : 'Let visit wait until the application shows that somebody is signed in, and isSignedIn look for that at signedInUrl.',
    { url: spoken.signedInUrl },
  );
}

function because(what: string, problem: string | null): string {
  return problem === null ? '' : `. What ${what} threw: ${problem.replace(/\.$/, '')}`;
}

/** What was seen of a page, within a sentence; a browser may not tell its status. */
function shown(page: Page, { startUrl, isProvider }: Spoken): string {
  if (page.end === 'page' && page.status === 0) {
    const { origin, pathname } = new URL(page.url);
    return `${origin}${pathname} showed “${visibleText(page.text).slice(0, 200)}”`;
  }
  const application = { printed: () => undefined };
  return seen(page, { options: { url: startUrl }, isProvider, process: application, hide: (text) => text });
}
