import type { CheckOutcome } from '../../../src/check/run/check.js';

/** Each defect of the sample, and the one check that finds it. */
export const seededDefects: Readonly<
  Record<string, { readonly check: string; readonly outcome?: CheckOutcome; readonly isHttps?: boolean }>
> = {
  'session-short': { check: 'sound.sign-in' },
  'sign-in-asked-again': { check: 'sound.single-sign-on', outcome: 'warning' },
  'state-missing': { check: 'callback.no-state', outcome: 'warning' },
  'state-unchecked': { check: 'callback.wrong-state', outcome: 'warning' },
  'callback-of-other-browser': { check: 'callback.other-browser' },
  'callback-of-stranger': { check: 'callback.stranger' },
  'callback-again': { check: 'callback.again', outcome: 'warning' },
  'code-missing': { check: 'callback.no-code' },
  'error-ignored': { check: 'callback.access-denied' },
  'markup-echoed': { check: 'callback.markup' },
  'issuer-unchecked': { check: 'callback.other-issuer', outcome: 'warning' },
  'issuer-missing': { check: 'callback.no-issuer', outcome: 'warning' },
  'token-refusal-taken': { check: 'token.error-400' },
  'token-unauthorized-taken': { check: 'token.error-401' },
  'token-failure-thrown': { check: 'token.error-500', outcome: 'warning' },
  'token-page-taken': { check: 'token.html' },
  'token-unread': { check: 'token.invalid-json' },
  'access-token-missing': { check: 'token.no-access-token' },
  'access-token-not-needed': { check: 'token.no-access-token', outcome: 'warning' },
  'token-waited-for': { check: 'token.never' },
  'token-redirect-followed': { check: 'token.redirect' },
  'code-sent-twice': { check: 'token.code-once' },
  'session-readable': { check: 'session.cookie', outcome: 'warning' },
  'session-across-sites': { check: 'session.cookie', outcome: 'warning' },
  'session-plain': { check: 'session.cookie', outcome: 'warning', isHttps: true },
  'session-kept': { check: 'session.fixation' },
  'token-shown': { check: 'session.token', outcome: 'warning' },
  'token-in-cookie': { check: 'session.token', outcome: 'warning' },
  'claims-in-cookie': { check: 'session.jwt', outcome: 'warning' },
  'callback-answered': { check: 'session.callback-address', outcome: 'warning' },
  'code-linked': { check: 'session.callback-address', outcome: 'warning' },
  'code-sent-away': { check: 'session.callback-address' },
};
