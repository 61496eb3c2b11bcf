import { isoTime, relativeTime } from '../../output/moments.js';
import type { JsonObject } from '../json-object.js';
import { clockToleranceSeconds } from '../validate/id-token-times.js';
import { isTime } from '../validate/jwt.js';
import { kindOf } from '../validate/value-kind.js';
import { fails, holds, type TokenCheck } from './token-check.js';

/** By which clock times are judged. */
export interface TokenClock {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What is said of it where it is not simply this machine's. */
  readonly remark: string;
}

/**
 * The clock that an API is likely to have: this machine's, or the provider's where the two differ by more than clocks may.
 *
 * @param difference seconds that the provider's is ahead; `null`: it does not tell
 */
export function likelyClock(now: number, difference: number | null): TokenClock {
  if (difference === null || Math.abs(difference) <= clockToleranceSeconds) return { now, remark: '' };
  const seconds = Math.round(Math.abs(difference));
  const direction = difference > 0 ? 'behind it' : 'ahead of it';
  return {
    now: now + difference * 1000,
    remark: ` By the provider's clock (its Date header); this machine's is ${seconds} s ${direction}.`,
  };
}

/** Whether it lives (RFC 9068, section 4; RFC 7519, sections 4.1.4 and 4.1.5). */
export function checkTokenTimes({ exp, nbf }: JsonObject, clock: TokenClock): readonly TokenCheck[] {
  const begins = nbf === undefined ? [] : [checkBegin(nbf, clock)];
  return [checkEnd(exp, clock), ...begins];
}

function checkEnd(exp: unknown, { now, remark }: TokenClock): TokenCheck {
  const [what, clause] = ['exp is there and still to come', 'RFC 9068, 4; RFC 7519, 4.1.4'];
  const correct = 'The provider has to say when its access tokens end: exp, in seconds since 1970.';
  if (!isTime(exp)) {
    const said = exp === undefined ? 'It does not say when it ends' : `Its exp is no time but ${kindOf(exp)}`;
    return fails('exp', what, clause, `${said}.`, correct);
  }
  const end = exp * 1000;
  const moment = `${isoTime(end)}, ${relativeTime(end, now)}`;
  if (end > now) return holds('exp', what, clause, `It ends at ${moment}.${remark}`);
  const isWithinLeeway = end > now - clockToleranceSeconds * 1000;
  return fails(
    'exp',
    what,
    clause,
    `It has expired (${moment}).${isWithinLeeway ? ' An API that allows for clocks may take it for a moment more.' : ''}${remark}`,
    'Get a new one: logto-cli token, which refreshes it when needed.',
  );
}

function checkBegin(nbf: unknown, { now, remark }: TokenClock): TokenCheck {
  const [what, clause] = ['nbf has passed', 'RFC 7519, 4.1.5'];
  if (!isTime(nbf)) {
    const message = `Its nbf is no time but ${kindOf(nbf)}.`;
    return fails('nbf', what, clause, message, 'The provider has to correct nbf: seconds since 1970.');
  }
  const begin = nbf * 1000;
  if (begin <= now + clockToleranceSeconds * 1000) return holds('nbf', what, clause);
  return fails(
    'nbf',
    what,
    clause,
    `It is not valid before ${isoTime(begin)}, ${relativeTime(begin, now)}.${remark}`,
    'Wait until then, or compare the clocks: date -u here, on the host of the API and on that of the provider.',
  );
}
