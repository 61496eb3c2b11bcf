import { LogtoError } from '../../errors.js';
import type { TestedProvider } from '../tested-provider.js';
import type { Answer } from '../without-user/endpoint-answer.js';
import type { OwnBrowser } from './own-browser.js';
import { textIn } from './own-session.js';

/** Everything that a run was given: tokens, and sessions in browsers. Nothing of it is left behind. */
export class Possessions {
  readonly #refreshTokens = new Set<string>();
  readonly #accessTokens = new Set<string>();
  readonly #browsers = new Set<OwnBrowser>();
  readonly #underWay = new Set<Promise<unknown>>();
  #isEnding = false;

  constructor(private readonly provider: TestedProvider) {}

  /** Remembers a browser. @throws LogtoError `interrupted` once all is being ended */
  keepBrowser(browser: OwnBrowser): OwnBrowser {
    this.#refuseWhenEnding();
    this.#browsers.add(browser);
    return browser;
  }

  /** Asks for tokens, and remembers those that come. @throws LogtoError `interrupted` once all is being ended */
  async keepTokens(ask: () => Promise<Answer>): Promise<Answer> {
    this.#refuseWhenEnding();
    const kept = ask().then((answer) => {
      const refreshToken = textIn(answer, 'refresh_token');
      const accessToken = textIn(answer, 'access_token');
      if (refreshToken !== null) this.#refreshTokens.add(refreshToken);
      // Those that come with a refresh token end with it; a JWT only ends by itself.
      else if (accessToken !== null && !accessToken.includes('.')) this.#accessTokens.add(accessToken);
      return answer;
    });
    this.#underWay.add(kept);
    return kept.finally(() => this.#underWay.delete(kept));
  }

  /** Ends everything. Each thing is tried, whatever becomes of the others. @returns what may live on, in words */
  async end(): Promise<readonly string[]> {
    this.#isEnding = true;
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
    const tokens = [...this.#refreshTokens, ...this.#accessTokens];
    const [revoked, ended] = await Promise.all([
      Promise.allSettled(tokens.map((token) => this.#revoke(token))),
      Promise.allSettled(
        [...this.#browsers].filter(({ isUsed }) => isUsed).map((browser) => this.#signOut(browser)),
      ),
    ]);
    return [
      ...counted(revoked, 'token was not revoked', 'tokens were not revoked'),
      ...counted(ended, 'session was not ended', 'sessions were not ended'),
    ];
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
