import { LogtoError } from '../../errors.js';
import { clockToleranceSeconds } from '../validate/id-token-times.js';
import { faultOf, type GrantFault } from './error-subject.js';

/** What is known around a refused code. */
export interface CodeRejection {
  /** Seconds between the browser's return and the answer; `null` when nobody noted its return. */
  readonly seconds: number | null;
  /** Seconds that the provider's clock is ahead of ours; `null` when it does not tell. */
  readonly clockDifference: number | null;
}

/** What a provider that names the fault leaves possible, and no more. */
const namedFaults: Readonly<Record<GrantFault, string>> = {
  'redirect-uri': 'redirect_uri_differs',
  verifier: 'code_verifier_differs',
  client: 'client_differs',
  used: 'code_used_before',
  expired: 'code_expired',
  user: 'user_suspended',
};

/** Seconds for which a code can be used at Logto, and nearly everywhere. */
const codeLifetime = 60;

/**
 * Adds to a refused code what it can be and what it cannot: most providers give no detail (RFC 6749, section 5.2). One
 * that names the fault is believed. Any other error is itself.
 *
 * The redirect URI and the code verifier are those of the request by construction. The code was issued when the page
 * was done, so no page is too slow; its age is measured by the provider's clock alone.
 */
export function explainCodeRejection(error: unknown, { seconds, clockDifference }: CodeRejection): unknown {
  if (!(error instanceof LogtoError) || error.code !== 'code_rejected') return error;
  const isFresh = seconds !== null && seconds < codeLifetime;
  const age = seconds === null ? null : Math.round(seconds);
  const skew = Math.round(clockDifference ?? 0);
  const facts = {
    ...error.details,
    ...(age !== null && { secondsSinceCallback: age }),
    ...(clockDifference !== null && { skewSeconds: skew }),
  };
  const words = error.details?.['error_description'];
  const fault = faultOf(typeof words === 'string' ? words : null);
  if (fault !== null) {
    return new LogtoError(error.code, error.message, error.hint, {
      ...facts,
      possible: [namedFaults[fault]],
    });
  }
  const possible = ['code_used_before', ...(isFresh ? [] : ['code_expired']), 'user_suspended', 'code_lost'];
  const ruledOut = [
    'redirect_uri_differs',
    'code_verifier_differs',
    'page_too_slow',
    'local_clock',
    ...(isFresh ? ['code_expired'] : []),
  ];
  const late = age === null ? '' : `, ${age} s after the browser came back`;
  return new LogtoError(
    error.code,
    error.message,
    'Sign in again. Not to blame: the redirect URI and the code verifier (sent as in the request), the time spent on ' +
      `the page (the code is issued at its end)${isFresh ? `, the way here (${age} s of ${codeLifetime})` : ''}, the ` +
      `clock of this machine${isSkewed(skew) ? ` (${skewed(skew)}, which a code does not depend on)` : ''}. Left: ` +
      `somebody used the code before${isFresh ? '' : `, or it came too late (${codeLifetime} s${late})`}, the user was ` +
      'suspended meanwhile, or the provider lost the code (a restart, several servers without one memory).',
    { ...facts, possible, ruledOut },
  );
}

function isSkewed(skew: number): boolean {
  return Math.abs(skew) > clockToleranceSeconds;
}

function skewed(skew: number): string {
  return `${Math.abs(skew)} s ${skew > 0 ? 'behind' : 'ahead of'} the provider's`;
}
