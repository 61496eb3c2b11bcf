import { type OpenJwt, openJwt, type SigningKeys, signingInput } from '../signing-keys.js';
import type { EmulatorFaults, IdTokenFault } from './emulator-faults.js';

/** What the token endpoint answers, as far as it is changed. */
export interface TokenAnswer {
  access_token: string;
  id_token?: string | undefined;
}

const seconds = { s: 1, m: 60, h: 3600, d: 86_400 };

/** By how many seconds the clock of the provider is ahead. */
export function secondsAhead(clock: EmulatorFaults['clock'] = '+0s'): number {
  return Number.parseInt(clock, 10) * seconds[clock.slice(-1) as keyof typeof seconds];
}

/** Issues the JWTs of an answer again, as the faults want them. No `at_hash` of the code flow has to follow. */
export function changeTokens(
  answer: TokenAnswer,
  { clock, idToken, jwks }: EmulatorFaults,
  isRefresh: boolean,
  keys: SigningKeys,
): void {
  if (clock === undefined && idToken === undefined && jwks !== 'rotate') return;
  if (jwks === 'rotate') keys.rotate();
  const accessToken = openJwt(answer.access_token);
  if (accessToken !== null) answer.access_token = keys.sign(shifted(accessToken, clock));
  const jwt = openJwt(answer.id_token ?? '');
  if (jwt !== null) answer.id_token = issued(shifted(jwt, clock), idToken, isRefresh, keys);
}

function issued(
  jwt: OpenJwt,
  fault: IdTokenFault | undefined,
  isRefresh: boolean,
  keys: SigningKeys,
): string | undefined {
  const { header, claims } = jwt;
  switch (fault) {
    case 'missing':
      return undefined;
    case 'bad-signature':
      return keys.forge(jwt);
    case 'alg-none':
      return `${signingInput({ header: { ...header, alg: 'none' }, claims })}.`;
    default:
      return keys.sign({ header, claims: { ...claims, ...wrongClaims(claims, fault, isRefresh) } });
  }
}

function wrongClaims(
  { iat, exp, nonce }: OpenJwt['claims'],
  fault: Exclude<IdTokenFault, 'missing' | 'bad-signature' | 'alg-none'> | undefined,
  isRefresh: boolean,
): OpenJwt['claims'] {
  switch (fault) {
    case 'bad-nonce':
      return nonce === undefined ? {} : { nonce: 'of-another-sign-in' };
    case 'no-nonce':
      return { nonce: undefined };
    case 'bad-audience':
      return { aud: 'another-application' };
    case 'bad-issuer':
      return { iss: 'https://another-issuer.example.test/oidc' };
    case 'expired': {
      const age = Number(exp) - Number(iat) + 3600;
      return { iat: Number(iat) - age, exp: Number(exp) - age };
    }
    case 'other-subject':
      return isRefresh ? { sub: 'another-user' } : {};
    case undefined:
      return {};
  }
}

function shifted({ header, claims }: OpenJwt, clock: EmulatorFaults['clock']): OpenJwt {
  const times = ['iat', 'exp', 'auth_time'].filter((name) => typeof claims[name] === 'number');
  const moved = times.map((name) => [name, Number(claims[name]) + secondsAhead(clock)] as const);
  return { header, claims: { ...claims, ...Object.fromEntries(moved) } };
}
