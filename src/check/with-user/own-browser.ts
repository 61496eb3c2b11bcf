import { confirmSignOut } from '../../headless/confirm-sign-out.js';
import { CookieJar } from '../../headless/cookie-jar.js';
import {
  type ExperienceSignIn,
  isAskedToSignIn,
  signInThroughExperience,
} from '../../headless/experience-sign-in.js';
import type { ExperienceUser } from '../../headless/experience-user.js';
import type { TotpTurns } from '../../headless/totp-turns.js';
import type { Stop } from '../../headless/visit.js';
import type { Fetch } from '../../network/fetch.js';
import type { NamedBy } from '../../wording.js';
import { type InTurn, takingTurns } from '../run/taking-turns.js';

/** What every browser of a run has in common. */
export interface BrowserOptions {
  readonly fetch: Fetch;
  readonly redirectUri: string;
  /** The origins that credentials may be sent to: see `credentialOrigins`. */
  readonly origins: readonly string[];
  /** How the provider is set, which decides what is said of it. */
  readonly namedBy?: NamedBy;
  readonly user: ExperienceUser;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Ends every request but those of a sign-out. */
  readonly signal: AbortSignal;
  /** What the browsers know of the codes of an authenticator that were used. */
  readonly totpTurns: TotpTurns;
  /** Limits the sign-ins of all browsers together. */
  readonly signInsInTurn: InTurn;
}

/** One browser that is not one: its cookies, and so its session at the provider, are its own. It does one thing at a time. */
export class OwnBrowser {
  readonly #cookies = new CookieJar();
  readonly #inTurn = takingTurns(1);
  #isUsed = false;

  constructor(private readonly options: BrowserOptions) {}

  /** Whether the provider may know a session of it. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  /**
   * Opens an authorization request, and signs the user in where that is asked for.
   *
   * @returns the parameters of the authorization response, which may be an error
   * @throws LogtoError as {@link signInThroughExperience}
   */
  authorize(authorizationUrl: string): Promise<URLSearchParams> {
    return this.#inTurn(() => {
      const fetch: Fetch = (url, init) => {
        this.#isUsed = true;
        return this.options.fetch(url, init);
      };
      return this.options.signInsInTurn(() => this.#authorize(authorizationUrl, fetch));
    });
  }

  /**
   * Whether an authorization request leads to the sign-in page, whatever session there is. Nobody signs in there.
   *
   * @throws LogtoError as {@link signInThroughExperience}
   */
  isAskedToSignIn(authorizationUrl: string): Promise<boolean> {
    return this.#inTurn(() => isAskedToSignIn(this.#journey(authorizationUrl, this.options.fetch)));
  }

  /**
   * Ends the session at the provider, confirming that as its page does by itself.
   *
   * @throws LogtoError `authorization_error`, `provider_error`, network codes
   */
  async endSession(endSessionUrl: string): Promise<Stop> {
    return this.#inTurn(async () => {
      const browser = { fetch: this.options.fetch, cookies: this.#cookies };
      const { stop, isConfirmed } = await confirmSignOut(browser, endSessionUrl);
      if (isConfirmed) this.#isUsed = false;
      return stop;
    });
  }

  async #authorize(authorizationUrl: string, fetch: Fetch): Promise<URLSearchParams> {
    return new URL(await signInThroughExperience(this.#journey(authorizationUrl, fetch))).searchParams;
  }

  #journey(authorizationUrl: string, fetch: Fetch): ExperienceSignIn {
    const { redirectUri, origins, namedBy, user, now, signal, totpTurns } = this.options;
    const request = { authorizationUrl, redirectUri, origins, namedBy, user, now, signal, totpTurns };
    return { ...request, fetch, cookies: this.#cookies };
  }
}
