import { randomUUID } from 'node:crypto';
import type { Provider } from 'oidc-provider/lib/provider.js';
import { LogtoError } from '../errors.js';
import type { Fetch } from '../network/fetch.js';
import type { EmulatorFaults } from './faults/emulator-faults.js';
import type { LogoutTokenFault } from './faults/fault-names.js';
import { signWrongly } from './faults/faulty-signature.js';
import { anotherApplication, anotherIssuer, moved, shifted } from './faults/wrong-claims.js';
import { type OpenJwt, type SigningKeys, signJwt } from './signing-keys.js';
import type { EmulatorVisit, SignedIn } from './visits/visit.js';
import type { Visits } from './visits/visits.js';

/** Seconds for which a logout token is good. */
const lifetime = 120;
const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

/** Tells applications that a session is over (OpenID Connect Back-Channel Logout 1.0). */
export class LogoutTokens {
  /** The latest of each application that was sent in no visit. */
  readonly #latest = new Map<string, string>();

  constructor(
    private readonly issuer: string,
    private readonly keys: SigningKeys,
    private readonly visits: Visits,
    private readonly fetch: Fetch | undefined,
  ) {}

  /**
   * Sends a logout token, and says how it was answered.
   *
   * @throws LogtoError `config_invalid` for a visit that is over or in which nobody has signed in; `network_unreachable`,
   * `request_timeout`, `tls_untrusted`, `provider_error` where nothing is answered that is HTTP
   */
  async send(
    visit: EmulatorVisit,
    url: string,
    fault?: LogoutTokenFault,
  ): Promise<{ readonly status: number }> {
    return this.#post(url, await this.token(visit, fault));
  }

  /**
   * Tells an application at the address that it has registered.
   *
   * @param faults what is wrong at this moment
   * @throws LogtoError where nothing is answered; Error for an answer that says that it was refused
   */
  async tell(
    url: string,
    signedIn: SignedIn,
    { logoutToken: fault, clock }: Pick<EmulatorFaults, 'logoutToken' | 'clock'>,
  ): Promise<void> {
    const repeated = fault === 'replayed' ? this.#latest.get(signedIn.clientId) : undefined;
    const token = repeated ?? (await this.#issue(signedIn, clock, fault));
    this.#latest.set(signedIn.clientId, token);
    const { status } = await this.#post(url, token);
    if (status !== 200 && status !== 204) throw new Error(`The logout token was answered ${status}.`);
  }

  /**
   * A logout token that nobody has sent.
   *
   * @throws LogtoError `config_invalid` for a visit that is over or in which nobody has signed in
   */
  async token(visit: EmulatorVisit, given?: LogoutTokenFault): Promise<string> {
    const open = this.visits.named(visit.id);
    const fault = given ?? open?.faults.logoutToken;
    if (open === null || open.signedIn === null) {
      throw new LogtoError(
        'config_invalid',
        open === null ? 'This visit is over.' : 'Nobody has signed in in this visit.',
        'Send a logout token after a sign-in, and before the visit is closed.',
      );
    }
    const repeated = fault === 'replayed' ? open.lastLogoutToken : null;
    const token = repeated ?? (await this.#issue(open.signedIn, open.faults.clock, fault));
    open.lastLogoutToken = token;
    return token;
  }

  async #post(url: string, token: string): Promise<{ readonly status: number }> {
    const fetch = this.fetch ?? (await fetchOfMachine());
    const { status } = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ logout_token: token }).toString(),
    });
    return { status };
  }

  async #issue(
    { clientId, subject, sid, algorithm }: SignedIn,
    clock: Parameters<typeof shifted>[1],
    fault: LogoutTokenFault | undefined,
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: this.issuer,
      aud: clientId,
      sub: subject,
      sid,
      iat: now,
      exp: now + lifetime,
      jti: randomUUID(),
      events: { [logoutEvent]: {} },
    };
    const header = { alg: algorithm, typ: 'logout+jwt' };
    const key = this.keys.key(algorithm);
    const jwt = shifted({ header, claims: { ...claims, ...wrongClaims(claims, fault) } }, clock);
    return fault === 'bad-signature' || fault === 'alg-none'
      ? signWrongly(jwt, fault, key, this.keys, '')
      : signJwt(jwt, key);
  }
}

/** Has the engine tell applications with these tokens, at the end of a session. */
export function tellBy(provider: Provider, tokens: LogoutTokens, faults: () => EmulatorFaults): void {
  provider.Client.prototype.backchannelLogout = function tell(subject: unknown, sid: unknown) {
    const { clientId, idTokenSignedResponseAlg: algorithm, backchannelLogoutUri = '' } = this;
    return tokens.tell(backchannelLogoutUri, { clientId, subject, sid, algorithm }, faults());
  };
}

async function fetchOfMachine(): Promise<Fetch> {
  const { createFetch } = await import('../network/create-fetch.js');
  return createFetch({ environment: process.env });
}

function wrongClaims(claims: OpenJwt['claims'], fault: LogoutTokenFault | undefined): OpenJwt['claims'] {
  switch (fault) {
    case 'bad-audience':
      return { aud: anotherApplication };
    case 'bad-issuer':
      return { iss: anotherIssuer };
    case 'no-events':
      return { events: undefined };
    case 'with-nonce':
      return { nonce: 'of-a-sign-in' };
    case 'no-subject':
      return { sub: undefined, sid: undefined };
    case 'expired':
      return moved(claims, ['iat', 'exp'], -3600);
    default:
      return {};
  }
}
