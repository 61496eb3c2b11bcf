import { LogtoError } from '../../errors.js';
import type { JsonObject } from '../http-answer.js';
import { type Verify, verifying } from '../provider-event.js';
import { type IdTokenRefusal, malformedClaim } from './id-token-refusal.js';
import { isTime } from './jwt.js';

const core = 'OpenID Connect Core 1.0,';

/** Seconds by which clocks may differ. */
export const clockToleranceSeconds = 60;

/** What the times in an ID token are compared with. */
export interface TimeExpectations {
  /** Seconds since the last active sign-in at most; `auth_time` is then required. */
  readonly maxAge?: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Seconds that the provider's clock is ahead of ours; `null` when it does not tell. */
  readonly clockDifference: number | null;
}

/** Why an ID token must not be used at this time (OpenID Connect Core 1.0, section 3.1.3.7 (9), (10), (13)); `null`: it may. */
export function checkTimes(
  claims: JsonObject,
  expected: TimeExpectations,
  verify: Verify,
): IdTokenRefusal | null {
  const now = expected.now / 1000;
  const [earliest, latest] = [now - clockToleranceSeconds, now + clockToleranceSeconds];
  const { iat, exp, nbf, auth_time: authTime } = claims;
  const comparing = hintOnClocks(expected.clockDifference);
  const isIssued = isTime(iat) && iat <= latest;
  if (!verify('iat is there and not in the future', `${core} 3.1.3.7 (10)`, isIssued)) {
    if (iat === undefined) return absent('iat', 'when it was issued');
    if (!isTime(iat)) return malformedTime('iat', iat);
    return isMilliseconds(iat, now)
      ? malformedClaim('iat', iat, 'seconds since 1970 are', `${iat}, which looks like milliseconds`)
      : {
          reason: 'iat',
          what: `was issued ${seconds(iat - now)} in the future by this machine's clock (iat)`,
          hint: comparing,
        };
  }
  const isAlive = isTime(exp) && exp > earliest;
  if (!verify('exp is there and still to come', `${core} 3.1.3.7 (9)`, isAlive)) {
    if (exp === undefined) return absent('exp', 'when it expires');
    if (!isTime(exp)) return malformedTime('exp', exp);
    return {
      reason: 'exp',
      what: `expired ${seconds(now - exp)} ago by this machine's clock (exp)`,
      hint: comparing,
    };
  }
  const isBegun = nbf === undefined || (isTime(nbf) && nbf <= latest);
  if (nbf !== undefined && !verify('nbf has passed', 'RFC 7519, 4.1.5', isBegun)) {
    if (!isTime(nbf)) return malformedTime('nbf', nbf);
    return {
      reason: 'nbf',
      what: `is not valid for another ${seconds(nbf - now)} by this machine's clock (nbf)`,
      hint: comparing,
    };
  }
  const isPast = isTime(authTime) && authTime <= latest;
  if (authTime !== undefined && !verify('auth_time is a time, and not in the future', `${core} 2`, isPast)) {
    if (!isTime(authTime)) return malformedTime('auth_time', authTime);
    return {
      reason: 'auth_time',
      what: `tells of a sign-in ${seconds(authTime - now)} in the future by this machine's clock (auth_time)`,
      hint: comparing,
    };
  }
  return failedAge(authTime, expected.maxAge, now, verify);
}

/** The clocks are what is wrong when the provider's would have let the token pass; else `null`. */
export function clockError(claims: JsonObject, expected: TimeExpectations): LogtoError | null {
  const difference = expected.clockDifference ?? 0;
  if (Math.abs(difference) <= clockToleranceSeconds) return null;
  const theirs = { ...expected, now: expected.now + difference * 1000 };
  if (checkTimes(claims, theirs, verifying(undefined, 'ID token')) !== null) return null;
  const skewSeconds = Math.round(difference);
  const direction = skewSeconds > 0 ? 'behind' : 'ahead of';
  return new LogtoError(
    'clock_skew',
    `The clock of this machine is ${Math.abs(skewSeconds)} s ${direction} the provider's; no ID token can be checked.`,
    "Set this machine's clock (Linux: sudo timedatectl set-ntp true), then sign in again.",
    { skewSeconds },
  );
}

function failedAge(
  authTime: unknown,
  maxAge: number | undefined,
  now: number,
  verify: Verify,
): IdTokenRefusal | null {
  if (maxAge === undefined) return null;
  const age = isTime(authTime) ? now - authTime : null;
  const isRecent = age !== null && age <= maxAge + clockToleranceSeconds;
  if (verify('auth_time is within max_age', `${core} 3.1.3.7 (13)`, isRecent)) return null;
  return age === null
    ? {
        ...absent('auth_time', 'when the user signed in, though max_age asks for it'),
        hint: 'Nothing was kept. Leave out --max-age: the provider does not support it, or is not set up for it.',
      }
    : {
        reason: 'auth_time',
        what: `tells of a sign-in ${seconds(age)} ago, where at most ${maxAge} s are allowed (auth_time)`,
        hint: 'Nothing was kept. Sign in again with --prompt login, or with a larger --max-age.',
      };
}

function absent(reason: 'iat' | 'exp' | 'auth_time', what: string): IdTokenRefusal {
  return {
    reason,
    what: `does not say ${what} (${reason} is missing)`,
    hint: `Nothing was kept. The provider has to add ${reason}.`,
  };
}

function malformedTime(name: 'iat' | 'exp' | 'nbf' | 'auth_time', value: unknown): IdTokenRefusal {
  return malformedClaim(name, value, 'seconds since 1970 are');
}

/** Whether a moment far in the future is this one, counted in another unit: within ten years. */
function isMilliseconds(moment: number, now: number): boolean {
  return Math.abs(moment / 1000 - now) < 315_360_000;
}

function seconds(difference: number): string {
  return `${Math.max(1, Math.round(difference))} s`;
}

function hintOnClocks(difference: number | null): string {
  if (difference === null) {
    return 'Nothing was kept. The provider does not tell its time: compare the clocks, date -u here and on its host.';
  }
  const apart = Math.round(Math.abs(difference));
  return apart <= clockToleranceSeconds
    ? "Nothing was kept. The provider's clock agrees with this machine's (its Date header): it has to correct the claim."
    : `Nothing was kept. The clocks differ by ${apart} s (its Date header), and the claim is wrong by both: the provider has to correct it.`;
}
