import * as client from 'openid-client';
import { LogtoError } from '../errors.js';
import { onApplication } from '../logto-console.js';
import { worded } from '../wording.js';
import { furtherWays } from './client-authentication.js';
import { unexpectedError } from './error/openid-client-errors.js';
import { type GrantEndpoint, grantChannel, parametersOf, targetOf } from './grant-channel.js';
import { withSignal } from './http-answer.js';
import { mayBeUnread } from './probe/probe-request.js';
import type { ClientCredentialsRequest, GrantedAccessToken, TokenExchangeRequest } from './request.js';
import { accessTokenType, tokenExchangeGrantType } from './token-type.js';

/** The grants of a token endpoint that give an access token and nothing else, without a session. */
export class AccessTokenGrants {
  readonly #endpoint: GrantEndpoint;

  constructor(endpoint: GrantEndpoint) {
    this.#endpoint = endpoint;
  }

  /** See `Provider.clientCredentials`. Where the header may not be read as it has to be encoded, other ways are tried. */
  async clientCredentials(wanted: ClientCredentialsRequest): Promise<GrantedAccessToken> {
    if (!this.#endpoint.options.clientSecret && this.#endpoint.options.clientKey === undefined) {
      throw new LogtoError(
        'client_secret_missing',
        'An application can get a token for itself only with its secret, and none was given.',
        worded(
          {
            general:
              'Set LOGTO_APP_SECRET (or use --app-secret-stdin) to the secret of an application that may have tokens of ' +
              'its own (grant type client_credentials).',
            logto:
              'Set LOGTO_APP_SECRET (or use --app-secret-stdin) to a secret of a machine-to-machine application: ' +
              `${onApplication('App secrets')}.`,
          },
          this.#endpoint.options.namedBy,
        ),
      );
    }
    return this.#inWhateverWay(() => this.#clientCredentialsOnce(wanted));
  }

  /** See `Provider.exchangeToken`. Ways to authenticate are tried as for {@link clientCredentials}. */
  async exchangeToken(wanted: TokenExchangeRequest): Promise<GrantedAccessToken> {
    return this.#inWhateverWay(() => this.#exchangeTokenOnce(wanted));
  }

  /** Asks, and once more in each way in which the provider may read the secret where it does not seem to read it. */
  async #inWhateverWay<Result>(ask: () => Promise<Result>): Promise<Result> {
    try {
      return await ask();
    } catch (error) {
      const { identity, metadata } = this.#endpoint.client;
      if (!(error instanceof LogtoError && mayBeUnread(error))) throw error;
      // Asking again spends nothing, and a token proves that the provider takes the secret that way.
      for (const authentication of furtherWays(identity, metadata)) {
        this.#endpoint.client.authenticateBy(authentication);
        try {
          return await ask();
        } catch (further) {
          if (!(further instanceof LogtoError && mayBeUnread(further))) throw further;
        }
      }
      this.#endpoint.client.authenticateBy(identity.authentication);
      throw error;
    }
  }

  /** One request, as the client authenticates now. */
  async #clientCredentialsOnce(wanted: ClientCredentialsRequest): Promise<GrantedAccessToken> {
    const { scopes, signal } = wanted;
    const target = targetOf(wanted);
    const channel = grantChannel<GrantedAccessToken>(this.#endpoint, {
      request: this.#endpoint.client.request({ kind: 'client-credentials', secrets: [], scopes, ...target }),
      target,
      scopes,
      fetch: withSignal(this.#endpoint.options.fetch, signal),
      // There is nobody an ID token could be about.
      read: ({ accessToken }) => ({ value: accessToken, idToken: null }),
    });
    const scope = scopes.length > 0 && { scope: scopes.join(' ') };
    await this.#endpoint.client.run(
      channel,
      (config) => client.clientCredentialsGrant(config, { ...parametersOf(target), ...scope }),
      unexpectedError,
    );
    return channel.value;
  }

  async #exchangeTokenOnce(wanted: TokenExchangeRequest): Promise<GrantedAccessToken> {
    const { subjectToken, subjectTokenType, actorToken, scopes, signal } = wanted;
    const { actorTokenType = accessTokenType } = wanted;
    const target = targetOf(wanted);
    const secrets = [subjectToken, ...(actorToken === undefined ? [] : [actorToken])];
    const channel = grantChannel<GrantedAccessToken>(this.#endpoint, {
      request: this.#endpoint.client.request({
        kind: 'token-exchange',
        secrets,
        scopes,
        exchanged: {
          type: subjectTokenType,
          looksPersonal: subjectToken.startsWith('pat_'),
          hasActor: actorToken !== undefined,
        },
        ...target,
      }),
      target,
      scopes,
      fetch: withSignal(this.#endpoint.options.fetch, signal),
      // Whatever else comes is kept by nobody.
      read: ({ accessToken }) => ({ value: accessToken, idToken: null }),
    });
    const parameters = {
      subject_token: subjectToken,
      subject_token_type: subjectTokenType,
      ...(actorToken !== undefined && { actor_token: actorToken, actor_token_type: actorTokenType }),
      requested_token_type: accessTokenType,
      ...parametersOf(target),
      ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    };
    await this.#endpoint.client.run(
      channel,
      (config) => client.genericGrantRequest(config, tokenExchangeGrantType, parameters),
      unexpectedError,
    );
    return channel.value;
  }
}
