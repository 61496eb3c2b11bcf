import { LogtoError } from '../../errors.js';
import type { Stop } from '../../headless/visit.js';
import { errorFromOAuth } from '../../oidc/error/error-from-oauth.js';
import { randomValue } from '../../oidc/pkce.js';
import { once } from '../run/once.js';
import type { Answer } from '../without-user/endpoint-answer.js';
import { textIn } from './own-session.js';
import type { SigningIn } from './signing-in.js';

/** A sign-in whose session at the provider is ended, looked at with `prompt=none` before and after. */
export class SignedOutSession {
  constructor(private readonly subject: SigningIn) {}

  /** The sign-in. */
  readonly session = once(() => this.subject.newSession());

  /** What `prompt=none` is answered with in its browser: `code`, or the error. */
  readonly before = once(() => this.#silently());

  /** Where the end of the session led, and the `state` that was sent; `null`: the provider has no such endpoint. */
  readonly end = once(async (): Promise<{ stop: Stop; state: string } | null> => {
    await this.before();
    const { tokens, authorized } = await this.session();
    const { end_session_endpoint: endpoint } = await this.subject.provider.metadata();
    if (endpoint === undefined) return null;
    const state = `${randomValue()} +&=%`;
    const url = new URL(endpoint);
    const parameters = {
      client_id: this.subject.options.clientId,
      id_token_hint: textIn(tokens, 'id_token'),
      post_logout_redirect_uri: this.subject.options.postLogoutRedirectUri,
      state,
    };
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== null) url.searchParams.set(name, value);
    }
    const stop = await authorized.browser.endSession(url.href).catch((error: unknown) => {
      throw this.#explained(error);
    });
    return { stop, state };
  });

  /** As {@link before}, after the sign-out. */
  readonly after = once(async () => {
    await this.end();
    return this.#silently();
  });

  /** A refresh after the sign-out. */
  readonly refresh = once(async (): Promise<Answer> => {
    await this.end();
    return (await this.session()).refresh();
  });

  /** What the provider says of a sign-out that it refuses, by the table of such errors. */
  #explained(thrown: unknown): unknown {
    if (!(thrown instanceof LogtoError)) return thrown;
    const { error, error_description: description } = thrown.details ?? {};
    if (typeof error !== 'string') return thrown;
    const { clientId, namedBy, postLogoutRedirectUri: redirectUri } = this.subject.options;
    const text = typeof description === 'string' ? description : null;
    return errorFromOAuth(
      { error, description: text, status: 400, isLogto: true },
      { kind: 'end-session', clientId, namedBy, hasSecret: false, redirectUri },
    );
  }

  async #silently(): Promise<string> {
    const { browser } = (await this.session()).authorized;
    return this.subject.silently(browser);
  }
}
