import type { CheckResult } from '../run/check.js';
import { passed } from '../run/check-results.js';
import { failed, warning } from '../run/claused-check.js';
import type { Page } from './application-visitor.js';
import type { ApplicationVisit } from './tested-application.js';

/** What is said of something that an application has to refuse. */
export interface Refused {
  /** What it was given, within a sentence: `a callback without state`. */
  readonly what: string;
  /** What to change in the application. */
  readonly hint: string;
  /** Statuses of 500 and above that are right: those of a gateway, where the provider is down. */
  readonly rightStatuses?: readonly number[];
  /** What it means that somebody is signed in afterwards. Default: a failure. */
  readonly taken?: (who: 'the user' | 'somebody') => CheckResult | Promise<CheckResult>;
}

/** Those of a gateway: what it depends on fails (RFC 9110, 15.6.3 to 15.6.5). */
export const gatewayStatuses: readonly number[] = [502, 503, 504];

/**
 * Judges how an application has refused something: nobody is signed in afterwards, it does not answer that browser with
 * errors from then on, and a sound sign-in still works there.
 *
 * @param page where the browser ended up with it
 */
export async function judgeRefused(
  visit: ApplicationVisit,
  page: Page,
  { what, hint, rightStatuses = [], taken }: Refused,
): Promise<CheckResult> {
  if (page.end === 'hang') {
    return failed(`At ${what} the application does not answer in time.`, `Answer it with an error. ${hint}`);
  }
  const who = await visit.isSignedIn();
  if (who === 'user' || who === 'somebody') {
    const whom = who === 'user' ? 'the user' : 'somebody';
    return taken === undefined ? failed(`After ${what} ${whom} is signed in.`, hint) : taken(whom);
  }
  if (who === 'stuck') {
    return failed(
      `After ${what} that browser is answered with errors from then on, so that nobody can tell who is signed in there.`,
      'Refuse it where it comes, before a session begins, and forget what was kept for that sign-in (cookie or session), so that the next one starts afresh.',
    );
  }
  if (page.end === 'cut') {
    return failed(
      `At ${what} the application breaks the connection.`,
      'Catch what its sign-in throws, and answer with an error: a promise that nobody awaits ends a Node.js process.',
    );
  }
  visit.setFaults({});
  const next = await visit.visitor.signIn();
  if ((await visit.isSignedIn()) !== 'user') {
    return failed(
      `After ${what} nobody is signed in, but a sound sign-in in that browser no longer works (${statusOf(next)}).`,
      'Forget what was kept for the sign-in (cookie or session) when it fails, so that the next one starts afresh.',
    );
  }
  if (page.end === 'page' && page.status >= 500 && !rightStatuses.includes(page.status)) {
    return warning(
      `At ${what} the application answers ${page.status}: it refuses, as one that failed itself.`,
      'Catch what its sign-in throws, and answer with a page of status 400 or 401 that offers to sign in again.',
    );
  }
  return passed(`After ${what} nobody is signed in (${statusOf(page)}), and a sound sign-in works.`);
}

/** How a page ended, in a word or two. */
export function statusOf({ end, status }: Page): string {
  if (end !== 'page') return end;
  // A browser may not tell it.
  return status === 0 ? 'a page' : `status ${status}`;
}
