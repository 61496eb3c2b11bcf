import { createHash } from 'node:crypto';
import type { Json } from './signed-jwt.js';

/** What a user agreed to, until it is spent. */
export interface Grant {
  readonly redirectUri: string;
  readonly challenge: string;
  /** What every ID token of the grant has: `nonce`, and `auth_time` where it was asked for. */
  readonly claims: Json;
  readonly scope: string;
}

/** The codes and refresh tokens of a provider: each works once. */
export class HonestGrants {
  readonly #grants = new Map<string, Grant>();
  #pushed = new URLSearchParams();

  /**
   * Keeps the parameters of an authorization request that was pushed (RFC 9126); the next one takes its place.
   *
   * @returns its `request_uri`
   */
  push(parameters: URLSearchParams): string {
    this.#pushed = parameters;
    return 'urn:example:pushed';
  }

  /** The parameters of an authorization request, pushed before or not. */
  parametersOf(query: URLSearchParams): URLSearchParams {
    return query.has('request_uri') ? this.#pushed : query;
  }

  /** Lets this code stand for what an authorization request asks. */
  begin(code: string, query: URLSearchParams): void {
    this.keep(code, {
      redirectUri: query.get('redirect_uri') ?? '',
      challenge: query.get('code_challenge') ?? '',
      claims: {
        nonce: query.get('nonce') ?? '',
        ...(query.has('max_age') && { auth_time: Math.floor(Date.now() / 1000) }),
      },
      scope: query.get('scope') ?? '',
    });
  }

  /** Lets this refresh token stand for a grant. */
  keep(secret: string, grant: Grant): void {
    this.#grants.set(secret, grant);
  }

  /** The grant of a code, for whoever knows its verifier (PKCE S256) and redirect URI. */
  redeem(form: URLSearchParams): Grant | undefined {
    const code = form.get('code') ?? '';
    const grant = this.#grants.get(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isRight = grant?.challenge === challenge && grant.redirectUri === form.get('redirect_uri');
    return isRight ? this.spend(code) : undefined;
  }

  /** The grant of a code or a refresh token, which is worth nothing afterwards. */
  spend(secret: string): Grant | undefined {
    const grant = this.#grants.get(secret);
    this.#grants.delete(secret);
    return grant;
  }
}
