import { readHtml } from '../../oidc/html.js';
import type { CheckResult } from '../run/check.js';
import { skipped } from '../run/check-results.js';
import { failed, warning } from '../run/claused-check.js';
import type { ApplicationCheck } from './application-check.js';
import type { Page } from './application-visitor.js';
import { cannotTell } from './cannot-tell.js';
import { gatewayStatuses, judgeRefused, type Refused } from './judge-refused.js';
import { repeatedCheck } from './repeated-parameters.js';
import type { ApplicationVisit, TestedApplication } from './tested-application.js';

const bindState =
  'Keep the state in a cookie or session of the browser that begins the sign-in, and refuse a callback that does not bring that one: the libraries do it where the callback is handed to them whole, with the expected state.';

/** A callback whose parameters are changed on its way, in the browser that has begun the sign-in. */
function changed(
  check: Pick<ApplicationCheck, 'id' | 'title' | 'clause'>,
  change: (parameters: URLSearchParams) => void,
  refused: Refused,
): ApplicationCheck {
  return {
    ...check,
    needs: ['sound.sign-in'],
    run: async (application) => {
      const visit = await application.visit();
      const page = await visit.visitor.signIn({
        onCallback: (callback) => {
          change(callback.searchParams);
          return callback;
        },
      });
      return judgeRefused(visit, page, refused);
    },
  };
}

/**
 * A callback whose state is changed. Where PKCE or a nonce binds the answer to the browser, as RFC 9700 allows, nobody is
 * signed in by a state that is not looked at who should not be.
 */
function unchecked(
  check: Pick<ApplicationCheck, 'id' | 'title' | 'clause'>,
  change: (parameters: URLSearchParams) => void,
  what: string,
): ApplicationCheck {
  return {
    ...check,
    needs: ['sound.sign-in'],
    run: async (application, signal) => {
      const sent = application.authorizationRequest.searchParams;
      if (!sent.has('state')) {
        return skipped(
          'The application sends no state: what else binds the answer to its browser is seen by callback.other-browser.',
        );
      }
      const bound = ['code_challenge', 'nonce'].find((name) => sent.has(name));
      const taken = () =>
        warning(
          `The application sends a state, and does not look whether it comes back: ${what} is taken. What it sends as ${bound} may still bind the answer to its browser, as callback.other-browser shows.`,
          bindState,
        );
      const refused = { what, hint: bindState, ...(bound !== undefined && { taken }) };
      return changed(check, change, refused).run(application, signal);
    },
  };
}

/** What an application has to refuse at its callback. */
export const callbackChecks: readonly ApplicationCheck[] = [
  unchecked(
    { id: 'callback.no-state', title: 'A callback without state', clause: 'RFC 9700, 4.7.1' },
    (sent) => sent.delete('state'),
    'a callback without state',
  ),
  unchecked(
    { id: 'callback.wrong-state', title: 'A callback with another state', clause: 'RFC 9700, 4.7.1' },
    (sent) => sent.set('state', 'of-another-sign-in'),
    'a callback with another state',
  ),
  {
    id: 'callback.other-browser',
    title: 'The callback of another browser',
    clause: 'RFC 9700, 4.7',
    needs: ['sound.sign-in'],
    run: takesOfOtherBrowser,
  },
  {
    id: 'callback.stranger',
    title: 'A callback in a browser that has begun no sign-in',
    clause: 'RFC 9700, 4.7',
    needs: ['sound.sign-in'],
    run: takesOfStranger,
  },
  {
    id: 'callback.again',
    title: 'The same callback again',
    clause: 'RFC 6749, 4.1.2',
    needs: ['sound.sign-in'],
    run: takesAgain,
  },
  changed(
    { id: 'callback.no-code', title: 'A callback without a code', clause: 'RFC 6749, 4.1.2' },
    (sent) => sent.delete('code'),
    {
      what: 'a callback without a code',
      hint: 'Sign nobody in who has no tokens: hand the whole callback to the library, and let what it throws be an error page.',
    },
  ),
  changed(
    { id: 'callback.access-denied', title: 'A callback with an error', clause: 'RFC 6749, 4.1.2.1' },
    (sent) => {
      sent.delete('code');
      sent.set('error', 'access_denied');
    },
    {
      what: 'a callback with the error access_denied',
      hint: 'Show that the sign-in was refused, and offer another one: nobody is signed in by an error.',
    },
  ),
  changed(
    {
      id: 'callback.error-without-state',
      title: 'A callback with an error and no state',
      clause: 'RFC 6749, 4.1.2.1',
    },
    (sent) => {
      for (const name of ['code', 'state']) sent.delete(name);
      sent.set('error', 'temporarily_unavailable');
    },
    {
      what: 'a callback with an error and no state',
      // The error of this one is that the provider is not available.
      rightStatuses: gatewayStatuses,
      hint: 'Look for error before anything else is read of the callback, and answer with a page that offers another sign-in: providers leave the state out where they could not read it.',
    },
  ),
  repeatedCheck,
  {
    id: 'callback.markup',
    title: 'Markup in the description of an error',
    clause: 'RFC 6749, 10.14',
    needs: ['sound.sign-in'],
    run: echoesMarkup,
  },
  issuer(
    { id: 'callback.other-issuer', title: 'A callback of another issuer', clause: 'RFC 9207, 2.4' },
    (sent) => sent.set('iss', 'https://another-issuer.example.test/oidc'),
    'with the iss of another provider',
  ),
  issuer(
    { id: 'callback.no-issuer', title: 'A callback without its issuer', clause: 'RFC 9207, 2.4' },
    (sent) => sent.delete('iss'),
    'without iss, which this provider announces to send',
  ),
];

/** Where there is one provider only, nobody can be taken for another: then it is no failure. */
function issuer(
  check: Pick<ApplicationCheck, 'id' | 'title' | 'clause'>,
  change: (parameters: URLSearchParams) => void,
  what: string,
): ApplicationCheck {
  const hint =
    'Compare iss with the issuer, or use a library that does (RFC 9207): it is needed as soon as the application knows a second provider.';
  return changed(check, change, {
    what: `a callback ${what}`,
    hint,
    taken: () => warning(`A callback ${what} is taken.`, hint),
  });
}

/** The callback that a browser was sent to and did not ask for. */
async function withheldCallback(visit: ApplicationVisit, user: string): Promise<URL | null> {
  let callback: URL | null = null;
  await visit.visitor.signIn({
    user,
    onCallback: (url) => {
      callback = url;
      return null;
    },
  });
  return callback;
}

const nothingCameBack = cannotTell('No callback was seen, so that none could be brought to another browser.');

async function takesOfOtherBrowser(application: TestedApplication): Promise<CheckResult> {
  const attacker = await application.visit();
  const callback = await withheldCallback(attacker, application.otherUser);
  if (callback === null) return nothingCameBack;
  const victim = await application.visit();
  const page = await victim.visitor.signIn({ onCallback: () => callback });
  return judgeRefused(victim, page, {
    what: 'the callback of another browser',
    hint: `Whoever sends somebody such a link signs them in to an account of their own. ${bindState}`,
  });
}

async function takesOfStranger(application: TestedApplication): Promise<CheckResult> {
  const attacker = await application.visit();
  const callback = await withheldCallback(attacker, application.otherUser);
  if (callback === null) return nothingCameBack;
  const visit = await application.visit();
  const page = await visit.visitor.open(callback.href);
  return judgeRefused(visit, page, {
    what: 'a callback in a browser that has begun no sign-in',
    hint: `Whoever sends somebody such a link signs them in to an account of their own. ${bindState}`,
  });
}

/** A browser that has what the first had before its callback brings the same one. */
async function takesAgain(application: TestedApplication): Promise<CheckResult> {
  const visit = await application.visit({ code: 'reusable' });
  let callback: URL | null = null;
  let before = await visit.visitor.cookies();
  await visit.visitor.signIn({
    onCallback: async (url) => {
      callback = url;
      before = await visit.visitor.cookies();
      return url;
    },
  });
  if (callback === null) return nothingCameBack;
  // A look may begin a sign-in, and so take the place of the one whose callback is brought: each has cookies of its own.
  const again = await visit.visitor.withCookies(before);
  if ((await visit.isSignedIn(await visit.visitor.withCookies(before))) !== 'nobody') {
    return skipped('The cookies from before the callback are signed in without it: see session.fixation.');
  }
  const page: Page = await again.open((callback as URL).href);
  const hint =
    'Forget the state when its callback has come, so that a callback found in a history or a log signs nobody in: a session on the server can, a cookie alone cannot.';
  const who = await visit.isSignedIn(again);
  if (who === 'user' || who === 'somebody') {
    return warning('The same callback signs in once more, where the provider takes its code twice.', hint);
  }
  return judgeRefused({ ...visit, visitor: again, isSignedIn: () => visit.isSignedIn(again) }, page, {
    what: 'the same callback once more',
    hint,
  });
}

const mark = 'logto-cli-markup';
const markup = `<img src=x id=${mark} onerror=alert(1)>`;

/** A callback as the provider sends it, with markup in its error; and one as somebody writes who wants it shown. */
async function echoesMarkup(application: TestedApplication): Promise<CheckResult> {
  const visit = await application.visit();
  let written: URL | null = null;
  const page = await visit.visitor.signIn({
    onCallback: (callback) => {
      const { searchParams } = callback;
      searchParams.delete('code');
      searchParams.set('error', `invalid_request${markup}`);
      searchParams.set('error_description', markup);
      written = new URL(callback);
      for (const name of [...searchParams.keys()]) {
        if (name !== 'state' && !name.startsWith('error')) written.searchParams.delete(name);
      }
      return callback;
    },
  });
  const other = written === null ? null : await visit.visitor.open((written as URL).href);
  const stranger = written === null ? null : await visit.newVisitor().open((written as URL).href);
  if ([page, other, stranger].some((shown) => shown !== null && showsMarkup(shown))) {
    return failed(
      'The page after an error shows what came with it as markup: whoever sends somebody such a link runs scripts in the application.',
      'Escape error and error_description where they are shown, or show words of your own.',
    );
  }
  return judgeRefused(visit, page, {
    what: 'an error with markup',
    hint: 'Sign nobody in by an error.',
  });
}

function showsMarkup({ text, headers }: Page): boolean {
  const isHtml = /html/i.test(headers.get('content-type') ?? 'text/html');
  return isHtml && (text.includes(markup) || hasElement(text, mark));
}

/** Whether a page has an element with this id, however its markup is written. */
function hasElement(page: string, id: string): boolean {
  for (const piece of readHtml(page)) {
    if (piece.kind === 'open' && piece.attributes.get('id') === id) return true;
  }
  return false;
}
