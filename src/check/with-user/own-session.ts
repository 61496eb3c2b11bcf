import { isScope, scopesIn as namesIn } from '../../oidc/validate/token-response.js';
import { takingTurns } from '../run/taking-turns.js';
import type { Sender } from '../without-user/client-credentials.js';
import type { Answer } from '../without-user/endpoint-answer.js';
import type { OwnBrowser } from './own-browser.js';

/** What an authorization request asks for beside what all of ours do; `null` leaves a parameter out. */
export type RequestChange = Readonly<Record<string, string | null>>;

/** An authorization request that was answered with a code. */
export interface Authorized {
  readonly browser: OwnBrowser;
  /** What was sent. */
  readonly request: { readonly state: string; readonly nonce: string; readonly verifier: string };
  /** What the browser came back with. */
  readonly response: URLSearchParams;
  readonly code: string;
}

/** How a refresh differs from one that asks for everything again with the newest token. */
export interface OwnRefresh {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly token?: string;
  readonly sender?: Sender;
}

/** One sign-in of a run with its tokens. Its refresh tokens are used one after the other, as the newest replaces all. */
export class OwnSession {
  readonly #inTurn = takingTurns(1);
  #refreshToken: string | null;

  constructor(
    readonly authorized: Authorized,
    /** The answer to the exchange of the code. */
    readonly tokens: Answer,
    private readonly sendRefresh: (
      form: Readonly<Record<string, string>>,
      sender?: Sender,
    ) => Promise<Answer>,
  ) {
    this.#refreshToken = textIn(tokens, 'refresh_token');
  }

  /** The newest; `null`: there is none. */
  get refreshToken(): string | null {
    return this.#refreshToken;
  }

  /** The first; `null`: there is none. */
  get accessToken(): string | null {
    return textIn(this.tokens, 'access_token');
  }

  /** Asks for new tokens. @throws LogtoError network codes; TypeError without a refresh token */
  refresh({ parameters = {}, token, sender }: OwnRefresh = {}): Promise<Answer> {
    return this.#inTurn(async () => {
      const sent = token ?? this.#refreshToken;
      if (sent === null) throw new TypeError('no refresh token, and nobody asked whether there is one');
      const form = { grant_type: 'refresh_token', refresh_token: sent, ...parameters };
      const answer = await this.sendRefresh(form, sender);
      if (token === undefined && sender === undefined) {
        this.#refreshToken = textIn(answer, 'refresh_token') ?? this.#refreshToken;
      }
      return answer;
    });
  }
}

/** A member of an answer that is a text and not empty; `null` for anything else. */
export function textIn({ json }: Answer, name: string): string | null {
  const value = json?.[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The scopes that a token response names; `null`: those that were asked for (RFC 6749, section 5.1). */
export function scopesIn({ json }: Answer): readonly string[] | null {
  const scope = json?.['scope'];
  return isScope(scope) ? namesIn(scope) : null;
}
