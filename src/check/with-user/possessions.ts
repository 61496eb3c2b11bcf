import { LogtoError } from '../../errors.js';
import { decodeJwt } from '../../oidc/validate/jwt.js';
import type { TestedProvider } from '../tested-provider.js';
import type { Answer } from '../without-user/endpoint-answer.js';
import type { OwnBrowser } from './own-browser.js';
import { textIn } from './own-session.js';

/** What becomes of everything that a run was given. */
export interface Left {
  /** What could have been ended and was not, in words. */
  readonly alive: readonly string[];
  /** JWT access tokens that have not expired: whoever verifies them without asking the provider takes them (RFC 7009, section 3). */
  readonly jwts: number;
  /** Tokens that came of an exchange (RFC 8693). */
  readonly exchanged: number;
}

/** Everything that a run was given: tokens, and sessions in browsers. What of it can be ended is. */
export class Possessions {
  readonly #refreshTokens = new Set<string>();
  readonly #accessTokens = new Set<string>();
  readonly #browsers = new Set<OwnBrowser>();
  /** When each JWT ends, in seconds since 1970. */
  readonly #jwts: number[] = [];
  #exchanged = 0;
  readonly #underWay = new Set<Promise<unknown>>();
  #isEnding = false;

  constructor(
    private readonly provider: TestedProvider,
    private readonly now: () => number,
  ) {}

  /** Remembers a browser. @throws LogtoError `interrupted` once all is being ended */
  keepBrowser(browser: OwnBrowser): OwnBrowser {
    this.#refuseWhenEnding();
    this.#browsers.add(browser);
    return browser;
  }

  /** Asks for tokens, and remembers those that come. @throws LogtoError `interrupted` once all is being ended */
  async keepTokens(ask: () => Promise<Answer>, { isExchange = false } = {}): Promise<Answer> {
    this.#refuseWhenEnding();
    const kept = ask().then((answer) => {
      const refreshToken = textIn(answer, 'refresh_token');
      const accessToken = textIn(answer, 'access_token');
      const jwt = decodeJwt(accessToken ?? '');
      if (refreshToken !== null) this.#refreshTokens.add(refreshToken);
      if (jwt !== null) this.#jwts.push(Number(jwt.claims['exp']));
      // Those that come with a refresh token end with it.
      else if (refreshToken === null && accessToken !== null) this.#accessTokens.add(accessToken);
      if (isExchange && accessToken !== null) this.#exchanged += 1;
      return answer;
    });
    this.#underWay.add(kept);
    return kept.finally(() => this.#underWay.delete(kept));
  }

  /** Ends everything. Each thing is tried, whatever becomes of the others. */
  async end(): Promise<Left> {
    this.#isEnding = true;
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
    const tokens = [...this.#refreshTokens, ...this.#accessTokens];
    const [revoked, ended] = await Promise.all([
      Promise.allSettled(tokens.map((token) => this.#revoke(token))),
      Promise.allSettled(
        [...this.#browsers].filter(({ isUsed }) => isUsed).map((browser) => this.#signOut(browser)),
      ),
    ]);
    return {
      alive: [
        ...counted(revoked, 'token was not revoked', 'tokens were not revoked'),
        ...counted(ended, 'session was not ended', 'sessions were not ended'),
      ],
      jwts: this.#jwts.filter((end) => !(end * 1000 <= this.now())).length,
      exchanged: this.#exchanged,
    };
  }

  async #revoke(token: string): Promise<boolean> {
    if (!(await this.provider.offers('revocation_endpoint'))) return false;
    return (await this.provider.post('revocation_endpoint', { token })).status < 300;
  }

  async #signOut(browser: OwnBrowser): Promise<boolean> {
    const { end_session_endpoint: endpoint } = await this.provider.metadata();
    if (endpoint === undefined) return false;
    const url = new URL(endpoint);
    url.searchParams.set('client_id', this.provider.clientId);
    await browser.endSession(url.href);
    return true;
  }

  #refuseWhenEnding(): void {
    if (!this.#isEnding) return;
    throw new LogtoError('interrupted', 'The run is over.', 'Run it again.');
  }
}

function counted(results: readonly PromiseSettledResult<boolean>[], one: string, more: string): string[] {
  const lost = results.filter((result) => result.status === 'rejected' || !result.value).length;
  return lost === 0 ? [] : [`${lost} ${lost === 1 ? one : more}`];
}
