import type { OpenJwt } from '../signing-keys.js';
import type { ClaimFault, ClockFault } from './fault-names.js';

/** An issuer that this emulator is not. */
export const anotherIssuer = 'https://another-issuer.example.test/oidc';
/** An application that is registered nowhere. */
export const anotherApplication = 'another-application';
/** A user whom nobody knows. */
const anotherUser = 'another-user';

const seconds = { s: 1, m: 60, h: 3600, d: 86_400 };

/** By how many seconds the clock of the provider is ahead. */
export function secondsAhead(clock: ClockFault = '+0s'): number {
  return Number.parseInt(clock, 10) * seconds[clock.slice(-1) as keyof typeof seconds];
}

/** The same JWT, issued by that clock. */
export function shifted({ header, claims }: OpenJwt, clock: ClockFault | undefined): OpenJwt {
  return {
    header,
    claims: { ...claims, ...moved(claims, ['iat', 'exp', 'auth_time'], secondsAhead(clock)) },
  };
}

/** These of the claims, which are times, moved by so many seconds. */
export function moved(claims: OpenJwt['claims'], names: readonly string[], by: number): OpenJwt['claims'] {
  const times = names.filter((name) => typeof claims[name] === 'number');
  return Object.fromEntries(times.map((name) => [name, Number(claims[name]) + by]));
}

/** The claims of an ID token that a fault changes. */
export function wrongClaims(
  claims: OpenJwt['claims'],
  fault: ClaimFault,
  isRefresh: boolean,
): OpenJwt['claims'] {
  const { iat, exp, nonce, aud } = claims;
  switch (fault) {
    case 'bad-nonce':
      return nonce === undefined ? {} : { nonce: 'of-another-sign-in' };
    case 'no-nonce':
      return { nonce: undefined };
    case 'bad-audience':
      return { aud: anotherApplication };
    case 'no-audience':
      return { aud: undefined };
    case 'audience-list':
      return { aud: [aud] };
    case 'other-azp':
      return { aud: [aud, anotherApplication], azp: anotherApplication };
    case 'bad-issuer':
      return { iss: anotherIssuer };
    case 'expired':
      return moved(claims, ['iat', 'exp'], Number(iat) - Number(exp) - seconds.h);
    case 'future-iat':
      return moved(claims, ['iat', 'exp'], seconds.d);
    case 'no-subject':
      return { sub: undefined };
    case 'other-subject':
      return isRefresh ? { sub: anotherUser } : {};
  }
}

/** The claims that the UserInfo endpoint says of another user: those that it would have said of the right one. */
export function somebodyElse(claims: object): object {
  const others = { name: 'Another User', username: 'another_user', email: 'another-user@example.test' };
  const said = Object.entries(others).filter(([name]) => name in claims);
  return { ...claims, ...Object.fromEntries(said), sub: anotherUser };
}
