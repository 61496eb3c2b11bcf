import { createHash, timingSafeEqual } from 'node:crypto';
import type { CallbackKind, StrangerReport } from './callback-listener.js';
import type { StrangerPage } from './pages.js';

/**
 * Why a request is not the response we wait for: for the terminal (a sentence without its end, since only the caller
 * knows what becomes of it), and for the browser.
 */
export interface Stranger extends StrangerReport {
  readonly page: StrangerPage;
}

/**
 * Whether a GET on the callback's path is the response to our request (RFC 6749, section 4.1.2): our `state`, and for
 * a sign-in either a `code` or an `error`, nothing repeated (section 3.1). `state` comes first: without it, nothing
 * else that the request says is believed.
 *
 * @param state `null` before anything is awaited
 * @returns `null` for the true response
 */
export function responseVerdict(
  kind: CallbackKind,
  state: string | null,
  parameters: URLSearchParams,
): Stranger | null {
  const given = parameters.get('state');
  const about = 'A request to the callback address';
  if (state === null) {
    return { reason: 'other', page: 'not-ours', message: `${about} came before the ${kind} began` };
  }
  if (given === null) {
    return {
      reason: 'missing_state',
      page: 'not-ours',
      message: `${about} carried no state`,
    };
  }
  if (!isSame(given, state)) {
    return {
      reason: 'wrong_state',
      page: 'not-ours',
      message: `${about} carried another state than ours: it is not of this ${kind}`,
    };
  }
  const notValid = (problem: string): Stranger => {
    return { reason: 'other', page: 'not-valid', message: `${about} ${problem}` };
  };
  const names = [...parameters.keys()];
  if (new Set(names).size !== names.length) return notValid('repeated a parameter');
  if (kind === 'sign-in' && parameters.has('code') === parameters.has('error')) {
    return notValid(
      parameters.has('code') ? 'carried both a code and an error' : 'carried neither a code nor an error',
    );
  }
  return null;
}

/** Compares without telling by its time how much was right. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
