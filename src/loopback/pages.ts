import type { CallbackKind, FinalPage } from './callback-listener.js';
import type { Page } from './page.js';

const goBack = 'You can close this tab and go back to the terminal.';

/** How a journey ended, for the person in the browser. */
export function finalPage(kind: CallbackKind, page: FinalPage): Page {
  switch (page.outcome) {
    case 'signed-in':
      return {
        status: 200,
        tone: 'success',
        title: 'You are signed in',
        text: goBack,
        facts: [
          { name: 'Signed in as', value: page.subject },
          { name: 'Application', value: page.application },
        ],
      };
    case 'signed-out':
      return { status: 200, tone: 'success', title: 'You are signed out', text: goBack };
    case 'returned':
      return {
        status: 200,
        tone: 'notice',
        title: 'You are back',
        text:
          'The tokens in the terminal are cleared. Whether the provider has ended its session too is not confirmed: ' +
          'it sent you back without saying which sign-out it answers.',
        closing: goBack,
      };
    case 'failed':
      return {
        status: 200,
        tone: 'failure',
        title: kind === 'sign-in' ? 'Sign-in failed' : 'Sign-out failed',
        text: page.message,
        facts: [
          { name: 'Error code', value: page.code, isCode: true },
          { name: 'What to do next', value: page.hint },
        ],
        closing: goBack,
      };
  }
}

/** What a request hears that is not the response we wait for. */
export type StrangerPage =
  | 'already-handled'
  | 'not-ours'
  | 'not-valid'
  | 'not-found'
  | 'wrong-method'
  | 'wrong-host'
  | 'too-large'
  | 'prefetch';

/** The page for a request that had no effect. */
export function strangerPage(kind: CallbackKind, page: StrangerPage): Page {
  const notice = (status: number, title: string, text: string): Page => ({
    status,
    tone: 'notice',
    title,
    text,
  });
  switch (page) {
    case 'already-handled':
      return notice(
        410,
        'This was already handled',
        `The terminal has received its ${kind} response and does not wait for another one. ${goBack}`,
      );
    case 'not-ours':
      return notice(
        400,
        'The terminal did not ask for this',
        `This ${kind} response belongs to another request, so nothing was done with it. ` +
          `The terminal still waits for its own: go on in the tab that it opened, or open the address that it shows.`,
      );
    case 'not-valid':
      return notice(
        400,
        'This response cannot be used',
        `It does not say what a ${kind} response must say exactly once, so nothing was done with it. The terminal still waits.`,
      );
    case 'not-found':
      return notice(404, 'There is nothing here', `This address only waits for a ${kind}, on another path.`);
    case 'wrong-method':
      return notice(405, 'This is not how to ask', 'This address only answers GET requests.');
    case 'wrong-host':
      return notice(
        421,
        'This is not the right address',
        `The terminal waits for a ${kind} under another host name or port, exactly as in the redirect URI.`,
      );
    case 'too-large':
      return notice(
        431,
        'Your browser sent too much',
        'The cookies of this host, of every program that ever ran here, are more than the terminal can take: delete ' +
          "them (in the settings of this site, or in the developer tools), and load this page again. If it asks for a new sign-in, go on from the terminal's address.",
      );
    case 'prefetch':
      return notice(
        503,
        'Not ahead of time',
        'This address is only answered when a person really goes there.',
      );
  }
}

/** The page for what looks like the response and is not taken: the same, which says why. */
export function unusablePage(kind: CallbackKind, page: Page, problem: string): Page {
  return {
    ...page,
    title: 'This response cannot be used',
    text: `The ${kind} response ${problem}. So nothing was done with it, and the terminal still waits.`,
  };
}
